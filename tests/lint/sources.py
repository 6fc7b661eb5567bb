"""What the checks share: the files, their text, and what a finding is."""
import functools
import os
import re
from typing import NamedTuple

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SKIPPED_FOLDERS = {"build", "corpus", "golden", "__pycache__"}
CODE = ("src", "include", "tests")


class Finding(NamedTuple):
    file: str
    line: int
    text: str
    is_note: bool = False  # is printed, and fails nothing

    def __str__(self):
        return f"{self.file}:{self.line}: {'note: ' if self.is_note else ''}{self.text}"


class Tree:
    """The files below a folder. Paths are relative to it."""

    def __init__(self, root=ROOT):
        self.root = root
        self.files = sorted(self._walk())

    def _walk(self):
        for folder, folders, names in os.walk(self.root):
            folders[:] = [f for f in folders if f not in SKIPPED_FOLDERS and (f == ".ci" or not f.startswith("."))]
            for name in names:
                path = os.path.join(folder, name)
                if not os.path.islink(path):
                    yield os.path.relpath(path, self.root)

    def path(self, file):
        return os.path.join(self.root, file)

    @functools.cache
    def text(self, file):
        with open(self.path(file), encoding="utf-8", errors="replace", newline="") as f:
            return f.read()

    @functools.cache
    def code(self, file):
        return without_comments_and_strings(self.text(file))

    def c_files(self, *suffixes, within=CODE):
        return [f for f in self.files if f.endswith(suffixes or (".c", ".h")) and f.split(os.sep)[0] in within]

    def scripts(self, *interpreters):
        """Files whose first line names one of the interpreters."""
        pattern = re.compile(r"#!.*\b(" + "|".join(interpreters) + r")\b")
        return [f for f in self.files if os.path.splitext(f)[1] in ("", ".sh") and pattern.match(self.text(f)[:80])]


_COMMENT_OR_STRING = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.DOTALL)


def without_comments_and_strings(text):
    """The same lines, with every comment blank and every string empty."""
    def blank(match):
        token = match.group()
        return token[0] + token[0] if token[0] in "\"'" else "\n" * token.count("\n")
    return _COMMENT_OR_STRING.sub(blank, text)


def numbered(text):
    return enumerate(text.split("\n"), 1)
