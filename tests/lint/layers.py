"""Includes: the arrow table of src/README.md, and which system headers each ring may use."""
import os
import re

from sources import Finding, numbered

MAP = "src/README.md"
RINGS = ["base", "core", "io", "app"]
INCLUDE = re.compile(r'\s*#\s*include\s+([<"])([^>"]+)[>"]')

# What a test may include: the rings that its program links.
TEST_FOLDERS = {
    "tests/base": ["base"],
    "tests/core": ["base", "core"],
    "tests/support": ["base", "core"],  # is linked into the tests of core
    "tests/io": ["base", "core", "io"],
    "tests/fuzz": RINGS,
    "tests/bench": RINGS,
}

# Values only: no streams, no descriptors, no clocks. stdio.h is for snprintf; purity.py sees the rest.
PURE_HEADERS = """assert.h ctype.h endian.h errno.h float.h inttypes.h limits.h math.h stdalign.h stdarg.h stdatomic.h
stdbool.h stddef.h stdint.h stdio.h stdlib.h string.h strings.h sys/queue.h""".split()
CORE_HEADERS = PURE_HEADERS + ["expat.h", "jansson.h", "openssl/crypto.h", "openssl/evp.h", "openssl/hmac.h", "zlib.h"]
# Addresses (ip.c), the log's one write (log.c), calendar arithmetic (time.c), the map (map.c).
BASE_HEADERS = PURE_HEADERS + ["arpa/inet.h", "netinet/in.h", "sys/socket.h", "sys/auxv.h", "time.h", "unistd.h", "uthash.h"]
HEADERS = {"base": BASE_HEADERS, "core": CORE_HEADERS}


def read_arrows(tree):
    """The table: folder -> (line, what it may include), and the findings in the table itself."""
    arrows, findings, inside = {}, [], False
    for number, line in numbered(tree.text(MAP)):
        if line.startswith("```"):
            inside = line == "```arrows"
        elif inside and line.strip():
            folder, arrow, allowed = line.partition("->")
            if not arrow or folder.strip() in arrows:
                findings.append(Finding(MAP, number, f"not a row of its own, 'folder -> folders': {line}"))
            else:
                arrows[folder.strip()] = (number, allowed.split())
    if not arrows:
        findings.append(Finding(MAP, 1, "has no ```arrows table"))
    return arrows, findings


def ring_of(folder):
    return folder.split("/")[0]


def permits(arrows, folder, target):
    return folder == target or any(a in (target, ring_of(target)) for a in arrows[folder][1])


def check_table(tree, arrows):
    """Arrows never point right, and never in a ring."""
    existing = {folder_of(f) for f in tree.c_files(within=("src", "include"))}
    for folder, (number, allowed) in arrows.items():
        for target in allowed:
            if target not in arrows and target not in RINGS:
                yield Finding(MAP, number, f"{target} is neither a row nor a ring")
            elif RINGS.index(ring_of(target)) > RINGS.index(ring_of(folder)):
                yield Finding(MAP, number, f"{folder} -> {target} points right")
            elif target == ring_of(folder) and "/" in folder:
                yield Finding(MAP, number, f"{folder} -> {target} makes the ring {target} one heap; name the folders")
        if folder in reachable(arrows, folder):
            yield Finding(MAP, number, f"{folder} reaches itself")
        if folder not in existing:
            yield Finding(MAP, number, f"{folder} has no file yet", is_note=True)
    for folder in sorted(existing - set(arrows) - {""}):
        yield Finding(MAP, 1, f"{folder} has no row")


def reachable(arrows, start):
    seen, left = set(), list(arrows[start][1])
    while left:
        target = left.pop()
        if target not in seen:
            seen.add(target)
            left += arrows.get(target, (0, []))[1]
    return seen


def folder_of(file):
    """src/core/dns/name.c and include/core/dns/name.h -> core/dns; src/base/map.c -> base."""
    return "/".join(os.path.dirname(file).split("/")[1:])


def check_project_include(tree, file, name, arrows):
    beside = os.path.normpath(os.path.join(os.path.dirname(file), name))
    if "/" not in name:
        return None if beside in tree.files else f"{name} is not beside this file"
    if f"include/{name}" not in tree.files:
        return f"{name} is not in include/: a header beside a .c belongs to its folder"
    folder, target = folder_of(file), os.path.dirname(name)
    if folder in arrows and not permits(arrows, folder, target):
        return f"{folder} must not include {target} ({name}), says {MAP}"
    return None


def check_test_include(tree, file, name):
    if "/" not in name:
        return None
    if name.startswith("support/") or file.startswith(f"tests/{os.path.dirname(name)}/"):
        return None
    rings = next((rings for folder, rings in TEST_FOLDERS.items() if file.startswith(folder + "/")), None)
    if rings is None:
        return f"a folder of tests that {os.path.basename(__file__)} does not know"
    if ring_of(name) not in rings:
        return f"links {' '.join(rings)} only, so it must not include {name}"
    return None


def check_include(tree, file, bracket, name, arrows):
    if file.startswith("tests/"):
        return check_test_include(tree, file, name) if bracket == '"' else None
    if bracket == '"':
        return check_project_include(tree, file, name, arrows)
    ring = ring_of(folder_of(file))
    if ring in HEADERS and name not in HEADERS[ring]:
        return f"<{name}> is not for {ring}: see HEADERS in tests/lint/layers.py"
    return None


def check(tree):
    arrows, findings = read_arrows(tree)
    findings += check_table(tree, arrows)
    count = 0
    for file in tree.c_files():
        for number, line in numbered(tree.text(file)):
            match = INCLUDE.match(line)
            if match:
                count += 1
                text = check_include(tree, file, match[1], match[2], arrows)
                if text:
                    findings.append(Finding(file, number, text))
    return f"{count} includes follow {MAP}", findings
