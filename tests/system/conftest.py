"""Fixtures of all system tests."""
import json
import pathlib

import pytest

import harness
import serving


@pytest.fixture
def start():
    """start("region", "--name", "us-east-1") gives a harness.Process; it is ended with the test."""
    started = []

    def begin(*arguments):
        started.append(harness.Process(*arguments))
        return started[-1]

    yield begin
    codes = [process.stop() for process in reversed(started)]
    for code, process in zip(codes, reversed(started)):
        print(process.log())
        assert code in (0, -9), f"ended with {code}"


@pytest.fixture
def serve(start, tmp_path):
    """serve(policy, "--resolver", ...) gives a serving.Daemon on ports of its own. policy is a dictionary, a
    text or a path; None for an empty account. --dns and --http replace the usual listeners."""
    count = 0

    def begin(described=None, *arguments):
        nonlocal count
        path = described if isinstance(described, pathlib.Path) else None
        if described is not None and path is None:
            path = tmp_path / f"policy-{count}.json"
            text = described if isinstance(described, str) else json.dumps(described, indent=1)
            path.write_text(text, encoding="utf-8")
        count += 1
        usual = [a for pair in zip(serving.LOOPBACK[::2], serving.LOOPBACK[1::2]) if pair[0] not in arguments
                 for a in pair]
        policy = ["--policy", str(path)] if path else []
        return serving.Daemon(start("serve", *policy, *usual, *arguments), path)

    return begin
