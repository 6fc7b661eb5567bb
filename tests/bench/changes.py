"""Changes through the Route 53 API: how many a second, what each costs, and how soon DNS knows."""
import os
import socket
import struct
import time

import workloads
from measure import LOAD_CPU, SERVER_CPU, Daemon, spread

VERSION = "/2013-04-01"
ZONE = "Z1BENCH"
BATCH = ('<ChangeResourceRecordSetsRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ChangeBatch><Changes>'
         "<Change><Action>UPSERT</Action><ResourceRecordSet><Name>n000000.example.com.</Name><Type>A</Type><TTL>60</TTL>"
         "<ResourceRecords><ResourceRecord><Value>%s</Value></ResourceRecord></ResourceRecords></ResourceRecordSet></Change>"
         "</Changes></ChangeBatch></ChangeResourceRecordSetsRequest>")


class Api:
    """One connection, and no more work than must be."""

    def __init__(self, endpoint):
        host, _, port = endpoint.rpartition(":")
        self.socket = socket.create_connection((host, int(port)))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.pending = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def call(self, method, path, body=""):
        self.socket.sendall(f"{method} {VERSION}{path} HTTP/1.1\r\nHost: a\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
        while b"\r\n\r\n" not in self.pending:
            self.receive()
        head, _, rest = self.pending.partition(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        while len(rest) < length:
            self.receive()
            rest = self.pending[len(head) + 4:]
        self.pending = rest[length:]
        assert head.startswith(b"HTTP/1.1 200"), rest
        return rest[:length]

    def receive(self):
        data = self.socket.recv(65536)
        assert data, "the daemon hung up"
        self.pending += data

    def change(self, address):
        self.call("POST", f"/hostedzone/{ZONE}/rrset/", BATCH % address)


QUESTION = b"\0\1\0\0\0\1\0\0\0\0\0\0\7n000000\7example\3com\0\0\1\0\1"


def ask(udp):
    udp.send(QUESTION)
    reply = udp.recv(512)
    assert struct.unpack_from("!H", reply, 6)[0] == 1, "one answer"
    at = len(QUESTION) + 12  # behind the question, and the record's name, type, class, TTL and length
    return socket.inet_ntoa(reply[at:at + 4])


def round_of(daemon, api, udp, count):
    """changes a second, us of the daemon's CPU each, us from a reply to the changed answer"""
    busy, told, before = 0.0, [], daemon.cpu_us()
    for i in range(count):
        address = workloads.address(i + 1)
        started = time.perf_counter()
        api.change(address)
        replied = time.perf_counter()
        busy += replied - started
        if i % 10 == 0:
            seen = ask(udp)
            told.append((time.perf_counter() - replied) * 1e6)
            assert seen == address, f"DNS answers {seen} after the reply to {address}"
    return count / busy, (daemon.cpu_us() - before) / count, sorted(told)[len(told) // 2]


def list_all(api):
    """Pages of 300, to the end; how many record sets there were."""
    query, total = "", 0
    while True:
        page = api.call("GET", f"/hostedzone/{ZONE}/rrset?maxitems=300{query}").decode()
        total += page.count("<ResourceRecordSet>")
        if "<IsTruncated>true" not in page:
            return total
        name = page.split("<NextRecordName>")[1].split("<")[0]
        query = f"&name={name}&type={page.split('<NextRecordType>')[1].split('<')[0]}"


def changes(bench):
    """the Route 53 API: UPSERT of one record set a call, one connection"""
    os.sched_setaffinity(0, {LOAD_CPU})
    for size, count in ((10, 1000), (9990, 200)):
        policy = bench.policy(f"zone_{size}", workloads.simple_records(size))
        for durable in (False, True):
            rounds = []
            options = ["--state", f"{bench.folder}/state-{size}.db"] if durable else []
            with Daemon(bench.build, policy, *options, cpu=SERVER_CPU) as daemon, Api(daemon.ready["http"]) as api, \
                    socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
                udp.connect(("127.0.0.1", daemon.port()))
                rounds = [round_of(daemon, api, udp, count) for _ in range(bench.rounds)]
                listed = [time_of(lambda: list_all(api)) for _ in range(bench.rounds)] if not durable else []
            where = f"a zone of {size} record sets, {'durable' if durable else 'in memory'}"
            bench.say(f"{where}: changes a second", spread([r[0] for r in rounds], "{:.0f}"))
            bench.say("  us of CPU each", spread([r[1] for r in rounds], "{:.0f}"))
            bench.say("  us from the reply to the changed answer", spread([r[2] for r in rounds], "{:.0f}"))
            if listed:
                bench.say(f"  ms to list them all ({list_total(size)} in pages of 300)", spread(listed))


def list_total(size):
    return size + 2  # SOA and NS


def time_of(work):
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1e3
