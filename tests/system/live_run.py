"""A scenario twice: in virtual time by nearwell replay, and in real time against a daemon, real region processes and
real DNS queries. What differs: endpoints are on loopback, and intervals and event times are SPEED times shorter."""
import collections
import json
import math
import pathlib
import re
import time

from api import NAMESPACE, Api, Refused, text
from harness import PATIENCE_S, curl, free_endpoint, run
from serving import dig

SPEED = 300  # 30 s between probes are 0.1 s
# Who asks: places with so many people that the replay's timeline, which names the largest, always names them.
PLACES = {"DE": "192.0.2.0/24", "JP": "198.51.100.0/24"}
UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600}
LIVE_FAULTS = ("none", "down")

Move = collections.namedtuple("Move", "place value at since")  # since: the event before it, in scenario seconds


class CannotPlay(Exception):
    """The scenario needs what a live run does not have."""


def seconds(duration):
    return sum(float(n) * UNITS[unit] for n, unit in re.findall(r"([\d.]+)(ms|[smh])", duration))


class Scenario:
    def __init__(self, path):
        self.path = pathlib.Path(path)
        described = json.loads(self.path.read_text("utf-8"))
        self.policy_path = self.path.parent / described["Policy"]
        self.policy = json.loads(self.policy_path.read_text("utf-8"))
        self.name = described["Name"]
        self.events = []
        for event in described["Events"]:
            self.check(event)
            at = seconds(event["At"])
            self.events.append((at, event))
            if "For" in event:
                self.events.append((at + seconds(event["For"]), {**event, "Fault": {"Kind": "none"}}))
        self.events.sort(key=lambda timed: timed[0])
        self.configs = [check["HealthCheckConfig"] for check in self.policy["HealthChecks"]]
        self.interval = max(config["RequestInterval"] for config in self.configs)
        self.records = [r for zone in self.policy["HostedZones"] for r in zone["ResourceRecordSets"]]

    @staticmethod
    def check(event):
        fault = event.get("Fault", {}).get("Kind")
        call = event.get("Call", {}).get("Operation")
        known = {"At", "Label", "Comment", "Endpoint", "Site", "Fault", "For", "Call"}
        if fault not in LIVE_FAULTS and call != "UpdateHealthCheck" or set(event) - known:
            raise CannotPlay(f"no live run of {json.dumps(event)}")

    def since(self, at):
        return at - max((t for t, _ in self.events if t <= at), default=0)

    def first(self, place):
        done = run("explain", "--policy", str(self.policy_path), self.name, "--client", place, "--output", "json")
        [value] = json.loads(done.stdout)["answer"]["values"]
        return value

    def virtual(self):
        """What every place gets at first, the moves after that, and when the run ends, all as the replay has it."""
        done = run("replay", "--timeline", "--output", "json", str(self.path))
        assert done.returncode == 0, done.stdout + done.stderr
        [told] = json.loads(done.stdout)["scenarios"]
        first = {place: self.first(place) for place in PLACES}
        now, moves = dict(first), []
        for line in told["timeline"]:
            if line["kind"] != "answer":
                continue
            [(old, new, names)] = re.findall(r"\((\S+)\).* -> .*?\((\S+)\).* in .*\((.*)\)$", line["text"])
            for place in PLACES:
                # An answer of last resort may be the same on the wire.
                if old != new and place in names.removesuffix("...").split(", "):
                    assert now[place] == old
                    now[place] = new
                    moves.append(Move(place, new, line["at"], self.since(line["at"])))
        return first, moves, told["end"]


class LiveRun:
    """The daemon, and a region for each address that a check names."""

    def __init__(self, scenario, start, serve, change=None):
        self.scenario = scenario
        hosts = {config["IPAddress"] for config in scenario.configs}
        self.endpoint = {host: free_endpoint() for host in sorted(hosts)}
        self.back = {endpoint.split(":")[0]: host for host, endpoint in self.endpoint.items()}
        self.regions = {host: start("region", "--name", host.replace(".", "-"), "--listen", endpoint)
                        for host, endpoint in self.endpoint.items()}
        policy = self.rewritten()
        if change is not None:
            change(policy)
        self.daemon = serve(policy)
        self.daemon.wait_ready()
        self.moves = []
        self.began = self.happened = time.monotonic()
        self.now = {place: self.ask(place) for place in PLACES}
        self.first = dict(self.now)

    def rewritten(self):
        policy = json.loads(json.dumps(self.scenario.policy))
        del policy["$schema"]
        for check in policy["HealthChecks"]:
            config = check["HealthCheckConfig"]
            config["IPAddress"], port = self.endpoint[config["IPAddress"]].split(":")
            config.update(Port=int(port), RequestInterval=config["RequestInterval"] / SPEED)
        for zone in policy["HostedZones"]:
            for record in zone["ResourceRecordSets"]:
                for value in record["ResourceRecords"]:
                    value["Value"] = self.endpoint[value["Value"]].split(":")[0]
        policy["Clients"] = [{"Cidr": cidr, "Place": place} for place, cidr in PLACES.items()]
        policy["Simulator"] = {**policy.get("Simulator", {}), "FreeIntervals": True}
        return policy

    def ask(self, place):
        [value] = dig(self.daemon.dns[0], self.scenario.name, "A", f"+subnet={PLACES[place]}").values
        return self.back[value]

    def look(self):
        for place in PLACES:
            value = self.ask(place)
            if value != self.now[place]:
                at = time.monotonic()
                self.now[place] = value
                self.moves.append(Move(place, value, (at - self.began) * SPEED, (at - self.happened) * SPEED))

    def look_until(self, at, expected, patience):
        """Until the scenario's time is at, and what is expected by then has come or patience is at its end."""
        deadline = time.monotonic() + patience
        while True:
            self.look()
            now = time.monotonic()
            here = len(self.moves) >= len(expected)
            if (now >= self.began + at / SPEED and here) or now >= max(deadline, self.began + at / SPEED):
                return here
            time.sleep(0.01)

    def happen(self, event):
        self.happened = time.monotonic()
        if "Call" in event:
            self.call(event["Call"])
            return
        if "Site" in event:
            hosts = [v["Value"] for r in self.scenario.records if event["Site"] in (r["Region"], r["SetIdentifier"])
                     for v in r["ResourceRecords"]]
        else:
            hosts = [event["Endpoint"].split(":")[0]]
        for host in hosts:
            answer = curl(f"http://{self.regions[host].ready['control']}/fault", "--data", json.dumps(event["Fault"]))
            assert answer.status == 200, answer.body

    def call(self, call):
        members = dict(call["Input"])
        ident = members.pop("HealthCheckId")
        inside = "".join(text(n, json.dumps(v) if isinstance(v, bool) else v) for n, v in members.items())
        got = None
        with Api(self.daemon.http) as api:
            try:
                api.call("POST", f"/healthcheck/{ident}", f'<UpdateHealthCheckRequest xmlns="{NAMESPACE}">{inside}'
                         "</UpdateHealthCheckRequest>")
            except Refused as e:
                got = e.code
        assert got == call.get("Refused")


def differences(scenario, start, serve, change=None, patience=PATIENCE_S):
    """What the live run does that the virtual one does not: [] when both come to the same answers in the same order,
    none of them more than one interval too soon after its event. An event waits for the answers that precede it, so
    a slow machine is no difference."""
    first, virtual, end = scenario.virtual()
    live = LiveRun(scenario, start, serve, change)
    if live.first != first:
        return [f"at first {live.first}, not {first}"]
    followings = [at for at, _ in scenario.events[1:]] + [math.inf]
    for (at, event), following in zip(scenario.events, followings):
        live.look_until(at, [], patience)
        live.happen(event)
        if not live.look_until(min(following, end), [m for m in virtual if m.at < following], patience):
            break
    found = []
    for place in PLACES:
        ours = [m for m in virtual if m.place == place]
        theirs = [m for m in live.moves if m.place == place]
        if [m.value for m in ours] != [m.value for m in theirs]:
            found.append(f"{place}: virtual {ours}, live {theirs}")
        found += [f"{place}: too soon: virtual {v}, live {t}" for v, t in zip(ours, theirs)
                  if t.since < v.since - scenario.interval]
    return found
