"""nearwell status, drain and release: what operators type while a daemon runs."""
import json

import pytest

from harness import run
from serving import check, latency_record, policy, three_regions

SILENT = "127.0.0.1:1"


def checked_regions():
    return three_regions([{**check(name, SILENT, interval=30), "Name": f"{name} /health"}
                          for name in ("central", "tokyo", "virginia")])


def answers(daemon):
    return [daemon.place_answer(place)[0] for place in ("DE", "JP", "US-VA")]


def succeed(*arguments):
    done = run(*arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


# EX3, S5
def test_drain_takes_clients_away_and_release_brings_them_back(serve):
    daemon = serve(checked_regions())
    assert answers(daemon) == ["192.0.2.1", "192.0.2.2", "192.0.2.3"]
    told = succeed("drain", "eu-central-1", "--for", "2h", "--reason", "kernel update", "--server", daemon.url)
    assert told.startswith("drained eu-central-1 until 20") and "Z: kernel update\n" in told
    assert "  unhealthy  central  central /health\n" in told
    assert answers(daemon) == ["192.0.2.3", "192.0.2.2", "192.0.2.3"]
    assert daemon.check("central")["override"]["Reason"] == "kernel update"
    assert "released eu-central-1\n" in succeed("release", "eu-central-1", "--server", daemon.url)
    assert answers(daemon) == ["192.0.2.1", "192.0.2.2", "192.0.2.3"]
    assert daemon.check("central")["override"] is None


@pytest.mark.parametrize("word", ["tokyo", "tokyo /health"], ids=["id", "name"])
def test_one_check_is_drained_by_its_id_or_its_name(serve, word):
    daemon = serve(checked_regions())
    succeed("drain", word, "--server", daemon.url)
    assert answers(daemon)[1] != "192.0.2.2" and daemon.health("tokyo") == "unhealthy"
    succeed("release", word, "--server", daemon.url)
    assert answers(daemon)[1] == "192.0.2.2"


def test_a_dry_run_shows_and_changes_nothing(serve):
    daemon = serve(checked_regions())
    told = succeed("drain", "eu-central-1", "--dry-run", "--server", daemon.url)
    assert told == "drain eu-central-1 would pin unhealthy\n  healthy    central  central /health\n"
    assert daemon.check("central")["override"] is None and answers(daemon)[0] == "192.0.2.1"


# EX3: what the endpoint does changes nothing while a check is disabled and inverted.
def test_a_drained_region_stays_drained_when_its_endpoint_dies(serve):
    daemon = serve(three_regions([check(name, SILENT, interval=0.05, threshold=1)
                                  for name in ("central", "tokyo", "virginia")]))
    daemon.wait_health("central", "unhealthy")
    succeed("drain", "central", "--server", daemon.url)
    assert daemon.health("central") == "unhealthy"
    probes = daemon.check("central")["probes"]
    daemon.wait_health("tokyo", "unhealthy")
    assert daemon.health("central") == "unhealthy" and daemon.check("central")["probes"] <= probes + 16


def test_records_of_the_region_without_a_check_are_named(serve):
    records = [latency_record("api.example.com.", "eu-central-1", "192.0.2.1", "central"),
               latency_record("www.example.com.", "eu-central-1", "192.0.2.4")]
    daemon = serve(policy(records, [check("central", SILENT, interval=30)]))
    told = succeed("drain", "eu-central-1", "--server", daemon.url)
    assert "  stays      www.example.com. A: its latency record of eu-central-1 has no health check\n" in told


@pytest.mark.parametrize("word, message", [
    ("mars", "'mars' is neither an AWS region nor the id or name of a health check"),
    ("us-west-2", "no latency record of us-west-2 has a health check"),
])
def test_what_cannot_be_drained_is_refused(serve, word, message):
    done = run("drain", word, "--server", serve(checked_regions()).url)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", f"nearwell drain: {message}\n")


def test_release_says_when_there_is_nothing_to_end(serve):
    done = run("release", "eu-central-1", "--server", serve(checked_regions()).url)
    assert (done.returncode, done.stderr) == (1, "nearwell release: nothing is imposed on 'eu-central-1'\n")


def test_the_token_opens_what_changes_things_and_is_asked_for(serve, tmp_path):
    token = tmp_path / "token"
    token.write_text("correct horse battery\n")
    daemon = serve(checked_regions(), "--admin-token-file", str(token))
    done = run("drain", "eu-central-1", "--server", daemon.url)
    assert done.returncode == 1 and done.stderr.endswith("wants a token; give --token-file FILE\n")
    succeed("drain", "eu-central-1", "--server", daemon.url, "--token-file", str(token))
    assert daemon.health("central") == "unhealthy"


@pytest.mark.parametrize("command", [["status"], ["drain", "eu-west-1"], ["release", "eu-west-1"]])
def test_a_daemon_that_is_not_there_is_an_error(command):
    done = run(*command, "--server", "http://127.0.0.1:1")
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith(f"nearwell {command[0]}: no daemon there; --server says where one is: ")
    assert "http://127.0.0.1:1" in done.stderr and done.stderr.count("\n") == 1


@pytest.mark.parametrize("arguments, message", [
    (["drain"], "one REGION or CHECK"),
    (["drain", "a", "b"], "one REGION or CHECK"),
    (["drain", "a", "--for", "soon"], "--for: 'soon' is not a duration"),
    (["release", "a", "--token-file", "/nonexistent"], "--token-file: "),
    (["journal", "--most", "some"], "--most: 'some' is not a number from 1 to 1000"),
    (["status", "a"], "unexpected 'a'"),
    (["status", "--output", "xml"], "--output: 'xml' is not text or json"),
])
def test_wrong_usage_is_told(arguments, message):
    done = run(*arguments)
    assert done.returncode == 2 and f"nearwell {arguments[0]}: {message}" in done.stderr


def test_status_shows_checks_and_where_answers_lead(serve):
    daemon = serve(checked_regions())
    succeed("drain", "central", "--for", "10m", "--reason", "drill", "--server", daemon.url)
    text = succeed("status", "--server", daemon.url)
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert any(line.startswith("central central /health unhealthy") and " drained until " in line and
               line.endswith(": drill") for line in lines)
    [row] = [line for line in lines if line.startswith("api.example.com. A us-east-1 192.0.2.3 from")]
    assert row.endswith(" more")
    assert not any("eu-central-1 192.0.2.1" in line for line in lines)
    same = json.loads(succeed("status", "--server", daemon.url, "--place", "DE", "--output", "json"))
    assert [a["set_identifier"] for a in same["answers"]] == ["us-east-1"]
    nowhere = succeed("status", "--server", daemon.url, "--place", "Atlantis")
    assert nowhere.endswith("\n  none by this --name, --type and --place\n")
