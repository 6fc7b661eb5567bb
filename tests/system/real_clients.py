"""The unmodified clients of Route 53 that this machine has, and why it lacks the others."""
import functools
import glob
import importlib.util
import json
import os
import pathlib
import shutil
import subprocess

import pytest

from harness import REPOSITORY

PATIENCE_S = 120
AWS = "/usr/bin/aws"  # Debian's
NODE_MODULES = REPOSITORY / "build" / "node" / "node_modules"
NODE_PACKAGE = "@aws-sdk/client-route-53"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
               "AWS_DEFAULT_REGION": "us-east-1", "AWS_REGION": "us-east-1", "AWS_EC2_METADATA_DISABLED": "true",
               "AWS_PAGER": "", "AWS_MAX_ATTEMPTS": "1"}


def environment(home, **more):
    """Nothing of this machine's own configuration, and no proxy."""
    return {"PATH": os.environ["PATH"], "HOME": str(home), "LC_ALL": "C.UTF-8", **CREDENTIALS, **more}


def command(arguments, home, **options):
    done = subprocess.run(arguments, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE_S,
                          check=False, env=environment(home), **options)
    assert done.returncode == 0, f"{' '.join(map(str, arguments))}\n{done.stdout}{done.stderr}"
    return done.stdout


def need_aws():
    if not os.access(AWS, os.X_OK):
        pytest.skip("the AWS CLI is not installed (Debian's awscli)")


def need_boto3():
    if importlib.util.find_spec("boto3") is None:
        pytest.skip("boto3 is not installed (Debian's python3-boto3)")


def need_node():
    if shutil.which("node") is None:
        pytest.skip("Node.js is not installed")
    if not (NODE_MODULES / NODE_PACKAGE).is_dir():
        pytest.skip(f"npm could not fetch {NODE_PACKAGE} (no npm, or offline)")


@functools.cache
def terraform_plugins():
    """A folder in the layout of a filesystem mirror that holds the AWS provider; None when there is none."""
    roots = [os.environ.get("NEARWELL_TERRAFORM_PLUGINS", ""), os.path.expanduser("~/.terraform.d/plugins"),
             "/usr/local/share/terraform/plugins", "/usr/share/terraform/plugins", *glob.glob("/opt/*")]
    return next((root for root in roots if root and glob.glob(f"{root}/*/hashicorp/aws")), None)


def need_terraform():
    if shutil.which("terraform") is None:
        pytest.skip("Terraform is not installed")
    if terraform_plugins() is None:
        pytest.skip("Terraform's AWS provider is not on this machine (NEARWELL_TERRAFORM_PLUGINS may name a mirror)")


class Aws:
    """aws route53 OPERATION ..., its output as JSON."""

    def __init__(self, url, home):
        self.url, self.home = url, home

    def run(self, operation, *arguments):
        return subprocess.run([AWS, "--endpoint-url", self.url, "--output", "json", "route53", operation, *arguments],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE_S,
                              check=False, env=environment(self.home))

    def __call__(self, operation, **options):
        arguments = []
        for name, value in options.items():
            option = "--" + name.replace("_", "-")
            if isinstance(value, bool):
                arguments.append(option if value else "--no-" + option[2:])
            else:
                arguments += [option, value if isinstance(value, str) else json.dumps(value)]
        done = self.run(operation, *arguments)
        assert done.returncode == 0, f"aws route53 {operation} {' '.join(arguments)}\n{done.stderr}"
        return json.loads(done.stdout) if done.stdout.strip() else None


def boto3_client(url, home, retries=0):
    # In a process of many tests: nothing is taken from the environment or from files.
    import boto3
    import botocore.config
    os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = str(pathlib.Path(home) / "none")
    session = boto3.session.Session(CREDENTIALS["AWS_ACCESS_KEY_ID"], CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
                                    region_name="us-east-1")
    config = botocore.config.Config(retries={"max_attempts": retries}, proxies={})
    return session.client("route53", endpoint_url=url, config=config)
