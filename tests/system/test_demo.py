"""make run as a newcomer sees it: what it prints works as printed, and nothing is left behind."""
import json
import os
import re
import signal
import socket
import subprocess

import pytest

from harness import NEARWELL, PATIENCE_S, REPOSITORY, free_endpoint, wait_until

DEMO = REPOSITORY / "src/app/demo/three-regions"
DE, JP, BR = "127.0.10.2", "127.0.10.3", "127.0.10.1"


def taken():
    """Those of the demo's fixed addresses that somebody listens on."""
    found = []
    for at in [(f"127.0.10.{i}", port) for i in (1, 2, 3) for port in (8080, 8081)]:
        with socket.socket() as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # past what is only in TIME_WAIT
            try:
                s.bind(at)
            except OSError as e:
                found.append(f"{at[0]}:{at[1]}: {e.strerror}")
    return found


def left_behind(session):
    """The processes of a session, by name."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stat:
                before, _, after = stat.read().rpartition(")")
        except OSError:
            continue
        state, _, _, its_session = after.split()[:4]
        if int(its_session) == session and state != "Z":
            found.append(before)
    return found


class Demo:
    def __init__(self, folder):
        self.output = folder / "output"
        self.dns, self.http = free_endpoint(), free_endpoint()
        with open(self.output, "w", encoding="utf-8") as out:
            self.process = subprocess.Popen([DEMO, NEARWELL, "--dns", self.dns, "--http", self.http], cwd=REPOSITORY,
                                            stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT,
                                            start_new_session=True)

    def text(self):
        return self.output.read_text("utf-8")

    def printed(self, word):
        """The commands that it tells people to try, exactly as it prints them."""
        return [line.strip() for line in self.text().splitlines() if re.match(rf"  {word} ", line)]

    def wait_ready(self):
        def told():
            assert self.process.poll() is None, self.text()
            return "What the daemon says" in self.text()
        wait_until(told)

    def end(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE_S)


def shell(line):
    done = subprocess.run(line, shell=True, cwd=REPOSITORY, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=PATIENCE_S, check=False)
    assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture
def demo(tmp_path):
    if taken():
        pytest.skip(f"the demo needs {taken()}")
    demo = Demo(tmp_path)
    yield demo
    demo.end()
    print(demo.text())
    for pid in [demo.process.pid] if left_behind(demo.process.pid) else []:
        os.killpg(pid, signal.SIGKILL)


def test_what_the_demo_prints_works_as_printed(demo):
    """One test, since there is one demo to a machine."""
    demo.wait_ready()
    digs = demo.printed("dig")
    assert [shell(line).strip() for line in digs] == [DE, JP, BR]

    hellos = [line for line in demo.printed("curl") if "/hello" in line]
    assert [json.loads(shell(line))["hits"] for line in hellos * 2] == [1, 2]

    invert, back = [line for line in demo.printed("curl") if "Inverted" in line]
    shell(invert)
    assert shell(digs[0]).strip() == BR  # Germany's next: us-east-1
    assert "refused" in shell(next(line for line in demo.text().splitlines() if " explain --server " in line).strip())
    shell(back)
    assert shell(digs[0]).strip() == DE

    [down] = [line for line in demo.printed("curl") if '"down"' in line]
    assert json.loads(shell(down)) == {"Kind": "down"}
    shell(down.replace("down", "none"))
    shell(hellos[0])

    assert "event=policy_loaded" in demo.text() and "event=override_set" in demo.text()
    assert demo.end() == 0
    assert "ending all" in demo.text()
    wait_until(lambda: left_behind(demo.process.pid) == [])
    assert taken() == []
