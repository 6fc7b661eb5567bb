"""SIGHUP: a new policy comes into force whole or not at all, and takes nothing away from what did not change."""
import json
import re
import threading
import time

import pytest

import dnswire
from harness import free_endpoint, wait_until
from serving import check, latency_record, policy, record, three_regions


def reload_ok(daemon):
    return int(re.search(r"^nearwell_policy_last_reload_successful (\d)$", daemon.request("/metrics").body, re.M)[1])


def test_a_good_policy_replaces_the_old_one(serve):
    daemon = serve(policy([record("a.example.com", "A", "192.0.2.1")]))
    assert daemon.dig("a.example.com").values == ["192.0.2.1"]
    now = daemon.reload(policy([record("b.example.com", "A", "192.0.2.2")]))
    assert now["generation"] == 2 and now["error"] is None
    assert daemon.dig("a.example.com").rcode == "NXDOMAIN"
    assert daemon.dig("b.example.com").values == ["192.0.2.2"]
    assert daemon.log().count("event=policy_loaded") == 2 and reload_ok(daemon) == 1


def test_sockets_and_counters_stay(serve):
    daemon = serve(policy([record("a.example.com", "A", "192.0.2.1")]))
    with dnswire.Tcp(daemon.dns[0]) as tcp:
        assert tcp.ask("a.example.com").addresses == ["192.0.2.1"]
        daemon.reload(policy([record("a.example.com", "A", "192.0.2.2")]))
        assert tcp.ask("a.example.com").addresses == ["192.0.2.2"]
    assert daemon.status()["dns"]["queries"] == 2


@pytest.mark.parametrize("text, place, said", [
    ('{"HostedZones": [}', "1:18", ""),
    ('{"HostedZones": [{"Id": "Z1",\n  "Name": "example.com.",\n  "ResourceRecordSetz": []}]}', "3:3", "ResourceRecordSets"),
    ('{"HostedZones": [{"Id": "Z1", "Name": "example.com.", "ResourceRecordSets": [\n'
     '  {"Name": "a.example.com", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2"}]}]}]}',
     "2:", "192.0.2"),
    ("", "1:1", ""),
], ids=["not JSON", "misspelt", "bad value", "empty"])
def test_a_bad_policy_leaves_the_old_one_in_force(serve, text, place, said):
    daemon = serve(policy([record("a.example.com", "A", "192.0.2.1")]))
    now = daemon.reload(text)
    assert now["generation"] == 1
    assert now["error"]["message"].startswith(f"{daemon.path}:{place}"), now["error"]
    assert said in now["error"]["message"] and now["error"]["at"].endswith("Z")
    assert daemon.dig("a.example.com").values == ["192.0.2.1"]
    assert reload_ok(daemon) == 0
    [line] = [x for x in daemon.log().splitlines() if "event=policy_refused" in x]
    assert "level=error" in line and "the old policy stays in force" in line and f"{daemon.path}:{place}" in line

    now = daemon.reload(policy([record("a.example.com", "A", "192.0.2.3")]))
    assert now["generation"] == 2 and now["error"] is None and reload_ok(daemon) == 1
    assert daemon.dig("a.example.com").values == ["192.0.2.3"]


def test_a_policy_that_is_gone_is_an_error_too(serve):
    daemon = serve(policy([record("a.example.com", "A", "192.0.2.1")]))
    daemon.path.unlink()
    daemon.process.signal(1)
    error = wait_until(lambda: daemon.status()["policy"]["error"])
    assert str(daemon.path) in error["message"] and "No such file" in error["message"]
    assert daemon.dig("a.example.com").values == ["192.0.2.1"]


def test_a_policy_without_the_place_of_a_listener_is_refused(serve):
    table = {"Regions": ["us-east-1", "eu-west-1"], "Default": "here",
             "Places": {"here": {"Milliseconds": [1, 2]}, "there": {"Milliseconds": [2, 1]}}}
    records = [latency_record("a.example.com", "us-east-1", "192.0.2.1"),
               latency_record("a.example.com", "eu-west-1", "192.0.2.2")]
    daemon = serve(policy(records, LatencyTable=table, DefaultClient="here"), "--dns", "127.0.0.1:0=there")
    assert daemon.dig("a.example.com").values == ["192.0.2.2"]
    del table["Places"]["there"]
    now = daemon.reload(policy(records, LatencyTable=table, DefaultClient="here"))
    assert "there" in now["error"]["message"] and now["generation"] == 1
    assert daemon.dig("a.example.com").values == ["192.0.2.2"]


# --- health ------------------------------------------------------------------------------------------------


def test_checks_that_did_not_change_keep_their_state(serve):  # fleet_apply, H14
    """A long interval after the first failures: what the check knows after the reload it knew before."""
    dead = check("dead", free_endpoint(), kind="TCP", threshold=1, interval=0.1)
    daemon = serve(three_regions([dead]))
    daemon.wait_health("dead", "unhealthy")
    before = daemon.check("dead")
    other = check("new", free_endpoint(), kind="TCP", threshold=1, interval=3600)
    described = three_regions([dead, other], name="other.example.com.")
    now = daemon.reload(described)
    assert now["generation"] == 2 and now["error"] is None
    after = daemon.check("dead")
    assert after["status"] == "unhealthy" and after["since"] == before["since"]
    assert after["probes"] >= before["probes"] and after["checkers"]["healthy"] <= before["checkers"]["healthy"]
    assert len(after["last_observations"]) == 16
    assert daemon.check("new")["status"] == "healthy"  # H4
    assert daemon.log().count("event=health_check_changed id=dead") == 1

    daemon.reload(three_regions([other]))
    assert daemon.request("/verdict/dead").status == 404


def test_overrides_survive(serve):
    alive = check("c", free_endpoint(), kind="TCP", interval=3600)
    daemon = serve(policy([record("a.example.com", "A", "192.0.2.1")], [alive]))
    daemon.impose("c", Verdict="unhealthy", Reason="drill", For="1h")
    before = daemon.check("c")["override"]
    daemon.reload(policy([record("b.example.com", "A", "192.0.2.1")], [alive]))
    after = daemon.check("c")
    assert after["status"] == "unhealthy" and after["override"] == before and before["Reason"] == "drill"


# --- under load --------------------------------------------------------------------------------------------


class Load:
    """Questions without end from one socket, a small window of them under way; every reply is judged."""

    def __init__(self, endpoint, judge):
        self.endpoint, self.judge = endpoint, judge
        self.sent = self.answered = 0
        self.trouble = None
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def run(self):
        try:
            with dnswire.Udp(self.endpoint) as udp:
                while not self.over.is_set():
                    questions = [{"name": "pair.example.com", "subnet": "192.0.2.0/24"},
                                 {"name": "one.example.com"}, {"name": "two.example.com"}] * 8
                    self.sent += len(questions)
                    replies = udp.ask_all(questions)
                    self.answered += len(replies)
                    for question, reply in zip(questions, replies):
                        self.judge(question["name"], reply)
        except AssertionError as e:
            self.trouble = e

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()


GENERATIONS = {"A": ["192.0.2.1", "192.0.2.2", "192.0.2.3"], "B": ["198.51.100.1", "198.51.100.2"]}


def generation(which):
    """A has values that B has not, in a record set of another size, and one name that B has not."""
    values = GENERATIONS[which]
    records = [record("pair.example.com", "A", *values, ttl=10 if which == "A" else 20),
               record("one.example.com" if which == "A" else "two.example.com", "A", *values)]
    filler = [record(f"{which}-{i}.example.com", "TXT", f'"{i}"') for i in range(200)]
    return policy(records + filler, [check("c", "127.0.0.1:1", kind="TCP", interval=0.05)])


def judge(name, reply):
    """One packet is of one generation, whichever it is."""
    got, ttls = sorted(reply.addresses), {r[2] for r in reply.answer}
    if name == "pair.example.com":
        assert (got, ttls) in ((GENERATIONS["A"], {10}), (GENERATIONS["B"], {20})), (got, ttls)
    else:
        mine = GENERATIONS["A" if name.startswith("one") else "B"]
        assert (reply.rcode, got) in ((0, mine), (dnswire.NXDOMAIN, [])), (name, reply.rcode, got)


def test_a_storm_of_reloads_loses_no_query_and_mixes_no_answers(serve):
    daemon = serve(generation("A"), "--workers", "2")
    with Load(daemon.dns[0], judge) as first, Load(daemon.dns[0], judge) as second:
        deadline = time.monotonic() + 30
        reloads = 0
        while reloads < 200 and time.monotonic() < deadline:
            now = daemon.reload(generation("AB"[(reloads + 1) % 2]))
            assert now["error"] is None
            reloads += 1
        assert first.thread.is_alive() and second.thread.is_alive(), first.trouble or second.trouble
    assert first.trouble is None and second.trouble is None
    assert reloads >= 20
    assert first.sent == first.answered > 0 and second.sent == second.answered > 0
    assert daemon.status()["policy"]["generation"] == reloads + 1
    assert daemon.status()["dns"]["queries"] == first.sent + second.sent
    judge("pair.example.com", dnswire.Udp(daemon.dns[0]).ask("pair.example.com"))


def test_signals_that_come_together_end_with_the_newest_policy(serve):
    daemon = serve(policy([record("a.example.com", "A", "192.0.2.1")]))
    for i in range(200):
        daemon.write(policy([record("a.example.com", "A", f"192.0.2.{i}")]))
        daemon.process.signal(1)
    wait_until(lambda: daemon.dig("a.example.com").values == ["192.0.2.199"])
    assert daemon.status()["policy"]["error"] is None  # what it read half written before is made good


def test_the_latency_table_beside_the_policy_is_read_again(serve, tmp_path):
    table = {"Regions": ["us-east-1", "eu-west-1"], "Default": "here", "Places": {"here": {"Milliseconds": [1, 2]}}}
    (tmp_path / "table.json").write_text(json.dumps(table), "utf-8")
    records = [latency_record("a.example.com", "us-east-1", "192.0.2.1"),
               latency_record("a.example.com", "eu-west-1", "192.0.2.2")]
    daemon = serve(policy(records, LatencyTable="table.json", DefaultClient="here"))
    assert daemon.dig("a.example.com").values == ["192.0.2.1"]
    table["Places"]["here"]["Milliseconds"] = [2, 1]
    (tmp_path / "table.json").write_text(json.dumps(table), "utf-8")
    assert daemon.reload()["error"] is None
    assert daemon.dig("a.example.com").values == ["192.0.2.2"]
