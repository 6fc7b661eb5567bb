"""A check that cannot fail checks nothing: small trees, each with one slip, and the words of the finding it must give."""
import os
import tempfile

import layers
import text
from sources import Finding, Tree

MAP = """```arrows
base      ->
core/dns  -> base
core/json -> base
io/dns    -> base core/dns
app/cli   -> base core io
```
"""
FINE = {
    "src/README.md": MAP,
    "src/base/map.c": text.SPDX + '\n#include "base/map.h"\n#include <uthash.h>\n',
    "include/base/map.h": text.SPDX + "\n#ifndef NEARWELL_BASE_MAP_H\n#define NEARWELL_BASE_MAP_H\n\n#endif\n",
    "include/core/dns/name.h": text.SPDX + "\n#ifndef NEARWELL_CORE_DNS_NAME_H\n#define NEARWELL_CORE_DNS_NAME_H\n\n#endif\n",
    "src/core/dns/name.c": text.SPDX + '\n#include "core/dns/name.h"\n#include "text.h"\n#include "base/map.h"\n',
    "src/core/dns/text.h": text.SPDX + '\n// strcpy(a, b); "is" no call\nconst char *a = "system(1)";\n',
    "src/core/json/place.c": text.SPDX + "\n#include <stdint.h>\n",
    "src/io/dns/listen.c": text.SPDX + '\n#include "core/dns/name.h"\n#include <sys/socket.h>\n',
    "src/app/cli/main.c": text.SPDX + '\n#include "core/dns/name.h"\n',
    "tests/core/dns/test_name.c": text.SPDX + '\n#include "core/dns/text.h"\n',
    "tests/support/demo": "#!/bin/sh\nexit 0\n",
}
LONG_FUNCTION = "static int f(int x)\n{\n" + "    x++;\n" * text.FUNCTION_LINES + "    return x;\n}\n"

# check, file, what is put there instead (or after, when it starts with +), words of the one finding
SLIPS = [
    (layers.check, "src/core/dns/name.c", '+#include "io/dns/listen.h"\n', "is not in include/"),
    (layers.check, "src/base/map.c", '+#include "core/dns/name.h"\n', "base must not include core/dns"),
    (layers.check, "src/core/json/place.c", '+#include "core/dns/name.h"\n', "core/json must not include core/dns"),
    (layers.check, "src/io/dns/listen.c", '+#include "core/dns/text.h"\n', "a header beside a .c belongs to its folder"),
    (layers.check, "src/io/dns/listen.c", '+#include "../../core/dns/text.h"\n', "a header beside a .c belongs to its folder"),
    (layers.check, "src/io/dns/listen.c", '+#include "text.h"\n', "not beside this file"),
    (layers.check, "src/core/dns/name.c", "+#include <time.h>\n", "<time.h> is not for core"),
    (layers.check, "src/core/dns/text.h", "+#  include <sys/socket.h>\n", "<sys/socket.h> is not for core"),
    (layers.check, "tests/core/dns/test_name.c", '+#include "app/cli/main.h"\n', "must not include app/cli/main.h"),
    (layers.check, "src/README.md", MAP.replace("core/json -> base", "core/json -> base io/dns"), "points right"),
    (layers.check, "src/README.md", MAP.replace("core/dns  -> base", "core/dns  -> base core"), "one heap"),
    (layers.check, "src/README.md", MAP.replace("core/json ->", "core/jsno ->"), "core/json has no row"),
    (text.check_c, "src/base/map.c", "int x;\n", "first line"),
    (text.check_c, "src/base/map.c", "+int f(void) { return atoi(\"1\"); }\n", "hides errors"),
    (text.check_c, "src/base/map.c", "+typedef struct map *map_t;\n", "hides a pointer"),
    (text.check_c, "include/base/map.h", text.SPDX + "\n#pragma once\n", "guard is not NEARWELL_BASE_MAP_H"),
    (text.check_all, "src/base/map.c", "+// FIX" + "ME later\n", "unfinished"),
    (text.check_all, "src/base/map.c", "+int x; \n", "white space"),
    (text.check_all, "src/base/map.c", "+int x;", "no newline"),
    (text.check_lengths, "src/base/map.c", "+" + LONG_FUNCTION, f"f has {text.FUNCTION_LINES + 4} lines"),
    (text.check_lengths, "src/base/map.c", "+" + "int x;\n" * text.FILE_LINES, f"more than {text.FILE_LINES}"),
    (text.check_scripts, "tests/support/demo", "+if true\n", "unexpected"),
    (text.check_scripts, "tests/support/demo", "#!/usr/bin/env python3\ndef f(:\n", "invalid syntax"),
]


def findings_of(check, files):
    with tempfile.TemporaryDirectory() as root:
        for file, content in files.items():
            path = os.path.join(root, file)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as f:
                f.write(content)
        return [f for f in check(Tree(root))[1] if not f.is_note]


def check(_tree):
    findings = []
    for each in sorted({slip[0] for slip in SLIPS}, key=lambda c: c.__qualname__ + c.__module__):
        for found in findings_of(each, FINE):
            findings.append(Finding("tests/lint/selftest.py", 1, f"a false alarm: {found}"))
    for each, file, content, words in SLIPS:
        changed = FINE[file] + content[1:] if content.startswith("+") else content
        found = findings_of(each, FINE | {file: changed})
        if not any(words in str(f) for f in found):
            findings.append(Finding("tests/lint/selftest.py", 1, f"missed in {file}: {words}; found {[str(f) for f in found]}"))
    return f"{len(SLIPS)} slips are found, and no others", findings
