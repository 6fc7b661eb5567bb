"""What the benchmarks share: processes, their CPU time, the machine, medians."""
import datetime
import json
import os
import platform
import re
import selectors
import statistics
import subprocess
import time
import urllib.request

SERVER_CPU, LOAD_CPU = 0, (os.cpu_count() or 1) - 1


def machine():
    """One line, for beside the figures."""
    with open("/proc/cpuinfo", encoding="utf-8") as f:
        model = re.search(r"^model name\s*: (.*)$", f.read(), re.MULTILINE)
    return (f"{model[1] if model else platform.machine()}, {os.cpu_count()} cores, Linux {platform.release()}, "
            f"{datetime.date.today().isoformat()}")


def spread(values, form="{:.1f}"):
    """'median (least to most)'"""
    return f"{form.format(statistics.median(values))} ({form.format(min(values))} to {form.format(max(values))})"


def pin(cpu):
    return lambda: os.sched_setaffinity(0, {cpu})


def run_json(command, cpu=None, timeout=300):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True, timeout=timeout,
                          preexec_fn=pin(cpu) if cpu is not None else None)
    return json.loads(done.stdout)


class Process:
    """A helper that prints one line when it is ready and runs until the block ends."""

    def __init__(self, command, cpu=None):
        self.command, self.cpu = command, cpu

    def __enter__(self):
        self.started = time.monotonic()
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, close_fds=False,
                                        preexec_fn=pin(self.cpu) if self.cpu is not None else None)
        self.pid = self.process.pid
        self.line = self.first_line(30)
        self.ready_ms = (time.monotonic() - self.started) * 1e3
        return self

    def first_line(self, seconds):
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            line = self.process.stdout.readline() if selector.select(seconds) else b""
        if not line:
            self.process.kill()
            self.process.wait()
            raise RuntimeError(f"not ready: {' '.join(self.command)}")
        return line.decode()

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()

    def port(self):
        return int(self.line)

    def cpu_us(self, threads=None):
        """CPU time of all threads, or of those with this name, in microseconds: user and system, as the
        scheduler counts them (utime + stime of /proc/PID/task/*/stat are the same in steps of 10 ms)."""
        total = 0
        for task in os.listdir(f"/proc/{self.pid}/task"):
            folder = f"/proc/{self.pid}/task/{task}"
            with open(f"{folder}/comm", encoding="utf-8") as f:
                name = f.read().strip()
            if threads is None or re.fullmatch(threads, name):
                with open(f"{folder}/schedstat", encoding="utf-8") as f:
                    total += int(f.read().split()[0]) / 1e3
        return total

    def user_share(self, threads):
        """Ticks in user and in system mode of the threads with this name."""
        user = system = 0
        for task in os.listdir(f"/proc/{self.pid}/task"):
            with open(f"/proc/{self.pid}/task/{task}/stat", encoding="utf-8") as f:
                name, rest = f.read().split("(", 1)[1].rsplit(")", 1)
            if re.fullmatch(threads, name):
                fields = rest.split()
                user, system = user + int(fields[11]), system + int(fields[12])
        return user, system

    def rss_kb(self):
        with open(f"/proc/{self.pid}/status", encoding="utf-8") as f:
            return int(re.search(r"^VmRSS:\s+(\d+)", f.read(), re.MULTILINE)[1])


class Daemon(Process):
    def __init__(self, build, policy, *options, cpu=None):
        super().__init__([f"{build}/nearwell", "serve", "--policy", policy, "--dns", "127.0.0.1:0", "--http",
                          "127.0.0.1:0", "--workers", "1", "--log-level", "error", *options], cpu)

    def __enter__(self):
        super().__enter__()
        self.ready = json.loads(self.line)
        return self

    def port(self):
        return int(self.ready["dns"][0].rsplit(":", 1)[1])

    def get(self, path):
        with urllib.request.urlopen(f"http://{self.ready['http']}{path}", timeout=30) as reply:
            return reply.read().decode()

    def probes(self):
        return sum(float(line.rsplit(" ", 1)[1]) for line in self.get("/metrics").splitlines()
                   if line.startswith("nearwell_health_check_probes_total{"))


def instructions(command_of, few, many):
    """Instructions for each unit of work, by callgrind: what the longer of two runs has more, so that start and
    end do not count. command_of(n) gives the command and how many units n makes."""
    counts = []
    for n in (few, many):
        command, units = command_of(n)
        done = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command],
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True)
        counts.append((int(re.search(rb"Collected : (\d+)", done.stderr)[1]), units))
    return (counts[1][0] - counts[0][0]) / (counts[1][1] - counts[0][1])
