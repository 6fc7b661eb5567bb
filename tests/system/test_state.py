"""serve --state: what was changed at run time outlives the daemon, however it ends."""
import contextlib
import ctypes
import os
import resource
import sqlite3

import pytest

import test_resource_health
from api import Api, Refused
from harness import run
from serving import check, latency_record, policy, record

SILENT = "127.0.0.1:1"


def account():
    return policy(
        [latency_record("api.example.com.", "us-east-1", "192.0.2.3", "virginia"),
         latency_record("api.example.com.", "eu-west-1", "192.0.2.1", "ireland"),
         record("ring.example.com.", "A", "192.0.2.8", SetIdentifier="p", Failover="PRIMARY", HealthCheckId="ring"),
         record("ring.example.com.", "A", "192.0.2.9", SetIdentifier="s", Failover="SECONDARY")],
        [check("virginia", SILENT, interval=30), check("ireland", SILENT, interval=30),
         {"Id": "ring", "HealthCheckConfig": {"Type": "RECOVERY_CONTROL",
                                              "RoutingControlArn": "arn:aws:route53-recovery-control::1:controlpanel/a"
                                                                   "/routingcontrol/b"}}])


@pytest.fixture
def state(tmp_path):
    return tmp_path / "state.db"


def from_ireland(daemon):
    return daemon.dig("api.example.com", "A").values == ["192.0.2.1"]


def test_what_operators_imposed_outlives_a_kill(serve, state):
    daemon = serve(account(), "--state", str(state))
    assert not from_ireland(daemon)
    assert run("drain", "us-east-1", "--for", "2h", "--reason", "drill", "--server", daemon.url).returncode == 0
    daemon.impose("ring", RoutingControl="Off")
    assert from_ireland(daemon) and daemon.dig("ring.example.com").values == ["192.0.2.9"]
    before = daemon.check("virginia")["override"]
    daemon.process.kill()
    daemon = serve(account(), "--state", str(state))
    assert from_ireland(daemon) and daemon.dig("ring.example.com").values == ["192.0.2.9"]
    assert daemon.check("virginia")["override"] == before
    assert run("release", "us-east-1", "--server", daemon.url).returncode == 0
    daemon.process.kill()
    daemon = serve(account(), "--state", str(state))
    assert not from_ireland(daemon) and daemon.check("virginia")["override"] is None


def test_a_long_reason_is_cut_between_characters_and_kept(serve, state):
    daemon = serve(account(), "--state", str(state))
    daemon.impose("virginia", Disabled=True, Inverted=True, Reason="\u00e9" * 200)
    daemon.process.kill()
    daemon = serve(account(), "--state", str(state))
    assert daemon.check("virginia")["override"]["Reason"] == "\u00e9" * 127


def test_the_health_of_a_resource_outlives_a_kill(serve, state):
    daemon = serve(test_resource_health.described(), "--state", str(state))
    assert test_resource_health.post(daemon, test_resource_health.LB, Healthy=False, Reason="drill").status == 200
    daemon.process.kill()
    daemon = serve(test_resource_health.described(), "--state", str(state))
    assert daemon.dig("www.example.com").values == ["192.0.2.9"]
    assert daemon.request(f"/admin/resources/{test_resource_health.LB}", "DELETE").status == 200
    daemon.process.kill()
    assert serve(test_resource_health.described(), "--state", str(state)).dig("www.example.com").values == ["192.0.2.1"]


def test_faults_of_the_api_outlive_a_kill_and_are_in_the_journal(serve, state):
    daemon = serve(account(), "--state", str(state))
    asked = {"Fault": "ServiceUnavailable", "For": "2h", "OneChangeAtATime": True, "Reason": "game day"}
    assert daemon.request("/admin/api", "POST", asked, {"X-Nearwell-User": "jane"}).status == 200
    daemon.process.kill()
    daemon = serve(account(), "--state", str(state))
    shown = daemon.request("/admin/api").json
    assert 7000 < shown.pop("seconds_left") <= 7200
    assert shown == {"ThrottleRequestsPerSecond": 0, "OneChangeAtATime": True, "Fault": "ServiceUnavailable",
                     "Reason": "game day"}
    with Api(daemon.http) as api:
        with pytest.raises(Refused, match="503 ServiceUnavailable"):
            api.call("GET", "/hostedzone")
        assert daemon.request("/admin/api", "DELETE").status == 200
        api.call("GET", "/hostedzone")
    daemon.process.kill()
    daemon = serve(account(), "--state", str(state))
    assert daemon.request("/admin/api").json["Fault"] == "None"
    begun, ended = [e for e in daemon.request("/admin/journal").json["journal"] if e["what"] != "load"]
    assert (begun["who"], begun["what"], begun["why"]) == ("jane", "set API faults", "game day")
    assert begun["on"][0].startswith("ServiceUnavailable until 20") and begun["on"][1:] == ["OneChangeAtATime"]
    assert (ended["who"], ended["what"], ended["on"], ended["why"]) == ("127.0.0.1", "end API faults", [], None)


def test_the_journal_says_who_changed_what_and_why(serve, state):
    daemon = serve(account(), "--state", str(state))
    run("drain", "us-east-1", "--reason", "drill", "--server", daemon.url, env={**os.environ, "USER": "jane"})
    daemon.impose("ring", RoutingControl="Off")
    daemon.process.kill()
    daemon = serve(account(), "--state", str(state))
    run("release", "us-east-1", "--server", daemon.url, env={**os.environ, "USER": "joe"})
    journal = daemon.request("/admin/journal").json["journal"]
    assert [(e["who"], e["what"], e["on"], e["why"]) for e in journal if e["what"] != "load"] == [
        ("jane", "drain", ["us-east-1"], "drill"), ("127.0.0.1", "impose", ["ring", "RoutingControl Off"], None),
        ("joe", "release", ["us-east-1"], None)]
    told = run("journal", "--server", daemon.url, "--most", "1").stdout
    assert told == f"{journal[-1]['at']}  joe  release us-east-1\n"


@contextlib.contextmanager
def full_disk(daemon, state):
    """No file of the daemon's may grow by more than a few bytes."""
    pid = daemon.process.process.pid
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (os.path.getsize(f"{state}-wal") + 50, before[1]))
    yield
    resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


def test_a_full_disk_refuses_the_change_and_the_daemon_lives_on(serve, state):
    daemon = serve(account(), "--state", str(state))
    with full_disk(daemon, state):
        answer = daemon.request("/admin/drains/us-east-1", "POST", {})
        assert answer.status == 503 and answer.json["error"] == f"nothing was changed: {state}: disk I/O error"
        assert not from_ireland(daemon) and daemon.check("virginia")["override"] is None
    assert daemon.request("/admin/drains/us-east-1", "POST", {}).status == 200 and from_ireland(daemon)


def test_a_full_disk_refuses_calls_of_the_api_and_nothing_of_them_is_there(serve, state):
    daemon = serve(account(), "--state", str(state))
    batch = [("CREATE", f"h{i}.example.com.", "A", ["192.0.2.1"]) for i in range(50)]
    with Api(daemon.http) as api:
        before = daemon.request("/admin/journal").json
        with full_disk(daemon, state):
            with pytest.raises(Refused) as refused:
                api.change("Z1", batch)
            assert (refused.value.status, refused.value.code) == (503, "ServiceUnavailable")
            assert refused.value.message == f"Nothing was changed: {state}: disk I/O error"
            assert daemon.dig("h7.example.com").rcode == "NXDOMAIN" and daemon.dig("ring.example.com").values
            assert len(list(api.call("GET", "/hostedzone/Z1/rrset").iter("Name"))) == 6
            assert daemon.request("/admin/journal").json == before
        assert "event=state_not_written" in daemon.log()
        daemon.process.kill()
    daemon = serve(account(), "--state", str(state))
    assert daemon.dig("h7.example.com").rcode == "NXDOMAIN"
    with Api(daemon.http) as api:
        api.change("Z1", batch)
    assert daemon.dig("h7.example.com").values == ["192.0.2.1"]


def powerless():
    """In a child before it becomes the daemon: root without the power to write what its mode forbids."""
    pr_capbset_drop, cap_dac_override = 24, 1
    ctypes.CDLL(None).prctl(pr_capbset_drop, cap_dac_override, 0, 0, 0)


def test_a_state_file_that_cannot_be_written_is_refused(serve, state):
    serve(account(), "--state", str(state)).process.stop()
    state.chmod(0o444)
    done = run("serve", "--dns", "127.0.0.1:0", "--http", "127.0.0.1:0", "--state", str(state), preexec_fn=powerless)
    assert (done.returncode, done.stderr) == (2, f"nearwell: --state {state} cannot be written: no permission\n")


def test_a_state_file_is_for_one_daemon(serve, state):
    serve(account(), "--state", str(state))
    done = run("serve", "--dns", "127.0.0.1:0", "--http", "127.0.0.1:0", "--state", str(state))
    assert (done.returncode, done.stderr) == (2, f"nearwell: --state {state} is in use by another daemon\n")


@pytest.mark.parametrize("make, why", [
    (lambda path: path.write_text("{}" * 100), "is not a state file (no SQLite database)"),
    (lambda path: sqlite3.connect(path).execute("CREATE TABLE t (a)").connection.commit(),
     "is a database of another program"),
    (lambda path: path.mkdir(), "cannot be opened: Is a directory"),
], ids=["text", "foreign", "folder"])
def test_what_is_no_state_file_is_refused(state, make, why):
    make(state)
    done = run("serve", "--dns", "127.0.0.1:0", "--http", "127.0.0.1:0", "--state", str(state))
    assert done.returncode == 2 and done.stderr.startswith(f"nearwell: --state {state}") and why in done.stderr
