"""kill -9 at any instant: what the API acknowledged is there when the daemon is back, and no batch is there by half."""
import http.client
import itertools
import random
import threading

import pytest

import dnswire
from api import Api

KILLS, ROUNDS_OF = 200, 2  # of two processes that run at the same time
NAMES = ("one.example.com.", "two.example.com.")


def address(number):
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


def seen(daemon):
    """What DNS answers for each of the two names, as a number; 0: nothing."""
    with dnswire.Udp(daemon.dns[0]) as udp:
        answers = [udp.ask(name).addresses for name in NAMES]
    return [sum(int(part) << 8 * (2 - i) for i, part in enumerate(a[0].split(".")[1:])) if a else 0 for a in answers]


class Writer:
    """Sends batches that set both names to the next number, as fast as it can, until the daemon is gone."""

    def __init__(self, zone, acknowledged):
        self.zone, self.acknowledged, self.sent = zone, acknowledged, acknowledged

    def run(self, daemon, until, delay):
        """After so many acknowledged changes the kill comes within delay, while more are under way."""
        killer = threading.Timer(delay, daemon.process.process.kill)
        with Api(daemon.http) as api:
            try:
                for count in itertools.count():
                    if count == until:
                        killer.start()
                    self.sent += 1
                    api.change(self.zone, [("UPSERT", name, "A", [address(self.sent)]) for name in NAMES])
                    self.acknowledged = self.sent
            except (OSError, http.client.HTTPException):
                killer.join()


@pytest.mark.parametrize("part", range(ROUNDS_OF))
def test_what_was_acknowledged_survives_a_kill_at_any_instant(serve, tmp_path, part):
    state = tmp_path / "state.db"
    chance = random.Random(part)
    daemon = serve(None, "--state", str(state))
    with Api(daemon.http) as api:
        writer = Writer(api.create_zone("example.com"), 0)
    for _ in range(KILLS // ROUNDS_OF):
        writer.run(daemon, chance.randrange(10), chance.uniform(0, 0.005))
        daemon.process.wait()
        daemon = serve(None, "--state", str(state))
        numbers = seen(daemon)
        assert numbers[0] == numbers[1], f"half of a batch: {numbers}"
        assert writer.acknowledged <= numbers[0] <= writer.sent
        writer.acknowledged = writer.sent = numbers[0]
    assert writer.acknowledged > 2 * KILLS // ROUNDS_OF
