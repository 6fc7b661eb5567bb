"""The tables of core/route53 against the service model that botocore brings: every operation, member and value it knows."""
import gzip
import glob
import json
import os
import subprocess

import pytest

MODELS = "/usr/lib/python3/dist-packages/botocore/data/route53/2013-04-01/service-2.json*"

# What the model requires and AWS leaves out where there is none: API reference 1.3.
LEFT_OUT = {("ListHostedZonesResponse", "Marker"), ("ListHealthChecksResponse", "Marker"),
            ("ListReusableDelegationSetsResponse", "Marker"), ("CreateHostedZoneResponse", "DelegationSet")}


@pytest.fixture(scope="module")
def theirs():
    path, = glob.glob(MODELS)
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8") as file:
        return json.load(file)


@pytest.fixture(scope="module")
def ours():
    program = os.path.join(os.path.dirname(os.environ["NEARWELL"]), "tests/core/route53/dump_shapes")
    return json.loads(subprocess.run([program], stdout=subprocess.PIPE, check=True).stdout)


def reachable(model):
    """The shapes of what goes in and out; the model has errors beside."""
    found, left = set(), [o[side]["shape"] for o in model["operations"].values() for side in ("input", "output")]
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            shape = model["shapes"][name]
            left += [m["shape"] for m in shape.get("members", {}).values()]
            left += [shape["member"]["shape"]] if "member" in shape else []
    return found


def test_every_operation_of_the_model_is_there_as_the_model_says(theirs, ours):
    assert len(theirs["operations"]) >= 67  # it was read
    for name, operation in theirs["operations"].items():
        mine = ours["operations"][name]
        http = dict(operation["http"], responseCode=operation["http"].get("responseCode", 200))
        assert mine["http"] == http, name
        for side in ("input", "output"):
            assert mine[side]["shape"] == operation[side]["shape"], name
        # The root of a body is named like the structure, in the namespace that every root has.
        root = operation["input"].get("locationName", mine["input"]["shape"])
        assert root == mine["input"]["shape"]


def test_every_member_is_where_the_model_puts_it(theirs, ours):
    members = 0
    for name in reachable(theirs):
        shape, mine = theirs["shapes"][name], ours["shapes"][name]
        assert mine["type"] == shape["type"], name
        order = [m for m in mine.get("members", {}) if m in shape.get("members", {})]
        assert order == list(shape.get("members", {})), f"{name}: the order of what is written"
        for member, where in shape.get("members", {}).items():
            assert mine["members"][member] == {k: v for k, v in where.items() if k in ("shape", "location", "locationName")}, \
                f"{name}.{member}"
            if where.get("location") != "header":
                required = member in shape.get("required", []) and (name, member) not in LEFT_OUT
                assert (member in mine["required"]) == required, f"{name}.{member}"
            members += 1
    assert members > 400


def test_every_list_has_the_elements_of_the_model(theirs, ours):
    lists = [n for n in reachable(theirs) if theirs["shapes"][n]["type"] == "list"]
    assert len(lists) > 20
    for name in lists:
        item = theirs["shapes"][name]["member"]
        assert ours["shapes"][name]["member"] == {"shape": item["shape"], "locationName": item.get("locationName", "member")}


def test_every_value_of_the_model_is_taken_within_its_bounds(theirs, ours):
    enumerations = 0
    for name in reachable(theirs):
        shape, mine = theirs["shapes"][name], ours["shapes"][name]
        if "enum" in shape:
            assert set(shape["enum"]) <= set(mine["enum"]), name
            enumerations += 1
        else:
            assert (mine.get("min", 0), mine.get("max")) == (shape.get("min", 0), shape.get("max")), name
    assert enumerations > 10
