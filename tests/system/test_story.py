"""The story that nearwell exists to tell: clients get the nearest region that is healthy, a health check that is
told that up means down moves them to the next one, and the hits they made are counted on."""
import json
import re
import secrets
import socket
import time

import pytest

from harness import CURL_REFUSED, curl, wait_until
from serving import check, latency_record, policy

NAMES = ["eu-central-1", "us-east-1", "ap-northeast-1"]  # as near as they come, seen from Germany
HOME, NEXT = NAMES[:2]
CLIENTS = {"192.0.2.0/24": "DE", "198.51.100.0/24": "JP"}
INTERVAL_S, THRESHOLD = 0.2, 3
SERVICE = "api.example.com."


def addresses_with_one_port():
    """Three loopback addresses that share a free port, so that the DNS answer alone says where to go."""
    for _ in range(100):
        net = "127.{}.{}".format(*(1 + b % 250 for b in secrets.token_bytes(2)))
        addresses = [f"{net}.{i + 1}" for i in range(3)]
        sockets = [socket.socket() for _ in addresses]
        try:
            sockets[0].bind((addresses[0], 0))
            port = sockets[0].getsockname()[1]
            for s, address in zip(sockets[1:], addresses[1:]):
                s.bind((address, port))
            return addresses, port
        except OSError:
            continue
        finally:
            for s in sockets:
                s.close()
    raise AssertionError("no port is free on three addresses")


class World:
    """Three regions that replicate their counters, the daemon that watches them, and a client in Germany."""

    def __init__(self, start, serve):
        self.addresses, self.port = addresses_with_one_port()
        self.address = dict(zip(NAMES, self.addresses))
        self.regions = {}
        for name, address in self.address.items():
            peers = ",".join(f"http://{other}:{self.port}" for other in self.addresses if other != address)
            self.regions[name] = start("region", "--name", name, "--listen", f"{address}:{self.port}",
                                       "--peers", peers)
        self.daemon = serve(policy(
            [latency_record(SERVICE, name, address, name, ttl=5) for name, address in self.address.items()],
            [check(name, f"{address}:{self.port}", interval=INTERVAL_S, threshold=THRESHOLD)
             for name, address in self.address.items()], CLIENTS))
        self.daemon.wait_ready()

    def home(self, subnet="192.0.2.0/24"):
        """The region that DNS sends a client to."""
        [address] = self.daemon.dig(SERVICE, "A", f"+subnet={subnet}").values
        return next(name for name, other in self.address.items() if other == address)

    def hello(self):
        """What the client does: ask DNS, go there."""
        region = self.home()
        answer = curl(f"http://{self.address[region]}:{self.port}/hello?client=germany")
        assert answer.status == 200 and answer.json["region"] == region
        return region, answer.json["hits"]

    def counted(self, region):
        return curl(f"http://{self.regions[region].ready['control']}/counters").json.get("germany", {}).get("hits")

    def wait_replicated(self, hits):
        wait_until(lambda: all(self.counted(name) == hits for name in NAMES))

    def fault(self, region, **description):
        answer = curl(f"http://{self.regions[region].ready['control']}/fault", "--data", json.dumps(description))
        assert answer.status == 200, answer.body

    def invert(self, region, inverted):
        answer = curl(f"{self.daemon.url}/admin/health-checks/{region}", "--data", json.dumps({"Inverted": inverted}))
        assert answer.status == 200 and answer.json["inverted"] is inverted
        return answer.json

    def changes(self, region):
        """The log's health_check_changed lines of a region: [(status, healthy checkers, all checkers, line)]."""
        found = []
        for line in self.daemon.log().splitlines():
            told = re.search(rf"health_check_changed id={region} status=(\w+) .*checkers=(\d+)/(\d+)", line)
            if told:
                found.append((told[1], int(told[2]), int(told[3]), line))
        return found


@pytest.fixture
def world(start, serve):
    return World(start, serve)


def test_up_means_down_moves_the_client_and_the_counter_goes_on(world):  # EX1, S2, S4
    assert world.home() == HOME
    assert world.home("198.51.100.0/24") == "ap-northeast-1"
    assert [world.hello() for _ in range(5)] == [(HOME, n) for n in range(1, 6)]
    world.wait_replicated(5)

    inverted = world.invert(HOME, True)
    # The reply comes when the new decision is in force: no wait, no threshold.
    assert world.home() == NEXT
    assert inverted["status"] == "unhealthy" and inverted["raw_status"] == "healthy"
    assert inverted["checkers"]["healthy"] == 16
    assert all(o["reason"].startswith("Success") for o in inverted["last_observations"])  # H17
    assert world.home("198.51.100.0/24") == "ap-northeast-1"
    assert [world.hello() for _ in range(3)] == [(NEXT, n) for n in (6, 7, 8)]
    world.wait_replicated(8)

    world.invert(HOME, False)
    assert world.hello() == (HOME, 9)
    down, up = world.changes(HOME)
    assert down[0] == "unhealthy" and "cause=inverted" in down[3]
    assert up[0] == "healthy" and 'cause="override ended"' in up[3]


def test_an_inversion_of_a_dead_region_sends_clients_there(world):  # S5, EX3
    world.fault(HOME, Kind="down")
    wait_until(lambda: world.home() == NEXT)
    assert world.invert(HOME, True)["status"] == "healthy"
    assert world.home() == HOME
    world.invert(HOME, False)
    assert world.home() == NEXT


def test_all_inverted_fails_open_to_the_nearest(world):  # EX4
    for name in NAMES:
        world.invert(name, True)
    assert world.home() == HOME and world.home("198.51.100.0/24") == "ap-northeast-1"
    assert all(a["fail_open"] for a in world.daemon.status("?place=DE")["answers"])


# How a region fails, what the checkers say of it, and the time that each failing probe takes at least.
FAULTS = [
    ({"Kind": "down"}, "refused", 0),
    ({"Kind": "status", "Status": 500}, "HTTP Status Code 500", 0),
    ({"Kind": "hang"}, "did not respond within the timeout", 2),  # P5
]


@pytest.mark.parametrize("fault, reason, probe_s", FAULTS, ids=[f[0]["Kind"] for f in FAULTS])
def test_a_region_that_fails_is_left_and_found_again(world, fault, reason, probe_s):
    """A1, A11, EX5: leaving takes FailureThreshold failures at 14 of 16 checkers, returning as many successes
    at 3. Times have lower bounds only, since a slow machine is no failure."""
    assert world.hello() == (HOME, 1)
    world.wait_replicated(1)

    begin = time.monotonic()
    world.fault(HOME, **fault, **({"Path": "/health"} if fault["Kind"] != "down" else {}))
    wait_until(lambda: world.home() == NEXT, timeout=60)
    took = time.monotonic() - begin
    assert took >= (THRESHOLD - 1) * (INTERVAL_S + probe_s)
    [(status, healthy, total, line)] = world.changes(HOME)
    assert (status, healthy, total) == ("unhealthy", 2, 16)
    assert 100 * healthy <= 18 * total and "needed=3" in line and reason in line
    assert world.hello() == (NEXT, 2)
    wait_until(lambda: world.daemon.check(HOME)["checkers"]["healthy"] == 0, timeout=60)
    told = world.daemon.check(HOME)["last_observations"]
    assert len(told) == 16 and all(not o["success"] and reason in o["reason"] for o in told)

    begin = time.monotonic()
    world.fault(HOME, Kind="none")
    wait_until(lambda: world.home() == HOME, timeout=60)
    assert time.monotonic() - begin >= (THRESHOLD - 1) * INTERVAL_S
    status, healthy, total, line = world.changes(HOME)[1]
    assert (status, healthy, total) == ("healthy", 3, 16)
    assert 100 * healthy > 18 * total and "HTTP Status Code: 200" in line
    world.wait_replicated(2)
    assert world.hello() == (HOME, 3)
    assert len(world.changes(NEXT)) == len(world.changes("ap-northeast-1")) == 0


def test_a_region_that_is_killed_is_left(world):
    assert world.home() == HOME
    world.regions[HOME].kill()
    assert curl(f"http://{world.address[HOME]}:{world.port}/hello").exit_code == CURL_REFUSED
    wait_until(lambda: world.hello()[0] == NEXT)
