"""Endpoints that misbehave: what each check concludes and says, and that one bad endpoint spoils no other check."""
import socket
import struct
import threading

import pytest

from harness import free_endpoint, wait_until
from serving import check, policy, record

OK = b"HTTP/1.1 200 OK\r\n"


class Endpoint:
    """A listener that does one scripted thing to each connection. Steps: bytes to send, "read" the request,
    "reset", "hang" until the test is over; at the end it closes, after the client did."""

    def __init__(self, *steps, address="127.0.0.1", port=0):
        self.steps, self.requests, self.over = steps, [], threading.Event()
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind((address, port))
        self.listener.listen(256)
        self.address, self.port = self.listener.getsockname()
        self.at = f"{self.address}:{self.port}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        with connection:
            connection.settimeout(30)
            try:
                for step in self.steps:
                    self.do(connection, step)
            except OSError:
                pass

    def do(self, connection, step):
        if step == "read":
            request = b""
            while b"\r\n\r\n" not in request:
                part = connection.recv(4096)
                if not part:
                    return
                request += part
            self.requests.append(request.decode())
        elif step == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif step == "hang":
            self.over.wait(30)
        else:
            connection.sendall(step)

    def close(self):
        self.over.set()
        self.listener.close()


@pytest.fixture
def endpoint():
    made = []

    def make(*steps, **options):
        made.append(Endpoint(*steps, **options))
        return made[-1]
    yield make
    for each in made:
        each.close()


# What the endpoint does, the check's type, is it healthy, what /status says.
CASES = {
    "fine": (["read", OK + b"\r\n"], "HTTP", True, "Success: HTTP Status Code: 200. Resolved IP: 127.0.0.1. OK"),
    "redirect": (["read", b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n"], "HTTP", True,
                 "Success: HTTP Status Code: 302"),  # P9
    "status only, then silence": (["read", OK + b"\r\n", "hang"], "HTTP", True, "Success: HTTP Status Code: 200"),
    "body never ends": (["read", OK + b"Content-Length: 1000000\r\n\r\n" + b"x" * 9000, "hang"], "HTTP", True, "Success"),
    "503": (["read", b"HTTP/1.1 503 Nope\r\n\r\n"], "HTTP", False, "Failure: HTTP Status Code 503, Service Unavailable"),
    "404": (["read", b"HTTP/1.1 404 Not Found\r\n\r\n"], "HTTP", False, "Failure: HTTP Status Code 404, Not Found"),
    "garbage": (["read", bytes(range(256)) * 8], "HTTP", False, "Failure: The endpoint did not answer with a valid HTTP"),
    "another protocol": ([b"SSH-2.0-OpenSSH_9.2\r\n", "read", "hang"], "HTTP", False, "Failure: The endpoint did not answer with a valid"),
    "endless headers": (["read", OK + b"X-Filler: " + b"y" * 1000 + b"\r\n"] + [b"X-More: " + b"z" * 1000 + b"\r\n"] * 20 + ["hang"],
                        "HTTP", False, "Failure: The response headers are larger than 16384 bytes."),  # P14
    "bad header": (["read", OK + b"no colon\r\n\r\n"], "HTTP", False, "Failure: The response has a malformed header"),
    "half a line": (["read", b"HTTP/1.1 2"], "HTTP", False, "Failure: The endpoint closed the connection before"),
    "close": (["read"], "HTTP", False, "Failure: The endpoint closed the connection before"),
    "reset": (["read", "reset"], "HTTP", False, "Failure: The endpoint closed the connection before"),
    "nothing": (["read", "hang"], "HTTP", False, "Failure: The endpoint did not respond within the timeout limit."),
    "half a line, then silence": (["read", b"HTTP/1.1 2", "hang"], "HTTP", False, "Failure: The endpoint did not respond"),
    "TCP": (["hang"], "TCP", True, "Success: TCP connection established"),  # P15
    "TCP, resets": (["reset"], "TCP", True, "Success: TCP connection established"),
}


def test_each_check_says_what_its_endpoint_did(serve, endpoint):
    """All at once in one daemon, one checker each, so that the slow ones cost their two seconds together."""
    checks = []
    for name, (steps, kind, _, _) in CASES.items():
        checks.append(check(name, endpoint(*steps).at, kind=kind, interval=0.2, threshold=1))
    checks.append(check("refused", free_endpoint(), interval=0.2, threshold=1))
    daemon = serve(policy([], checks, simulator={"Checkers": 1}))
    wanted = {**CASES, "refused": (None, None, False, "Failure: The endpoint refused the connection.")}

    def told(name):
        state = next(c for c in daemon.status()["health_checks"] if c["id"] == name)
        [last] = state["last_observations"]
        return state["status"] == "healthy", last["success"], last["reason"]

    for name, (_, _, healthy, reason) in wanted.items():
        def as_wanted(name=name, healthy=healthy, reason=reason):
            got = told(name)
            assert got[:2] == (healthy, healthy) and got[2].startswith(reason), (name, got)
            return True
        wait_until(as_wanted, timeout=60)
    assert daemon.request("/readyz").status == 200
    assert daemon.dig("example.com").rcode == "NOERROR"


def test_probes_say_who_they_are(serve, endpoint):  # P19, P23
    place = endpoint("read", OK + b"\r\n")
    serve(policy([], [check("c", place.at, path="/health?deep=1", FullyQualifiedDomainName="api.example.com"), check("d", place.at)],
                 simulator={"Checkers": 1}))
    wait_until(lambda: len({r.splitlines()[0] for r in place.requests}) == 2)
    named = next(r for r in place.requests if "deep" in r)
    assert named.startswith("GET /health?deep=1 HTTP/1.1\r\n") and f"Host: api.example.com:{place.port}\r\n" in named
    assert "User-Agent: Amazon-Route53-Health-Check-Service (ref " in named and "Connection: close\r\n" in named
    plain = next(r for r in place.requests if "deep" not in r)
    assert f"Host: {place.at}\r\n" in plain


def test_an_endpoint_that_recovers_is_believed_after_as_many_successes(serve, endpoint):  # V1
    place = endpoint("read", b"HTTP/1.1 500 Oh\r\n\r\n")
    daemon = serve(policy([], [check("c", place.at, interval=0.1, threshold=3)], simulator={"Checkers": 1}))
    daemon.wait_health("c", "unhealthy")
    assert len(place.requests) >= 3
    place.steps = ["read", OK + b"\r\n"]
    seen = len(place.requests)
    daemon.wait_health("c", "healthy")
    assert len(place.requests) >= seen + 2
    evidence = [line for line in daemon.log().splitlines() if "event=health_check_changed" in line]
    assert len(evidence) == 2 and "Status Code 500" in evidence[0] and "checkers=1/1" in evidence[1]


# --- endpoints that are given by name ----------------------------------------------------------------------


def test_a_name_is_resolved_for_each_probe_by_the_resolver_that_was_named(serve, endpoint):  # P16, P17
    """Another nearwell is the name server; what it answers changes, and the next probe goes there."""
    first = endpoint("read", OK + b"\r\n")
    second = endpoint("read", OK + b"\r\n", address="127.0.0.2", port=first.port)
    names = serve(policy([record("svc.example.com", "A", "127.0.0.1", ttl=3600)]))
    daemon = serve(policy([], [check("c", f"svc.example.com:{first.port}", name=True, interval=0.1)],
                          simulator={"Checkers": 1}), "--resolver", names.dns[0])

    def reason():
        [last] = daemon.check("c")["last_observations"]
        return last["reason"]

    wait_until(lambda: "Resolved IP: 127.0.0.1. OK" in reason())
    assert not second.requests
    assert f"Host: svc.example.com:{first.port}\r\n" in first.requests[0]

    names.reload(policy([record("svc.example.com", "A", "127.0.0.2", ttl=3600)]))
    wait_until(lambda: "Resolved IP: 127.0.0.2. OK" in reason())
    assert second.requests
    asked = names.status()["dns"]["queries"]
    wait_until(lambda: names.status()["dns"]["queries"] >= asked + 3)

    # By way of a CNAME, inside one zone that follows it.
    names.reload(policy([record("svc.example.com", "CNAME", "real.example.com"), record("real.example.com", "A", "127.0.0.1")],
                        simulator={"CnameChasing": True}))
    wait_until(lambda: "Resolved IP: 127.0.0.1. OK" in reason())

    for gone in (policy([]), policy([record("svc.example.com", "AAAA", "::1")])):  # NXDOMAIN, NODATA
        names.reload(gone)
        wait_until(lambda: reason().startswith("Failure: DNS resolution failed"))
        daemon.wait_health("c", "unhealthy")
        names.reload(policy([record("svc.example.com", "A", "127.0.0.1")]))
        daemon.wait_health("c", "healthy")
    names.process.signal(15)
    wait_until(lambda: reason().startswith("Failure: DNS resolution failed"))
    daemon.wait_health("c", "unhealthy")
