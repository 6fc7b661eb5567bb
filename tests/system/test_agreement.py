"""There is one decision: the wire, explain (from a file and from the daemon) and the status say the same, for
every place that the latency table knows, in every state of health."""
import concurrent.futures
import http.client
import json

import pytest

import dnswire
from harness import REPOSITORY, run
from serving import check, latency_record, policy

TABLE = json.loads((REPOSITORY / "policies/latency/aws.json").read_text("utf-8"))
REGIONS = ["us-east-1", "us-west-2", "sa-east-1", "eu-west-1", "eu-central-1", "af-south-1", "ap-south-1",
           "ap-southeast-2", "ap-northeast-1"]
NAME = "api.example.com."


@pytest.fixture(scope="module")
def places():
    return {name: f"10.{i >> 8}.{i & 255}.0/24" for i, name in enumerate(TABLE["Places"])}


def described(places):
    records = [latency_record(NAME, region, f"192.0.2.{i + 1}", f"check-{region}")
               for i, region in enumerate(REGIONS)]
    # Disabled: no probe comes between the states that the test imposes.
    checks = [check(f"check-{region}", "127.0.0.1:1", kind="TCP", Disabled=True) for region in REGIONS]
    return policy(records, checks, {cidr: place for place, cidr in places.items()})


def by_wire(daemon, places):
    questions = [{"name": NAME, "subnet": cidr} for cidr in places.values()]
    with dnswire.Udp(daemon.dns[0]) as udp:
        replies = udp.ask_all(questions)
    assert all(reply.subnet[1] == 24 for reply in replies)
    return {place: tuple(reply.addresses) for place, reply in zip(places, replies)}


def by_explain(daemon, clients):
    """Over one connection that stays open."""
    connection = http.client.HTTPConnection(daemon.http, timeout=20)
    answers = {}
    for place, client in clients.items():
        connection.request("GET", f"/explain?name={NAME}&client={client}")
        response = connection.getresponse()
        explained = json.loads(response.read())
        assert response.status == 200, explained
        answers[place] = explained
    connection.close()
    return answers


def by_status(daemon):
    answers = daemon.status()["answers"]
    assert {a["name"] for a in answers} == {NAME} and {a["type"] for a in answers} == {"A"}
    return {a["place"]: a for a in answers}


def by_file(path, clients, unhealthy):
    """nearwell explain --policy for some places: a process each."""
    options = [word for ident in unhealthy for word in ("--unhealthy", ident)]

    def one(client):
        done = run("explain", "--policy", str(path), NAME, "--client", client, "--output", "json", *options)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return dict(zip(clients, pool.map(one, clients.values())))


def from_table(place, unhealthy):
    """What the table says, read by this test alone: the nearest healthy region, or the nearest one of all."""
    row = dict(zip(TABLE["Regions"], TABLE["Places"][place]["Milliseconds"]))
    candidates = [r for r in REGIONS if f"check-{r}" not in unhealthy] or REGIONS
    return min(candidates, key=lambda region: (row[region], region))


def compare(daemon, places, unhealthy, fail_open):
    wire, status = by_wire(daemon, places), by_status(daemon)
    asked_by_place = by_explain(daemon, {place: place for place in places})
    asked_by_subnet = by_explain(daemon, places)
    sample = dict(list(places.items())[::24])
    from_file = by_file(daemon.path, sample, unhealthy)
    assert set(status) == set(places)
    for place in places:
        explained = asked_by_place[place]["answer"]
        assert explained["fail_open"] is fail_open
        assert tuple(explained["values"]) == wire[place], place
        assert explained == asked_by_subnet[place]["answer"], place
        assert asked_by_subnet[place]["client"]["place"] == place
        for key in ("set_identifier", "region", "values", "ttl", "fail_open"):
            assert status[place][key] == explained[key], place
        assert explained["region"] == from_table(place, unhealthy), place
    for place, explanation in from_file.items():
        assert explanation["answer"] == asked_by_place[place]["answer"], place
    for place in ("DE", "JP", "US-CA", "continent:OC"):
        dug = daemon.dig(NAME, "A", f"+subnet={places[place]}")
        assert tuple(dug.values) == wire[place]
    return {place: status[place]["region"] for place in places}


def test_wire_explain_and_status_agree_for_all_places_in_all_states_of_health(serve, places):  # N3, LT1, R1, R3
    daemon = serve(described(places))
    assert len(places) > 380
    healthy = compare(daemon, places, [], False)
    assert len(set(healthy.values())) == len(REGIONS)

    # The nearest region of most places goes; nothing else moves.
    gone = max(REGIONS, key=list(healthy.values()).count)
    daemon.impose(f"check-{gone}", Verdict="unhealthy")
    without = compare(daemon, places, [f"check-{gone}"], False)
    assert gone not in without.values()
    assert all(without[p] == healthy[p] for p in places if healthy[p] != gone)

    for region in REGIONS:
        daemon.impose(f"check-{region}", Verdict="unhealthy")
    assert compare(daemon, places, [f"check-{r}" for r in REGIONS], True) == healthy
    assert daemon.status()["dns"]["fail_open"] >= len(places)

    for region in REGIONS:
        daemon.impose(f"check-{region}", Verdict="auto")
    assert compare(daemon, places, [], False) == healthy


def without_fleet(explanation):
    """What a running fleet adds to the evidence taken out again."""
    for candidate in explanation["candidates"]:
        for key in ("checkers", "since", "override"):
            candidate.get("evidence", {}).pop(key, None)
    return explanation


def test_explain_asks_a_daemon_from_the_command_line(serve, places):
    daemon = serve(described(places))
    for client in ("DE", places["DE"], "10.0.0.1"):
        there = run("explain", "--server", daemon.url, NAME, "--client", client, "--output", "json")
        here = run("explain", "--policy", str(daemon.path), NAME, "--client", client, "--output", "json")
        assert there.returncode == here.returncode == 0, there.stderr + here.stderr
        assert without_fleet(json.loads(there.stdout)) == json.loads(here.stdout)
        text = run("explain", "--server", daemon.url, NAME, "--client", client)
        assert text.stdout == run("explain", "--policy", str(daemon.path), NAME, "--client", client).stdout
        assert "chosen" in text.stdout
    assert run("explain", "--server", daemon.url, "nothing.example.com").returncode == 1
    assert run("explain", "--server", "http://127.0.0.1:1", NAME).returncode == 2
