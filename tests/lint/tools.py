"""Checks that other programs do: compilers, clang-tidy, cppcheck, clang-format."""
import concurrent.futures
import functools
import glob
import hashlib
import json
import os
import re
import shlex
import subprocess

from sources import Finding

JOBS = 2
CACHE = "build/lint"
LOCATED = re.compile(r"^(?P<file>[^\s:][^:\n]*):(?P<line>\d+):(?:\d+:)? (?:fatal )?(?:error|warning): (?P<text>.+)$", re.MULTILINE)
STRICT = (("gcc", "strict"), ("clang", "strict-clang"))


def run(tree, command, **options):
    return subprocess.run(command, cwd=tree.root, stdin=subprocess.DEVNULL if "input" not in options else None,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **options)


def located(tree, output):
    """The errors in a program's output, once each, in the order of the files."""
    found = {Finding(os.path.relpath(os.path.join(tree.root, m["file"]), tree.root), int(m["line"]), m["text"])
             for m in LOCATED.finditer(output)}
    return sorted(found)


def findings_of(tree, done, name):
    found = located(tree, done.stdout) if done.returncode != 0 else []
    if done.returncode != 0 and not found:
        found = [Finding(name, 0, "failed:\n" + done.stdout)]
    return found


def parallel(function, items):
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        return [finding for found in pool.map(function, items) for finding in found]


@functools.cache
def compile_commands(tree):
    """Of the plain build: source -> its command without the compiler's name and without -c, -o and the file."""
    run(tree, ["make", "-s", "compile_commands.json"])
    with open(tree.path("compile_commands.json"), encoding="utf-8") as f:
        return {c["file"]: c["arguments"][1:-4] for c in json.load(f)}


def check_compilers(tree):
    findings = []
    for compiler, variant in STRICT:
        for library in glob.glob(tree.path(f"build/{variant}/*.a")):
            os.remove(library)  # make does not notice that a source is gone, and purity.py reads these
        done = run(tree, ["make", "--no-print-directory", "--keep-going", "-s", f"-j{JOBS}", f"CC={compiler}",
                          f"VARIANT={variant}", "objects"])
        findings += findings_of(tree, done, variant)
    return f"{len(tree.c_files('.c'))} files compile without a warning, gcc and clang", sorted(set(findings))


def check_headers(tree):
    headers = tree.c_files(".h", within=("include",))
    flags = next(iter(compile_commands(tree).values()))

    def check_header(header):
        # Twice, so that a missing guard shows.
        text = f'#include "{header[len("include/"):]}"\n' * 2
        found = []
        for compiler in ("gcc", "clang"):
            done = run(tree, [compiler, *flags, "-Werror", "-fsyntax-only", "-x", "c", "-"], input=text)
            found += findings_of(tree, done, header)
        return sorted(set(found))

    return f"{len(headers)} headers compile alone, gcc and clang", parallel(check_header, headers)


def check_tidy(tree):
    """A file whose preprocessed text, comments included, passed before is not looked at again."""
    os.makedirs(tree.path(f"{CACHE}/tidy"), exist_ok=True)
    configurations = [f for f in tree.files if os.path.basename(f) == ".clang-tidy"]
    version = run(tree, ["clang-tidy", "--version"]).stdout

    def check_file(file):
        flags = compile_commands(tree)[file]
        configuration = "".join(tree.text(c) for c in configurations if file.startswith(os.path.dirname(c)))
        expanding = run(tree, ["clang", *flags, "-E", "-C", file])
        if expanding.returncode != 0:
            return findings_of(tree, expanding, file)
        expanded = expanding.stdout
        key = hashlib.sha256("\0".join([version, configuration, *flags, expanded]).encode()).hexdigest()
        passed = tree.path(f"{CACHE}/tidy/{key}")
        if os.path.exists(passed):
            return []
        done = run(tree, ["clang-tidy", "--quiet", "--warnings-as-errors=*", "-p", tree.root, file])
        found = findings_of(tree, done, file)
        if not found:
            with open(passed, "w", encoding="utf-8"):
                pass
        return found

    files = list(compile_commands(tree))
    return f"{len(files)} files pass clang-tidy", sorted(set(parallel(check_file, files)))


def system_header(tree, name):
    """cppcheck reads no system header, but must know the macros of some to understand the code."""
    listed = run(tree, ["gcc", "-M", "-E", "-x", "c", "-"], input=f"#include <{name}>\n").stdout.split()
    return next(path for path in listed if path.endswith("/" + name))


def check_cppcheck(tree):
    os.makedirs(tree.path(f"{CACHE}/cppcheck"), exist_ok=True)
    done = run(tree, ["cppcheck", "--quiet", "--enable=warning,performance,portability", "--inline-suppr",
                      "--error-exitcode=1", f"-j{JOBS}", "--std=c11", "--library=posix,gnu", "-Iinclude", "-D_GNU_SOURCE",
                      f"--include={system_header(tree, 'sys/queue.h')}",
                      "--suppressions-list=tests/lint/cppcheck-suppressions", f"--cppcheck-build-dir={CACHE}/cppcheck",
                      "--template={file}:{line}: error: {severity}: {message} [{id}]", "src"])
    return "src passes cppcheck", findings_of(tree, done, "cppcheck")


def check_format(tree):
    files = tree.c_files()
    done = run(tree, ["clang-format", "--dry-run", "--Werror", *files])
    findings = [Finding(f.file, f.line, "not as make format writes it") for f in findings_of(tree, done, "clang-format")]
    return f"{len(files)} files are formatted", sorted(set(findings))


def check_shellcheck(tree):
    files = tree.scripts("sh", "bash")
    done = run(tree, ["shellcheck", "--format=gcc", *files]) if files else None
    return f"{len(files)} shell scripts pass shellcheck", findings_of(tree, done, "shellcheck") if done else []
