"""Starts the real binary, asks it with real clients, and waits for what must come."""
import json
import os
import pathlib
import secrets
import signal
import socket
import subprocess
import tempfile
import time

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
NEARWELL = os.environ.get("NEARWELL", str(REPOSITORY / "build" / "nearwell"))
PATIENCE_S = 20


def wait_until(condition, timeout=PATIENCE_S, every=0.01):
    """The first true value of condition(); what it raises counts as not yet."""
    deadline = time.monotonic() + timeout
    while True:
        try:
            value, trouble = condition(), None
        except (AssertionError, OSError, ValueError, KeyError) as e:
            value, trouble = None, e
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {timeout} s: {trouble or value!r}") from trouble
        time.sleep(every)


def free_endpoint():
    """An address for a process that others must know before it starts. On a loopback address that nobody
    else uses, a port that was free stays free."""
    address = "127.{}.{}.{}".format(*(1 + b % 250 for b in secrets.token_bytes(3)))
    with socket.socket() as s:
        s.bind((address, 0))
        return f"{address}:{s.getsockname()[1]}"


def run(*arguments, **options):
    """One command to its end."""
    return subprocess.run([NEARWELL, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=PATIENCE_S, check=False, **options)


class Process:
    """nearwell COMMAND ..., from its ready line (self.ready) to its end."""

    def __init__(self, *arguments):
        self.log_file = tempfile.TemporaryFile(mode="w+", encoding="utf-8", errors="replace")
        self.process = subprocess.Popen([NEARWELL, *arguments], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=self.log_file, text=True)
        line = self.process.stdout.readline()
        if not line:
            code = self.process.wait(PATIENCE_S)
            raise AssertionError(f"{arguments} ended with {code} before it was ready:\n{self.log()}")
        self.ready = json.loads(line)

    def log(self):
        position = self.log_file.tell()
        self.log_file.seek(0)
        text = self.log_file.read()
        self.log_file.seek(position)
        return text

    def signal(self, number):
        self.process.send_signal(number)

    def wait(self, timeout=PATIENCE_S):
        return self.process.wait(timeout)

    def kill(self):
        self.process.kill()
        self.wait()

    def stop(self):
        """Its exit code after SIGTERM; None when it does not end."""
        if self.process.poll() is None:
            self.signal(signal.SIGTERM)
        try:
            return self.wait()
        except subprocess.TimeoutExpired:
            self.kill()
            return None
        finally:
            self.process.stdout.close()


class Answer:
    def __init__(self, exit_code, status, body):
        self.exit_code, self.status, self.body = exit_code, status, body

    @property
    def json(self):
        return json.loads(self.body)


# What curl says of a connection that failed.
CURL_REFUSED, CURL_TIMED_OUT, CURL_NOTHING, CURL_RESET = 7, 28, 52, 56


def curl(url, *arguments, patience=PATIENCE_S):
    done = subprocess.run(["curl", "--silent", "--max-time", str(patience), "--noproxy", "*", "--write-out",
                           "\n%{http_code}", *arguments, url], stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, timeout=patience + 10, check=False)
    body, _, status = done.stdout.rpartition("\n")
    return Answer(done.returncode, int(status), body)
