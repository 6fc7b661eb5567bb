"""The health of AWS resources, set while the daemon runs: /admin/resources."""
from serving import policy

LB = "my-lb.us-east-1.elb.amazonaws.com."


def alias(role, **target):
    return {"Name": "www.example.com.", "Type": "A", "SetIdentifier": role, "Failover": role,
            "AliasTarget": {"HostedZoneId": "Z35SXDOTRQ7X7K", "DNSName": LB, "EvaluateTargetHealth": True, **target}}


def described(healthy=True):
    return policy([alias("PRIMARY"),
                   {"Name": "www.example.com.", "Type": "A", "SetIdentifier": "SECONDARY", "Failover": "SECONDARY",
                    "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.9"}]}],
                  Resources=[{"DNSName": LB, "HostedZoneId": "Z35SXDOTRQ7X7K", "Type": "ALB", "Healthy": healthy,
                              "ResourceRecords": {"A": ["192.0.2.1"]}},
                             {"DNSName": "d1.cloudfront.net", "HostedZoneId": "Z2FDTNDATAQYW2", "Type": "CloudFront",
                              "ResourceRecords": {"A": ["192.0.2.2"]}}])


def post(daemon, name, **change):
    return daemon.request(f"/admin/resources/{name}", "POST", change)


# Q3, T6
def test_a_load_balancer_can_be_taken_down_and_up_at_run_time(serve):
    daemon = serve(described())
    assert daemon.dig("www.example.com").values == ["192.0.2.1"]
    down = post(daemon, "dualstack.My-LB.us-east-1.elb.amazonaws.com", Healthy=False, Reason="rehearsal")
    assert down.status == 200 and down.json["status"] == "unhealthy" and down.json["policy_status"] == "healthy"
    assert daemon.dig("www.example.com").values == ["192.0.2.9"]
    listed = daemon.status()["resources"]
    assert [r["status"] for r in listed] == ["unhealthy", "healthy"]
    assert listed[0]["override"]["Reason"] == "rehearsal" and listed[0]["override"]["until"] is None
    told = daemon.request("/explain?name=www.example.com&format=text").body
    assert "unhealthy (set, against the policy)" in told
    daemon.reload(described())
    assert daemon.dig("www.example.com").values == ["192.0.2.9"]
    assert daemon.request(f"/admin/resources/{LB}", "DELETE").json["override"] is None
    assert daemon.dig("www.example.com").values == ["192.0.2.1"]
    daemon.reload(described(healthy=False))
    assert daemon.request(f"/admin/resources/{LB}").json["status"] == "unhealthy"
    assert "event=resource_set" in daemon.log() and "event=resource_changed" in daemon.log()


def test_what_cannot_be_set_is_refused(serve):
    daemon = serve(described())
    assert post(daemon, "d1.cloudfront.net", Healthy=False).status == 400
    assert post(daemon, LB).status == 400
    assert post(daemon, LB, Healthy=False, For="soon").status == 400
    assert post(daemon, "other.example", Healthy=False).status == 404
    assert daemon.request(f"/admin/resources/{LB}", "DELETE").status == 404
    assert daemon.request(f"/admin/resources/{LB}", "PUT", {}).status == 405


def test_what_is_set_for_a_time_ends_by_itself(serve):
    daemon = serve(described(), "--clock", "manual")
    assert post(daemon, LB, Healthy=False, For="10m").json["override"]["until"]
    assert daemon.request("/admin/clock", "POST", {"Advance": "599s"}).status == 200
    assert daemon.dig("www.example.com").values == ["192.0.2.9"]
    daemon.request("/admin/clock", "POST", {"Advance": "1s"})
    assert daemon.dig("www.example.com").values == ["192.0.2.1"]
