"""LocationDatabases and ClientFiles: who is where by files, asked with dig."""
import json
import os
from pathlib import Path

import pytest

import mmdb
from harness import REPOSITORY, run
from serving import REGIONS, latency_record, policy

CORPUS = Path(REPOSITORY) / "tests" / "fuzz" / "corpus" / "mmdb"
DE, JP, US = REGIONS.values()


# Without a least scope the blocks' own show.
SCOPES = {"EcsScopeV4": 0, "EcsScopeV6": 0}


def located(clients=None, **more):
    records = [latency_record("api.example.com.", region, address) for region, address in REGIONS.items()]
    return policy(records, clients=clients, DefaultClient="US-VA", simulator=SCOPES, **more)


def answer(daemon, subnet):
    """The addresses and the scope that a client subnet gets."""
    dug = daemon.dig("api.example.com", "A", f"+subnet={subnet}")
    return dug.values, int(dug.subnet.split("/")[-1])


@pytest.mark.parametrize("name", mmdb.FIXTURES)
def test_the_corpus_is_what_the_writer_makes(name):
    if os.environ.get("NEARWELL_UPDATE"):
        (CORPUS / name).write_bytes(mmdb.FIXTURES[name])
    assert (CORPUS / name).read_bytes() == mmdb.FIXTURES[name]


def test_a_database_says_where_client_subnets_are(serve, tmp_path):
    (tmp_path / "country.mmdb").write_bytes(mmdb.COUNTRY)
    daemon = serve(located(LocationDatabases=["country.mmdb"]))
    assert answer(daemon, "192.0.2.77/32") == ([DE], 24)  # two halves in the file, one block
    assert answer(daemon, "198.51.100.0/24") == ([JP], 24)
    assert answer(daemon, "2001:db8::/48") == ([JP], 33)
    assert answer(daemon, "8.8.8.0/24")[0] == [US]  # DefaultClient


def test_what_operators_write_wins_over_databases(serve, tmp_path):
    (tmp_path / "country.mmdb").write_bytes(mmdb.COUNTRY)
    (tmp_path / "clients.csv").write_text("# the lab\n198.51.100.0/25, DE\n192.0.0.0/16 US\n")
    daemon = serve(located({"192.0.0.0/22": "JP"}, LocationDatabases=["country.mmdb"], ClientFiles=["clients.csv"]))
    assert answer(daemon, "192.0.2.0/24") == ([JP], 22)  # though the database has a /24
    assert answer(daemon, "198.51.100.0/25")[0] == [DE]
    assert answer(daemon, "198.51.100.128/25")[0] == [JP]
    for client, block, source in (("192.0.2.1", "192.0.0.0/22", "Clients"),
                                  ("198.51.100.1", "198.51.100.0/25", "ClientFiles"),
                                  ("198.51.100.200", "198.51.100.0/24", "location database")):
        told = run("explain", "--policy", daemon.path, "api.example.com", "--client", client, "--output", "json")
        found = json.loads(told.stdout)["client"]
        assert (found["matched_prefix"], found["matched_by"]) == (block, source)


def test_a_reload_reads_the_files_again_and_a_damaged_one_changes_nothing(serve, tmp_path):
    database = tmp_path / "geo.mmdb"
    database.write_bytes(mmdb.COUNTRY)
    daemon = serve(located(LocationDatabases=["geo.mmdb"]))
    assert answer(daemon, "192.0.2.0/24")[0] == [DE]
    database.write_bytes(mmdb.COUNTRY[:700])
    error = daemon.reload()["error"]
    assert f"cannot read the location database: {database}: is no MaxMind DB file" in json.dumps(error)
    assert answer(daemon, "192.0.2.0/24")[0] == [DE]
    database.write_bytes(mmdb.build({"192.0.2.0/24": mmdb.maxmind("JP")}))
    assert daemon.reload()["error"] is None
    assert answer(daemon, "192.0.2.0/24")[0] == [JP]


def test_check_counts_located_networks_and_names_mistakes(tmp_path):
    (tmp_path / "country.mmdb").write_bytes(mmdb.COUNTRY)
    (tmp_path / "clients.csv").write_text("192.0.2.0/24 DE\n192.0.2.0/33 DE\n")
    path = tmp_path / "policy.json"
    path.write_text(json.dumps({"LocationDatabases": ["country.mmdb"]}))
    told = run("check", path)
    assert told.returncode == 0 and told.stdout.endswith("4 located networks\n")
    assert "1 networks" not in told.stdout and "2 networks of" in told.stdout and "table: XA" in told.stdout
    path.write_text(json.dumps({"ClientFiles": ["clients.csv"]}))
    told = run("check", path)
    assert told.returncode == 1 and told.stdout.startswith(f"{tmp_path}/clients.csv:2:1: error: ")
