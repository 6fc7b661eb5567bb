"""A small DNS client of our own, for what dig cannot do: thousands of questions a second, and bad packets.
It shares no code with the server."""
import ipaddress
import select
import socket
import struct
import time

A, NS, CNAME, SOA, TXT, AAAA, OPT = 1, 2, 5, 6, 16, 28, 41
NOERROR, FORMERR, SERVFAIL, NXDOMAIN, NOTIMP, REFUSED = range(6)
SUBNET_OPTION = 8


def name_bytes(name):
    labels = [label for label in name.encode().split(b".") if label]
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def subnet_option(subnet):
    network = ipaddress.ip_network(subnet)
    address = network.network_address.packed[:(network.prefixlen + 7) // 8]
    data = struct.pack("!HBB", 1 if network.version == 4 else 2, network.prefixlen, 0) + address
    return struct.pack("!HH", SUBNET_OPTION, len(data)) + data


def query(name, kind=A, *, ident=1, subnet=None, size=1232, flags=0x0100, klass=1, edns=True):
    options = subnet_option(subnet) if subnet else b""
    opt = b"\0" + struct.pack("!HHIH", OPT, size, 0, len(options)) + options if edns else b""
    header = struct.pack("!6H", ident, flags, 1, 0, 0, 1 if edns else 0)
    return header + name_bytes(name) + struct.pack("!HH", kind, klass) + opt


def read_name(data, at):
    labels, end, jumps = [], None, 0
    while data[at]:
        if data[at] >= 0xc0:
            end = end or at + 2
            at = struct.unpack_from("!H", data, at)[0] & 0x3fff
            jumps += 1
            assert jumps < 128, "a loop of compression pointers"
        else:
            labels.append(data[at + 1:at + 1 + data[at]].decode("latin-1"))
            at += 1 + data[at]
    return ".".join(labels) + ".", end or at + 1


class Reply:
    """A parsed message; sections hold (name, type, ttl, rdata bytes)."""

    def __init__(self, data):
        self.data = data
        self.ident, self.flags, *counts = struct.unpack_from("!6H", data)
        self.rcode, self.truncated = self.flags & 15, bool(self.flags & 0x0200)
        self.subnet = None
        at = 12
        for _ in range(counts[0]):
            self.name, at = read_name(data, at)
            at += 4
        self.answer, self.authority, self.additional = [], [], []
        for section, count in zip((self.answer, self.authority, self.additional), counts[1:]):
            for _ in range(count):
                name, at = read_name(data, at)
                kind, _, ttl, length = struct.unpack_from("!HHIH", data, at)
                at += 10
                rdata, at = data[at:at + length], at + length
                assert len(rdata) == length, "a record that is cut"
                if kind == OPT:
                    self.take_options(rdata)
                else:
                    section.append((name, kind, ttl, rdata))
        assert at == len(data), "bytes after the last record"

    def take_options(self, rdata):
        at = 0
        while at < len(rdata):
            code, length = struct.unpack_from("!HH", rdata, at)
            value, at = rdata[at + 4:at + 4 + length], at + 4 + length
            if code == SUBNET_OPTION:
                _, source, scope = struct.unpack_from("!HBB", value)
                self.subnet = (source, scope, value[4:])

    @property
    def addresses(self):
        return [str(ipaddress.ip_address(rdata)) for _, kind, _, rdata in self.answer if kind in (A, AAAA)]


def parts(endpoint):
    address, _, port = endpoint.rpartition(":")
    return address.strip("[]"), int(port)


class Udp:
    """One socket, and as many questions under way as window says. A lost packet on loopback is the server's
    fault, so nothing is asked twice."""

    def __init__(self, endpoint, window=32, patience=20):
        address, port = parts(endpoint)
        self.socket = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.connect((address, port))
        self.window, self.patience = window, patience

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def receive(self):
        ready, _, _ = select.select([self.socket], [], [], self.patience)
        if not ready:
            raise AssertionError(f"no reply within {self.patience} s")
        return Reply(self.socket.recv(65535))

    def ask(self, name, kind=A, **options):
        self.socket.send(query(name, kind, **options))
        return self.receive()

    def ask_all(self, questions):
        """questions: keyword arguments of query(); their replies in the same order."""
        replies, sent, waiting = [None] * len(questions), 0, {}
        while sent < len(questions) or waiting:
            while sent < len(questions) and len(waiting) < self.window:
                self.socket.send(query(ident=sent & 0xffff, **questions[sent]))
                waiting[sent & 0xffff] = sent
                sent += 1
            reply = self.receive()
            replies[waiting.pop(reply.ident)] = reply
        return replies


class Tcp:
    def __init__(self, endpoint, patience=20):
        self.socket = socket.create_connection(parts(endpoint), timeout=patience)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, message):
        self.socket.sendall(struct.pack("!H", len(message)) + message)

    def read(self, count):
        data = b""
        while len(data) < count:
            part = self.socket.recv(count - len(data))
            if not part:
                raise EOFError(f"closed after {len(data)} of {count} bytes")
            data += part
        return data

    def receive(self):
        return Reply(self.read(struct.unpack("!H", self.read(2))[0]))

    def ask(self, name, kind=A, **options):
        self.send(query(name, kind, **options))
        return self.receive()


def until_closed(connection, patience=20):
    """What the peer still sends before it closes."""
    connection.settimeout(patience)
    heard, deadline = b"", time.monotonic() + patience
    while time.monotonic() < deadline:
        try:
            part = connection.recv(4096)
        except ConnectionResetError:
            return heard
        if not part:
            return heard
        heard += part
    raise AssertionError(f"still open after {patience} s")
