"""Writes small MaxMind DB files (format specification 2.0): what the tests read."""
import ipaddress
import struct

EMPTY = object()


class Float(float):
    """A 32-bit float, as DB-IP writes coordinates."""


class Short(int):
    """Of 16 bits; other numbers have 32."""


class Long(int):
    """Of 64 bits."""


def encode(value):
    """A value of the data section."""
    if isinstance(value, str):
        return control(2, len(value.encode())) + value.encode()
    if isinstance(value, Float):
        return control(15, 4) + struct.pack(">f", value)
    if isinstance(value, float):
        return control(3, 8) + struct.pack(">d", value)
    if isinstance(value, int):
        digits = value.to_bytes((value.bit_length() + 7) // 8, "big")
        return control(5 if isinstance(value, Short) else 9 if isinstance(value, Long) else 6, len(digits)) + digits
    if isinstance(value, dict):
        return control(7, len(value)) + b"".join(encode(key) + encode(inner) for key, inner in value.items())
    return control(11, len(value)) + b"".join(map(encode, value))


def control(kind, size):
    extended = kind > 7
    low = min(size, 29)
    return (bytes([(0 if extended else kind) << 5 | low]) + (bytes([kind - 7]) if extended else b"")
            + (bytes([size - 29]) if low == 29 else b""))


def bits_of(network, version):
    network = ipaddress.ip_network(network)
    bits = f"{int(network.network_address):0{network.max_prefixlen}b}"[:network.prefixlen]
    return "0" * 96 + bits if version == 6 and network.version == 4 else bits


def build(records, version=6, detours=(), kind="test-Country"):
    """records: network to record, no network inside another. detours: IPv6 networks that lead to the IPv4 ones."""
    root = [EMPTY, EMPTY]

    def node_at(bits):
        node = root
        for bit in map(int, bits):
            if node[bit] is EMPTY:
                node[bit] = [EMPTY, EMPTY]
            node = node[bit]
        return node

    data, offsets = b"", {}
    for network, record in records.items():
        text = encode(record)
        if text not in offsets:
            offsets[text] = len(data)
            data += text
        bits = bits_of(network, version)
        node_at(bits[:-1])[int(bits[-1])] = offsets[text]
    for network in detours:
        bits = bits_of(network, version)
        node_at(bits[:-1])[int(bits[-1])] = node_at("0" * 96)
    nodes, numbers = [root], {id(root): 0}
    for node in nodes:
        for child in node:
            if isinstance(child, list) and id(child) not in numbers:
                numbers[id(child)] = len(nodes)
                nodes.append(child)

    def record_of(child):
        number = (len(nodes) if child is EMPTY else numbers[id(child)] if isinstance(child, list)
                  else len(nodes) + 16 + child)
        return number.to_bytes(3, "big")

    tree = b"".join(record_of(child) for node in nodes for child in node)
    about = {"node_count": len(nodes), "record_size": Short(24), "ip_version": Short(version), "database_type": kind,
             "languages": ["en"], "binary_format_major_version": Short(2), "binary_format_minor_version": Short(0),
             "build_epoch": Long(1780000000), "description": {"en": "small, for tests"}}
    return tree + bytes(16) + data + b"\xab\xcd\xefMaxMind.com" + encode(about)


def maxmind(country, subdivision=None):
    record = {"continent": {"code": "XX"}, "country": {"geoname_id": 1, "iso_code": country}}
    if subdivision:
        record["subdivisions"] = [{"geoname_id": 2, "iso_code": subdivision}]
    return record


def dbip(country, state):
    return {"city": "Springfield", "country_code": country, "latitude": Float(1.5), "state1": state}


COUNTRY = build({
    "192.0.2.0/25": {"country_code": "DE"}, "192.0.2.128/25": {"country_code": "DE"},
    "198.51.100.0/24": {"country_code": "JP"}, "203.0.113.0/24": {"country_code": "XA"},
    "203.0.112.0/24": {"names": ["no country"]}, "2001:db8::/33": {"country_code": "JP"},
    "2001:db8:8000::/33": {"country_code": "US"},
}, detours=["2002::/16", "::ffff:0:0/96"])
CITY = build({
    "192.0.2.0/26": maxmind("US", "CA"), "192.0.2.64/26": maxmind("US"), "192.0.2.128/26": dbip("US", "California"),
    "192.0.2.192/26": dbip("CA", "Quebec"), "198.51.100.0/24": maxmind("DE", "BY"),
    "203.0.113.0/24": {"country": {"iso_code": "US"}, "subdivisions": [{"names": {"en": "New York"}}]},
    "2001:db8::/32": dbip("FR", "\u00cele-de-France"),
}, kind="test-City")
IPV4 = build({"192.0.2.0/24": {"country_code": "DE"}, "0.0.0.0/1": {"country_code": "JP"}}, version=4)
FIXTURES = {"country": COUNTRY, "city": CITY, "ipv4": IPV4}
