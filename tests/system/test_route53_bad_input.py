"""What strangers send to the Route 53 API: no crash, no hang, and an error that AWS's clients can read."""
import re
import socket
import struct

import pytest

from api import NAMESPACE, Api, Refused

UPDATE = f'<UpdateHostedZoneCommentRequest xmlns="{NAMESPACE}"><Comment>%s</Comment></UpdateHostedZoneCommentRequest>'
BOMB = '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>' + UPDATE % "&b;"
MEBIBYTE = 1 << 20


@pytest.fixture
def daemon(serve):
    return serve()


def exchange(daemon, data, close=False):
    """Everything that comes back for these bytes."""
    host, port = daemon.http.rsplit(":", 1)
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        try:
            connection.sendall(data)
            if close:
                connection.shutdown(socket.SHUT_WR)
            received = b""
            while part := connection.recv(65536):
                received += part
        except ConnectionError:  # refused before all was sent
            pass
    return received.decode(errors="replace")


def post(daemon, path, body, length=None):
    head = f"POST /2013-04-01{path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {length or len(body)}\r\n\r\n"
    return exchange(daemon, head.encode() + body)


def still_answers(daemon):
    with Api(daemon.http) as api:
        assert api.call("GET", "/hostedzonecount").findtext("HostedZoneCount") == "0"


BODIES = {
    "entity bomb": (BOMB.encode(), 400, "MalformedInput"),
    "deep nesting": (b"<UpdateHostedZoneCommentRequest>" * 100_000, 400, "InvalidInput"),
    "UTF-16": ((UPDATE % "x").encode("utf-16"), 404, "NoSuchHostedZone"),  # XML may be in it, and it is read
    "Latin-1": (('<?xml version="1.0" encoding="latin-1"?>' + UPDATE % "é").encode("latin-1"), 400, "MalformedInput"),
    "zeros": (b"\x00" * 1000, 400, "MalformedInput"),
    "ones": (b"\xff" * 1000, 400, "MalformedInput"),
    "JSON": (b'{"Comment": "x"}', 400, "MalformedInput"),
    "too long a text": ((UPDATE % ("x" * 257)).encode(), 400, "InvalidInput"),
    "too long a body": ((UPDATE % ("x" * 5 * MEBIBYTE)).encode(), 413, "RequestEntityTooLarge"),
    "ten megabytes": (b"x" * 10 * MEBIBYTE, 413, "RequestEntityTooLarge"),
}


@pytest.mark.parametrize("kind", BODIES)
def test_bodies_that_no_client_sends_get_an_error_in_xml(daemon, kind):
    body, status, code = BODIES[kind]
    answer = post(daemon, "/hostedzone/Z1", body)
    assert answer.startswith(f"HTTP/1.1 {status} "), answer[:500]
    assert f"<Code>{code}</Code>" in answer
    assert re.search(r"x-amzn-RequestId: [0-9a-f-]{36}\r\n", answer)
    still_answers(daemon)


def test_more_is_refused_before_it_is_kept(daemon):
    answer = post(daemon, "/hostedzone/Z1", b"x" * 40 * MEBIBYTE)
    assert answer == "" or answer.startswith("HTTP/1.1 413 ")
    still_answers(daemon)


def test_a_body_that_ends_early_is_no_request(daemon):
    body = (UPDATE % "x").encode()
    head = f"POST /2013-04-01/hostedzone/Z1 HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    for end in range(0, len(body), 7):
        assert exchange(daemon, head + body[:end], close=True) == ""
    still_answers(daemon)


def test_a_client_that_resets_its_connection_is_forgotten(daemon):
    host, port = daemon.http.rsplit(":", 1)
    for sent in (b"POST /2013-04-01/hostedzone/Z1 HTTP/1.1\r\nContent-Length: 999\r\n\r\n<x",
                 b"GET /2013-04-01/hostedzone HTTP/1.1\r\n\r\n"):
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(sent)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    still_answers(daemon)


def test_a_slow_body_does_not_keep_others_waiting(daemon):
    host, port = daemon.http.rsplit(":", 1)
    body = (UPDATE % "x").encode()
    with socket.create_connection((host, int(port)), timeout=20) as slow:
        slow.sendall(f"POST /2013-04-01/hostedzone/Z1 HTTP/1.0\r\nContent-Length: {len(body)}\r\n\r\n".encode())
        for byte in body:
            slow.sendall(bytes([byte]))
            if byte == ord("<"):
                still_answers(daemon)
        assert b"NoSuchHostedZone" in slow.recv(65536)


@pytest.mark.parametrize("method, path", [
    ("PUT", "/hostedzone"), ("PATCH", "/hostedzone/Z1"), ("DELETE", "/hostedzone"), ("OPTIONS", "/hostedzone"), ("GET", "/"),
    ("GET", "/hostedzone/Z1/rrset/x"), ("GET", "/hostedzone//rrset"), ("POST", "/nothing"), ("GET", "/HOSTEDZONE"),
])
def test_methods_and_paths_that_are_none_are_unknown_operations(daemon, method, path):
    answer = exchange(daemon, f"{method} /2013-04-01{path} HTTP/1.0\r\nContent-Length: 0\r\n\r\n".encode())
    assert answer.startswith("HTTP/1.0 404 ") or answer.startswith("HTTP/1.1 404 "), answer
    assert answer.endswith("<UnknownOperationException/>")


@pytest.mark.parametrize("path, code", [
    ("/hostedzone/" + "Z" * 33, "InvalidInput"), ("/hostedzone/%00", "InvalidInput"), ("/hostedzone/%ff", "InvalidInput"),
    ("/hostedzone/%2e%2e%2fetc%2fpasswd", "NoSuchHostedZone"), ("/hostedzone/'%20OR%201=1--", "NoSuchHostedZone"),
    ("/healthcheck/" + "x" * 65, "InvalidInput"), ("/healthcheck/nope", "NoSuchHealthCheck"), ("/change/nope", "NoSuchChange"),
    ("/hostedzone?maxitems=0", "InvalidInput"), ("/hostedzone?maxitems=ten", "InvalidInput"),
    ("/hostedzone?marker=" + "x" * 65, "InvalidInput"),
    ("/trafficpolicy/x/first", "InvalidInput"), ("/geolocation?countrycode=XX", "NoSuchGeoLocation"),
    ("/tags/zone/Z1", "InvalidInput"), ("/accountlimit/MAX_WISHES", "InvalidInput"),
])
def test_ids_and_numbers_that_are_none_are_refused(daemon, path, code):
    with Api(daemon.http) as api, pytest.raises(Refused) as refused:
        api.call("GET", path)
    assert refused.value.code == code
