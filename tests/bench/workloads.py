"""Policies and query files of the benchmarks: the same every time."""
import json
import random
import struct
import socket

REGIONS = ["us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1", "eu-west-1", "eu-west-2",
           "eu-west-3", "eu-central-1", "eu-central-2", "eu-north-1", "eu-south-1", "eu-south-2", "il-central-1",
           "me-south-1", "me-central-1", "af-south-1", "ap-south-1", "ap-south-2", "ap-southeast-1",
           "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5", "ap-northeast-1",
           "ap-northeast-2", "ap-northeast-3", "ap-east-1", "ca-west-1"]
SPREAD = ["us-east-1", "eu-west-1", "ap-northeast-1", "sa-east-1", "us-west-2", "eu-central-1", "ap-south-1",
          "ap-southeast-2", "af-south-1", "me-south-1"]  # for groups smaller than all
PLACES = ["US", "DE", "JP", "BR", "IN", "AU", "ZA", "FR"]


def address(i, net=10):
    return f"{net}.{i >> 16 & 255}.{i >> 8 & 255}.{i & 255}"


def simple(name, value, check=None):
    record = {"Name": name, "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": value}]}
    return record | ({"HealthCheckId": check} if check else {})


def latency(name, region, value, check=None):
    return simple(name, value, check) | {"SetIdentifier": region, "Region": region}


def health_check(i, host="127.0.0.1", port=1, interval=30, **more):
    return {"Id": check_id(i), "HealthCheckConfig": {
        "Type": "HTTP", "IPAddress": host, "Port": port, "ResourcePath": "/health", "RequestInterval": interval,
        "FailureThreshold": 3, **more}}


def check_id(i):
    return f"00000000-0000-4000-8000-{i:012x}"


def disabled(i):
    return health_check(i, Disabled=True)


def zone(records):
    return [{"Id": "Z1BENCH", "Name": "example.com.", "ResourceRecordSets": records}]


def policy(records, checks=(), **more):
    return {"HostedZones": zone(records), "HealthChecks": list(checks), **more}


def write(path, value):
    with open(path, "w", encoding="utf-8") as f:
        json.dump(value, f, indent=1)
    return path


def write_queries(path, lines):
    with open(path, "w", encoding="utf-8") as f:
        f.writelines(line + "\n" for line in lines)
    return path


def many_records():
    """10 000 record sets, half of them simple, half in latency groups of two, with 100 health checks."""
    records = [simple(f"s{i:05}.example.com.", address(i), check_id(i % 100)) for i in range(5000)]
    records += [latency(f"l{i // 2:05}.example.com.", SPREAD[i % 2], address(i), check_id(i % 100))
                for i in range(5000)]
    return policy(records, [health_check(i) for i in range(100)])


def many_checks():
    """9 999 record sets in latency groups of three, each with a health check of its own."""
    records = [latency(f"l{i // 3:05}.example.com.", SPREAD[i % 3], address(i), check_id(i)) for i in range(9999)]
    return policy(records, [health_check(i) for i in range(9999)])


def simple_records(count):
    return policy([simple(f"n{i:06}.example.com.", address(i)) for i in range(count)])


def routed_records(count):
    """So many record sets in latency groups of three, with 100 health checks."""
    records = [latency(f"l{i // 3:06}.example.com.", SPREAD[i % 3], address(i), check_id(i % 100))
               for i in range(count)]
    return policy(records, [health_check(i) for i in range(100)])


def many_zones(zones, each):
    """So many zones of so many simple record sets."""
    return {"HostedZones": [
        {"Id": f"Z{z:05}", "Name": f"z{z:05}.example.com.",
         "ResourceRecordSets": [simple(f"n{i:05}.z{z:05}.example.com.", address(i)) for i in range(each)]}
        for z in range(zones)]}


def sites(count):
    """One latency group, each member with a health check that probes it."""
    records = [latency("www.example.com.", region, address(i), check_id(i)) for i, region in enumerate(REGIONS[:count])]
    return policy(records, [health_check(i, host=address(i)) for i in range(count)])


def site_trees(count):
    """The same, each region an alias to a weighted group of two records with health checks."""
    records, checks = [], []
    for i, region in enumerate(REGIONS[:count]):
        name = f"{region}.example.com."
        for half in range(2):
            n = 2 * i + half
            records.append(simple(name, address(n), check_id(n)) | {"SetIdentifier": f"{half}", "Weight": 1 + half})
            checks.append(health_check(n, host=address(n)))
        records.append({"Name": "www.example.com.", "Type": "A", "SetIdentifier": region, "Region": region, "AliasTarget": {
            "HostedZoneId": "Z1BENCH", "DNSName": name, "EvaluateTargetHealth": True}})
    return policy(records, checks)


def group(size):
    """One latency group, each member with a health check; the client is in DE."""
    regions = SPREAD[:size] if size <= len(SPREAD) else REGIONS[:size]
    records = [latency("www.example.com.", region, address(i), check_id(i)) for i, region in enumerate(regions)]
    return policy(records, [disabled(i) for i in range(size)], DefaultClient="DE"), regions


def tree():
    """Three levels: failover, then the nearest of ten regions, then two weighted record sets in each."""
    def alias(name, target, **routing):
        return {"Name": name, "Type": "A", **routing, "AliasTarget": {
            "HostedZoneId": "Z1BENCH", "DNSName": target, "EvaluateTargetHealth": True}}

    records = [alias("www.example.com.", "regions.example.com.", SetIdentifier="regions", Failover="PRIMARY"),
               simple("www.example.com.", address(0)) | {"SetIdentifier": "sorry", "Failover": "SECONDARY"}]
    for i, region in enumerate(SPREAD):
        name = f"{region}.example.com."
        records.append(alias("regions.example.com.", name, SetIdentifier=region, Region=region))
        records += [simple(name, address(10 * i + k), check_id(2 * i + k)) |
                    {"SetIdentifier": f"s{k}", "Weight": 1 + k} for k in range(2)]
    return policy(records, [disabled(i) for i in range(2 * len(SPREAD))], DefaultClient="DE")


def nets():
    """1 024 blocks of 10 bits cover IPv4; 1 024 of 20 bits inside them are elsewhere."""
    chance = random.Random(4)
    wide = {i << 22: PLACES[chance.randrange(len(PLACES))] for i in range(1024)}
    fine = {}
    while len(fine) < 1024:
        base = (chance.randrange(1, 224) << 24 | chance.getrandbits(24)) & 0xfffff000
        fine[base] = PLACES[(PLACES.index(wide[base & 0xffc00000]) + 1) % len(PLACES)]
    return wide, fine


def dotted(number):
    return socket.inet_ntoa(struct.pack("!I", number))


def by_subnet():
    """100 names with a latency group of four regions each, checked, and 2 048 blocks of clients."""
    wide, fine = nets()
    records = [latency(f"n{i:06}.example.com.", SPREAD[j], address(j * 1000 + i), check_id(j))
               for i in range(100) for j in range(4)]
    clients = [{"Cidr": f"{dotted(base)}/{bits}", "Place": place}
               for blocks, bits in ((wide, 10), (fine, 20)) for base, place in blocks.items()]
    return policy(records, [disabled(i) for i in range(4)], Clients=clients)


def by_subnet_queries(count=20000):
    """One in ten from one of the small blocks, the rest from anywhere."""
    chance = random.Random(1)
    fine = sorted(nets()[1])
    for _ in range(count):
        base = chance.choice(fine) | chance.randrange(16) << 8 if chance.random() < 0.1 else \
            chance.randrange(1, 224) << 24 | chance.getrandbits(16) << 8
        yield f"n{chance.randrange(100):06}.example.com. A {dotted(base)}/24"


def plain_queries(names, count=20000, prefix="n"):
    chance = random.Random(1)
    return [f"{prefix}{chance.randrange(names):06}.example.com. A" for _ in range(count)]


def probed(count, targets, port, interval):
    """count HTTP health checks by one checker each, spread over the addresses of http_origin."""
    base = struct.unpack("!I", socket.inet_aton("127.64.0.1"))[0]
    checks = [health_check(i, dotted(base + i % targets), port, interval) for i in range(count)]
    return policy([], checks, Simulator={"Checkers": 1, "FreeIntervals": True})


def places(count):
    row = [10.0 + i for i in range(len(REGIONS))]
    return {"LatencyTable": {"Regions": REGIONS, "Places": {f"place-{i}": {"Milliseconds": row} for i in range(count)}}}
