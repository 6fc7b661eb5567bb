"""nearwell replay --live: the simulator and a real daemon come to the same answers in the same order."""
import json

import pytest

from harness import REPOSITORY, run

STORY = str(REPOSITORY / "scenarios/story.json")
# Order is what counts here: a busy machine may be seconds late.
PATIENT = ("--speed", "120", "--tolerance", "30", "--output", "json")


def test_the_story_agrees_with_its_live_run():  # EX1
    done = run("replay", "--live", *PATIENT, STORY)
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert told["agrees"]
    by_place = {client["client"]: [answer["answer"] for answer in client["live"]] for client in told["clients"]}
    assert by_place["US"] == ["192.0.2.10", "198.51.100.20", "192.0.2.10"]
    assert by_place["DE"] == ["198.51.100.20"]


@pytest.mark.parametrize("name", ["outage", "double-negative", "both-down", "pin"])  # EX5, EX3, EX4, S5
def test_other_scenarios_agree_too(name):
    done = run("replay", "--live", *PATIENT, "--speed", "300", str(REPOSITORY / f"scenarios/{name}.json"))
    assert done.returncode == 0, done.stdout + done.stderr


def test_calls_fail_live_as_in_virtual_time(tmp_path):
    def invert(at, inverted, **more):
        return {"At": at, "Call": {"Operation": "UpdateHealthCheck",
                                   "Input": {"HealthCheckId": "hc-east", "Inverted": inverted}, **more}}
    path = tmp_path / "faults.json"
    path.write_text(json.dumps({
        "Description": "calls that fail", "Policy": str(REPOSITORY / "scenarios/policies/two-regions.json"),
        "Name": "www.example.com",
        "Events": [{"At": "1m", "Api": {"Fault": "ServiceUnavailable", "For": "5m"}},
                   invert("2m", True, Refused="ServiceUnavailable"), invert("8m", True),
                   {"At": "10m", "Api": {"Fault": "Drop"}}, invert("11m", False, Refused="Drop"),
                   {"At": "12m", "Api": {"Fault": "None"}}, invert("14m", False)],
        "Expectations": [{"At": "15m", "Client": "US", "Answer": {"Region": "us-east-1"}}]}))
    done = run("replay", "--live", *PATIENT, str(path))
    assert done.returncode == 0, done.stdout + done.stderr
    answers = [answer["answer"] for answer in json.loads(done.stdout)["clients"][0]["live"]]
    assert answers == ["192.0.2.10", "198.51.100.20", "192.0.2.10"]


def test_a_daemon_with_another_policy_is_found_out():
    done = run("replay", "--live", *PATIENT, "--tolerance", "1", "--live-set", "Inverted=true", STORY)
    assert done.returncode == 1, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert not told["agrees"]
    assert any("in virtual time" in client["difference"] for client in told["clients"])


def test_what_cannot_be_shown_is_refused():
    done = run("replay", "--live", str(REPOSITORY / "scenarios/partition.json"))
    assert done.returncode == 2 and "a live run cannot show" in done.stderr
