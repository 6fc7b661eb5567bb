"""Terraform with the AWS provider, where this machine has both: a setup of two regions is applied, found as it should
be, changed in place and destroyed."""
import subprocess

import pytest

import real_clients
from test_real_clients import EAST, HERE, PLACES, WEST, answers


@pytest.fixture
def daemon(serve):
    return serve(PLACES, "--clock", "manual")


class Terraform:
    def __init__(self, url, folder):
        self.folder = folder
        (folder / "main.tf").write_text((HERE / "two-regions.tf").read_text(encoding="utf-8"), encoding="utf-8")
        (folder / "rc").write_text('provider_installation {\n  filesystem_mirror {\n    path = '
                                   f'"{real_clients.terraform_plugins()}"\n  }}\n}}\n', encoding="utf-8")
        self.variables = {"endpoint": url, "inverted": "false"}

    def run(self, *arguments, codes=(0,)):
        variables = {f"TF_VAR_{name}": value for name, value in self.variables.items()}
        done = subprocess.run(
            ["terraform", *arguments, "-no-color", "-input=false"], cwd=self.folder, stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=600, check=False,
            env=real_clients.environment(self.folder, TF_CLI_CONFIG_FILE=str(self.folder / "rc"),
                                         CHECKPOINT_DISABLE="1", TF_IN_AUTOMATION="1", **variables))
        assert done.returncode in codes, f"terraform {' '.join(arguments)}\n{done.stdout}{done.stderr}"
        return done.returncode

    def changes(self):
        """Does a plan find anything to change?"""
        return self.run("plan", "-detailed-exitcode", codes=(0, 2)) == 2


def flow(daemon):
    """What the traffic policy answers clients in Virginia and in Germany: value and TTL."""
    digs = [daemon.dig("flow.example.com", "A", f"+subnet={subnet}") for subnet in ("203.0.113.0/24", "192.0.2.0/24")]
    return [(dig.answer[0][4], dig.answer[0][1]) for dig in digs]


def test_terraform_applies_changes_and_destroys_a_two_region_setup(daemon, tmp_path):
    real_clients.need_terraform()
    terraform = Terraform(daemon.url, tmp_path)
    terraform.run("init")
    terraform.run("apply", "-auto-approve")
    assert answers(daemon) == [[EAST], [WEST]] and flow(daemon) == [(EAST, "60"), (WEST, "60")]
    checks = {c["id"] for c in daemon.status()["health_checks"]}
    assert not terraform.changes()
    terraform.variables["inverted"] = "true"
    terraform.run("apply", "-auto-approve")
    assert answers(daemon) == [[WEST], [WEST]] and flow(daemon) == [(WEST, "30"), (WEST, "30")]
    assert {c["id"] for c in daemon.status()["health_checks"]} == checks  # changed in place
    terraform.run("destroy", "-auto-approve")
    assert daemon.dig("example.com", "SOA").rcode == "REFUSED"
    status = daemon.status()
    assert status["health_checks"] == [] and status["policy"]["hosted_zones"] == 0
