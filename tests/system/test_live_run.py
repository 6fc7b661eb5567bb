"""The simulator tells the truth: a scenario in virtual time and the same scenario with real processes, sockets and
seconds come to the same answers in the same order."""
import pytest

from harness import REPOSITORY
from live_run import CannotPlay, Scenario, differences

FOLDER = REPOSITORY / "scenarios"


@pytest.mark.parametrize("name", ["story", "outage", "double-negative", "both-down", "pin"])
def test_a_scenario_and_its_live_run_agree(start, serve, name):  # EX1, EX3, EX4, EX5
    assert differences(Scenario(FOLDER / f"{name}.json"), start, serve) == []


def drop_check(policy):
    del policy["HostedZones"][0]["ResourceRecordSets"][0]["HealthCheckId"]


def swap_regions(policy):
    east, west = policy["HostedZones"][0]["ResourceRecordSets"]
    east["Region"], west["Region"] = west["Region"], east["Region"]


@pytest.mark.parametrize("change", [drop_check, swap_regions])
def test_a_live_run_with_another_policy_does_not_agree(start, serve, change):
    assert differences(Scenario(FOLDER / "story.json"), start, serve, change, patience=1) != []


@pytest.mark.parametrize("name", ["partition", "drain", "latency-shift"])
def test_what_cannot_be_played_live_is_refused(name):
    with pytest.raises(CannotPlay):
        Scenario(FOLDER / f"{name}.json")
