"""nearwell check: findings with their place, and the exit code."""
import json

import pytest

from harness import REPOSITORY, run

DEMO = str(REPOSITORY / "policies" / "three-regions.json")


@pytest.fixture
def policy(tmp_path):
    """policy(text) writes a file and gives its path; single quotes stand for double ones."""
    def write(text, name="p.json"):
        path = tmp_path / name
        path.write_text(text.replace("'", '"'), encoding="utf-8")
        return str(path)
    return write


def test_good_policy_is_summed_up_with_its_requests():
    done = run("check", DEMO)
    assert done.returncode == 0, done.stdout
    assert done.stdout.splitlines()[-5:] == [
        f"{DEMO}: ok, 1 zone, 8 record sets, 3 health checks, 12 client prefixes",
        "requests of health checks, at most:",  # P1, P2
        "  127.0.10.1:8080  0.53/s by 1 check",
        "  127.0.10.2:8080  0.53/s by 1 check",
        "  127.0.10.3:8080  0.53/s by 1 check",
    ]
    assert "AWS would refuse IPAddress 127.0.10.1" in done.stdout
    assert done.stderr == ""


def test_findings_name_file_line_and_column(policy):
    path = policy("{\n  'Clients': [{'Cidr': '192.0.2.0/24', 'Plaec': 'DE'}]\n}\n")
    done = run("check", path)
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        f"{path}:2:15: error: missing field 'Place'",
        '   2 |   "Clients": [{"Cidr": "192.0.2.0/24", "Plaec": "DE"}]',
        "     |               ^",
        f"{path}:2:40: error: unknown field 'Plaec'; did you mean 'Place'?",
        '   2 |   "Clients": [{"Cidr": "192.0.2.0/24", "Plaec": "DE"}]',
        "     |                                        ^~~~~~~",
        "2 errors",
    ]


def test_latency_table_is_found_beside_the_policy_and_blamed_by_name(policy, tmp_path):
    policy("{\n 'Places': 5}", "table.json")
    done = run("check", policy("{'LatencyTable': 'table.json'}"))
    assert done.returncode == 1
    assert done.stdout.startswith(f"{tmp_path}/table.json:2:12: error: Places must be an object")


def test_json_output_has_every_finding(policy):
    bad = policy("{'Nonsense': 1}")
    done = run("check", "--output", "json", DEMO, bad)
    assert done.returncode == 1
    answer = json.loads(done.stdout)
    assert answer["schema_version"] == 1
    good, wrong = answer["files"]
    assert (good["file"], good["ok"], good["record_sets"], good["errors"]) == (DEMO, True, 8, 0)
    assert good["endpoints"][0] == {
        "endpoint": "127.0.10.1:8080", "requests_per_second_at_most": 16 / 30, "health_checks": 1}
    assert wrong == {"file": bad, "ok": False, "errors": 1, "warnings": 0, "findings": [
        {"level": "error", "file": bad, "line": 1, "column": 2, "message": "unknown field 'Nonsense' of Policy"}]}


@pytest.mark.parametrize("arguments, words", [
    ([], "a FILE is missing"),
    (["/nonexistent.json"], "/nonexistent.json: No such file or directory"),
    (["/"], "/: is a folder, not a file"),
    (["--output", "xml", "x"], "'xml' is not text or json"),
    (["--bogus"], "nearwell check --help"),
])
def test_wrong_usage_and_unreadable_files_are_code_2(arguments, words):
    done = run("check", *arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert done.stdout == ""


def test_help_has_examples():
    done = run("check", "--help")
    assert done.returncode == 0
    assert "examples:" in done.stdout


def test_policy_without_a_table_uses_the_built_in_one(policy):
    done = run("check", policy("{'Clients': [{'Cidr': '192.0.2.0/24', 'Place': 'US-CA'}]}"))
    assert done.returncode == 0, done.stdout
    assert done.stdout.endswith("ok, 0 zones, 0 record sets, 0 health checks, 1 client prefix\n")


def test_scenarios_are_checked_as_well(policy):
    story = str(REPOSITORY / "scenarios" / "outage.json")
    done = run("check", story)
    assert done.returncode == 0 and done.stdout == f"{story}: ok, 4 events, 12 expectations\n"
    bad = policy("{'Description': 'x', 'Policy': {}, 'Events': [{'At': '1m', 'Outgae': 'eu-west-1'}]}", "s.json")
    done = run("check", "--output", "json", bad, story)
    assert done.returncode == 1
    told = json.loads(done.stdout)["files"]
    assert [one["ok"] for one in told] == [False, True] and told[1]["expectations"] == 12
    assert any("did you mean 'Outage'?" in finding["message"] for finding in told[0]["findings"])


def test_schemas_that_a_pattern_of_the_shell_names_too_are_left_out():
    paths = sorted(str(path) for path in (REPOSITORY / "policies").glob("*.json"))
    answer = json.loads(run("check", "--output", "json", *paths).stdout)
    assert {file["file"] for file in answer["files"]} == {path for path in paths if not path.endswith(".schema.json")}
    assert all(file["ok"] for file in answer["files"])
    alone = run("check", str(REPOSITORY / "policies" / "policy.schema.json"))
    assert alone.returncode == 2 and "a FILE is missing" in alone.stderr
