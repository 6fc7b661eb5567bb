"""Several Route 53 locations in one daemon: Simulator.Locations."""
from serving import latency_record, policy


def test_each_location_has_its_say_in_status_and_explanations(serve):
    daemon = serve(policy([latency_record("www.example.com.", "us-east-1", "192.0.2.1", "c")],
                          [{"Id": "c", "HealthCheckConfig": {"Type": "TCP", "IPAddress": "127.0.0.1", "Port": 9,
                                                             "Disabled": True, "Inverted": True}}],
                          simulator={"Locations": ["us", "eu"]}))
    told = daemon.check("c")["locations"]
    assert [(at["location"], at["status"]) for at in told] == [("us", "unhealthy"), ("eu", "unhealthy")]
    assert told[1]["checkers"] == {"total": 16, "healthy": 16, "needed": 3}
    explained = daemon.request("/explain?name=www.example.com&location=eu").json
    assert explained["answer"]["fail_open"] is True
    assert daemon.request("/explain?name=www.example.com&location=sa").status == 400
    daemon.impose("c", Inverted=False)
    assert daemon.log().count("location=eu") == 1 and daemon.log().count("location=us") == 1
