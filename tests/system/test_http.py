"""The HTTP port: status, metrics, readiness, explanations, verdicts, and what changes things."""
import json
import re
import socket

import pytest

from harness import PATIENCE_S, curl, free_endpoint, run, wait_until
from serving import check, policy, three_regions

@pytest.fixture
def daemon(serve):
    """Three regions with a check each: c1 and c2 are disabled, c3 is dead."""
    checks = [check("c1", "127.0.0.1:1", kind="TCP", Disabled=True), check("c2", "127.0.0.1:1", kind="TCP", Disabled=True),
              check("c3", free_endpoint(), kind="TCP", threshold=1, interval=0.1)]
    checks[0]["Name"] = 'eu "central"\n\\1'
    daemon = serve(three_regions(checks))
    daemon.wait_health("c3", "unhealthy")
    daemon.wait_ready()
    return daemon


def shape(value):
    """Keys and types, all the way down; lists by their first item."""
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


# --- /status -----------------------------------------------------------------------------------------------

CHECK_SHAPE = {
    "id": "str", "name": "NoneType", "type": "str", "endpoint": "str", "status": "str", "raw_status": "str",
    "inverted": "bool", "disabled": "bool", "checkers": {"total": "int", "healthy": "int", "needed": "int"},
    "since": "str", "probes": "int", "override": "NoneType",
    "last_observations": [{"region": "str", "verdict": "str", "success": "bool", "reason": "str", "checked_time": "str"}],
}
STATUS_SHAPE = {
    "schema_version": "int", "version": "str", "now": "str", "started": "str", "ready": "bool",
    "policy": {"source": "str", "loaded": "str", "generation": "int", "digest": "str", "hosted_zones": "int",
               "record_sets": "int", "health_checks": "int", "latency_table": "str", "default_client": "str",
               "error": "NoneType"},
    "answers": [{"name": "str", "type": "str", "place": "str", "set_identifier": "str", "region": "str",
                 "values": ["str"], "ttl": "int", "fail_open": "bool", "by_chance": "bool"}],
    "resources": [],
    "answers_truncated": "bool",
    "observations_omitted": "bool", "push": {"enabled": "bool"},
    "dns": {"queries": "int", "dropped": "int", "truncated": "int", "fail_open": "int", "client_subnet": "int",
            "rcodes": {name: "int" for name in ("NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "other")}},
}


def test_status_has_the_documented_shape(daemon):
    answer = curl(daemon.url + "/status")
    assert answer.status == 200
    status = answer.json
    told = shape({key: value for key, value in status.items() if key != "health_checks"})
    assert told == STATUS_SHAPE
    assert [c["id"] for c in status["health_checks"]] == ["c1", "c2", "c3"]
    assert shape(status["health_checks"][2]) == CHECK_SHAPE
    assert status["health_checks"][2]["checkers"] == {"total": 16, "healthy": 0, "needed": 3}
    for time in (status["now"], status["started"], status["policy"]["loaded"], status["health_checks"][2]["since"]):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", time)
    assert status["ready"] is True and status["schema_version"] == 1


def test_status_can_be_narrowed(daemon):
    everything = daemon.status()["answers"]
    assert len(everything) > 380
    [one] = daemon.status("?name=api.example.com&type=a&place=de")["answers"]
    assert one in everything and one["place"] == "DE" and one["region"] == "eu-central-1"
    assert daemon.status("?name=API.example.com.&place=JP")["answers"][0]["region"] == "ap-northeast-1"
    assert daemon.status("?name=nothing")["answers"] == daemon.status("?type=AAAA")["answers"] == []


def test_status_has_an_etag_that_changes_with_the_decision(serve):
    daemon = serve(three_regions([check("c", "127.0.0.1:1", kind="TCP", Disabled=True)]))
    first = daemon.request("/status")
    tag = first.headers["ETag"]
    again = daemon.request("/status", headers={"If-None-Match": tag})
    assert again.status == 304 and again.body == "" and again.headers["ETag"] == tag
    assert daemon.request("/status", headers={"If-None-Match": f'"x", {tag}'}).status == 304
    daemon.dig("api.example.com")
    assert daemon.request("/status", headers={"If-None-Match": tag}).status == 304  # counters are no news
    daemon.impose("c", Verdict="unhealthy")
    changed = daemon.request("/status", headers={"If-None-Match": tag})
    assert changed.status == 200 and changed.headers["ETag"] != tag
    assert daemon.request("/status", headers={"If-None-Match": '"nonsense"'}).status == 200


# --- /metrics ----------------------------------------------------------------------------------------------

SAMPLE = re.compile(r'([a-zA-Z_:][\w:]*)(?:\{((?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*",?)*)\})? '
                    r"([-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|Inf|NaN))")


def metrics(daemon):
    """Every line must be well-formed, as promtool would have it; {(name, labels): value}."""
    answer = daemon.request("/metrics")
    assert answer.status == 200 and answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert answer.body.endswith("\n")
    kinds, helped, values, family, closed = {}, set(), {}, None, set()
    for line in answer.body.splitlines():
        if line.startswith("# HELP "):
            name, text = line[7:].split(" ", 1)
            assert name not in helped and text.endswith("."), line
            helped.add(name)
        elif line.startswith("# TYPE "):
            name, kind = line[7:].split(" ")
            assert name in helped and name not in kinds and kind in ("counter", "gauge")
            assert (kind == "counter") == name.endswith("_total")
            kinds[name] = kind
        else:
            told = SAMPLE.fullmatch(line)
            assert told, line
            name, labels, value = told.groups()
            assert name in kinds and name.startswith("nearwell_"), line
            if name != family:  # one family's samples stand together
                assert name not in closed
                closed.add(family)
                family = name
            assert (name, labels or "") not in values
            values[name, labels or ""] = float(value)
    assert {name for name, _ in values} == set(kinds)
    return values


def test_metrics_are_well_formed_and_agree_with_the_status(daemon):
    for name in ("api.example.com", "nothing.example.com", "example.net"):
        daemon.dig(name, "A", "+subnet=192.0.2.0/24")
    told = metrics(daemon)
    status = daemon.status()
    assert told["nearwell_dns_queries_total", ""] == status["dns"]["queries"] == 3
    for rcode, count in status["dns"]["rcodes"].items():
        assert told["nearwell_dns_responses_total", f'rcode="{rcode}"'] == count
    assert told["nearwell_dns_responses_total", 'rcode="REFUSED"'] == 1
    assert told["nearwell_dns_client_subnet_total", ""] == 3
    assert told["nearwell_ready", ""] == 1
    assert told["nearwell_record_sets", ""] == status["policy"]["record_sets"]
    assert told["nearwell_health_check_status", 'id="c3",name=""'] == 0
    assert told["nearwell_health_check_percentage_healthy", 'id="c3",name=""'] == 0
    assert told["nearwell_health_check_status", r'id="c1",name="eu \"central\"\n\\1"'] == 1
    assert told["nearwell_health_check_probes_total", 'id="c3",name=""'] >= 16


# --- health of the daemon, verdicts ------------------------------------------------------------------------


def test_ready_once_every_checker_has_probed(serve):
    """A listener with a full backlog holds the first probes until the test lets them through."""
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(64)
        at = "127.0.0.1:%d" % silent.getsockname()[1]
        daemon = serve(policy([], [check("c", at, interval=0.1)], simulator={"Checkers": 1}))
        answer = curl(daemon.url + "/readyz")
        assert (answer.status, answer.body) == (503, "the first round of probes is under way\n")
        assert curl(daemon.url + "/healthz").status == 200
        assert daemon.status()["ready"] is False
        connection, _ = silent.accept()
        with connection:
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            daemon.wait_ready()
        assert daemon.request("/readyz").body == "ready\n" and daemon.status()["ready"] is True


def test_verdicts_can_be_probed_by_a_real_health_check(daemon):
    healthy = curl(daemon.url + "/verdict/c1")
    assert healthy.status == 200 and healthy.json == {"id": "c1", "status": "healthy"}
    unhealthy = curl(daemon.url + "/verdict/c3")
    assert unhealthy.status == 503 and unhealthy.json == {"id": "c3", "status": "unhealthy"}
    assert curl(daemon.url + "/verdict/c4").status == 404
    assert curl(daemon.url + "/verdict/").status == 404
    assert curl(daemon.url + "/verdict/c1", "--head").status == 200


# --- /explain ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query, reason", [
    ("", "name is missing"), ("?client=DE", "name is missing"), ("?name=a..b", "name:"), ("?name=" + "a" * 64 + ".b", "name:"),
    ("?name=api.example.com&type=AA", "'AA' is not a record type"), ("?name=api.example.com&client=Mars", "client:"),
    ("?name=api.example.com&client=192.0.2.0/33", "client:"), ("?name=api.example.com&client=", "client:")])
def test_questions_that_make_no_sense_are_explained(daemon, query, reason):
    answer = curl(daemon.url + "/explain" + query)
    assert answer.status == 400 and reason in answer.json["error"]


def test_explanations_come_for_programs_and_for_people(daemon):
    explained = curl(daemon.url + "/explain?name=api.example.com&client=US-VA").json
    assert [(c["set_identifier"], c["outcome"]) for c in explained["candidates"]] == [
        ("us-east-1", "refused"), ("eu-central-1", "chosen"), ("ap-northeast-1", "not reached")]
    assert {"LT1", "R1"} <= set(explained["rules"]) and explained["answer"]["region"] == "eu-central-1"
    text = curl(daemon.url + "/explain?name=api.example.com&client=US-VA&format=text").body
    assert "refused" in text and "chosen" in text and not text.startswith("{")
    assert curl(daemon.url + "/explain?name=nothing.example.com").json["rcode"] == "NXDOMAIN"
    assert curl(daemon.url + "/explain?name=example.net").json["rcode"] == "REFUSED"


def test_numbers_are_written_as_short_as_they_are(daemon):
    body = curl(daemon.url + "/explain?name=api.example.com&client=DE").body
    assert not re.search(r"\d\.\d{5}", body), body


# --- /admin ------------------------------------------------------------------------------------------------


def post(daemon, ident, body, *arguments):
    return curl(f"{daemon.url}/admin/health-checks/{ident}", "--data-binary",
                body if isinstance(body, str) else json.dumps(body), *arguments)


@pytest.mark.parametrize("change, status, raw", [
    ({"Inverted": True}, "unhealthy", "healthy"), ({"Verdict": "unhealthy"}, "unhealthy", "healthy"),
    ({"Disabled": False, "Inverted": True}, "unhealthy", "healthy"), ({"Inverted": False}, "healthy", "healthy"),
    ({"Verdict": "healthy", "Inverted": True}, "healthy", "healthy")])
def test_what_an_operator_imposes_decides_at_once(daemon, change, status, raw):
    answer = post(daemon, "c1", change)
    assert answer.status == 200 and (answer.json["status"], answer.json["raw_status"]) == (status, raw)
    assert curl(daemon.url + "/verdict/c1").json["status"] == status
    assert (daemon.place_answer("DE") == ["192.0.2.1"]) == (status == "healthy")


def test_disabled_counts_as_healthy_and_stops_the_probes(daemon):  # S1, S3
    assert post(daemon, "c3", {"Disabled": True}).json["status"] == "healthy"
    assert post(daemon, "c3", {"Inverted": True}).json["status"] == "unhealthy"
    told = daemon.check("c3")
    assert told["override"]["Disabled"] is True and told["override"]["Inverted"] is True
    assert post(daemon, "c3", {"Disabled": False, "Inverted": False}).json["override"] is None
    daemon.wait_health("c3", "unhealthy")


def test_overrides_are_listed_with_their_reason_and_ended(daemon):
    assert curl(daemon.url + "/admin/overrides").json == {"schema_version": 1, "overrides": []}
    post(daemon, "c1", {"Verdict": "unhealthy", "Reason": "drill, ticket 7"})
    post(daemon, "c2", {"Inverted": True, "For": "2h"})
    listed = curl(daemon.url + "/admin/overrides").json["overrides"]
    assert [c["id"] for c in listed] == ["c1", "c2"]
    first, second = (c["override"] for c in listed)
    assert first["Verdict"] == "unhealthy" and first["Reason"] == "drill, ticket 7" and first["until"] is None
    assert second["Inverted"] is True and second["until"] > second["since"]
    ended = curl(daemon.url + "/admin/overrides/c1", "--request", "DELETE")
    assert ended.status == 200 and ended.json["override"] is None and ended.json["status"] == "healthy"
    assert [c["id"] for c in curl(daemon.url + "/admin/overrides").json["overrides"]] == ["c2"]
    assert curl(daemon.url + "/admin/overrides/c1", "--request", "DELETE").status == 404
    assert curl(daemon.url + "/admin/overrides/c9", "--request", "DELETE").status == 404
    assert 'event=override_set id=c1 verdict=unhealthy reason="drill, ticket 7"' in daemon.log()
    assert "event=override_ended id=c1" in daemon.log()


def test_an_override_ends_by_itself(daemon):
    imposed = post(daemon, "c1", {"Verdict": "unhealthy", "For": "1s"}).json
    assert imposed["status"] == "unhealthy" and imposed["override"]["until"]
    wait_until(lambda: daemon.place_answer("DE") == ["192.0.2.1"])
    ended = daemon.check("c1")
    assert ended["override"] is None and ended["status"] == "healthy"
    assert ended["since"] >= imposed["override"]["until"]


def test_a_change_merges_with_what_was_imposed_before(daemon):
    post(daemon, "c1", {"Inverted": True, "Reason": "drill"})
    told = post(daemon, "c1", {"Verdict": "unhealthy"}).json["override"]
    assert told["Inverted"] is True and told["Verdict"] == "unhealthy" and told["Reason"] == "drill"
    assert post(daemon, "c1", {"Verdict": "auto", "Inverted": False}).json["override"] is None


@pytest.mark.parametrize("body, reason", [
    ("", ""), ("{", ""), ("[]", ""), ('{"Inverted": "yes"}', "Inverted"), ('{"Invertd": true}', "did you mean 'Inverted'"),
    ('{"Verdict": "up"}', "Verdict"), ('{"For": "soon"}', "not a duration"), ('{"For": "0s"}', "not a duration"),
    ('{"Inverted": true, "Inverted": false}', ""), ('{"Reason": "' + "x" * 300 + '"}', "Reason"), ("nonsense", "")])
def test_bad_requests_change_nothing_and_say_why(daemon, body, reason):
    answer = post(daemon, "c1", body)
    assert answer.status == 400 and reason in answer.json["error"] and answer.json["error"]
    assert daemon.check("c1")["override"] is None


def test_wrong_methods_paths_and_sizes(daemon, tmp_path):
    for method in ("PUT", "DELETE", "PATCH"):
        answer = curl(daemon.url + "/admin/health-checks/c1", "--request", method)
        assert answer.status == 405, method
    assert curl(daemon.url + "/status", "--data", "{}").status == 405
    assert curl(daemon.url + "/admin/overrides/c1").status == 405
    unknown = curl(daemon.url + "/nothing")
    assert unknown.status == 404 and "/status" in unknown.json["error"]
    assert post(daemon, "c9", {"Inverted": True}).status == 404
    large = tmp_path / "large"
    large.write_bytes(b" " * (4 * 1024 * 1024 + 1))
    assert post(daemon, "c1", f"@{large}").status == 413
    assert daemon.request("/healthz").status == 200
    index = curl(daemon.url + "/")
    assert index.status == 200 and "/status" in index.body and "/admin/health-checks/" in index.body


@pytest.mark.parametrize("origin, status", [
    ("http://evil.example", 403), ("https://127.0.0.1.evil.example", 403), ("http://127.0.0.1.evil.example", 403), ("null", 403),
    ("http://localhost.evil.example:80", 403), ("http://127.0.0.1:3000", 200), ("http://localhost", 200), ("http://[::1]:80", 200)])
def test_pages_of_other_origins_change_nothing(daemon, origin, status):
    assert post(daemon, "c1", {"Verdict": "unhealthy"}, "--header", f"Origin: {origin}").status == status
    assert (daemon.health("c1") == "unhealthy") == (status == 200)
    deleted = curl(daemon.url + "/admin/overrides/c1", "--request", "DELETE", "--header", f"Origin: {origin}")
    assert deleted.status == status


# --- credentials -------------------------------------------------------------------------------------------

TOKEN = "a-token-of-sufficient-length"


@pytest.fixture
def token_file(tmp_path):
    path = tmp_path / "token"
    path.write_text(TOKEN + "\n", "utf-8")
    return str(path)


def test_a_token_guards_what_changes_state_and_nothing_else(serve, token_file):
    daemon = serve(policy([], [check("c1", "127.0.0.1:1", kind="TCP", Disabled=True)]), "--admin-token-file", token_file)
    for headers in ([], ["Authorization: Bearer wrong"], [f"Authorization: Basic {TOKEN}"], [f"Authorization: Bearer {TOKEN}x"],
                    ["Authorization: Bearer "], [f"Authorization: {TOKEN}"], [f"Authorization: Bearer {TOKEN[:-1]}"]):
        arguments = [word for header in headers for word in ("--header", header)]
        answer = post(daemon, "c1", {"Inverted": True}, *arguments)
        assert answer.status == 401 and "Bearer" in answer.json["error"], headers
        assert curl(daemon.url + "/admin/overrides/c1", "--request", "DELETE", *arguments).status == 401
    assert daemon.request("/admin/health-checks/c1", "POST", "{}").headers["WWW-Authenticate"] == "Bearer"
    assert daemon.health("c1") == "healthy"
    assert post(daemon, "c1", {"Inverted": True}, "--header", f"Authorization: Bearer {TOKEN}").status == 200
    assert daemon.health("c1") == "unhealthy"
    for path in ("/status", "/metrics", "/healthz", "/explain?name=a", "/admin/overrides"):
        assert daemon.request(path).status == 200


def test_beyond_loopback_it_does_not_start_without_credentials(serve, token_file, tmp_path):
    arguments = ["serve", "--dns", "127.0.0.1:0", "--http", "0.0.0.0:0"]
    refused = run(*arguments)
    assert refused.returncode == 1 and refused.stdout == ""
    assert "--http 0.0.0.0:0 is not on loopback" in refused.stderr and "--admin-token-file" in refused.stderr
    assert "--api-keys-file" in refused.stderr
    half = run(*arguments, "--admin-token-file", token_file)
    assert half.returncode == 1 and "give --api-keys-file FILE, or" in half.stderr
    short = tmp_path / "short"
    short.write_text("secret\n", "utf-8")
    for path, reason in ((short, "at least 16 characters"), (tmp_path / "none", "No such file")):
        wrong = run(*arguments, "--admin-token-file", str(path))
        assert wrong.returncode == 2 and reason in wrong.stderr and str(path) in wrong.stderr
    keys = tmp_path / "keys"
    keys.write_text("AKIDEXAMPLE wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY\n", "utf-8")
    daemon = serve(None, "--http", "0.0.0.0:0", "--admin-token-file", token_file, "--api-keys-file", str(keys))
    port = daemon.http.rpartition(":")[2]
    assert curl(f"http://127.0.0.1:{port}/healthz").status == 200


# --- bad clients -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sent", [
    b"\0" * 100, b"GET\r\n\r\n", b"GET /status HTTP/9.9\r\n\r\n", b"GET /" + b"a" * 40000 + b" HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 500 + b"\r\n", b"POST /admin/health-checks/c1 HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    b"POST /admin/health-checks/c1 HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
    b"POST /admin/health-checks/c1 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", b"GET /%00 HTTP/1.1\r\n\r\n",
    b"GET /verdict/%ff%fe HTTP/1.1\r\n\r\n", b"GET /explain?name=%00&client=%ff HTTP/1.1\r\n\r\n", b"GET /status?name=%zz HTTP/1.1\r\n\r\n",
    b"HEAD /status HTTP/1.1\r\n\r\n", b"OPTIONS * HTTP/1.1\r\n\r\n"], ids=range(14))
def test_bad_requests_do_no_harm(daemon, sent):
    address, _, port = daemon.http.rpartition(":")
    with socket.create_connection((address, int(port)), timeout=PATIENCE_S) as connection:
        try:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65536):
                pass
        except OSError as e:  # what is much too long is cut off
            assert not isinstance(e, TimeoutError)
    assert daemon.request("/healthz").status == 200


def test_many_idle_connections_do_not_stop_the_dns_port(daemon):
    address, _, port = daemon.http.rpartition(":")
    idle = [socket.create_connection((address, int(port)), timeout=PATIENCE_S) for _ in range(300)]
    assert daemon.place_answer("DE") == ["192.0.2.1"]
    for connection in idle:
        connection.close()
    wait_until(lambda: daemon.request("/healthz").status == 200)
