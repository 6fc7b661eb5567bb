"""nearwell replay: the scenarios that come along, what a failure looks like, and the formats."""
import json
import xml.etree.ElementTree

import pytest

from harness import REPOSITORY, run

FOLDER = REPOSITORY / "scenarios"
SCENARIOS = sorted(str(path) for path in FOLDER.glob("*.json") if not path.name.endswith(".schema.json"))
OUTAGE = str(FOLDER / "outage.json")


@pytest.fixture
def wrong(tmp_path):
    """A scenario that expects the wrong region."""
    story = json.loads((FOLDER / "outage.json").read_text(encoding="utf-8"))
    story["Policy"] = str(FOLDER / story["Policy"])
    story["Expectations"] = [{"At": "5m", "Client": "US", "Answer": {"Region": "us-east-1"}}]
    path = tmp_path / "wrong.json"
    path.write_text(json.dumps(story, indent=1), encoding="utf-8")
    return str(path)


def test_every_scenario_that_comes_along_passes_and_says_what_it_teaches():
    done = run("replay", "--output", "json", *sorted(map(str, FOLDER.glob("*.json"))))  # its schema is left out
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert [one["file"] for one in told["scenarios"]] == SCENARIOS
    for one in told["scenarios"]:
        assert len(one["description"]) > 60 and one["expectations"]


def test_a_run_is_the_same_every_time():
    first = run("replay", "--timeline", OUTAGE)
    assert first.returncode == 0 and "0:03:24.375  health  us-east-1 /health UNHEALTHY" in first.stdout  # EX5
    assert run("replay", "--timeline", OUTAGE).stdout == first.stdout


def test_a_failure_tells_question_answer_reason_and_how_to_repeat_it(wrong):
    done = run("replay", wrong)
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert lines[0].startswith(f"{wrong}:") and lines[0].endswith("failed at 0:05:00.000")
    assert lines[1] == "    question  www.example.com. A for a client in US"
    assert lines[2] == "    expected  answer of region us-east-1"
    assert lines[3] == "    got       euw1 (198.51.100.20), TTL 60"
    assert any("refused" in line and "us-east-1" in line for line in lines)  # the explanation
    assert f"    again     nearwell replay --timeline --seed 1 {wrong}" in lines
    assert run("replay", "--timeline", "--seed", "1", wrong).returncode == 1


def test_what_if_shows_the_difference(wrong):
    done = run("replay", "--set", "FailureThreshold=1", OUTAGE)
    assert done.returncode == 1  # it promises that nothing happens before the third failure
    assert "  - " in done.stdout and "0:02:24.375  health  us-east-1 /health UNHEALTHY" in done.stdout
    assert run("replay", "--set", "HealthyPercent=99", wrong).returncode == 1


def test_reports_for_machines(wrong, tmp_path):
    junit = tmp_path / "report.xml"
    done = run("replay", "--tap", "--junit", str(junit), OUTAGE, wrong)
    assert done.returncode == 1
    count = len(json.loads((FOLDER / "outage.json").read_text(encoding="utf-8"))["Expectations"])
    lines = done.stdout.splitlines()
    assert lines[:2] == ["TAP version 13", f"1..{count + 1}"] and lines[2].startswith("ok 1 - ")
    assert any(line.startswith(f"not ok {count + 1} - ") for line in lines)
    suites = xml.etree.ElementTree.parse(junit).getroot()
    assert [suite.get("failures") for suite in suites] == ["0", "1"]
    assert "got" not in suites[1][0][0].get("message") and "euw1" in suites[1][0][0].get("message")


def test_bad_input_is_named_with_its_place(tmp_path):
    path = tmp_path / "bad.json"
    path.write_text('{\n  "Description": "x",\n  "Policy": {},\n  "Events": [{"At": "1m", "Outgae": "eu-west-1"}]\n}\n',
                    encoding="utf-8")
    done = run("replay", str(path))
    assert done.returncode == 2
    assert f"{path}:4:27: error: unknown field 'Outgae'; did you mean 'Outage'?" in done.stderr
    assert run("replay", str(tmp_path / "none.json")).returncode == 2
    assert run("replay").returncode == 2
    assert run("replay", "--seed", "x", OUTAGE).returncode == 2
    assert run("replay", "--set", "Nonsense=1", OUTAGE).returncode == 2


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_recorded_scenario_comes_out_the_same(scenario, tmp_path):
    recording = tmp_path / "run.rec"
    assert run("replay", "--record", str(recording), scenario).returncode == 0
    done = run("replay", str(recording))
    assert done.returncode == 0 and ": the same; " in done.stdout, done.stdout


def test_a_recording_that_was_changed_or_cut_is_told(tmp_path):
    recording = tmp_path / "run.rec"
    assert run("replay", "--record", str(recording), OUTAGE).returncode == 0
    whole = recording.read_bytes()
    recording.write_bytes(whole[: len(whole) // 2])
    assert "the last line is cut off" in run("replay", str(recording)).stdout
    lines = whole.splitlines(keepends=True)
    recording.write_bytes(b"".join(lines[:20] + [lines[20].replace(b"Success", b"Failure")] + lines[21:]))
    done = run("replay", str(recording))
    assert done.returncode == 2 and "line 21: the checksum is" in done.stderr
    recording.write_bytes(b"".join(line for line in lines if b'"Checker":3,' not in line))
    done = run("replay", str(recording))
    assert done.returncode == 1 and "recorded: " in done.stdout and "; now: " in done.stdout


def test_what_ifs_of_a_recording(tmp_path):
    recording = tmp_path / "run.rec"
    assert run("replay", "--record", str(recording), OUTAGE).returncode == 0
    done = run("replay", "--set", "FailureThreshold=1", str(recording))
    assert done.returncode == 0
    assert any(line.startswith("  + ") and "0:02:24.375" in line for line in done.stdout.splitlines())


def test_mutations_that_nobody_notices_are_told(tmp_path):
    story = json.loads((FOLDER / "outage.json").read_text(encoding="utf-8"))
    story["Policy"] = str(FOLDER / story["Policy"])
    story["Expectations"] = [{"At": "1m", "Client": "US", "Answer": {"SetIdentifier": "use1"}}]
    careless = tmp_path / "careless.json"
    careless.write_text(json.dumps(story), encoding="utf-8")
    done = run("replay", "--mutate", "--least", "90", str(careless))
    assert done.returncode == 1
    assert "nobody noticed: www.example.com. A use1: health check dropped" in done.stdout
    assert "nobody noticed: www.example.com. A use1: Region swapped" not in done.stdout
    done = run("replay", "--mutate", "--least", "100", OUTAGE)
    assert done.returncode == 0 and done.stdout.endswith("changes of the policies are noticed: 100.0 %\n"), done.stdout
