"""serve --clock manual: time that a test moves and endpoints that it scripts, while DNS and HTTP are real."""
import time
from datetime import datetime, timedelta, timezone

import pytest

from harness import run
from serving import CLIENTS, check, latency_record, policy, record

EAST, WEST = "192.0.2.10:80", "198.51.100.20:80"
SERVICE = "www.example.com."


def drill(**config):
    """EX1's zone. DE stands for its client in Europe."""
    return policy(
        [latency_record(SERVICE, "us-east-1", "192.0.2.10", "HC-E"),
         latency_record(SERVICE, "eu-west-1", "198.51.100.20", "HC-W")],
        [check("HC-E", EAST, interval=30, threshold=3, **config), check("HC-W", WEST, interval=30, threshold=3)],
        CLIENTS)


class Rehearsal:
    """A daemon whose time is in the test's hands; t is in seconds since its start."""

    def __init__(self, daemon):
        self.daemon, self.t = daemon, 0

    def at(self, t):
        assert t >= self.t
        answer = self.daemon.request("/admin/clock", "POST", {"Advance": f"{round((t - self.t) * 1000)}ms"})
        assert answer.status == 200, answer.body
        self.t = t
        return self

    def fault(self, endpoint, **fault):
        answer = self.daemon.request(f"/admin/endpoints/{endpoint}", "POST", fault)
        assert answer.status == 200, answer.body
        return self

    def state(self, ident="HC-E"):
        """raw and final status, a letter each."""
        now = self.daemon.check(ident)
        return (now["raw_status"][0] + now["status"][0]).upper()

    def answers(self):
        """Of the client in the US, of the one in Europe."""
        return [self.daemon.place_answer(place, SERVICE) for place in ("US-VA", "DE")]


@pytest.fixture
def rehearse(serve):
    return lambda described, *options: Rehearsal(serve(described, "--clock", "manual", *options))


# EX1, S4, H17
def test_ex1_the_inversion_drill_in_virtual_time(rehearse):
    world = rehearse(drill())
    started = time.monotonic()
    assert world.at(99).state() == "HH" and world.answers() == [["192.0.2.10"], ["198.51.100.20"]]
    world.at(100).daemon.impose("HC-E", Inverted=True, Reason="drill")
    assert world.state() == "HU" and world.answers() == [["198.51.100.20"], ["198.51.100.20"]]
    seen = world.at(130).daemon.check("HC-E")["last_observations"]
    assert len(seen) == 16 and all(o["reason"].startswith("Success: HTTP Status Code: 200") for o in seen)
    world.at(400).daemon.impose("HC-E", Inverted=False)
    assert world.state() == "HH" and world.answers() == [["192.0.2.10"], ["198.51.100.20"]]
    assert time.monotonic() - started < 10  # of 400 s


# EX3, S5
def test_ex3_an_inverted_check_returns_clients_to_a_region_that_dies(rehearse):
    world = rehearse(drill())
    world.at(100).daemon.impose("HC-E", Inverted=True)
    world.at(200).fault(EAST, Kind="down")
    assert world.at(255).state() == "HU"
    assert world.at(295).state() == "UH" and world.answers()[0] == ["192.0.2.10"]


# EX3, S5
def test_ex3_a_pinned_check_does_not(rehearse):
    world = rehearse(drill())
    world.at(100)
    assert run("drain", "us-east-1", "--server", world.daemon.url).returncode == 0
    world.at(200).fault(EAST, Kind="down")
    for t in (255, 295, 600):
        assert world.at(t).state()[1] == "U" and world.answers()[0] == ["198.51.100.20"]


# EX5: phases are the seed's, so the edges are those of any phases: the checker that is third from the end has
# failed three times, and recovers likewise.
@pytest.mark.parametrize("kind, down_after, down_by", [("down", 60, 90), ("blackhole", 72, 106)])
def test_ex5_an_outage_takes_as_long_as_its_probes(rehearse, kind, down_after, down_by):
    world = rehearse(drill())
    world.at(100).fault(EAST, Kind=kind)
    assert world.at(100 + down_after).state() == "HH" and world.answers()[0] == ["192.0.2.10"]
    assert world.at(100 + down_by).state() == "UU" and world.answers()[0] == ["198.51.100.20"]
    world.at(700).fault(EAST, Kind="none")
    assert world.at(760).state() == "UU"
    assert world.at(790).state() == "HH" and world.answers()[0] == ["192.0.2.10"]


# EX22, H4, H5
@pytest.mark.parametrize("inverted, before, after", [(False, "HH", "UU"), (True, "HU", "UH")])
def test_ex22_a_new_check_on_a_dead_endpoint(rehearse, inverted, before, after):
    records = [record(SERVICE, "A", "192.0.2.10", SetIdentifier="p", Failover="PRIMARY", HealthCheckId="new"),
               record(SERVICE, "A", "192.0.2.99", SetIdentifier="s", Failover="SECONDARY")]
    world = rehearse(policy([]))
    world.fault(EAST, Kind="down")
    world.daemon.reload(policy(records, [check("new", EAST, interval=30, threshold=3, Inverted=inverted)]))
    primary, secondary = ["192.0.2.10"], ["192.0.2.99"]
    expected = {"H": primary, "U": secondary}
    for t, state in ((0, before), (60, before), (95, after)):
        assert world.at(t).state("new") == state
        assert world.daemon.dig(SERVICE).values == expected[state[1]]


def now(daemon):
    return datetime.fromisoformat(daemon.request("/admin/clock").json["now"].replace("Z", "+00:00"))


# LT2
def test_the_latency_table_changes_when_a_version_comes_into_force(rehearse):
    def later(seconds):
        return (datetime.now(timezone.utc) + timedelta(seconds=seconds)).isoformat()

    world = rehearse({**drill(), "LatencyTable": {
        "Regions": ["us-east-1", "eu-west-1"],
        "Places": {"US-VA": {"Milliseconds": [10, 80]}, "DE": {"Milliseconds": [90, 25]}, "JP": {}},
        "Versions": [{"ValidFrom": later(3600), "Places": {"DE": {"Milliseconds": {"eu-west-1": 95}}}},
                     {"ValidFrom": later(7200), "Places": {"US-VA": {"Milliseconds": [85, None]}}}]}})
    assert world.at(3000).answers() == [["192.0.2.10"], ["198.51.100.20"]]
    assert world.at(3700).answers() == [["192.0.2.10"], ["192.0.2.10"]]
    told = world.daemon.request(f"/explain?name={SERVICE}&client=DE").json
    assert told["latency_valid_from"].startswith("20") and told["answer"]["values"] == ["192.0.2.10"]
    assert world.at(7300).answers() == [["198.51.100.20"], ["192.0.2.10"]]


def test_time_stands_until_it_is_moved(rehearse):
    world = rehearse(drill())
    start = now(world.daemon)
    assert now(world.daemon) == start
    assert now(world.at(90.5).daemon) - start == timedelta(seconds=90.5)
    assert world.daemon.status()["now"] == world.daemon.request("/admin/clock").json["now"]


# S3, A1: the chain of evidence behind a refusal, with what an operator did, and why and how long
def test_an_explanation_has_the_evidence_of_the_fleet(rehearse):
    def told():
        return world.daemon.request(f"/explain?name={SERVICE}&client=US-VA&format=text").body

    world = rehearse(drill())
    world.daemon.impose("HC-E", Inverted=True, Reason="drill", For="10m")
    assert "an operator set Inverted until 2" in told() and ": drill; raw status healthy\n" in told()
    world.at(600).fault(EAST, Kind="down")
    assert "checkers see it healthy" not in told() and "operator" not in told()
    world.at(800)
    assert " 0 of 16 checkers see it healthy, 3 needed\n" in told()


def test_a_drain_ends_when_its_time_is_over(rehearse):
    world = rehearse(drill())
    assert run("drain", "us-east-1", "--for", "2h", "--server", world.daemon.url).returncode == 0
    assert world.at(7199).answers()[0] == ["198.51.100.20"]
    assert world.at(7200).answers()[0] == ["192.0.2.10"]
    assert world.daemon.request("/admin/overrides").json["overrides"] == []


def test_a_fault_ends_when_its_time_is_over(rehearse):
    world = rehearse(drill())
    world.at(100).fault(EAST, Kind="down", For="5m")
    assert world.at(399).state() == "UU"
    assert world.at(500).state() == "HH"


def test_endpoints_are_shown_and_released(rehearse):
    world = rehearse(drill())
    world.fault(EAST, Kind="down").fault(WEST, Kind="status", Status=503)
    shown = world.daemon.request("/admin/endpoints").json["endpoints"]
    assert {e["Endpoint"]: e["Fault"]["Kind"] for e in shown} == {EAST: "down", WEST: "status"}
    assert world.daemon.request(f"/admin/endpoints/{EAST}", "DELETE").status == 200
    assert [e["Endpoint"] for e in world.daemon.request("/admin/endpoints").json["endpoints"]] == [WEST]
    whole = {"Endpoint": "*", "Fault": {"Kind": "hang"}}
    assert world.daemon.request("/admin/endpoints", "POST", whole).status == 200
    assert world.daemon.request("/admin/endpoints", "DELETE").json == {"endpoints": []}
    assert world.at(200).state() == "HH"


@pytest.mark.parametrize("path, body, words", [
    ("/admin/clock", {"Advance": "soon"}, "'soon' is not a duration"),
    ("/admin/clock", {"Advance": "32d"}, "at most 31 days"),
    ("/admin/clock", {}, "Advance"),
    ("/admin/clock", "[", "request:1:"),
    ("/admin/endpoints/192.0.2.10:80", {"Kind": "tired"}, "tired"),
    ("/admin/endpoints/192.0.2.10:99999", {"Kind": "down"}, "99999"),
    ("/admin/endpoints", {"Fault": {"Kind": "down"}}, "Endpoint"),
])
def test_wrong_requests_are_refused_and_change_nothing(rehearse, path, body, words):
    world = rehearse(drill())
    before = now(world.daemon)
    answer = world.daemon.request(path, "POST", body)
    assert answer.status == 400 and words in answer.json["error"]
    assert now(world.daemon) == before and world.daemon.request("/admin/endpoints").json == {"endpoints": []}


def test_a_real_clock_is_not_moved(serve):
    daemon = serve(drill())
    assert daemon.request("/admin/clock").json["clock"] == "real"
    answer = daemon.request("/admin/clock", "POST", {"Advance": "1s"})
    assert answer.status == 409 and "--clock manual" in answer.json["error"]
    assert daemon.request("/admin/endpoints/*", "POST", {"Kind": "down"}).status == 409


# H2: a query reads the status; only time makes checkers probe.
def test_queries_probe_nothing(rehearse):
    world = rehearse(drill())
    probes = world.at(31).daemon.check("HC-E")["probes"]
    for _ in range(10):
        world.answers()
    assert world.daemon.check("HC-E")["probes"] == probes > 0
    assert world.at(62).daemon.check("HC-E")["probes"] > probes


# H3: a check probes what it names itself, whatever the record's value is.
def test_a_check_probes_its_own_endpoint_and_never_the_record_s_value(rehearse):
    world = rehearse(policy([latency_record(SERVICE, "us-east-1", "192.0.2.99", "HC-E"),
                             latency_record(SERVICE, "eu-west-1", "198.51.100.20")],
                            [check("HC-E", EAST, interval=30, threshold=3)], CLIENTS))
    world.fault("192.0.2.99:80", Kind="down")
    assert world.at(200).state() == "HH"
    world.fault(EAST, Kind="down")
    assert world.at(400).state() == "UU"
