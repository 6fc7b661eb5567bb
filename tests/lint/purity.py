"""What the compiled core really needs and owns: its libraries' symbols, read with nm."""
import fnmatch
import os
import re
import subprocess

from sources import Finding

BUILD = "build/strict"

# __popcountdi2 and its like are the compiler's own arithmetic.
# All that core may call beyond itself: functions of their arguments, and the heap. Not here, so a finding: streams
# and descriptors, sockets, clocks, rand, getenv, threads, the locale's and the process's state, and our own log.
PURE = """
mem* str* __mem*_chk __str*_chk bcmp rawmemchr stpcpy
malloc calloc realloc reallocarray free abort qsort bsearch
*snprintf *snprintf_chk asprintf vasprintf __asprintf_chk __vasprintf_chk
__assert_fail __stack_chk_fail __errno_location __ctype_*_loc is* to*
abs labs llabs acos asin atan atan2 cos sin tan exp exp2 pow sqrt cbrt hypot log log2 log10 log1p expm1 floor ceil trunc round rint
lround llround lrint llrint nearbyint fmod fabs fmin fmax modf frexp ldexp acosf cosf sinf sqrtf
inet_ntop inet_pton
__*[dst]i[234]
json_*
inflate inflateEnd inflateInit2_ inflateReset
XML_*
EVP_Digest EVP_sha256 HMAC CRYPTO_memcmp OPENSSL_cleanse
""".split()
# Pure by name only.
IMPURE = ["strerror*", "strtok", "strftime", "json_load_file", "json_loadf", "json_loadfd", "json_dump_file", "json_dumpf",
          "json_dumpfd", "json_object_seed", "json_set_alloc_funcs"]
OWN_IMPURE = ["log_*"]  # base's log: core returns what there is to say
# Sanitizers and the linker's own.
IGNORED = ["_GLOBAL_OFFSET_TABLE_", "__stack_chk_guard"]

# Base owns the log's threshold and clock, set once before threads start.
MUTABLE_ALLOWED = {"libbase.a": {"log.o": {"threshold", "now"}}, "libcore.a": {}}
MUTABLE_SECTION = re.compile(r"\.(data|bss|tdata|tbss)(?!\.rel\.ro)|\*COM\*")


def nm(library):
    """Rows of (object, symbol, class, section)."""
    done = subprocess.run(["nm", "--format=sysv", library], capture_output=True, text=True, check=True)
    member = ""
    for line in done.stdout.splitlines():
        header = re.match(r"(?:Undefined symbols|Symbols) from .*\[(.+)\]:", line)
        if header:
            member = header[1]
        columns = [c.strip() for c in line.split("|")]
        if len(columns) == 7 and columns[0] != "Name":
            yield member, columns[0], columns[2], columns[6]


def matches(symbol, patterns):
    return any(fnmatch.fnmatchcase(symbol, p) for p in patterns)


def source_of(tree, ring, member, symbol):
    """The .c of an object. Names repeat between folders, so the one that mentions the symbol."""
    files = [f for f in tree.c_files(within=("src",)) if f.startswith(f"src/{ring}/") and
             os.path.basename(f) == member.replace(".o", ".c")]
    word = re.compile(r"\b" + re.escape(symbol.split(".")[0]) + r"\b")
    for file in sorted(files, key=lambda f: not word.search(tree.code(f))):
        code = tree.code(file)
        found = word.search(code)
        return file, code.count("\n", 0, found.start()) + 1 if found else 1
    return f"src/{ring}", 1


def declared(tree):
    """What the headers of base and core promise, whether or not it is written yet."""
    headers = [tree.code(f) for f in tree.c_files(".h", within=("include",)) if f.split("/")[1] in ("base", "core")]
    return {name for code in headers for name in re.findall(r"\b(\w+)\(", code)}


def check(tree):
    findings, calls = [], set()
    symbols = {name: list(nm(tree.path(f"{BUILD}/{name}"))) for name in ("libbase.a", "libcore.a")
               if os.path.exists(tree.path(f"{BUILD}/{name}"))}
    if "libcore.a" not in symbols:
        return f"nothing looked at: there is no {BUILD}/libcore.a before make lint ONLY=compilers", findings
    for library, rows in symbols.items():
        ring = library[3:-2]
        for member, symbol, kind, section in rows:
            name = symbol.split(".")[0]
            if kind in "dDbBC" and MUTABLE_SECTION.match(section) and \
                    name not in MUTABLE_ALLOWED[library].get(member, ()):
                findings.append(Finding(*source_of(tree, ring, member, name), f"{name} is a mutable static ({section})"))
    own = {symbol for rows in symbols.values() for _, symbol, kind, _ in rows if kind in "TRDBWVti"}
    own |= declared(tree)
    for member, symbol, kind, _ in symbols["libcore.a"]:
        if kind != "U" or matches(symbol, IGNORED):
            continue
        calls.add(symbol)
        pure = not matches(symbol, OWN_IMPURE) if symbol in own else matches(symbol, PURE) and not matches(symbol, IMPURE)
        if not pure:
            findings.append(Finding(*source_of(tree, "core", member, symbol), f"core must not call {symbol}: see PURE in tests/lint/purity.py"))
    return f"core owns no mutable static, and the {len(calls)} functions it calls are pure", findings
