"""nearwell region: hits, replication, faults."""
import http.server
import json
import signal
import socket
import threading
import time

import pytest

from harness import (CURL_REFUSED, CURL_TIMED_OUT, curl, free_endpoint, run, wait_until)

NAMES = ["us-east-1", "eu-west-1", "ap-south-1"]


class Region:
    def __init__(self, start, name="us-east-1", listen=None, peers=()):
        arguments = ["region", "--name", name]
        if listen:
            arguments += ["--listen", listen]
        if peers:
            arguments += ["--peers", ",".join(f"http://{peer}" for peer in peers)]
        self.name = name
        self.process = start(*arguments)
        self.url = "http://" + self.process.ready["listen"]
        self.control = "http://" + self.process.ready["control"]

    def get(self, path, *arguments, **options):
        return curl(self.url + path, *arguments, **options)

    def hit(self, client="c", times=1):
        for _ in range(times):
            hits = self.get(f"/hello?client={client}").json["hits"]
        return hits

    def hits(self, client="c"):
        return curl(self.control + "/counters").json.get(client, {}).get("hits")

    def fault(self, **description):
        answer = curl(self.control + "/fault", "--data", json.dumps(description))
        assert answer.status == 200, answer.body
        assert answer.json == description
        return answer


@pytest.fixture
def region(start):
    return Region(start)


@pytest.fixture
def three(start):
    at = [free_endpoint() for _ in NAMES]
    regions = [Region(start, name, at[i], [a for a in at if a != at[i]]) for i, name in enumerate(NAMES)]
    for r in regions:  # all have met all
        r.hit(f"hello-{r.name}")
    for r in regions:
        for other in regions:
            wait_until(lambda r=r, other=other: r.hits(f"hello-{other.name}") == 1)
    return regions


def raw(url):
    host, _, port = url.removeprefix("http://").rpartition(":")
    return socket.create_connection((host, int(port)), timeout=20)


# --- hits --------------------------------------------------------------------------------------------------


def test_hits_are_counted_per_client(region):
    assert region.get("/hello").json == {"region": "us-east-1", "client": "127.0.0.1", "hits": 1}
    assert region.get("/hello").json["hits"] == 2
    assert region.get("/hello?client=alice").json == {"region": "us-east-1", "client": "alice", "hits": 1}
    assert region.hit("a%20b%c3%a9") == 1
    counters = region.get("/counters").json
    assert {client: item["hits"] for client, item in counters.items()} == {
        "127.0.0.1": 2, "alice": 1, "a bé": 1}
    assert counters["alice"]["region"] == "us-east-1"
    assert counters["alice"]["written_at"].endswith("Z")
    assert region.get("/health").json == {"region": "us-east-1", "status": "ok"}


def test_bad_client_names_are_refused(region):
    for name in ["", "x" * 257, "%ff", "%00", "%"]:
        answer = region.get(f"/hello?client={name}")
        assert answer.status == 400, name
        assert answer.json["error"]
    assert region.get("/hello?client=" + "x" * 256).status == 200


def test_unknown_paths_and_methods_are_explained(region):
    answer = region.get("/helo")
    assert answer.status == 404 and "/hello" in answer.json["error"]
    answer = region.get("/hello", "--data", "x")
    assert answer.status == 405 and "GET" in answer.json["error"]


# --- replication -------------------------------------------------------------------------------------------


def test_hits_reach_both_peers_and_go_on_there(three):
    a, b, c = three
    assert a.hit(times=3) == 3
    wait_until(lambda: b.hits() == 3 and c.hits() == 3)
    assert b.hit() == 4
    wait_until(lambda: c.hits() == 4)
    assert c.hit() == 5
    wait_until(lambda: a.get("/counters").json == b.get("/counters").json == c.get("/counters").json)
    assert a.hits() == 5


def test_a_peer_may_come_up_later(start):
    later = free_endpoint()
    first = Region(start, "us-east-1", peers=[later])
    first.hit(times=7)
    second = Region(start, "eu-west-1", listen=later)
    wait_until(lambda: second.hits() == 7)


def test_a_killed_and_restarted_region_goes_on_where_it_was(start, three):
    a, b, c = three
    a.hit("before", 5)
    wait_until(lambda: b.hits("before") == 5)
    b.process.kill()
    a.hit("meanwhile", 3)
    c.hit("before", 2)
    listen = b.url.removeprefix("http://")
    again = Region(start, b.name, listen, [a.url.removeprefix("http://"), c.url.removeprefix("http://")])
    # It has asked its peers before it was ready.
    assert again.hit("before") == 8
    assert again.hit("meanwhile") == 4
    wait_until(lambda: a.hits("before") == 8 and c.hits("meanwhile") == 4)
    wait_until(lambda: "event=peer_back" in a.process.log())
    assert a.process.log().count("event=peer_lost") <= a.process.log().count("event=peer_back") + 1


def test_a_region_that_lists_itself_does_not_talk_to_itself(start):
    listen = free_endpoint()
    region = Region(start, listen=listen, peers=[listen])
    assert region.hit(times=3) == 3


def test_many_clients_catch_up(start):
    later = free_endpoint()
    first = Region(start, "us-east-1", peers=[later])
    items = [{"client": f"client-{i}", "hits": i, "written_at": 10**18 + i, "region": "eu-west-1"}
             for i in range(2000)]
    for at in range(0, len(items), 500):
        message = {"from": "ap-south-1", "instance": "test", "items": items[at:at + 500]}
        answer = first.get("/replicate", "--data", json.dumps(message))
        assert answer.status == 200 and answer.json["from"] == "us-east-1"
    second = Region(start, "eu-west-1", listen=later, peers=[first.url.removeprefix("http://")])
    assert len(second.get("/counters").json) == 2000
    assert second.hits("client-1999") == 1999


def test_bad_messages_of_peers_are_refused(region):
    cases = [("{", "not JSON"), ("{}", "from"), ('{"from":"a"}', "instance"),
             ('{"from":"a","instance":"i","items":[{}]}', "items[0]"),
             ('{"from":"a","instance":"i","items":[{"client":"","hits":1,"written_at":1,"region":"a"}]}',
              "client")]
    for body, reason in cases:
        answer = region.get("/replicate", "--data", body)
        assert answer.status == 400 and reason in answer.json["error"]
    assert region.get("/replicate?since=x").status == 400
    assert region.get("/counters").json == {}


# --- faults ------------------------------------------------------------------------------------------------


def test_down_refuses_connections_and_breaks_open_ones(region):
    with raw(region.url) as idle:
        wait_until(lambda: region.get("/health").status == 200)
        region.fault(Kind="down")
        assert region.get("/health").exit_code == CURL_REFUSED
        assert idle.recv(1) == b""
    assert curl(region.control + "/fault").json == {"Kind": "down"}
    region.fault(Kind="none")
    assert region.get("/health").status == 200


def test_down_may_be_set_through_the_listener_that_it_closes(region):
    answer = region.get("/fault", "--data", '{"Kind":"down"}')
    assert answer.status == 200 and answer.json == {"Kind": "down"}
    assert region.get("/health").exit_code == CURL_REFUSED


def test_down_stops_replication_both_ways_until_it_ends(three):
    a, b, c = three
    a.fault(Kind="down")
    assert b.hit(times=2) == 2
    wait_until(lambda: c.hits() == 2)
    assert a.hits() is None
    a.fault(Kind="none")
    wait_until(lambda: a.hits() == 2)


def test_hang_accepts_and_never_answers(region):
    region.fault(Kind="hang")
    assert region.get("/health", patience=0.5).exit_code == CURL_TIMED_OUT
    assert curl(region.control + "/counters").status == 200
    assert region.get("/fault").json == {"Kind": "hang"}
    region.fault(Kind="none")
    assert region.get("/health").status == 200


def test_slow_answers_later(region):
    region.fault(Kind="slow", Milliseconds=400)
    begin = time.monotonic()
    assert region.get("/health").status == 200
    assert time.monotonic() - begin >= 0.4


def test_status_and_body_are_as_described(region):
    region.fault(Kind="status", Status=503)
    assert region.get("/health").status == 503
    region.fault(Kind="body", Body="not what you search for")
    answer = region.get("/health")
    assert (answer.status, answer.body) == (200, "not what you search for")
    assert region.get("/hello").body == "not what you search for"


@pytest.mark.parametrize("description", [
    {"Kind": "status", "Status": 500}, {"Kind": "hang"}, {"Kind": "slow", "Milliseconds": 60000},
    {"Kind": "body", "Body": "x"}])
def test_a_path_limits_the_fault(region, description):
    region.fault(**description, Path="/health")
    assert region.hit() == 1
    answer = region.get("/health", patience=0.3)
    assert answer.exit_code == CURL_TIMED_OUT or answer.status == 500 or answer.body == "x"


def test_flap_is_up_and_down_in_turn(region):
    region.fault(Kind="flap", UpSeconds=0.5, DownSeconds=0.5)
    for _ in range(2):
        wait_until(lambda: region.get("/health").status == 200)
        wait_until(lambda: region.get("/health").exit_code == CURL_REFUSED)
    region.fault(Kind="none")
    assert region.get("/health").status == 200


@pytest.mark.parametrize("by", ["name", "url"])
def test_a_partition_cuts_off_the_peers_it_names_and_no_others(three, by):
    a, b, c = three
    a.fault(Kind="partition", Peers=[b.name if by == "name" else b.url])
    assert a.hit("from-a") == 1
    assert b.hit("from-b") == 1
    wait_until(lambda: c.hits("from-a") == 1 and c.hits("from-b") == 1)
    c.hit("from-c")
    wait_until(lambda: a.hits("from-c") == 1 and b.hits("from-c") == 1)
    assert a.hits("from-b") is None
    assert b.hits("from-a") is None
    assert a.get("/health").status == 200
    a.fault(Kind="none")
    wait_until(lambda: a.hits("from-b") == 1 and b.hits("from-a") == 1)


def test_the_last_writer_wins_after_a_partition(three):
    a, b, c = three
    a.fault(Kind="partition", Peers=[b.name, c.name])
    a.hit(times=5)
    b.hit(times=2)
    wait_until(lambda: c.hits() == 2)
    a.fault(Kind="none")
    wait_until(lambda: [r.hits() for r in three] == [2, 2, 2])


def test_a_fault_ends_by_itself(region):
    region.fault(Kind="down", For="2s")
    assert region.get("/health").exit_code == CURL_REFUSED
    wait_until(lambda: region.get("/health").status == 200)
    assert region.get("/fault").json == {"Kind": "none"}
    assert region.process.log().count("event=fault_ended") == 1


def test_a_new_fault_replaces_the_old(region):
    region.fault(Kind="down", For="1h")
    region.fault(Kind="status", Status=418)
    assert region.get("/health").status == 418


@pytest.mark.parametrize("body, reason", [
    ("", "not JSON"), ("{", "line 1"), ("[]", "object"), ("{}", "Kind"),
    ('{"Kind":"dwon"}', "did you mean 'down'?"), ('{"Kind":"slow"}', "needs 'Milliseconds'"),
    ('{"Kind":"slow","Miliseconds":1}', "did you mean 'Milliseconds'?"),
    ('{"Kind":"status","Status":1000}', "100 to 599"), ('{"Kind":"down","For":"soon"}', "'For'")])
def test_bad_faults_are_refused_with_the_reason(region, body, reason):
    for url in (region.url, region.control):
        answer = curl(url + "/fault", "--data", body)
        assert answer.status == 400
        assert reason in answer.json["error"]
    assert region.get("/fault").json == {"Kind": "none"}


def test_too_large_bodies_are_refused(region, tmp_path):
    large = tmp_path / "large"
    for size in (1024 * 1024 + 1, 8 * 1024 * 1024):
        large.write_bytes(b" " * size)
        answer = region.get("/fault", "--data-binary", f"@{large}")
        assert answer.status == 413
    assert region.get("/health").status == 200


# --- start and stop ----------------------------------------------------------------------------------------


def test_a_stop_finishes_the_request_under_way(region):
    region.fault(Kind="slow", Milliseconds=700, Path="/hello")
    with raw(region.url) as busy:
        busy.sendall(b"GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
        # This one came later and was answered, so that one has been read.
        assert region.get("/health").status == 200
        region.process.signal(signal.SIGTERM)
        wait_until(lambda: region.get("/health").exit_code == CURL_REFUSED)
        heard = b""
        while part := busy.recv(4096):
            heard += part
    assert b" 200 OK" in heard and b'"hits":1' in heard
    assert region.process.wait() == 0
    assert "event=region_stopping" in region.process.log()


def test_a_stop_does_not_wait_for_hung_requests_or_idle_connections(region):
    region.fault(Kind="hang", Path="/hello")
    with raw(region.url) as hung, raw(region.url):
        hung.sendall(b"GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
        assert region.get("/health").status == 200
        region.process.signal(signal.SIGINT)
        assert region.process.wait() == 0
        assert "stop_cut_short" not in region.process.log()
        assert hung.recv(1) == b""


def test_a_second_signal_stops_at_once(region):
    region.fault(Kind="slow", Milliseconds=60000, Path="/hello")
    with raw(region.url) as busy:
        busy.sendall(b"GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
        assert region.get("/health").status == 200
        region.process.signal(signal.SIGTERM)
        wait_until(lambda: "event=region_stopping" in region.process.log())
        region.process.signal(signal.SIGTERM)
        assert region.process.wait() == 0
        assert "stop_cut_short" not in region.process.log()


def test_a_stop_does_not_wait_longer_than_two_seconds(region):
    region.fault(Kind="slow", Milliseconds=60000, Path="/hello")
    with raw(region.url) as busy:
        busy.sendall(b"GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
        assert region.get("/health").status == 200
        region.process.signal(signal.SIGTERM)
        assert region.process.wait() == 0
        assert busy.recv(1) == b""
    assert "stop_cut_short" in region.process.log()


class FakePeer(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.answer()

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.server.status == 200:
            self.server.items += body["items"]
        self.answer()

    def answer(self):
        body = b'{"from":"eu-west-1","instance":"fake"}'
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.server.asked += 1

    def log_message(self, *_):
        pass


@pytest.fixture
def fake_peer():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), FakePeer)
    server.status, server.items, server.asked = 200, [], 0
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_a_stop_sends_the_peers_what_they_do_not_have_yet(start, fake_peer):
    region = Region(start, peers=[f"127.0.0.1:{fake_peer.server_address[1]}"])
    fake_peer.status = 503
    asked = fake_peer.asked
    region.hit(times=2)
    wait_until(lambda: fake_peer.asked >= asked + 4)  # now it waits most of a second to try again
    wait_until(lambda: "event=peer_lost" in region.process.log())
    fake_peer.status = 200
    region.process.signal(signal.SIGTERM)
    assert region.process.wait() == 0
    assert [(item["client"], item["hits"]) for item in fake_peer.items][-1] == ("c", 2)


def test_a_peer_that_is_not_one_does_no_harm(start, fake_peer):
    fake_peer.status = 404
    region = Region(start, peers=[f"127.0.0.1:{fake_peer.server_address[1]}"])
    assert region.hit() == 1
    wait_until(lambda: "status 404" in region.process.log())
    assert region.process.log().count("event=peer_lost") == 1


def test_the_ready_line_tells_where_and_who(region):
    ready = region.process.ready
    assert ready["event"] == "ready" and ready["region"] == "us-east-1"
    assert ready["pid"] == region.process.process.pid
    assert ready["listen"].startswith("127.0.0.1:") and ready["control"].startswith("127.0.0.1:")
    assert ready["listen"] != ready["control"]


def test_control_serves_faults_and_counters_only(region):
    assert curl(region.control + "/counters").status == 200
    assert curl(region.control + "/hello").status == 404


def test_an_address_in_use_is_an_error(region):
    done = run("region", "--name", "b", "--listen", region.process.ready["listen"])
    assert done.returncode == 1 and done.stdout == ""
    assert region.process.ready["listen"] in done.stderr and "in use" in done.stderr


@pytest.mark.parametrize("arguments, reason", [
    ([], "--name is required"), (["--name", "a b"], "not a region"), (["--name"], "requires an argument"),
    (["--name", "a", "--listen", "here"], "--listen"), (["--name", "a", "--control", "1:2"], "--control"),
    (["--name", "a", "--peers", "b"], "not a URL"), (["--name", "a", "b"], "unexpected argument 'b'"),
    (["--name", "a", "--colour"], "--colour")])
def test_wrong_usage_is_explained(arguments, reason):
    done = run("region", *arguments)
    assert done.returncode == 2 and done.stdout == ""
    assert reason in done.stderr and "--help" in done.stderr


def test_commands_are_listed_and_mistyped_ones_recognised():
    assert "examples:" in run("region", "--help").stdout
    assert "region" in run("--help").stdout
    assert run("--version").stdout.startswith("nearwell ")
    done = run("regoin")
    assert done.returncode == 2 and "did you mean 'region'?" in done.stderr
    assert run().returncode == 2
