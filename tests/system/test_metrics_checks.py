"""Health checks of CloudWatch metrics, fed from outside."""
import json
import time

import real_clients
from harness import run
from serving import latency_record, policy

ALARM = {"AlarmName": "errors", "Region": "eu-west-1", "Namespace": "App", "MetricName": "Errors",
         "Dimensions": [{"Name": "Service", "Value": "api"}], "Statistic": "Average", "Period": 60,
         "EvaluationPeriods": 3, "Threshold": 80, "ComparisonOperator": "GreaterThanThreshold",
         "StateValue": "ALARM"}


def metric_check(version=1, **config):
    return {"Id": "metric", "HealthCheckVersion": version, "HealthCheckConfig": {
        "Type": "CLOUDWATCH_METRIC", "AlarmIdentifier": {"Region": "eu-west-1", "Name": "errors"}, **config}}


def described(threshold=80, version=1):
    return policy([latency_record("www.example.com.", "us-east-1", "192.0.2.1", "metric"),
                   latency_record("www.example.com.", "eu-west-1", "192.0.2.2")],
                  [metric_check(version)], {"203.0.113.0/24": "US-VA"},
                  Alarms=[{**ALARM, "Threshold": threshold}])


def data(*values):
    """One value in each of the minutes before this one, and in the coming ones too, so that the test may
    cross the end of a minute."""
    minute = int(time.time()) // 60 * 60
    return {"Namespace": "App", "MetricData": [
        {"MetricName": "Errors", "Dimensions": [{"Name": "Service", "Value": "api"}], "Value": value,
         "Timestamp": minute + 60 * (at - 6)} for value in values for at in range(10)]}


# S9, S10, EX16
def test_ex16_metric_data_turns_a_check_and_the_alarm_s_state_does_not(serve):
    daemon = serve(described())
    found = daemon.check("metric")
    assert (found["status"], found["metric"]["evaluation"]) == ("healthy", "INSUFFICIENT_DATA")
    answer = daemon.request("/admin/metrics", "POST", data(90))
    assert (answer.status, answer.json["accepted"], answer.json["ignored"]) == (200, 10, 0)
    found = daemon.check("metric")
    assert (found["status"], found["metric"]["evaluation"], found["metric"]["value"]) == ("unhealthy", "ALARM", 90)
    assert daemon.dig("www.example.com", "A", "+subnet=203.0.113.0/24").values == ["192.0.2.2"]
    assert "cause=metric" in daemon.log() and "evaluation=ALARM" in daemon.log()
    daemon.reload(described(threshold=95))
    assert daemon.health("metric") == "unhealthy"
    assert daemon.check("metric")["metric"]["CloudWatchAlarmConfiguration"]["Threshold"] == 80
    daemon.reload(described(threshold=95, version=2))
    assert daemon.health("metric") == "healthy"


# S10, EX16: a check of the API and one of the policy file; their copies are in the state file.
def test_ex16_an_edited_alarm_counts_when_an_update_sends_it_again(serve, tmp_path):
    real_clients.need_boto3()

    def start(threshold):
        daemon = serve(described(threshold), "--state", str(tmp_path / "state"))
        return daemon, real_clients.boto3_client(daemon.url, tmp_path)

    def found():
        assert daemon.request("/admin/metrics", "POST", data(90)).status == 200
        checks = [client.get_health_check(HealthCheckId=ident)["HealthCheck"] for ident in idents]
        return [(check["CloudWatchAlarmConfiguration"]["Threshold"], daemon.health(check["Id"])) for check in checks]

    daemon, client = start(80)
    config = metric_check()["HealthCheckConfig"]
    idents = ["metric", client.create_health_check(CallerReference="a", HealthCheckConfig=config)["HealthCheck"]["Id"]]
    assert found() == [(80, "unhealthy")] * 2
    daemon.reload(described(95))
    for inverted in (True, False):
        for ident in idents:
            client.update_health_check(HealthCheckId=ident, Inverted=inverted)
        assert found() == [(80, "healthy" if inverted else "unhealthy")] * 2
    daemon.process.kill()
    daemon, client = start(95)
    assert daemon.health("metric") == "healthy"  # data was forgotten, settings were not
    assert found() == [(80, "unhealthy")] * 2
    for ident in idents:
        client.update_health_check(HealthCheckId=ident, AlarmIdentifier=config["AlarmIdentifier"])
    assert found() == [(95, "healthy")] * 2
    daemon.process.kill()
    daemon, client = start(80)
    assert found() == [(95, "healthy")] * 2
    assert "policy_overrides_api" not in daemon.log()


def test_metric_data_that_is_wrong_is_refused_with_its_place(serve):
    daemon = serve(described())
    answer = daemon.request("/admin/metrics", "POST", {"Namespace": "App", "MetricData": [{"Value": 1}]})
    assert answer.status == 400 and "missing field 'MetricName'" in answer.json["error"]


def test_a_file_of_metric_data_is_read_at_start_and_what_is_new_at_a_reload(serve, tmp_path):
    path = tmp_path / "metrics.jsonl"
    path.write_text(json.dumps(data(70)) + "\n\nnonsense\n")
    daemon = serve(described(), "--metrics", str(path))
    assert daemon.check("metric")["metric"]["evaluation"] == "OK"
    assert "line 3:1:1" in daemon.log()
    with path.open("a") as file:
        file.write(json.dumps(data(100)))
    daemon.reload(described())
    found = daemon.check("metric")["metric"]
    assert (found["evaluation"], found["value"]) == ("ALARM", 85)
    with path.open("a") as file:
        file.write("\n")
    daemon.reload(described())
    assert daemon.check("metric")["metric"]["value"] == 85


def test_a_file_of_metric_data_that_cannot_be_read_ends_the_start():
    done = run("serve", "--dns", "127.0.0.1:0", "--http", "127.0.0.1:0", "--metrics", "/nonexistent/file")
    assert done.returncode == 2 and "--metrics" in done.stderr
