"""Traffic policies as clients use them: a document becomes answers, follows health, is replaced and taken back."""
import json

import pytest

import real_clients
from test_real_clients import EAST, PLACES, WEST, check_config

NAME, SPARE = "flow.example.com.", "192.0.2.99"


def document(primary_check, other_check, spare=SPARE):
    """The nearest of two regions; in the first one a spare for when it is down."""
    return json.dumps({
        "AWSPolicyFormatVersion": "2015-10-01", "RecordType": "A", "StartRule": "nearest",
        "Endpoints": {"east": {"Type": "value", "Value": EAST}, "west": {"Type": "value", "Value": WEST},
                      "spare": {"Type": "value", "Value": spare}},
        "Rules": {
            "nearest": {"RuleType": "latency", "Regions": [
                {"Region": "us-east-1", "RuleReference": "east with a spare", "EvaluateTargetHealth": True},
                {"Region": "eu-west-1", "EndpointReference": "west", "HealthCheck": other_check}]},
            "east with a spare": {"RuleType": "failover",
                                  "Primary": {"EndpointReference": "east", "HealthCheck": primary_check},
                                  "Secondary": {"EndpointReference": "spare"}}}})


@pytest.fixture
def setup(serve, tmp_path):
    """A daemon with a state file and boto3's client of it, a zone, two checks."""
    real_clients.need_boto3()

    class Setup:
        def start(self):
            self.daemon = serve(PLACES, "--clock", "manual", "--state", str(tmp_path / "state.db"))
            self.client = real_clients.boto3_client(self.daemon.url, tmp_path)

        def answers(self, kind="A"):
            """What clients in Virginia and in Germany get."""
            return [self.daemon.dig(NAME, kind, f"+subnet={subnet}").values
                    for subnet in ("203.0.113.0/24", "192.0.2.0/24")]

        def create_policy(self, name, text):
            return self.client.create_traffic_policy(Name=name, Document=text)["TrafficPolicy"]["Id"]

    it = Setup()
    it.start()
    it.zone = it.client.create_hosted_zone(Name="example.com", CallerReference="a")["HostedZone"]["Id"].split("/")[-1]
    it.checks = [it.client.create_health_check(CallerReference=a, HealthCheckConfig=check_config(a))["HealthCheck"]["Id"]
                 for a in (EAST, WEST)]
    return it


def invert(setup, check, inverted):
    setup.client.update_health_check(HealthCheckId=check, Inverted=inverted)


def ttl(setup):
    return setup.daemon.dig(NAME).answer[0][1]


def test_a_policy_answers_follows_health_and_leaves_nothing(setup):
    policy = setup.create_policy("nearest", document(*setup.checks))
    created = setup.client.create_traffic_policy_instance(
        HostedZoneId=setup.zone, Name=NAME, TTL=30, TrafficPolicyId=policy, TrafficPolicyVersion=1)
    instance = created["TrafficPolicyInstance"]["Id"]
    assert created["Location"].endswith(f"/2013-04-01/trafficpolicyinstance/{instance}")
    assert created["TrafficPolicyInstance"]["State"] == "Applied"
    assert setup.answers() == [[EAST], [WEST]] and ttl(setup) == "30"
    invert(setup, setup.checks[0], True)
    assert setup.answers() == [[SPARE], [WEST]]
    invert(setup, setup.checks[1], True)
    assert setup.answers() == [[SPARE], [SPARE]]
    for check in setup.checks:
        invert(setup, check, False)

    listed = setup.client.list_resource_record_sets(HostedZoneId=setup.zone)["ResourceRecordSets"]
    assert [s for s in listed if s["Type"] == "A"] == [{"Name": NAME, "Type": "A", "TrafficPolicyInstanceId": instance}]
    why = setup.daemon.request(f"/explain?name={NAME}&type=A&client=203.0.113.0/24").json
    assert "1 east" in json.dumps(why)  # the endpoint that was chosen, by its name in the document

    setup.client.create_traffic_policy_version(Id=policy, Document=document(*reversed(setup.checks), spare="192.0.2.98"))
    setup.client.update_traffic_policy_instance(Id=instance, TTL=45, TrafficPolicyId=policy, TrafficPolicyVersion=2)
    invert(setup, setup.checks[1], True)
    assert setup.answers() == [["192.0.2.98"], [WEST]] and ttl(setup) == "45"
    invert(setup, setup.checks[1], False)

    setup.client.delete_traffic_policy_instance(Id=instance)
    assert setup.daemon.dig(NAME).rcode == "NXDOMAIN"
    for version in (1, 2):
        setup.client.delete_traffic_policy(Id=policy, Version=version)
    setup.client.delete_hosted_zone(Id=setup.zone)


def test_an_instance_survives_kill_9_and_a_reload(setup):
    policy = setup.create_policy("nearest", document(*setup.checks))
    setup.client.create_traffic_policy_instance(HostedZoneId=setup.zone, Name=NAME, TTL=30, TrafficPolicyId=policy,
                                                TrafficPolicyVersion=1)
    setup.daemon.process.kill()
    setup.start()
    assert setup.answers() == [[EAST], [WEST]]
    setup.daemon.reload({**PLACES, "Clients": [{"Cidr": "192.0.2.0/24", "Place": "US-VA"}]})
    assert setup.answers() == [[EAST], [EAST]]
    setup.client.change_resource_record_sets(HostedZoneId=setup.zone, ChangeBatch={"Changes": [
        {"Action": "CREATE", "ResourceRecordSet": {"Name": "a.example.com", "Type": "A", "TTL": 1,
                                                   "ResourceRecords": [{"Value": "192.0.2.5"}]}}]})
    assert setup.answers() == [[EAST], [EAST]]  # other changes of the zone leave it alone
    assert setup.client.get_traffic_policy_instance_count()["TrafficPolicyInstanceCount"] == 1


def test_an_instance_takes_its_time_to_reach_the_servers(serve, tmp_path):  # B4
    real_clients.need_boto3()
    daemon = serve({**PLACES, "Simulator": {"RecordDelaySeconds": 60}}, "--clock", "manual")
    client = real_clients.boto3_client(daemon.url, tmp_path)
    zone = client.create_hosted_zone(Name="example.com", CallerReference="a")["HostedZone"]["Id"].split("/")[-1]
    text = json.dumps({"AWSPolicyFormatVersion": "2015-10-01", "RecordType": "A", "StartEndpoint": "east",
                       "Endpoints": {"east": {"Value": EAST}}})
    policy = client.create_traffic_policy(Name="p", Document=text)["TrafficPolicy"]["Id"]
    daemon.request("/admin/clock", "POST", {"Advance": "60s"})
    instance = client.create_traffic_policy_instance(HostedZoneId=zone, Name=NAME, TTL=30, TrafficPolicyId=policy,
                                                     TrafficPolicyVersion=1)["TrafficPolicyInstance"]

    def seen():
        state = client.get_traffic_policy_instance(Id=instance["Id"])["TrafficPolicyInstance"]["State"]
        return state, daemon.dig(NAME).values
    daemon.request("/admin/clock", "POST", {"Advance": "59s"})
    assert seen() == ("Creating", [])
    daemon.request("/admin/clock", "POST", {"Advance": "1s"})
    assert seen() == ("Applied", [EAST])


def test_the_aws_cli_lists_instances_and_shows_what_is_refused(setup, tmp_path):
    real_clients.need_aws()
    aws = real_clients.Aws(setup.daemon.url, tmp_path)
    policy = aws("create-traffic-policy", name="nearest", document=document(*setup.checks))["TrafficPolicy"]["Id"]
    for name in ("a.example.com", "b.example.com"):
        aws("create-traffic-policy-instance", hosted_zone_id=setup.zone, name=name, ttl=60, traffic_policy_id=policy,
            traffic_policy_version=1)
    first = aws("list-traffic-policy-instances", max_items=1)
    assert [i["Name"] for i in first["TrafficPolicyInstances"]] == ["a.example.com."] and first["IsTruncated"]
    assert first["TrafficPolicyInstanceNameMarker"] == "b.example.com."
    by_policy = aws("list-traffic-policy-instances-by-policy", traffic_policy_id=policy, traffic_policy_version=1)
    assert len(by_policy["TrafficPolicyInstances"]) == 2
    done = aws.run("delete-traffic-policy", "--id", policy, "--traffic-policy-version", "1")
    assert done.returncode == 254 and "(TrafficPolicyInUse)" in done.stderr
    done = aws.run("create-traffic-policy", "--name", "bad", "--document", document("a", "b", spare="::1"))
    assert done.returncode == 254 and "rule east with a spare" in done.stderr and "IPv4" in done.stderr
