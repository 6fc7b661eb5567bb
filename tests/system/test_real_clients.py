"""The story, told by the clients that people have: two regions behind one name, a health check that is told that up
means down, and back. Each step shows in the next answer that dig gets."""
import json
import pathlib

import pytest

import real_clients
from harness import curl
from serving import policy

# Where clients are is the policy's; the account is empty, and the API fills it.
PLACES = {**policy([], clients={"192.0.2.0/24": "DE", "203.0.113.0/24": "US-VA"}), "HostedZones": []}
SERVICE, EAST, WEST = "www.example.com.", "192.0.2.10", "198.51.100.20"
HERE = pathlib.Path(__file__).parent / "clients"


def check_config(address):
    return {"Type": "HTTP", "IPAddress": address, "Port": 80, "ResourcePath": "/health", "RequestInterval": 30,
            "FailureThreshold": 3}


def latency_set(region, address, check):
    return {"Name": SERVICE, "Type": "A", "SetIdentifier": region, "Region": region, "TTL": 60,
            "ResourceRecords": [{"Value": address}], "HealthCheckId": check}


def changes(action, checks):
    return {"Comment": "the story", "Changes": [
        {"Action": action, "ResourceRecordSet": latency_set("us-east-1", EAST, checks[0])},
        {"Action": action, "ResourceRecordSet": latency_set("eu-west-1", WEST, checks[1])}]}


@pytest.fixture
def daemon(serve):
    """Time stands, so that no probe interferes; endpoints are healthy."""
    return serve(PLACES, "--clock", "manual")


def answers(daemon):
    """What clients in Virginia and in Germany get."""
    return [daemon.dig(SERVICE, "A", f"+subnet={subnet}").values for subnet in ("203.0.113.0/24", "192.0.2.0/24")]


def tell_story(daemon, call):
    """call(operation, **input) -> output, in the shapes of the service model."""
    zone = call("CreateHostedZone", Name="example.com", CallerReference="story")["HostedZone"]["Id"]
    assert daemon.dig("example.com", "SOA").rcode == "NOERROR" and daemon.dig(SERVICE).rcode == "NXDOMAIN"
    checks = [call("CreateHealthCheck", CallerReference=address,
                   HealthCheckConfig=check_config(address))["HealthCheck"]["Id"] for address in (EAST, WEST)]
    change = call("ChangeResourceRecordSets", HostedZoneId=zone, ChangeBatch=changes("CREATE", checks))["ChangeInfo"]
    assert answers(daemon) == [[EAST], [WEST]]
    assert call("GetChange", Id=change["Id"])["ChangeInfo"]["Status"] == "INSYNC"
    listed = call("ListResourceRecordSets", HostedZoneId=zone)["ResourceRecordSets"]
    assert [(s["Type"], s.get("SetIdentifier")) for s in listed] == [
        ("NS", None), ("SOA", None), ("A", "eu-west-1"), ("A", "us-east-1")]
    assert {c["Id"] for c in call("ListHealthChecks")["HealthChecks"]} == set(checks)

    daemon.request("/admin/clock", "POST", {"Advance": "100s"})
    inverted = call("UpdateHealthCheck", HealthCheckId=checks[0], HealthCheckVersion=1, Inverted=True)["HealthCheck"]
    assert inverted["HealthCheckVersion"] == 2 and inverted["HealthCheckConfig"]["Inverted"] is True
    assert answers(daemon) == [[WEST], [WEST]]
    seen = call("GetHealthCheckStatus", HealthCheckId=checks[0])["HealthCheckObservations"]
    assert len(seen) == 16 and all(o["StatusReport"]["Status"].startswith("Success: HTTP Status Code: 200")
                                   for o in seen)  # H17
    test = call("TestDNSAnswer", HostedZoneId=zone, RecordName=SERVICE, RecordType="A",
                EDNS0ClientSubnetIP="203.0.113.0", EDNS0ClientSubnetMask="24")
    assert test["RecordData"] == [WEST] and test["ResponseCode"] == "NOERROR"

    call("UpdateHealthCheck", HealthCheckId=checks[0], HealthCheckVersion=2, Inverted=False)
    assert answers(daemon) == [[EAST], [WEST]]
    call("ChangeResourceRecordSets", HostedZoneId=zone, ChangeBatch=changes("DELETE", checks))
    assert daemon.dig(SERVICE).rcode == "NXDOMAIN"
    for check in checks:
        call("DeleteHealthCheck", HealthCheckId=check)
    call("DeleteHostedZone", Id=zone)
    assert daemon.dig("example.com", "SOA").rcode == "REFUSED"
    assert call("ListHealthChecks")["HealthChecks"] == [] and call("ListHostedZones")["HostedZones"] == []


def test_the_aws_cli_tells_the_story(daemon, tmp_path):
    real_clients.need_aws()
    aws = real_clients.Aws(daemon.url, tmp_path)

    def call(operation, **parameters):
        name = "".join("-" + c.lower() if c.isupper() else c for c in operation.replace("DNS", "Dns")).lstrip("-")
        return aws(name, cli_input_json=parameters)
    tell_story(daemon, call)


def test_boto3_tells_the_story(daemon, tmp_path):
    real_clients.need_boto3()
    client = real_clients.boto3_client(daemon.url, tmp_path)

    def call(operation, **parameters):
        name = "".join("_" + c.lower() if c.isupper() else c for c in operation.replace("DNS", "Dns")).lstrip("_")
        return getattr(client, name)(**parameters)
    tell_story(daemon, call)


def test_the_javascript_sdk_tells_the_story(daemon, tmp_path):
    real_clients.need_node()

    def call(operation, **parameters):
        return json.loads(real_clients.command(
            ["node", str(HERE / "call.js"), str(real_clients.NODE_MODULES), daemon.url, operation,
             json.dumps(parameters)], tmp_path))
    tell_story(daemon, call)


# --- the AWS CLI as people type it -------------------------------------------------------------------------


def test_the_aws_cli_waits_and_pages(daemon, tmp_path):
    real_clients.need_aws()
    aws = real_clients.Aws(daemon.url, tmp_path)
    zone = aws("create-hosted-zone", name="example.com", caller_reference="a")["HostedZone"]["Id"]
    many = [{"Action": "CREATE", "ResourceRecordSet": {"Name": f"h{i:03}.example.com", "Type": "A", "TTL": 60,
                                                       "ResourceRecords": [{"Value": "192.0.2.1"}]}}
            for i in range(350)]
    change = aws("change-resource-record-sets", hosted_zone_id=zone, change_batch={"Changes": many})["ChangeInfo"]
    assert aws.run("wait", "resource-record-sets-changed", "--id", change["Id"]).returncode == 0
    names = [s["Name"] for s in aws("list-resource-record-sets", hosted_zone_id=zone)["ResourceRecordSets"]]
    assert names == ["example.com."] * 2 + [f"h{i:03}.example.com." for i in range(350)]


def test_the_aws_cli_shows_our_errors(daemon, tmp_path):
    real_clients.need_aws()
    aws = real_clients.Aws(daemon.url, tmp_path)
    zone = aws("create-hosted-zone", name="example.com", caller_reference="a")["HostedZone"]["Id"]
    missing = {"Changes": [{"Action": "DELETE", "ResourceRecordSet": latency_set("us-east-1", EAST, "none")}]}
    done = aws.run("change-resource-record-sets", "--hosted-zone-id", zone, "--change-batch", json.dumps(missing))
    assert done.returncode == 254 and "(InvalidChangeBatch)" in done.stderr
    done = aws.run("get-hosted-zone", "--id", "Z0NONE")
    assert done.returncode == 254 and "(NoSuchHostedZone)" in done.stderr


def test_the_control_plane_is_down_while_dns_answers_on(daemon, tmp_path):
    real_clients.need_boto3()
    import botocore.exceptions
    client = real_clients.boto3_client(daemon.url, tmp_path)
    client.create_hosted_zone(Name="example.com", CallerReference="a")
    daemon.request("/admin/api", "POST", {"Fault": "ServiceUnavailable", "For": "60m"})
    with pytest.raises(botocore.exceptions.ClientError, match="ServiceUnavailable"):
        client.list_hosted_zones()
    assert daemon.dig("example.com", "SOA").rcode == "NOERROR"
    daemon.request("/admin/clock", "POST", {"Advance": "60m"})
    assert len(client.list_hosted_zones()["HostedZones"]) == 1
    daemon.request("/admin/api", "POST", {"ThrottleRequestsPerSecond": 5})
    for _ in range(5):
        client.list_hosted_zones()
    with pytest.raises(botocore.exceptions.ClientError, match=r"\(Throttling\).*Rate exceeded"):
        client.list_hosted_zones()


def upsert(client, zone, name, value):
    record_set = {"Name": name, "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": value}]}
    return client.change_resource_record_sets(
        HostedZoneId=zone, ChangeBatch={"Changes": [{"Action": "UPSERT", "ResourceRecordSet": record_set}]})


# B5
def test_a_zone_takes_one_change_at_a_time_and_boto3_tries_again(serve, tmp_path):
    real_clients.need_boto3()
    import botocore.exceptions
    daemon = serve(policy([], simulator={"RecordDelaySeconds": 30}), "--clock", "manual")
    daemon.request("/admin/api", "POST", {"OneChangeAtATime": True})
    client = real_clients.boto3_client(daemon.url, tmp_path)
    other = client.create_hosted_zone(Name="example.net", CallerReference="a")["HostedZone"]["Id"]
    daemon.request("/admin/clock", "POST", {"Advance": "30s"})
    change = upsert(client, "Z1", "a.example.com", "192.0.2.1")["ChangeInfo"]
    assert client.get_change(Id=change["Id"])["ChangeInfo"]["Status"] == "PENDING"
    with pytest.raises(botocore.exceptions.ClientError) as refused:
        upsert(client, "Z1", "b.example.com", "192.0.2.2")
    assert refused.value.response["Error"]["Code"] == "PriorRequestNotComplete"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    upsert(client, other, "www.example.net", "192.0.2.3")

    # What boto3 takes for a passing trouble it asks again by itself, and meanwhile the change gets in sync.
    def advance(**_):
        daemon.request("/admin/clock", "POST", {"Advance": "30s"})
    patient = real_clients.boto3_client(daemon.url, tmp_path, retries=1)
    patient.meta.events.register_first("needs-retry.route53.ChangeResourceRecordSets", advance)
    assert upsert(patient, "Z1", "b.example.com", "192.0.2.2")["ResponseMetadata"]["RetryAttempts"] == 1
    daemon.request("/admin/clock", "POST", {"Advance": "30s"})
    assert [daemon.dig(f"{name}.example.com").values for name in "ab"] == [["192.0.2.1"], ["192.0.2.2"]]


# --- names -------------------------------------------------------------------------------------------------


# The console's name of a health check is its tag Name.
def test_the_tag_name_is_the_name_of_a_health_check(daemon, tmp_path):
    real_clients.need_boto3()
    client = real_clients.boto3_client(daemon.url, tmp_path)
    made = client.create_health_check(CallerReference="a", HealthCheckConfig={
        "Type": "TCP", "IPAddress": "192.0.2.1", "Port": 80})["HealthCheck"]["Id"]

    def shown():
        return next(c["name"] for c in curl(daemon.url + "/status").json["health_checks"] if c["id"] == made)

    def retag(**change):
        client.change_tags_for_resource(ResourceType="healthcheck", ResourceId=made, **change)
    assert shown() is None
    retag(AddTags=[{"Key": "Name", "Value": "virginia /health"}, {"Key": "team", "Value": "edge"}])
    assert shown() == "virginia /health"
    retag(AddTags=[{"Key": "Name", "Value": "virginia again"}])
    assert shown() == "virginia again"
    retag(RemoveTagKeys=["Name"])
    assert shown() is None
