"""serve --record: what a daemon took in is enough for a replay to come to the same verdicts and answers."""
import json

from api import NAMESPACE, Api
from harness import run, wait_until
from serving import CLIENTS, check, latency_record, policy

EAST, WEST = "192.0.2.10:80", "198.51.100.20:80"


def drill(interval=30, east=EAST, west=WEST):
    return policy(
        [latency_record("www.example.com.", "us-east-1", "192.0.2.10", "HC-E"),
         latency_record("www.example.com.", "eu-west-1", "198.51.100.20", "HC-W")],
        [check("HC-E", east, interval=interval, threshold=3), check("HC-W", west, interval=interval, threshold=3)], CLIENTS)


def replay(recording, *options):
    done = run("replay", str(recording), "--output", "json", *options)
    return done, json.loads(done.stdout)["scenarios"][0] if done.stdout else None


def advance(daemon, seconds):
    daemon.request("/admin/clock", "POST", {"Advance": f"{seconds}s"})


def live(daemon):
    """A life with an outage, calls of the API, a drain and a reload."""
    advance(daemon, 100)
    daemon.request(f"/admin/endpoints/{EAST}", "POST", {"Kind": "down"})
    advance(daemon, 120)
    assert daemon.health("HC-E") == "unhealthy"
    with Api(daemon.http) as api:
        zone = api.create_zone("example.net")
        api.change(zone, [("CREATE", "a.example.net.", "A", ["192.0.2.77"])])
        api.call("POST", "/healthcheck/HC-W", f'<UpdateHealthCheckRequest xmlns="{NAMESPACE}"><Inverted>true</Inverted>'
                 "</UpdateHealthCheckRequest>")
        api.call("GET", f"/hostedzone/{zone}")
    advance(daemon, 10)
    assert run("drain", "eu-west-1", "--for", "5m", "--server", daemon.url).returncode == 0
    daemon.request(f"/admin/endpoints/{EAST}", "POST", {"Kind": "none"})
    advance(daemon, 400)
    assert daemon.health("HC-E") == "healthy"
    daemon.reload(drill(interval=10))
    advance(daemon, 60)


def test_a_replay_of_a_recording_comes_to_the_same(serve, tmp_path):
    recording = tmp_path / "recording"
    daemon = serve(drill(), "--clock", "manual", "--record", str(recording))
    live(daemon)
    daemon.process.stop()
    done, told = replay(recording)
    assert done.returncode == 0, done.stdout + done.stderr
    assert told["differences"] == 0 and told["complete"] is True
    assert told["observations"] > 500 and told["verdicts"] >= 4 and told["answers"] >= 8


def test_what_if_shows_the_difference(serve, tmp_path):
    recording = tmp_path / "recording"
    daemon = serve(drill(), "--clock", "manual", "--record", str(recording))
    live(daemon)
    daemon.process.stop()
    done, told = replay(recording, "--set", "FailureThreshold=10")
    assert told["differences"] > 0, done.stdout


def test_a_recording_of_real_probes_survives_a_kill(serve, tmp_path):
    recording = tmp_path / "recording"
    daemon = serve(drill(0.05, "127.0.0.1:1", "127.0.0.1:1"), "--record", str(recording))
    wait_until(lambda: daemon.health("HC-E") == daemon.health("HC-W") == "unhealthy")
    daemon.impose("HC-W", Inverted=True)
    daemon.process.kill()
    done, told = replay(recording)
    assert done.returncode == 0, done.stdout + done.stderr
    assert told["differences"] == 0 and told["complete"] is False and told["verdicts"] >= 2


def test_nothing_is_overwritten_and_a_recording_begins_with_the_policy(serve, tmp_path):
    there = tmp_path / "there"
    there.touch()
    listeners = ["--dns", "127.0.0.1:0", "--http", "127.0.0.1:0"]
    done = run("serve", *listeners, "--record", str(there))
    assert done.returncode == 2 and done.stderr == f"nearwell: --record: {there}: File exists, and is not written over; name another\n"
    state = ["--state", str(tmp_path / "state.db")]
    serve(drill(), *state).process.stop()
    done = run("serve", *listeners, *state, "--record", str(tmp_path / "new"))
    assert done.returncode == 2 and "--record needs a new --state FILE or none" in done.stderr
