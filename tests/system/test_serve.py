"""nearwell serve as a process: options, start, stop, and what it says when something is wrong."""
import json
import os
import re
import signal
import socket
import subprocess
import threading

import pytest

import dnswire
from harness import NEARWELL, PATIENCE_S, REPOSITORY, free_endpoint, run, wait_until
from serving import LOOPBACK, check, policy, record, three_regions


# --- start -------------------------------------------------------------------------------------------------


def test_the_ready_line_tells_where_it_listens(serve):
    daemon = serve(three_regions(), "--dns", "127.0.0.1:0", "--dns", "[::1]:0", "--dns", "127.0.0.1:0=JP")
    ready = daemon.process.ready
    assert list(ready) == ["event", "dns", "http", "pid"] and ready["event"] == "ready"
    assert ready["pid"] == daemon.process.process.pid
    assert [re.sub(r"\d+$", "N", at) for at in ready["dns"]] == ["127.0.0.1:N", "[::1]:N", "127.0.0.1:N"]
    assert len({*ready["dns"], ready["http"]}) == 4 and not any(at.endswith(":0") for at in ready["dns"])
    for at in range(3):
        assert daemon.dig("api.example.com", "A", at=at).rcode == "NOERROR"


def test_udp_and_tcp_share_the_port_that_the_kernel_chose(serve):
    daemon = serve(three_regions(), "--workers", "4")
    with dnswire.Udp(daemon.dns[0]) as udp, dnswire.Tcp(daemon.dns[0]) as tcp:
        assert udp.ask("api.example.com").addresses == tcp.ask("api.example.com").addresses


def test_many_listeners(serve):
    listeners = [word for _ in range(10) for word in ("--dns", "127.0.0.1:0")]
    daemon = serve(three_regions(), *listeners)
    assert len(set(daemon.dns)) == 10
    for at in range(10):
        with dnswire.Udp(daemon.dns[at]) as udp:
            assert udp.ask("api.example.com").rcode == 0


def test_without_a_policy_the_account_is_empty(serve):
    daemon = serve()
    for name in ("example.com", ".", "localhost"):
        assert daemon.dig(name).rcode == "REFUSED"
    status = daemon.status()
    assert status["policy"]["source"] is None and status["policy"]["hosted_zones"] == 0
    assert status["health_checks"] == status["answers"] == [] and status["ready"] is True


@pytest.mark.parametrize("path", ["@", "/"], ids=["abstract", "file"])
def test_the_service_manager_is_told(start, tmp_path, path, monkeypatch):
    name = f"@nearwell-{os.getpid()}-{tmp_path.name}" if path == "@" else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(name.replace("@", "\0"))
        manager.settimeout(PATIENCE_S)
        monkeypatch.setenv("NOTIFY_SOCKET", name)
        daemon = start("serve", *LOOPBACK)
        assert manager.recv(100) == b"READY=1"
        daemon.signal(signal.SIGTERM)
        assert manager.recv(100) == b"STOPPING=1"
        assert daemon.wait() == 0


def test_a_service_manager_that_is_not_there_is_no_reason_to_fail(start, monkeypatch):
    monkeypatch.setenv("NOTIFY_SOCKET", "/nowhere/at/all")
    assert start("serve", *LOOPBACK).ready["event"] == "ready"


def test_standard_output_may_be_closed(serve, tmp_path):
    """Nobody reads the ready line: the daemon serves all the same."""
    at = free_endpoint()
    log = tmp_path / "log"
    with open(log, "w", encoding="utf-8") as errors:
        process = subprocess.Popen(["/bin/sh", "-c", 'exec "$0" "$@" >&-', NEARWELL, "serve", "--dns", at, "--http", "127.0.0.1:0"],
                                   stdin=subprocess.DEVNULL, stderr=errors)
    try:
        def answers():
            assert process.poll() is None, log.read_text("utf-8")
            with dnswire.Udp(at, patience=0.2) as udp:
                return udp.ask("example.com").rcode == dnswire.REFUSED
        wait_until(answers)
    finally:
        process.terminate()
        code = process.wait(PATIENCE_S)
    assert code == 0


def test_a_reader_of_the_ready_line_may_leave(start):
    process = start("serve", *LOOPBACK)
    process.process.stdout.close()
    process.signal(signal.SIGHUP)
    wait_until(lambda: process.log().count("event=policy_loaded") == 2)


# --- stop --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_ends_with_zero(serve, number):
    daemon = serve(three_regions([check("c", "127.0.0.1:1", interval=0.05)]))
    daemon.wait_ready()
    daemon.process.signal(number)
    assert daemon.process.wait() == 0
    assert "event=stopping" in daemon.log()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(dnswire.parts(daemon.dns[0]), timeout=PATIENCE_S)


def test_a_stop_with_probes_under_way_does_not_wait_for_them(serve):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(64)
        at = "127.0.0.1:%d" % silent.getsockname()[1]
        daemon = serve(policy([], [check("http", at, interval=0.05), check("tcp", "192.0.2.1:9", kind="TCP", interval=0.05)]))
        connection, _ = silent.accept()
        with connection:
            daemon.process.signal(signal.SIGTERM)
            assert daemon.process.wait() == 0


def test_what_was_received_before_the_stop_is_answered(serve):
    """Questions of many clients are in the socket when the signal comes: all of them get their answer."""
    daemon = serve(three_regions(), "--workers", "2")
    sockets = [dnswire.Udp(daemon.dns[0]) for _ in range(20)]
    for s in sockets:
        for ident in range(10):
            s.socket.send(dnswire.query("api.example.com", ident=ident))
    daemon.process.signal(signal.SIGTERM)
    for s in sockets:
        assert sorted(s.receive().ident for _ in range(10)) == list(range(10))
        s.socket.close()
    assert daemon.process.wait() == 0


def test_starts_and_stops_leave_the_port_to_the_next(start):
    at = free_endpoint()
    for _ in range(3):
        process = start("serve", "--dns", at, "--http", at.rpartition(":")[0] + ":0")
        with dnswire.Tcp(at) as tcp:
            assert tcp.ask("example.com").rcode == dnswire.REFUSED
            process.signal(signal.SIGTERM)
            assert process.wait() == 0


# --- what is wrong -----------------------------------------------------------------------------------------


def test_an_address_in_use_is_named(serve):
    daemon = serve()
    for option, at in (("--dns", daemon.dns[0]), ("--http", daemon.http)):
        other = "--http" if option == "--dns" else "--dns"
        done = run("serve", option, at, other, "127.0.0.1:0")
        assert done.returncode == 1 and done.stdout == ""
        assert at in done.stderr and "address already in use; is another nearwell running? 'ss -ln" in done.stderr
    assert daemon.dig("example.com").rcode == "REFUSED"


def test_a_udp_socket_in_the_way_is_named_too():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        at = "127.0.0.1:%d" % other.getsockname()[1]
        done = run("serve", "--dns", at, "--http", "127.0.0.1:0")
        assert done.returncode == 1 and at in done.stderr and "address already in use" in done.stderr.lower()


def test_an_address_that_is_not_ours_is_named():
    done = run("serve", "--dns", "192.0.2.1:0", "--http", "127.0.0.1:0")
    assert done.returncode == 1 and "192.0.2.1:0" in done.stderr


@pytest.mark.parametrize("arguments, reason", [
    (["--colour"], "--colour"), (["--dns"], "--dns"), (["--dns", "here"], "--dns"), (["--dns", "127.0.0.1:99999"], "--dns"),
    (["--dns", "127.0.0.1:0="], "needs a place"), (["--http", "localhost:80"], "--http"), (["--workers", "0"], "--workers"),
    (["--workers", "many"], "--workers"), (["--log-level", "loud"], "loud"), (["policy.json"], "unexpected 'policy.json'"),
    (["--dns", "127.0.0.1:0"] * 100, "more than")], ids=range(11))
def test_wrong_usage_is_explained(arguments, reason):
    done = run("serve", *arguments)
    assert done.returncode == 2 and done.stdout == ""
    assert reason in done.stderr and "nearwell serve" in done.stderr


@pytest.mark.parametrize("arguments, reason", [
    (["--policy", "/nowhere/policy.json"], "No such file"), (["--policy", "/"], "/"), (["--resolver", "nonsense"], "--resolver: 'nonsense'")])
def test_what_cannot_be_read_is_explained(arguments, reason):
    done = run("serve", *LOOPBACK, *arguments)
    assert done.returncode == 2 and done.stdout == ""
    assert reason in done.stderr and (arguments[0] in done.stderr or arguments[1] in done.stderr)


def test_an_unknown_place_is_explained_with_a_suggestion():
    done = run("serve", "--dns", "127.0.0.1:0=Germany", "--http", "127.0.0.1:0")
    assert done.returncode == 2 and "Germany" in done.stderr and "--dns" in done.stderr
    done = run("serve", "--dns", "127.0.0.1:0=192.0.2.1", "--http", "127.0.0.1:0")
    assert done.returncode == 2 and "192.0.2.1" in done.stderr


BAD_POLICY = """{
  "HostedZones": [
    {"Id": "Z1", "Name": "example.com.", "ResourceRecordSets": [
      {"Name": "a.example.com", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.256"}]},
      {"Name": "a.example.net", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]},
      {"Name": "b.example.com", "Type": "AA", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}]},
      {"Name": "c.example.com", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}], "HealthCheckId": "none"}
    ]}
  ],
  "HealthChecks": [{"Id": "c", "HealthCheckConfig": {"Type": "HTTP", "IPAddress": "127.0.0.1", "RequestInterval": 11}}],
  "Clinets": []
}
"""


def test_every_finding_of_a_bad_policy_is_printed_with_its_place(tmp_path):
    path = tmp_path / "bad.json"
    path.write_text(BAD_POLICY, "utf-8")
    done = run("serve", *LOOPBACK, "--policy", str(path))
    assert done.returncode == 2 and done.stdout == ""
    found = {int(line) for line in re.findall(rf"^{path}:(\d+):\d+: ", done.stderr, re.M)}
    assert found >= {4, 5, 6, 7, 10, 11}, done.stderr
    assert "192.0.2.256" in done.stderr and "did you mean 'Clients'?" in done.stderr
    # check finds the same.
    checked = run("check", str(path))
    assert checked.returncode == 1
    text = checked.stdout + checked.stderr
    assert {int(line) for line in re.findall(rf"^{path}:(\d+):\d+: ", text, re.M)} >= found


@pytest.mark.parametrize("text", ["", "[]", "null", "{", '"' + "x" * 100000 + '"', "[" * 100000, "\ufeff{}", "{}garbage",
                                  '{"HostedZones": {}}', '{"a": 1e999}'], ids=range(10))
def test_odd_texts_are_refused_and_not_trusted(tmp_path, text):
    path = tmp_path / "odd.json"
    path.write_text(text, "utf-8")
    done = run("serve", *LOOPBACK, "--policy", str(path))
    assert done.returncode == 2 and str(path) in done.stderr


def test_a_policy_may_come_through_a_pipe(start, tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    text = json.dumps(policy([record("a.example.com", "A", "192.0.2.1")]))
    writer = threading.Thread(target=lambda: path.write_text(text, "utf-8"))
    writer.start()
    process = start("serve", *LOOPBACK, "--policy", str(path))
    writer.join()
    with dnswire.Udp(process.ready["dns"][0]) as udp:
        assert udp.ask("a.example.com").addresses == ["192.0.2.1"]


# --- help --------------------------------------------------------------------------------------------------


def commands():
    return re.findall(r"^  (\w+)  ", run("--help").stdout, re.M)


def test_every_command_has_help_with_examples():
    listed = commands()
    assert {"serve", "check", "explain", "query", "region"} <= set(listed)
    for command in listed:
        for option in ("--help", "-h"):
            done = run(command, option)
            assert done.returncode == 0 and done.stderr == ""
            assert f"nearwell {command}" in done.stdout and "example" in done.stdout.lower()
        assert run(command, "--no-such-option").returncode == 2


def test_query_asks_for_people_without_dig(serve):
    daemon = serve(three_regions())
    done = run("query", "api.example.com", "--server", daemon.dns[0], "--subnet", "198.51.100.0/24")
    assert done.returncode == 0 and "192.0.2.2" in done.stdout and "scope 24" in done.stdout
    told = json.loads(run("query", "api.example.com", "A", "--server", daemon.dns[0], "--tcp", "--output", "json").stdout)
    assert told["rcode"] == "NOERROR" and told["answer"][0]["value"] == "192.0.2.3"
    assert run("query", "nothing.example.com", "--server", daemon.dns[0]).returncode == 1
    assert run("query", "a..b", "--server", daemon.dns[0]).returncode == 2


def test_the_policies_that_come_along_are_good():
    for path in sorted((REPOSITORY / "policies").glob("*.json")):
        if not path.name.endswith(".schema.json"):
            done = run("check", str(path))
            assert done.returncode == 0, done.stdout + done.stderr
