"""Split horizon: one name, a public and a private hosted zone, asked through sockets of the Internet and of VPCs."""
import pytest

from harness import run
from serving import REGIONS, latency_record, policy, record

VPC, OTHER = "vpc-1a2b3c4d", "vpc-0f0e0d0c0b0a09080"
PRIVATE = {
    "Id": "Z2", "Name": "example.com.", "Config": {"PrivateZone": True},
    "VPCs": [{"VPCRegion": "eu-west-1", "VPCId": VPC}],
    "ResourceRecordSets": [record("www.example.com.", "A", "10.0.0.1"), record("in.example.com.", "A", "10.0.0.2"),
                           *(latency_record("api.example.com.", region, address)
                             for region, address in REGIONS.items())],
}


def split_horizon(**more):
    described = policy([record("www.example.com.", "A", "192.0.2.1"), record("out.example.com.", "A", "192.0.2.2")],
                       **more)
    described["HostedZones"].append(PRIVATE)
    return described


@pytest.fixture
def daemon(serve):
    return serve(split_horizon(), "--dns", "127.0.0.1:0", "--dns", f"127.0.0.1:0={VPC}",
                 "--dns", f"127.0.0.1:0={OTHER}")


def test_each_socket_sees_its_own_zone(daemon):  # D21, D23
    assert daemon.dig("www.example.com").values == ["192.0.2.1"]
    assert daemon.dig("www.example.com", at=1).values == ["10.0.0.1"]
    assert daemon.dig("www.example.com", at=2).values == ["192.0.2.1"]  # a VPC without private zones
    assert daemon.dig("in.example.com").rcode == "NXDOMAIN"
    assert daemon.dig("in.example.com", at=1).values == ["10.0.0.2"]
    assert daemon.dig("out.example.com", at=1).rcode == "NXDOMAIN"
    assert daemon.dig("out.example.com", at=2).values == ["192.0.2.2"]


def test_a_private_zone_knows_no_client_subnet(daemon):  # E3, LT4
    dug = daemon.dig("api.example.com", "A", "+subnet=198.51.100.0/24", at=1)
    assert dug.values == [REGIONS["eu-central-1"]]  # the closest to eu-west-1
    assert dug.subnet == "198.51.100.0/24/0"


def test_status_tells_the_answers_of_each_vpc(daemon):
    answers = daemon.status("?name=api.example.com")["answers"]
    assert [(a["vpc"], a["place"], a["region"]) for a in answers] == [(VPC, "eu-west-1", "eu-central-1")]
    assert daemon.status(f"?name=api.example.com&place={VPC}")["answers"] == answers
    assert daemon.status("?name=api.example.com&place=DE")["answers"] == []


def test_explain_says_in_which_vpc_the_client_is(daemon):
    told = run("explain", "--server", daemon.url, "api.example.com", "--client", VPC)
    assert f"in VPC {VPC}, eu-west-1\n" in told.stdout
    assert run("explain", "--policy", daemon.path, "api.example.com", "--client", "vpc-9").returncode == 2


def test_clients_are_in_a_vpc_by_their_address(serve):
    vpcs = [{"VPCId": VPC, "VPCRegion": "eu-west-1", "CidrBlocks": ["127.0.0.0/8"]}]
    daemon = serve(split_horizon(VPCs=vpcs))
    assert daemon.dig("www.example.com").values == ["10.0.0.1"]


def test_a_reload_moves_a_zone_to_another_vpc(daemon):
    moved = split_horizon()
    moved["HostedZones"][1] = PRIVATE | {"VPCs": [{"VPCRegion": "us-east-1", "VPCId": OTHER}]}
    daemon.reload(moved)
    assert daemon.dig("www.example.com", at=1).values == ["192.0.2.1"]
    assert daemon.dig("www.example.com", at=2).values == ["10.0.0.1"]


def test_of_two_public_zones_the_first_of_the_file_answers(serve):  # D23
    described = policy([record("www.example.com.", "A", "192.0.2.1")])
    second = {"Id": "Z0", "Name": "example.com.", "ResourceRecordSets": [record("www.example.com.", "A", "192.0.2.2")]}
    described["HostedZones"].append(second)
    daemon = serve(described)
    assert daemon.dig("www.example.com").values == ["192.0.2.1"]
    assert daemon.reload(described)["hosted_zones"] == 2
    assert daemon.dig("www.example.com").values == ["192.0.2.1"]
    described["HostedZones"].reverse()
    daemon.reload(described)
    assert daemon.dig("www.example.com").values == ["192.0.2.2"]
