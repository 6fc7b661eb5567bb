"""The DNS port as dig, kdig and unbound see it."""
import ipaddress
import os
import pathlib
import shutil
import subprocess

import pytest

import dnswire
from harness import PATIENCE_S, free_endpoint, wait_until
from serving import CLIENTS, REGIONS, dig, latency_record, policy, record, three_regions

# One value of each type in Route 53's spelling, and what dig prints when that differs.
TYPES = [
    ("A", "192.0.2.10", None),
    ("AAAA", "2001:db8::10", None),
    ("CAA", '0 issue "ca.example.net"', None),
    ("CNAME", "www.example.net.", None),
    ("DS", "12345 13 2 " + "ab" * 32, "12345 13 2 " + "AB" * 28 + " " + "AB" * 4),
    ("HTTPS", '1 . alpn="h2,h3" port=8443', None),
    ("MX", "10 mail.example.net.", None),
    ("NAPTR", '100 50 "u" "E2U+sip" "!^.*$!sip:info@example.net!" .', None),
    ("NS", "ns.example.net.", None),
    ("PTR", "host.example.net.", None),
    ("SOA", "ns.example.net. root.example.net. 7 7200 900 1209600 86400", None),
    ("SPF", '"v=spf1 -all"', None),
    ("SRV", "1 10 5060 sip.example.net.", None),
    ("SSHFP", "4 2 " + "0" * 60 + "abcd", "4 2 " + "0" * 56 + " 0000ABCD"),
    ("SVCB", "1 svc.example.net. port=53", None),
    ("TLSA", "3 1 1 " + "cd" * 32, "3 1 1 " + "CD" * 28 + " " + "CD" * 4),
    ("TXT", r'"a \"quoted\" b" "\303\251"', r'"a \"quoted\" b" "\195\169"'),
    ("TYPE65280", "\\# 4 0A0B0C0D", None),
]


@pytest.fixture
def zone(serve):
    """Every shape of name that section 10 tells apart."""
    records = [
        record("www.example.com", "A", "192.0.2.1", "192.0.2.2", "192.0.2.3"),
        record("*.example.com", "A", "192.0.2.77"),
        record("a.b.example.com", "A", "192.0.2.5"),
        record("alias.example.com", "CNAME", "www.example.com"),
        record("out.example.com", "CNAME", "www.example.net"),
        record("example.com", "MX", "10 www.example.com", "20 mail.example.net"),
        record("sub.example.com", "NS", "ns1.sub.example.com", "ns.example.net"),
        record("ns1.sub.example.com", "A", "192.0.2.53"),
        record("below.sub.example.com", "A", "192.0.2.54"),
        record("big.example.com", "TXT", *[f'"{i:02} {"x" * 200}"' for i in range(20)]),
        record("v6.example.com", "AAAA", "2001:db8::1"),
    ] + [latency_record("api.example.com", r, a) for r, a in REGIONS.items()]
    return serve(policy(records, clients={**CLIENTS, "2001:db8:de::/48": "DE"}),
                 "--dns", "127.0.0.1:0", "--dns", "[::1]:0", "--dns", "127.0.0.1:0=JP", "--dns", "127.0.0.1:0=us-east-1")


# --- transport ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("at", [0, 1], ids=["IPv4", "IPv6"])
@pytest.mark.parametrize("options", [[], ["+tcp"], ["+noedns"], ["+tcp", "+noedns"], ["+bufsize=512"],
                                     ["+cookie"], ["+nsid"], ["+dnssec"]], ids=" ".join)
def test_every_transport_gives_the_same_answer(zone, at, options):
    got = zone.dig("www.example.com", "A", *options, at=at)
    assert got.rcode == "NOERROR" and {"qr", "aa", "rd"} <= got.flags and "ra" not in got.flags  # D13
    assert got.values == ["192.0.2.1", "192.0.2.2", "192.0.2.3"]
    assert all(r[:4] == ["www.example.com.", "60", "IN", "A"] for r in got.answer)
    assert [r[3] for r in got.authority] == ["NS"] * 4  # D2
    assert ("OPT PSEUDOSECTION" in got.text) == ("+noedns" not in options)  # E6


def test_kdig_agrees_with_dig(zone):
    address, port = dnswire.parts(zone.dns[0])
    for options in ([], ["+tcp"], ["+subnet=192.0.2.0/24"], ["+tcp", "+keepopen"]):
        done = subprocess.run(["kdig", *options, "-p", str(port), "@" + address, "api.example.com", "A",
                               "www.example.com", "A"], capture_output=True, text=True, timeout=60, check=True)
        assert done.stdout.count("status: NOERROR") == 2, done.stdout
        assert "192.0.2.77" not in done.stdout
        assert "WARNING" not in done.stderr, done.stderr


def test_one_tcp_connection_carries_many_questions_at_once(zone):
    with dnswire.Tcp(zone.dns[0]) as tcp:
        for i in range(100):
            tcp.send(dnswire.query("www.example.com", ident=i))
        assert sorted(tcp.receive().ident for _ in range(100)) == list(range(100))


def test_values_come_in_varying_order(zone):  # D16
    with dnswire.Udp(zone.dns[0]) as udp:
        first = {udp.ask("www.example.com").addresses[0] for _ in range(100)}
    assert first == {"192.0.2.1", "192.0.2.2", "192.0.2.3"}


# --- size --------------------------------------------------------------------------------------------------


def test_what_does_not_fit_is_truncated_and_comes_over_tcp(zone):  # D1
    cut = zone.dig("big.example.com", "TXT", "+ignore")
    assert "tc" in cut.flags and cut.answer == []
    whole = zone.dig("big.example.com", "TXT")
    assert "tc" not in whole.flags and len(whole.answer) == 20 and "Truncated" in whole.text
    assert zone.status()["dns"]["truncated"] == 2


@pytest.mark.parametrize("bufsize", [512, 1232, 4096, 65535])
def test_udp_carries_4096_bytes_at_most(zone, bufsize):  # D1
    assert "tc" in zone.dig("big.example.com", "TXT", "+ignore", f"+bufsize={bufsize}").flags


def test_udp_carries_what_the_client_offers(serve):  # D1, D2
    zone = serve(policy([record("mid.example.com", "TXT", *[f'"{i:02} {"x" * 200}"' for i in range(8)]),
                         record("small.example.com", "TXT", '"' + "x" * 255 + '" "' + "y" * 150 + '"')]))
    assert "tc" in zone.dig("mid.example.com", "TXT", "+ignore", "+bufsize=1232").flags
    assert len(zone.dig("mid.example.com", "TXT", "+ignore", "+bufsize=2000").answer) == 8
    # The zone's name servers are the first to go, without a TC bit.
    small = zone.dig("small.example.com", "TXT", "+ignore", "+noedns")
    assert "tc" not in small.flags and len(small.answer) == 1 and small.authority == []


# --- names -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name, kind, rcode, values, soa", [
    ("x.example.com", "A", "NOERROR", ["192.0.2.77"], False),  # EX20
    ("x.y.example.com", "A", "NOERROR", ["192.0.2.77"], False),
    ("www.example.com", "AAAA", "NOERROR", [], True),
    ("b.example.com", "A", "NOERROR", [], True),
    ("x.b.example.com", "A", "NXDOMAIN", [], True),
    ("example.com", "A", "NOERROR", [], True),
    ("x.example.com", "AAAA", "NOERROR", [], True),
    (r"\*.example.com", "A", "NOERROR", ["192.0.2.77"], False),
    ("example.net", "A", "REFUSED", [], False),  # D14
    ("com", "A", "REFUSED", [], False),
    (".", "NS", "REFUSED", [], False),
    ("notexample.com", "A", "REFUSED", [], False),
    ("alias.example.com", "CNAME", "NOERROR", ["www.example.com."], False),
    ("alias.example.com", "A", "NOERROR", ["www.example.com."], False),  # D5
    ("out.example.com", "TXT", "NOERROR", ["www.example.net."], False),
    ("v6.example.com", "AAAA", "NOERROR", ["2001:db8::1"], False),
    ("v6.example.com", "A", "NOERROR", [], True),
])
def test_names_that_exist_in_part(zone, name, kind, rcode, values, soa):
    got = zone.dig(name, kind)
    assert (got.rcode, got.values) == (rcode, values)
    assert ([r[3] for r in got.authority] == ["SOA"]) == soa  # D3
    if soa:
        assert got.authority[0][0] == "example.com." and int(got.authority[0][1]) == 900  # D7
    assert ("aa" in got.flags) == (rcode != "REFUSED")


def test_case_is_matched_loosely_and_echoed_exactly(zone):  # D11, EX20
    got = zone.dig("WwW.eXample.com", "A")
    assert got.rcode == "NOERROR" and {r[0] for r in got.answer} == {"WwW.eXample.com."}
    assert ";WwW.eXample.com.\t" in got.text


def test_additional_holds_the_addresses_of_targets(zone):  # D4
    got = zone.dig("example.com", "MX")
    assert got.values == ["10 www.example.com.", "20 mail.example.net."]
    assert {(r[0], r[3]) for r in got.additional} == {("www.example.com.", "A")}
    alias = zone.dig("alias.example.com", "A")
    assert sorted(r[4] for r in alias.additional) == ["192.0.2.1", "192.0.2.2", "192.0.2.3"]


@pytest.mark.parametrize("name, kind", [("sub.example.com", "A"), ("sub.example.com", "NS"), ("below.sub.example.com", "A"),
                                        ("nothing.sub.example.com", "TXT")])
def test_a_delegation_is_referred_to_with_its_glue(zone, name, kind):  # D12
    got = zone.dig(name, kind)
    assert got.rcode == "NOERROR" and "aa" not in got.flags and got.answer == []
    assert sorted(r[4] for r in got.authority) == ["ns.example.net.", "ns1.sub.example.com."]
    assert [(r[0], r[4]) for r in got.additional] == [("ns1.sub.example.com.", "192.0.2.53")]


def test_other_classes_and_zone_transfers_are_refused(zone):  # D24
    assert zone.dig("www.example.com", "A", "-c", "CH").rcode == "REFUSED"
    with dnswire.Tcp(zone.dns[0]) as tcp:
        assert tcp.ask("example.com", 252).rcode == dnswire.REFUSED
        assert tcp.ask("www.example.com", 255).rcode == dnswire.NOERROR


def test_unknown_opcodes_and_edns_versions_get_their_own_codes(zone):  # D13
    assert zone.dig("www.example.com", "A", "+opcode=NOTIFY").rcode == "NOTIMP"
    assert zone.dig("www.example.com", "A", "+opcode=UPDATE").rcode == "NOTIMP"
    assert zone.dig("www.example.com", "A", "+edns=1", "+noednsnegotiation").rcode == "BADVERS"


@pytest.mark.parametrize("kind, value, printed", TYPES, ids=[t[0] for t in TYPES])
def test_all_types_arrive_as_they_were_written(serve, kind, value, printed):
    apex = kind == "SOA"
    daemon = serve(policy([record("example.com" if apex else "r.example.com", kind, value, ttl=123)]))
    got = daemon.dig("example.com" if apex else "r.example.com", kind)
    assert got.rcode == "NOERROR", got.text
    records = got.authority if kind == "NS" else got.answer  # an NS below the apex is a referral
    assert [r[4] for r in records] == [printed or value]
    assert records[0][1] == "123" and records[0][3] == kind


# --- client subnet -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("subnet, address, scope", [
    ("192.0.2.0/24", "192.0.2.1", "24"), ("198.51.100.0/24", "192.0.2.2", "24"), ("203.0.113.0/24", "192.0.2.3", "24"),
    ("192.0.2.128/25", "192.0.2.1", "24"), ("192.0.2.1/32", "192.0.2.1", "24"), ("2001:db8:de::/48", "192.0.2.1", "48"),
    ("2001:db8:de::/56", "192.0.2.1", "48")])
def test_the_subnet_decides_and_the_scope_says_so(zone, subnet, address, scope):  # E2, E5, EX19
    for options in ([], ["+tcp"]):
        got = zone.dig("api.example.com", "A", f"+subnet={subnet}", *options)
        assert got.values == [address]
        network = ipaddress.ip_network(subnet)
        assert got.subnet == f"{network.network_address}/{network.prefixlen}/{scope}"


def test_an_answer_that_is_the_same_for_all_has_scope_zero(zone):  # E5
    for name in ("www.example.com", "x.b.example.com", "x.example.com"):
        assert zone.dig(name, "A", "+subnet=192.0.2.0/24").subnet == "192.0.2.0/24/0"


def test_subnet_zero_hides_the_client(zone):  # E6
    got = zone.dig("api.example.com", "A", "+subnet=0/0")
    assert got.values == ["192.0.2.3"] and got.subnet == "0.0.0.0/0/0"


def test_no_subnet_in_no_subnet_out(zone):  # E1, E6
    got = zone.dig("api.example.com", "A")
    assert got.values == ["192.0.2.3"] and got.subnet is None


def test_a_listener_may_answer_as_if_all_clients_were_in_one_place(zone):
    assert zone.dig("api.example.com", "A", at=2).values == ["192.0.2.2"]
    assert zone.dig("api.example.com", "A", at=3).values == ["192.0.2.3"]
    got = zone.dig("api.example.com", "A", "+subnet=192.0.2.0/24", at=2)
    assert got.values == ["192.0.2.2"] and got.subnet == "192.0.2.0/24/0"


# --- a real resolver in front ------------------------------------------------------------------------------


@pytest.fixture
def unbound(tmp_path):
    """unbound(endpoint) gives the endpoint of an unbound that asks nearwell there for example.com."""
    started = []

    def begin(upstream):
        address, port = dnswire.parts(upstream)
        own_address, own_port = dnswire.parts(free_endpoint())
        (tmp_path / "unbound.conf").write_text(f"""
server:
    interface: {own_address}@{own_port}
    port: {own_port}
    access-control: 127.0.0.0/8 allow
    do-daemonize: no
    use-syslog: no
    logfile: ""
    verbosity: 1
    username: ""
    chroot: ""
    directory: "{tmp_path}"
    pidfile: ""
    num-threads: 1
    do-not-query-localhost: no
    module-config: "subnetcache iterator"
    send-client-subnet: 127.0.0.0/8
    client-subnet-always-forward: yes
    max-client-subnet-ipv4: 24
    local-zone: "example.com." nodefault
    root-hints: ""
    trust-anchor-file: ""
stub-zone:
    name: "example.com"
    stub-addr: {address}@{port}
    stub-prime: no
remote-control:
    control-enable: no
""", encoding="utf-8")
        log = open(tmp_path / "unbound.log", "w", encoding="utf-8")  # pylint: disable=consider-using-with
        command = [shutil.which("unbound", path=os.environ["PATH"] + ":/usr/sbin"), "-d", "-p", "-c",
                   str(tmp_path / "unbound.conf")]
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        started.append((process, log))

        def up():
            assert process.poll() is None, pathlib.Path(tmp_path / "unbound.log").read_text("utf-8")
            return "start of service" in pathlib.Path(tmp_path / "unbound.log").read_text("utf-8")
        wait_until(up)
        return f"{own_address}:{own_port}"

    yield begin
    for process, log in started:
        process.terminate()
        process.wait(PATIENCE_S)
        log.close()


def test_clients_of_a_real_resolver_get_their_own_region(serve, unbound):
    """unbound tells us the client's subnet and keeps one answer for each scope that we give."""
    daemon = serve(three_regions())
    resolver = unbound(daemon.dns[0])

    def ask(subnet):
        got = dig(resolver, "api.example.com", "A", f"+subnet={subnet}")
        assert got.rcode == "NOERROR", got.text
        return got.values

    def asked():
        return daemon.status()["dns"]["client_subnet"]

    assert ask("192.0.2.0/24") == ["192.0.2.1"]
    assert ask("198.51.100.0/24") == ["192.0.2.2"]
    assert ask("203.0.113.0/24") == ["192.0.2.3"]
    known = asked()
    assert known >= 3
    # From the cache now, each in its own scope: even a finer subnet of one that was asked.
    assert ask("192.0.2.0/24") == ["192.0.2.1"]
    assert ask("198.51.100.0/24") == ["192.0.2.2"]
    assert asked() == known
