"""The Route 53 API of the daemon: who may call it, what is visible when, and what is written down."""

import pytest

import real_clients
from api import NAMESPACE, Api, Refused
from harness import run, wait_until
from serving import check, policy, record


def zone_of(daemon, name="example.com"):
    with Api(daemon.http) as api:
        return api.create_zone(name)


def test_a_change_is_in_dns_when_the_reply_is_there(serve):
    daemon = serve()
    zone = zone_of(daemon)
    with Api(daemon.http) as api:
        for number in range(1, 100):
            api.change(zone, [("UPSERT", "www.example.com.", "A", [f"192.0.2.{number}"])])
            assert daemon.dig("www.example.com").values == [f"192.0.2.{number}"] if number % 20 == 0 else True
        api.change(zone, [("DELETE", "www.example.com.", "A", ["192.0.2.99"])])
        assert daemon.dig("www.example.com").rcode == "NXDOMAIN"


def test_a_batch_is_made_whole_or_not_at_all(serve):
    daemon = serve()
    zone = zone_of(daemon)
    with Api(daemon.http) as api:
        with pytest.raises(Refused, match="InvalidChangeBatch"):
            api.change(zone, [("CREATE", "www.example.com.", "A", ["192.0.2.1"]),
                              ("DELETE", "none.example.com.", "A", ["192.0.2.1"])])
    assert daemon.dig("www.example.com").rcode == "NXDOMAIN"


def test_the_journal_tells_what_the_api_changed(serve):
    daemon = serve()
    zone = zone_of(daemon)
    with Api(daemon.http) as api:
        api.change(zone, [("UPSERT", "www.example.com.", "A", ["192.0.2.1"])])
        with pytest.raises(Refused):
            api.change("Z0NONE", [("UPSERT", "www.example.com.", "A", ["192.0.2.1"])])
        api.call("GET", "/hostedzone")
    journal = [(e["who"], e["what"], e["on"]) for e in daemon.request("/admin/journal").json["journal"]]
    assert journal == [("anonymous", "CreateHostedZone", [f"hostedzone/{zone}"]),
                       ("anonymous", "ChangeResourceRecordSets", [zone, "UPSERT www.example.com. A"])]


# --- state -------------------------------------------------------------------------------------------------


def seeded(*values):
    return policy([record("www.example.com.", "A", *values)])


def change(daemon, name, value, action="UPSERT"):
    with Api(daemon.http) as api:
        api.change("Z1", [(action, name, "A", [value])])


def test_a_policy_file_is_the_seed_and_the_state_goes_on_from_there(serve, tmp_path):
    state = ["--state", str(tmp_path / "state.db")]
    daemon = serve(seeded("192.0.2.1"), *state)
    change(daemon, "www.example.com.", "192.0.2.2")
    change(daemon, "new.example.com.", "192.0.2.3")
    daemon.process.kill()
    daemon = serve(seeded("192.0.2.1"), *state)
    assert daemon.dig("www.example.com").values == ["192.0.2.2"] and daemon.dig("new.example.com").values == ["192.0.2.3"]
    daemon.process.kill()
    daemon = serve(None, *state)  # no file says nothing; an empty one would say that nothing is there
    assert daemon.dig("www.example.com").values == ["192.0.2.2"] and daemon.dig("new.example.com").values == ["192.0.2.3"]


def test_a_reload_follows_what_the_file_changed_and_keeps_the_rest(serve):
    daemon = serve(policy([record("a.example.com.", "A", "192.0.2.1"), record("b.example.com.", "A", "192.0.2.1")]))
    change(daemon, "a.example.com.", "192.0.2.2")
    change(daemon, "b.example.com.", "192.0.2.2")
    change(daemon, "c.example.com.", "192.0.2.2")
    daemon.reload(policy([record("a.example.com.", "A", "192.0.2.1"), record("b.example.com.", "A", "192.0.2.9")]))
    assert [daemon.dig(f"{name}.example.com").values for name in "abc"] == [["192.0.2.2"], ["192.0.2.9"], ["192.0.2.2"]]
    last = daemon.request("/admin/journal").json["journal"][-1]
    assert (last["who"], last["what"]) == ("nearwell", "reload") and "1 overridden" in last["why"]
    assert "event=policy_overrides_api" in daemon.log()


# --- credentials -------------------------------------------------------------------------------------------


@pytest.fixture
def keys(tmp_path):
    path = tmp_path / "keys"
    path.write_text("{AWS_ACCESS_KEY_ID} {AWS_SECRET_ACCESS_KEY}\n".format(**real_clients.CREDENTIALS), "utf-8")
    return path


def test_with_keys_every_call_is_signed_with_one_of_them(serve, keys, tmp_path):
    real_clients.need_boto3()
    import botocore.exceptions
    daemon = serve(None, "--api-keys-file", str(keys))
    with Api(daemon.http) as api, pytest.raises(Refused, match="403 MissingAuthenticationToken"):
        api.call("GET", "/hostedzone")
    client = real_clients.boto3_client(daemon.url, tmp_path)
    client.create_hosted_zone(Name="example.com", CallerReference="a")
    assert daemon.request("/admin/journal").json["journal"][-1]["who"] == "AKIDEXAMPLE"
    keys.write_text("AKIDEXAMPLE another-secret\n", "utf-8")
    other = real_clients.boto3_client(serve(None, "--api-keys-file", str(keys)).url, tmp_path)
    with pytest.raises(botocore.exceptions.ClientError, match="SignatureDoesNotMatch"):
        other.list_hosted_zones()


def test_a_web_page_cannot_call_it(serve):
    daemon = serve()
    page = {"Origin": "https://www.example.com"}
    assert daemon.request("/2013-04-01/hostedzone", headers=page).status == 403
    body = f'<CreateHostedZoneRequest xmlns="{NAMESPACE}"><Name>a.</Name><CallerReference>a</CallerReference></CreateHostedZoneRequest>'
    assert daemon.request("/2013-04-01/hostedzone", "POST", body, page).status == 403
    assert daemon.request("/2013-04-01/hostedzone", "POST", body, {"Origin": "http://127.0.0.1:3000"}).status == 201


@pytest.mark.parametrize("text, why", [("", "no key"), ("ONLYID\n", ":1:")])
def test_a_bad_file_of_keys_is_refused(tmp_path, text, why):
    path = tmp_path / "keys"
    path.write_text(text)
    done = run("serve", "--dns", "127.0.0.1:0", "--http", "127.0.0.1:0", "--api-keys-file", str(path))
    assert done.returncode == 2 and f"--api-keys-file {path}" in done.stderr


# --- faults ------------------------------------------------------------------------------------------------


def test_faults_of_the_api_leave_dns_alone(serve):
    daemon = serve(None, "--clock", "manual")
    zone_of(daemon)
    daemon.request("/admin/api", "POST", {"Fault": "ServiceUnavailable", "For": "60m"})
    with Api(daemon.http) as api:
        with pytest.raises(Refused, match="503 ServiceUnavailable"):
            api.call("GET", "/hostedzone")
        assert daemon.dig("example.com", "SOA").rcode == "NOERROR"
        daemon.request("/admin/clock", "POST", {"Advance": "60m"})
        api.call("GET", "/hostedzone")
        daemon.request("/admin/api", "POST", {"ThrottleRequestsPerSecond": 5})
        for _ in range(5):
            api.call("GET", "/hostedzone")
        with pytest.raises(Refused, match="400 Throttling: Rate exceeded"):
            api.call("GET", "/hostedzone")
        shown = daemon.request("/admin/api").json
        assert shown == {"ThrottleRequestsPerSecond": 5, "OneChangeAtATime": False, "Fault": "None"}
        assert daemon.request("/admin/api", "DELETE").json["ThrottleRequestsPerSecond"] == 0
        api.call("GET", "/hostedzone")
    daemon.request("/admin/api", "POST", {"Fault": "Drop"})
    with Api(daemon.http) as api, pytest.raises(OSError):
        api.call("GET", "/hostedzone")


def test_what_is_no_call_gets_an_answer_in_xml(serve):
    daemon = serve()
    for method, path, body in (("GET", "/2013-04-01/nothing", None), ("PATCH", "/2013-04-01/hostedzone", None),
                               ("POST", "/2013-04-01/hostedzone", "<a"),
                               ("POST", "/2013-04-01/hostedzone", f'<CreateHostedZoneRequest xmlns="{NAMESPACE}"/>')):
        answer = daemon.request(path, method, body)
        assert 400 <= answer.status < 500 and answer.body.startswith("<?xml"), (path, answer.body)


# --- propagation -------------------------------------------------------------------------------------------


def health_check_call(daemon, path, body):
    with Api(daemon.http) as api:
        return api.call("POST", path, body)


# B4
def test_a_change_is_pending_until_the_delay_of_the_policy_is_over(serve):
    daemon = serve(policy([record("www.example.com.", "A", "192.0.2.1")], simulator={"RecordDelaySeconds": 30}),
                   "--clock", "manual")
    with Api(daemon.http) as api:
        ident = api.change("Z1", [("UPSERT", "www.example.com.", "A", ["192.0.2.2"])]).findtext("ChangeInfo/Id")
        daemon.request("/admin/clock", "POST", {"Advance": "20s"})
        api.change("Z1", [("UPSERT", "new.example.com.", "A", ["192.0.2.3"])])
        listed = [e.text for e in api.call("GET", "/hostedzone/Z1/rrset").iter("Value")]
        assert "192.0.2.2" in listed and "192.0.2.3" in listed  # at once
        for advance, status, www, new in (("9999ms", "PENDING", "192.0.2.1", []), ("1ms", "INSYNC", "192.0.2.2", []),
                                          ("20s", "INSYNC", "192.0.2.2", ["192.0.2.3"])):
            daemon.request("/admin/clock", "POST", {"Advance": advance})
            assert api.call("GET", ident).findtext("ChangeInfo/Status") == status
            assert daemon.dig("www.example.com").values == [www] and daemon.dig("new.example.com").values == new


# B4: there is no ChangeInfo of a health check.
def test_health_checks_overtake_records_that_wait(serve):
    checked = record("www.example.com.", "A", "192.0.2.1", SetIdentifier="p", Failover="PRIMARY", HealthCheckId="c1")
    spare = record("www.example.com.", "A", "192.0.2.9", SetIdentifier="s", Failover="SECONDARY")
    daemon = serve(policy([checked, spare], [check("c1", "192.0.2.1:80", interval=30)],
                          simulator={"RecordDelaySeconds": 30}), "--clock", "manual")
    change(daemon, "new.example.com.", "192.0.2.3")
    health_check_call(daemon, "/healthcheck/c1", f'<UpdateHealthCheckRequest xmlns="{NAMESPACE}"><Inverted>true'
                      "</Inverted></UpdateHealthCheckRequest>")
    assert daemon.dig("www.example.com").values == ["192.0.2.9"]
    assert daemon.dig("new.example.com").rcode == "NXDOMAIN"
    daemon.request("/admin/clock", "POST", {"Advance": "30s"})
    assert daemon.dig("www.example.com").values == ["192.0.2.9"]
    assert daemon.dig("new.example.com").values == ["192.0.2.3"]


# Only health checks overtake: a collection that did would be lost with the records that wait.
def test_a_new_collection_comes_after_records_that_wait(serve, tmp_path):
    real_clients.need_boto3()
    daemon = serve(policy([], simulator={"RecordDelaySeconds": 30}), "--clock", "manual")
    client = real_clients.boto3_client(daemon.url, tmp_path)
    change(daemon, "new.example.com.", "192.0.2.3")
    collection = client.create_cidr_collection(Name="c", CallerReference="c")["Collection"]["Id"]
    client.change_resource_record_sets(HostedZoneId="Z1", ChangeBatch={"Changes": [{
        "Action": "CREATE", "ResourceRecordSet": {
            "Name": "www.example.com", "Type": "A", "TTL": 60, "SetIdentifier": "all",
            "ResourceRecords": [{"Value": "192.0.2.4"}],
            "CidrRoutingConfig": {"CollectionId": collection, "LocationName": "*"}}}]})
    daemon.request("/admin/clock", "POST", {"Advance": "30s"})
    assert daemon.dig("new.example.com").values == ["192.0.2.3"]
    assert daemon.dig("www.example.com").values == ["192.0.2.4"]


def test_the_delay_is_real_time_with_a_real_clock(serve):
    daemon = serve(policy([], simulator={"RecordDelaySeconds": 0.2}))
    change(daemon, "new.example.com.", "192.0.2.3")
    wait_until(lambda: daemon.dig("new.example.com").values == ["192.0.2.3"])
