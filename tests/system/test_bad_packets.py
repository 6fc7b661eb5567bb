"""Packets that are no questions: the daemon drops them or says FORMERR, counts them, and goes on answering."""
import itertools
import random
import socket
import struct

import pytest

import dnswire
from harness import wait_until
from serving import three_regions

GOOD = dnswire.query("api.example.com", ident=7)
PACKETS = 20000


@pytest.fixture
def daemon(serve):
    daemon = serve(three_regions(), "--workers", "2")
    yield daemon
    answers(daemon)


def answers(daemon):
    with dnswire.Udp(daemon.dns[0]) as udp, dnswire.Tcp(daemon.dns[0]) as tcp:
        assert udp.ask("api.example.com").addresses == tcp.ask("api.example.com").addresses == ["192.0.2.3"]


def header(ident=1, flags=0x0100, questions=1, answers_=0, authority=0, additional=0):
    return struct.pack("!6H", ident, flags, questions, answers_, authority, additional)


QUESTION = dnswire.name_bytes("api.example.com") + b"\0\1\0\1"
OPT = b"\0\0\x29\x04\xd0\0\0\0\0"


def opt_with(options):
    return OPT + struct.pack("!H", len(options)) + options


# None: not worth a reply.
CASES = {
    "empty": (b"", None), "one byte": (b"x", None), "eleven bytes": (GOOD[:11], None),
    "a response": (header(flags=0x8100) + QUESTION, None),
    "header only": (GOOD[:12], dnswire.FORMERR), "no question": (header(questions=0), dnswire.FORMERR),
    "half a question": (GOOD[:20], dnswire.FORMERR), "two questions": (header(questions=2) + QUESTION * 2, dnswire.FORMERR),
    "a name that points to itself": (header() + b"\xc0\x0c\0\1\0\1", dnswire.FORMERR),
    "a name that points ahead": (header() + b"\xc0\x20\0\1\0\1" + b"\0" * 40, dnswire.FORMERR),
    "names that point to each other": (header() + b"\xc0\x0e\xc0\x0c\0\1\0\1", dnswire.FORMERR),
    "a label that is too long": (header() + b"\x40" + b"a" * 64 + b"\0\0\1\0\1", dnswire.FORMERR),
    "a name that is too long": (header() + (b"\x3f" + b"a" * 63) * 4 + b"\0\0\1\0\1", dnswire.FORMERR),
    "bytes left over": (header() + QUESTION + b"junk", dnswire.FORMERR),
    "an answer that is not there": (header(answers_=1) + QUESTION, dnswire.FORMERR),
    "65535 records": (header(answers_=65535, authority=65535, additional=65535) + QUESTION, dnswire.FORMERR),
    "two OPT records": (header(additional=2) + QUESTION + opt_with(b"") * 2, dnswire.FORMERR),
    "a subnet of no family": (header(additional=1) + QUESTION + opt_with(b"\0\x08\0\x07\0\x09\x18\0\xc0\0\x02"), dnswire.FORMERR),  # E6
    "a subnet longer than an address": (header(additional=1) + QUESTION + opt_with(b"\0\x08\0\x08\0\x01\x21\0\xc0\0\x02\1"), dnswire.FORMERR),
    "a subnet with bits beyond": (header(additional=1) + QUESTION + opt_with(b"\0\x08\0\x07\0\x01\x17\0\xc0\0\x03"), dnswire.FORMERR),
    "a subnet with too few bytes": (header(additional=1) + QUESTION + opt_with(b"\0\x08\0\x05\0\x01\x18\0\xc0"), dnswire.FORMERR),
    "an option that runs over": (header(additional=1) + QUESTION + opt_with(b"\0\x08\xff\xff\0\x01"), dnswire.FORMERR),
    "opcode 15": (header(flags=0x7900) + QUESTION, dnswire.NOTIMP),
    "class CHAOS": (header() + QUESTION[:-1] + b"\3", dnswire.REFUSED),
    "type 0": (header() + QUESTION[:-4] + b"\0\0\0\1", dnswire.NOERROR),
}


@pytest.mark.parametrize("packet, rcode", CASES.values(), ids=CASES)
def test_each_gets_what_it_deserves(daemon, packet, rcode):
    with dnswire.Udp(daemon.dns[0]) as udp, dnswire.Tcp(daemon.dns[0]) as tcp:
        udp.socket.send(packet)
        tcp.send(packet)
        if rcode is None:
            wait_until(lambda: daemon.status()["dns"]["dropped"] >= 1)
            udp.socket.setblocking(False)
            with pytest.raises(BlockingIOError):
                udp.socket.recv(1)
        else:
            assert udp.receive().rcode == rcode
            assert tcp.receive().rcode == rcode
            assert daemon.status()["dns"]["dropped"] == 0


def mutations(chance):
    """Random bytes, and good questions with a few bytes changed, cut or added."""
    good = [GOOD, dnswire.query("x.api.example.com", 255, subnet="192.0.2.0/24"), dnswire.query("example.com", 6, edns=False),
            dnswire.query("api.example.com", subnet="2001:db8::/48")]
    while True:
        if chance.random() < 0.3:
            yield chance.randbytes(chance.randrange(1, 600))
            continue
        packet = bytearray(chance.choice(good))
        for _ in range(chance.randrange(1, 6)):
            what, at = chance.randrange(4), chance.randrange(len(packet))
            if what == 0:
                packet[at] = chance.randrange(256)
            elif what == 1:
                packet[at] ^= 1 << chance.randrange(8)
            elif what == 2 and len(packet) > 2:
                del packet[at:at + chance.randrange(1, 4)]
            else:
                packet[at:at] = chance.randbytes(chance.randrange(1, 8))
            packet = packet or bytearray(b"x")
        yield bytes(packet)


def test_twenty_thousand_random_packets_do_no_harm(daemon):
    stream = (packet for packet in mutations(random.Random(53)) if packet[:2] != b"\xbe\xef")
    counted = 0
    with dnswire.Udp(daemon.dns[0]) as udp:
        for _ in range(PACKETS // 50):
            for packet in itertools.islice(stream, 50):
                udp.socket.send(packet)
            # A good question last: its answer says that this batch was taken.
            counted += 51
            udp.socket.send(dnswire.query("api.example.com", ident=0xbeef, subnet="198.51.100.0/24"))
            while True:
                data = udp.socket.recv(65535)
                if data[:2] == b"\xbe\xef":
                    break
                assert len(data) >= 12 and data[2] & 0x80 and len(data) <= 4096
            assert dnswire.Reply(data).addresses == ["192.0.2.2"]
    told = daemon.status()["dns"]
    assert told["queries"] == counted
    assert told["dropped"] > 0 and told["rcodes"]["FORMERR"] > 0
    assert told["dropped"] + sum(told["rcodes"].values()) == told["queries"]


def test_random_bytes_over_tcp_do_no_harm(daemon):
    chance = random.Random(54)
    stream = mutations(chance)
    for i in range(200):
        with socket.create_connection(dnswire.parts(daemon.dns[0]), timeout=20) as connection:
            try:
                for packet in itertools.islice(stream, 10):
                    connection.sendall(struct.pack("!H", len(packet)) + packet)
                if i % 2:
                    connection.sendall(chance.randbytes(300))
                    connection.shutdown(socket.SHUT_WR)
            except OSError as e:
                assert not isinstance(e, TimeoutError)  # it may hang up on us, but not hang
            if i % 2:
                dnswire.until_closed(connection)


def test_a_length_without_a_message_keeps_nobody_else_waiting(daemon):
    idle = [socket.create_connection(dnswire.parts(daemon.dns[0]), timeout=20) for _ in range(50)]
    for i, connection in enumerate(idle):
        connection.sendall(b"\xff\xff" + b"\0" * i)
    answers(daemon)
    for connection in idle:
        connection.close()


def test_a_message_may_come_byte_by_byte(daemon):
    with dnswire.Tcp(daemon.dns[0]) as tcp:
        tcp.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in struct.pack("!H", len(GOOD)) + GOOD:
            tcp.socket.sendall(bytes([byte]))
        assert tcp.receive().addresses == ["192.0.2.3"]
