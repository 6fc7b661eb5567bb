"""Fixtures of all system tests."""
import pytest

import harness


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
