"""policies/all-policies.json: each routing policy and the tree of aliases, as the commands see them."""
import json

import pytest

from harness import REPOSITORY, run

POLICY = str(REPOSITORY / "policies" / "all-policies.json")
CHECKS = {name: f"3f7c1d52-8a64-4e0b-9c1f-6b2d5e8a700{i}" for i, name in enumerate(("us", "eu", "ap"), 1)}
US, EU, AP, MAINTENANCE = "127.0.10.1", "127.0.10.2", "127.0.10.3", "127.0.10.9"
BERLIN, TOKYO, BRAZIL = "192.0.2.7", "198.51.100.7", "203.0.113.7"


def values(name, client, *unhealthy):
    options = [option for check in unhealthy for option in ("--unhealthy", CHECKS[check])]
    done = run("explain", "--policy", POLICY, name, "--client", client, "--output", "json", *options)
    assert done.returncode == 0, done.stderr
    return sorted(json.loads(done.stdout)["answer"]["values"])


def test_check_finds_only_what_every_policy_on_loopback_has():
    done = run("check", "--output", "json", POLICY)
    assert done.returncode == 0, done.stdout
    messages = [finding["message"] for finding in json.loads(done.stdout)["files"][0]["findings"]]
    assert len(messages) == 3
    assert all(message.startswith("AWS would refuse IPAddress 127.0.10.") for message in messages)


@pytest.mark.parametrize("name, client, unhealthy, expected", [
    ("simple", BERLIN, ["us"], [US]),                               # R2
    ("weighted", BERLIN, ["us"], [EU]),                             # W4
    ("latency", BERLIN, [], [EU]),                                  # LT1
    ("latency", BERLIN, ["eu"], [US]),
    ("failover", TOKYO, [], [EU]),                                  # O1
    ("failover", TOKYO, ["eu"], [MAINTENANCE]),
    ("geolocation", BERLIN, [], [EU]),                              # G1
    ("geolocation", TOKYO, [], [AP]),
    ("geolocation", BRAZIL, [], [US]),                              # G4
    ("geolocation", "US-CA", ["us"], [US]),                         # G2: the default, which has no check
    ("geoproximity", TOKYO, [], [AP]),                              # X2
    ("geoproximity", BRAZIL, [], [EU]),                             # X1: nearer to Virginia but for the bias
    ("geoproximity", BRAZIL, ["eu"], [US]),
    ("multivalue", BERLIN, [], [US, EU, AP]),                       # M1
    ("multivalue", BERLIN, ["eu"], [US, AP]),
    ("ip-based", BERLIN, [], [EU]),                                 # I2
    ("ip-based", BERLIN, ["eu"], [US]),                             # I4
    ("ip-based", TOKYO, [], [US]),
])
def test_each_routing_policy_answers(name, client, unhealthy, expected):
    assert values(f"{name}.example.com", client, *unhealthy) == expected


# T6: from the apex through failover, latency and weights, and back out of what is unhealthy
@pytest.mark.parametrize("client, unhealthy, expected", [
    (BERLIN, [], EU),
    (TOKYO, [], AP),
    (BERLIN, ["eu"], US),
    (BERLIN, ["eu", "us"], AP),
    (BERLIN, ["eu", "us", "ap"], MAINTENANCE),
])
def test_the_tree_of_aliases_answers_from_its_nearest_healthy_branch(client, unhealthy, expected):
    assert values("example.com", client, *unhealthy) == [expected]


def test_warnings_of_check_are_not_those_of_serve(serve):
    daemon = serve('{"HealthChecks": [{"Id": "h", "HealthCheckConfig": {"Type": "TCP", "IPAddress": "127.0.0.1",'
                   ' "Port": 9}}]}')
    assert "no record set uses health check h" in run("check", str(daemon.path)).stdout
    assert "no record set uses" not in daemon.process.log()
