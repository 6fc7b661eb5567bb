"""Health checks of the types that are more than a connection or a status code, in the real daemon."""
import http.server
import threading

import pytest

from serving import check, policy


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.paths.append(self.path)
        body = b"all is OK-42 here" if self.path == "/good" else b"all is ok-42 here"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def origin():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.paths = []
        server.endpoint = f"127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def bare(ident, **config):
    return {"Id": ident, "HealthCheckConfig": config}


def checks(origin, threshold=2):
    return policy([], [
        check("good", origin.endpoint, "HTTP_STR_MATCH", "/good", SearchString="OK-42"),
        check("bad", origin.endpoint, "HTTP_STR_MATCH", "/bad", SearchString="OK-42"),
        bare("off", Type="HTTP", IPAddress="127.0.0.1", Disabled=True),
        bare("sum", Type="CALCULATED", HealthThreshold=threshold, ChildHealthChecks=["good", "bad", "off"])])


def test_ex17_a_string_in_the_body_decides(serve, origin):
    daemon = serve(checks(origin))
    daemon.wait_health("bad", "unhealthy")
    assert daemon.health("good") == "healthy"
    assert "search string" in daemon.check("bad")["last_observations"][0]["reason"]


# S12
def test_a_recovery_control_is_switched_by_hand(serve):
    daemon = serve(policy([], [bare("switch", Type="RECOVERY_CONTROL", RoutingControlArn="arn:aws:x"),
                               bare("off", Type="HTTP", IPAddress="127.0.0.1", Disabled=True)]))
    assert daemon.health("switch") == "healthy"
    assert daemon.impose("switch", RoutingControl="Off")["status"] == "unhealthy"
    assert daemon.impose("switch", Verdict="healthy")["raw_status"] == "unhealthy"
    assert daemon.impose("switch", Verdict="auto", RoutingControl="On")["status"] == "healthy"
    for ident, state in (("off", "On"), ("switch", "Maybe")):
        refused = daemon.request(f"/admin/health-checks/{ident}", "POST", {"RoutingControl": state})
        assert refused.status == 400 and "RoutingControl" in refused.body


# EX15, H16
def test_ex15_a_calculated_check_follows_its_children(serve, origin):
    daemon = serve(checks(origin))
    daemon.wait_health("bad", "unhealthy")
    parent = daemon.check("sum")
    assert (parent["type"], parent["status"], parent["endpoint"]) == ("CALCULATED", "healthy", None)
    assert parent["checkers"] == {"total": 3, "healthy": 2, "needed": 2}
    assert parent["last_observations"] == []
    daemon.impose("off", Verdict="unhealthy")
    assert daemon.health("sum") == "unhealthy"
    assert "cause=child" in daemon.log()
    daemon.impose("off", Verdict="auto")
    assert daemon.health("sum") == "healthy"
    daemon.reload(checks(origin, threshold=3))
    assert daemon.health("sum") == "unhealthy"
