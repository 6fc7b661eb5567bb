"""What can be seen in the text alone: marks, calls, first lines, lengths, scripts that parse."""
import os
import re
import subprocess

from sources import Finding, numbered

SPDX = "// SPDX-License-Identifier: MIT"
MARKS = re.compile(r"\b(" + "|".join(["TO" "DO", "FIX" "ME", "XX" "X"]) + r")\b")
BANNED = {
    "strcpy": "has no bound", "strcat": "has no bound", "sprintf": "has no bound",
    "vsprintf": "has no bound", "gets": "has no bound", "alloca": "has no bound", "strncpy": "may leave out the NUL",
    "strtok": "keeps state; use bytes_split", "atoi": "hides errors; use bytes_parse_u32",
    "atol": "hides errors; use bytes_parse_u64", "atoll": "hides errors; use bytes_parse_u64",
    "localtime": "has a buffer of its own", "gmtime": "has a buffer of its own", "asctime": "has a buffer of its own",
    "ctime": "has a buffer of its own", "inet_ntoa": "has a buffer of its own", "gethostbyname": "has a buffer of its own",
    "rand": "has a state of its own; use random_next",
    "system": "starts a shell", "popen": "starts a shell",
}
BANNED_CALL = re.compile(r"(?<![\w.>])(" + "|".join(BANNED) + r")\s*\(")
POINTER_TYPEDEF = re.compile(r"^\s*typedef\b[^;(]*\*\s*\w+\s*;", re.MULTILINE)
FILE_LINES = 600
FUNCTION_LINES = 80
# file -> why it may be longer
LONG_FILES = {}
TEXT_SUFFIXES = (".c", ".h", ".py", ".md", ".json", ".1", ".html", ".css", ".js", "Makefile")


def line_of(text, position):
    return text.count("\n", 0, position) + 1


def check_c(tree):
    files = tree.c_files()
    findings = []
    for file in files:
        text, code = tree.text(file), tree.code(file)
        if not text.startswith(SPDX + "\n"):
            findings.append(Finding(file, 1, f"the first line is not {SPDX}"))
        for match in BANNED_CALL.finditer(code):
            findings.append(Finding(file, line_of(code, match.start()), f"{match[1]}() {BANNED[match[1]]}"))
        for match in POINTER_TYPEDEF.finditer(code):
            findings.append(Finding(file, line_of(code, match.end()), "a typedef hides a pointer"))
        if file.startswith("include/") and file.endswith(".h"):
            findings += check_guard(file, code)
    return f"{len(files)} C files: licence line, include guards, no banned call, no pointer typedef", findings


def check_guard(file, code):
    guard = "NEARWELL_" + re.sub(r"\W", "_", file[len("include/"):]).upper()
    if not re.search(rf"^#ifndef {guard}\n#define {guard}$", code, re.MULTILINE):
        yield Finding(file, 1, f"the include guard is not {guard}")


def check_all(tree):
    files = [f for f in tree.files if f.endswith(TEXT_SUFFIXES) or tree.text(f).startswith("#!")]
    findings = []
    for file in files:
        text = tree.text(file)
        for number, line in numbered(text):
            if MARKS.search(line):
                findings.append(Finding(file, number, "a mark of unfinished work"))
            if line != line.rstrip():
                findings.append(Finding(file, number, "white space at the end of the line"))
            if "\t" in line and os.path.basename(file) != "Makefile":
                findings.append(Finding(file, number, "a tab"))
        if text and not text.endswith("\n"):
            findings.append(Finding(file, line_of(text, len(text)), "no newline at the end"))
    return f"{len(files)} text files: no marks of unfinished work, no stray white space", findings


def functions(code):
    """(name, first line, lines) of each function, from its name to its closing brace. The code is formatted, so bodies
    begin and end in the first column."""
    name, start = "", 0
    for number, line in numbered(code):
        called = re.match(r"[A-Za-z_].*?(\w+)\(", line)
        if called and not line.startswith("#"):
            name, start = called[1], number
        elif line == "}" and name:
            yield name, start, number - start + 1
            name = ""
        elif line.startswith("}") or line.endswith(";") and not line.startswith(" "):
            name = ""


def check_lengths(tree):
    findings, longest = [], 0
    for file in tree.c_files():
        is_note = file.startswith("tests/")  # a table of cases may be long
        lines = tree.text(file).count("\n")
        if lines > FILE_LINES and file not in LONG_FILES:
            findings.append(Finding(file, FILE_LINES, f"{lines} lines, more than {FILE_LINES}", is_note))
        for name, start, length in functions(tree.code(file)):
            if not is_note:
                longest = max(longest, length)
            if length > FUNCTION_LINES:
                findings.append(Finding(file, start, f"{name} has {length} lines, more than {FUNCTION_LINES}", is_note))
    return f"files up to {FILE_LINES} lines, functions up to {FUNCTION_LINES} (the longest has {longest})", findings


def check_scripts(tree):
    findings, count = [], 0
    for interpreter in ("sh", "bash"):
        for file in tree.scripts(interpreter):
            count += 1
            done = subprocess.run([interpreter, "-n", tree.path(file)], capture_output=True, text=True, check=False)
            if done.returncode != 0:
                line = re.search(r"(?:line )?(\d+):", done.stderr)
                findings.append(Finding(file, int(line[1]) if line else 1, done.stderr.strip().split(": ")[-1]))
    for file in [f for f in tree.files if f.endswith(".py")] + tree.scripts("python3"):
        count += 1
        try:
            compile(tree.text(file), file, "exec")
        except SyntaxError as e:
            findings.append(Finding(file, e.lineno or 1, e.msg))
    return f"{count} scripts parse", findings
