"""nearwell serve with a policy that a test writes down, and its clients."""
import http.client
import json
import subprocess

from harness import PATIENCE_S, Answer, wait_until

LOOPBACK = ("--dns", "127.0.0.1:0", "--http", "127.0.0.1:0")


# --- policies ----------------------------------------------------------------------------------------------


def record(name, kind, *values, ttl=60, **more):
    return {"Name": name, "Type": kind, "TTL": ttl, "ResourceRecords": [{"Value": v} for v in values], **more}


def latency_record(name, region, value, check=None, kind="A", ttl=60):
    more = {"HealthCheckId": check} if check else {}
    return record(name, kind, value, ttl=ttl, SetIdentifier=region, Region=region, **more)


def check(ident, endpoint, kind="HTTP", path="/health", interval=0.1, threshold=2, **config):
    """endpoint is ADDRESS:PORT or NAME:PORT, with name=True in config."""
    host, _, port = endpoint.rpartition(":")
    by_name = config.pop("name", False)
    config = {"Type": kind, "Port": int(port), "RequestInterval": interval, "FailureThreshold": threshold,
              "FullyQualifiedDomainName" if by_name else "IPAddress": host.strip("[]"), **config}
    if kind != "TCP":
        config["ResourcePath"] = path
    return {"Id": ident, "HealthCheckConfig": config}


def policy(records, checks=(), clients=None, simulator=None, zone="example.com.", **more):
    return {
        "HostedZones": [{"Id": "Z1", "Name": zone, "ResourceRecordSets": list(records)}],
        "HealthChecks": list(checks),
        "Clients": [{"Cidr": cidr, "Place": place} for cidr, place in (clients or {}).items()],
        "Simulator": {"FreeIntervals": True, "AllowSpecialUseAddresses": True, **(simulator or {})},
        **more,
    }


CLIENTS = {"192.0.2.0/24": "DE", "198.51.100.0/24": "JP", "203.0.113.0/24": "US-VA"}
REGIONS = {"eu-central-1": "192.0.2.1", "ap-northeast-1": "192.0.2.2", "us-east-1": "192.0.2.3"}


def three_regions(checks=(), name="api.example.com.", **more):
    """DE, JP and US-VA each have a region of their own; with one check for all, or a check per region."""
    named = dict(zip(REGIONS, [c["Id"] for c in checks])) if len(checks) > 1 else {}
    records = [latency_record(name, region, address, named.get(region)) for region, address in REGIONS.items()]
    return policy(records, checks, CLIENTS, **more)


# --- the daemon --------------------------------------------------------------------------------------------


class Daemon:
    def __init__(self, process, path=None):
        self.process, self.path = process, path
        self.dns, self.http = process.ready["dns"], process.ready["http"]
        self.url = "http://" + self.http

    def log(self):
        return self.process.log()

    def request(self, path, method="GET", body=None, headers=None):
        """One request over a connection of its own: for polling, where a curl each time would be slow."""
        connection = http.client.HTTPConnection(self.http, timeout=PATIENCE_S)
        try:
            if isinstance(body, (dict, list)):
                body = json.dumps(body)
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            answer = Answer(0, response.status, response.read().decode())
            answer.headers = response.headers
            return answer
        finally:
            connection.close()

    def status(self, query=""):
        answer = self.request("/status" + query)
        assert answer.status == 200, answer.body
        return answer.json

    def check(self, ident):
        answer = self.request(f"/admin/health-checks/{ident}")
        assert answer.status == 200, answer.body
        return answer.json

    def health(self, ident):
        return self.check(ident)["status"]

    def wait_health(self, ident, status):
        wait_until(lambda: self.health(ident) == status)

    def impose(self, ident, **change):
        answer = self.request(f"/admin/health-checks/{ident}", "POST", change)
        assert answer.status == 200, answer.body
        return answer.json

    def wait_ready(self):
        wait_until(lambda: self.request("/readyz").status == 200)

    def write(self, described):
        """A new text for the policy's file; nothing reads it before reload()."""
        text = described if isinstance(described, str) else json.dumps(described, indent=1)
        self.path.write_text(text, encoding="utf-8")

    def reload(self, described=None):
        """Returns when the new policy is in force or refused."""
        if described is not None:
            self.write(described)
        before = self.status("?name=none")["policy"]
        self.process.signal(1)

        def over():
            now = self.status("?name=none")["policy"]
            return now if (now["generation"], now["error"]) != (before["generation"], before["error"]) else None
        return wait_until(over)

    def dig(self, name, kind="A", *options, at=0):
        return dig(self.dns[at], name, kind, *options)

    def place_answer(self, place, name="api.example.com."):
        """The addresses that dig gets for a client of CLIENTS in this place."""
        subnet = next(cidr for cidr, other in CLIENTS.items() if other == place)
        return self.dig(name, "A", f"+subnet={subnet}").values


# --- dig ---------------------------------------------------------------------------------------------------


class Dug:
    """What dig prints, taken apart: sections of records as [name, ttl, class, type, value]."""

    SECTIONS = {";; ANSWER SECTION:": "answer", ";; AUTHORITY SECTION:": "authority",
                ";; ADDITIONAL SECTION:": "additional"}

    def __init__(self, text):
        self.text = text
        self.rcode, self.flags, self.subnet = None, set(), None
        self.answer, self.authority, self.additional = [], [], []
        section = None
        for line in text.splitlines():
            if ";; ->>HEADER<<-" in line:
                self.rcode = line.split("status: ")[1].split(",")[0]
            elif line.startswith(";; flags:"):
                self.flags = set(line.split(":")[1].split(";")[0].split())
            elif line.startswith("; CLIENT-SUBNET:"):
                self.subnet = line.split(": ")[1].strip()
            elif line.startswith(";;") or not line:
                section = self.SECTIONS.get(line)
            elif section and not line.startswith(";"):
                getattr(self, section).append(line.split(None, 4))

    @property
    def values(self):
        return sorted(r[4] for r in self.answer)


def dig(endpoint, name, kind="A", *options):
    address, _, port = endpoint.rpartition(":")
    command = ["dig", "+tries=1", f"+time={PATIENCE_S}", *options, "-p", port, "@" + address.strip("[]"), name, kind]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=PATIENCE_S + 10, check=False)
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}{done.stderr}"
    return Dug(done.stdout)
