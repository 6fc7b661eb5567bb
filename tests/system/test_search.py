"""nearwell search and nearwell blast: reports, exit codes, wrong usage."""
import json
import pathlib

import pytest

from harness import REPOSITORY, run

DEMO = str(REPOSITORY / "policies" / "three-regions.json")
ALL = str(REPOSITORY / "policies" / "all-policies.json")
EU_CHECK = "3f7c1d52-8a64-4e0b-9c1f-6b2d5e8a7002"


@pytest.fixture
def changed(tmp_path):
    """changed(edit) writes the demo's policy after edit(policy) and gives its path."""
    def write(edit, name="changed.json"):
        policy = json.loads((REPOSITORY / "policies" / "three-regions.json").read_text("utf-8"))
        policy["LatencyTable"] = str(REPOSITORY / "policies" / "latency" / "aws.json")
        edit(policy)
        path = tmp_path / name
        path.write_text(json.dumps(policy), encoding="utf-8")
        return str(path)
    return write


def report(*arguments):
    done = run(*arguments, "--output", "json")
    assert done.returncode in (0, 1), done.stderr
    return json.loads(done.stdout)


def test_the_demo_stands_any_two_failures():
    done = run("search", "--verify", DEMO)
    assert done.returncode == 0, done.stdout
    assert done.stdout.splitlines() == [
        f"{DEMO}: 3 sites, 3 health checks, 308 places, 1 name",
        "up to 2 of 6 failures at once: 22 states, 6776 decisions",
        "nothing breaks",
    ]
    assert done.stderr == ""


def test_all_regions_dead_is_the_smallest_fail_open():
    found = report("search", "--fail", "site", "--up-to", "3", DEMO)
    assert found["broken"]["fail-open"] == 1
    assert [[f["name"] for f in finding["failures"]] for finding in found["findings"]] == [
        ["ap-northeast-1", "eu-west-1", "us-east-1"]]
    assert found["findings"][0]["percent"] == pytest.approx(100)
    assert all(answer["fail_open"] for answer in found["findings"][0]["answers"])


# S3: the drain by inversion that the region's death undoes.
def test_an_inverted_check_is_found_to_lead_to_a_dead_region(changed):
    def invert(policy):
        policy["HealthChecks"][1]["HealthCheckConfig"]["Inverted"] = True
    done = run("search", "--up-to", "1", "--break", "dead-site", changed(invert))
    assert done.returncode == 1
    lines = [line.strip() for line in done.stdout.splitlines()]
    assert "1. site eu-west-1 dies" in lines
    assert "api.example.com. A: 38.3 % of clients are sent to what is dead" in lines


# The command that a finding prints shows what the finding says.
def test_a_finding_can_be_explained():
    found = report("search", "--up-to", "3", "--fail", "site", DEMO)
    command = found["findings"][0]["explain"].split()
    explained = json.loads(run(*command[1:], "--output", "json").stdout)
    answer = found["findings"][0]["answers"][0]
    assert explained["answer"]["fail_open"] is True
    assert explained["answer"]["region"] == answer["site"]


def test_capacities_are_of_the_policy_or_the_command_line(changed):
    def bear(policy):
        policy["Capacities"] = {"us-east-1": 50, "elsewhere": 1}
    path = changed(bear)
    found = report("search", "--up-to", "1", "--break", "overload", path)
    assert found["findings"][0]["failures"] == [{"kind": "site", "name": "eu-west-1"}]
    assert found["findings"][0]["site"] == "us-east-1"
    assert found["findings"][0]["capacity_percent"] == pytest.approx(50)
    assert run("search", "--up-to", "1", "--capacity", "us-east-1=65%", path).returncode == 0


def test_one_failure_that_moves_too_many_clients_is_found():
    found = report("search", "--most-moved", "30", DEMO)
    assert {f["failures"][0]["name"] for f in found["findings"]} == {"eu-west-1", "ap-northeast-1"}


# Each scenario goes the way that the search says, and passes once nothing fails.
@pytest.mark.parametrize("arguments", [
    ["--fail", "site,check", "--up-to", "3", "--capacity", "us-east-1=50"],
    ["--fail", "partition", "--up-to", "7"],
    ["--up-to", "1", "--most-moved", "30"],
])
def test_saved_findings_are_scenarios_that_fail_as_found(arguments, tmp_path):
    folder = tmp_path / "found"
    found = report("search", *arguments, "--show", "4", "--save", str(folder), DEMO)
    saved = [finding["saved"] for finding in found["findings"]]
    assert sorted(saved) == sorted(str(path) for path in folder.iterdir())
    for path in saved:
        done = run("replay", path)
        assert done.returncode == 1, done.stdout + done.stderr
        assert "0 of 1 expectations hold" in done.stdout
        scenario = json.loads(pathlib.Path(path).read_text("utf-8"))
        scenario["Events"] = []
        pathlib.Path(path).write_text(json.dumps(scenario), encoding="utf-8")
        assert run("replay", path).returncode == 0


# S3: what a drain by inversion leads to when its region dies.
def test_a_saved_double_negative_fails_in_the_replay(changed, tmp_path):
    def invert(policy):
        policy["HealthChecks"][1]["HealthCheckConfig"]["Inverted"] = True
    run("search", "--up-to", "1", "--save", str(tmp_path / "found"), changed(invert))
    done = run("replay", str(tmp_path / "found" / "dead-site-1.json"))
    assert done.returncode == 1
    assert "0 of 1 expectations hold" in done.stdout


def test_a_folder_that_cannot_be_made_is_said():
    done = run("search", "--up-to", "3", "--save", "/dev/null/found", DEMO)
    assert done.returncode == 2
    assert "cannot make /dev/null/found" in done.stderr


@pytest.mark.parametrize("arguments, message", [
    ([], "one POLICY; see nearwell search --help"),
    ([DEMO, DEMO], "one POLICY"),
    (["--fail", "sites", DEMO], "--fail: 'sites' is none of them"),
    (["--up-to", "0", DEMO], "--up-to: '0' is not a number from 1 to 64"),
    (["--capacity", "us-east-1", DEMO], "--capacity: 'us-east-1' is not SITE=PERCENT"),
    (["--capacity", "us-east-1=many", DEMO], "--capacity: 'many' is not a percentage"),
    (["--capacity", "us-east-2=5", DEMO], "--capacity: no site is called 'us-east-2'"),
    (["--type", "AAAA", DEMO], "--type goes with --name"),
    (["--name", "nowhere.example.com", DEMO], "the policy has no 'nowhere.example.com' of type A"),
    (["--most", "1000", DEMO], "6 things can fail; up to 2 of them at once are 22 states, and with 308 places"),
    (["absent.json"], "absent.json cannot be used"),
])
def test_wrong_usage_says_what_is_wrong(arguments, message):
    done = run("search", *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stdout == ""


def test_a_drain_moves_those_who_were_there_and_costs_them_milliseconds():
    found = report("blast", DEMO, "--drain", "us-east-1")["names"][0]
    assert (found["name"], found["type"]) == ("api.example.com.", "A")
    assert found["moved_percent"] == pytest.approx(sum(flow["percent"] for flow in found["flows"]))
    assert {flow["from"] for flow in found["flows"]} == {"us-east-1"}
    assert all(flow["after_ms"] > flow["before_ms"] for flow in found["flows"])
    sites = {site["site"]: site for site in found["sites"]}
    assert sites["us-east-1"]["after_percent"] == pytest.approx(0)
    assert sum(site["after_percent"] for site in found["sites"]) == pytest.approx(100)
    assert found["places"][0]["place"] == "BR"
    by_check = report("blast", DEMO, "--drain", "us-east-1 /health")["names"][0]
    assert by_check["flows"] == found["flows"]


def test_a_new_policy_moves_whom_it_routes_elsewhere(changed):
    def drop(policy):
        records = policy["HostedZones"][0]["ResourceRecordSets"]
        policy["HostedZones"][0]["ResourceRecordSets"] = [
            r for r in records if r.get("SetIdentifier") != "eu-west-1"]
    found = report("blast", DEMO, changed(drop))["names"][0]
    assert {flow["from"] for flow in found["flows"]} == {"eu-west-1"}
    assert found["after_ms"] > found["before_ms"]
    same = run("blast", DEMO, DEMO)
    assert "api.example.com. A: 0.0 % of clients move" in same.stdout


def test_names_of_one_policy_only_are_said():
    found = report("blast", DEMO, ALL)["names"]
    assert {name.get("only") for name in found} == {"before", "after"}


@pytest.mark.parametrize("arguments, message", [
    ([DEMO], "either one POLICY and --drain, or OLD and NEW"),
    ([DEMO, DEMO, "--drain", "us-east-1"], "either one POLICY and --drain"),
    ([DEMO, "--drain", "us-east-2"], "no region, site or health check is called 'us-east-2'; did you mean"),
    ([ALL, "--drain", "secondary"], "nothing in secondary has a health check, so it cannot be drained"),
])
def test_wrong_usage_of_blast_says_what_is_wrong(arguments, message):
    done = run("blast", *arguments)
    assert done.returncode == 2
    assert message in done.stderr


@pytest.mark.parametrize("command", ["search", "blast"])
def test_help_has_examples(command):
    done = run(command, "--help")
    assert done.returncode == 0
    assert f"nearwell {command} policies/three-regions.json" in done.stdout
