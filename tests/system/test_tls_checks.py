"""HTTPS health checks against real TLS servers, with certificates made for the occasion."""
import http.server
import pathlib
import ssl
import subprocess
import threading

import pytest

from harness import wait_until
from serving import check, policy

NAME = "api.example.com"


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    """certificate("a.example") gives the path of a self-signed one, key included, that is valid for this name only."""
    folder = tmp_path_factory.mktemp("tls")

    def make(name, days=2):
        path = folder / f"{name}-{days}.pem"
        if not path.exists():
            subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", str(days), "-subj", f"/CN={name}",
                            "-addext", f"subjectAltName=DNS:{name}", "-keyout", path, "-out", f"{path}.crt"],
                           check=True, capture_output=True)
            path.write_text(path.read_text() + pathlib.Path(f"{path}.crt").read_text())
        return path
    return make


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.hosts.append(self.headers["Host"])
        self.send_response(200)
        self.send_header("Content-Length", "17")
        self.end_headers()
        self.wfile.write(b"all is OK-42 here")

    def log_message(self, *arguments):
        pass


class Server(http.server.ThreadingHTTPServer):
    def __init__(self, path, version=None, needs_name=False):
        super().__init__(("127.0.0.1", 0), Handler)
        self.names, self.hosts, self.needs_name = [], [], needs_name
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if version:
            context.set_ciphers("DEFAULT@SECLEVEL=0")
            context.minimum_version = context.maximum_version = version
        context.load_cert_chain(path)
        context.sni_callback = self.named
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.endpoint = f"127.0.0.1:{self.server_port}"
        self.thread = threading.Thread(target=self.serve_forever)
        self.thread.start()

    def named(self, connection, name, context):
        self.names.append(name)
        if name is None and self.needs_name:
            return ssl.ALERT_DESCRIPTION_HANDSHAKE_FAILURE
        return None

    def handle_error(self, request, client_address):
        pass

    def end(self):
        self.shutdown()
        self.thread.join()
        self.server_close()


@pytest.fixture
def tls():
    servers = []

    def begin(*arguments, **options):
        servers.append(Server(*arguments, **options))
        return servers[-1]

    yield begin
    for server in servers:
        server.end()


def probed(daemon, ident):
    """The text of the first observation."""
    def seen():
        return daemon.check(ident)["last_observations"]
    return wait_until(seen)[0]["reason"]


def https(ident, server, kind="HTTPS", **config):
    return check(ident, server.endpoint, kind, **config)


# EX21, P19, P20
def test_ex21_a_self_signed_certificate_of_another_name_will_do(serve, tls, certificate):
    server = tls(certificate("other.example"))
    daemon = serve(policy([], [https("a", server)]))
    assert probed(daemon, "a").startswith("Success: HTTP Status Code: 200. ")
    assert server.names[0] is None  # P22: no name, no SNI
    assert server.hosts[0] == server.endpoint


# P21
def test_the_handshake_names_the_host(serve, tls, certificate):
    server = tls(certificate(NAME), needs_name=True)
    daemon = serve(policy([], [https("a", server, FullyQualifiedDomainName=NAME)]))
    assert probed(daemon, "a").startswith("Success")
    assert set(server.names) == {NAME}
    assert server.hosts[0] == f"{NAME}:{server.server_port}"


# P21
def test_a_certificate_that_lacks_the_name_is_asked_for_again_without_it(serve, tls, certificate):
    server = tls(certificate("other.example"))
    daemon = serve(policy([], [https("a", server, FullyQualifiedDomainName=NAME)],
                          simulator={"Checkers": 1}))
    assert probed(daemon, "a").startswith("Success")
    assert server.names[:2] == [NAME, None]
    assert server.hosts[0] == f"{NAME}:{server.server_port}"


# EX21, P22
def test_ex21_a_server_that_insists_on_sni_refuses_a_checker_without(serve, tls, certificate):
    server = tls(certificate(NAME), needs_name=True)
    daemon = serve(policy([], [https("a", server, FullyQualifiedDomainName=NAME, EnableSNI=False)]))
    assert probed(daemon, "a") == "Failure: SSL alert handshake_failure"
    daemon.wait_health("a", "unhealthy")


def test_a_name_that_no_url_can_hold_is_left_out_of_the_handshake(serve, tls, certificate):
    server = tls(certificate(NAME))
    daemon = serve(policy([], [https("a", server, FullyQualifiedDomainName="a!b")]))
    assert probed(daemon, "a").startswith("Success")
    assert set(server.names) == {None}


# P20: TLS 1.0 or later
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
@pytest.mark.parametrize("version", ["TLSv1", "TLSv1_1", "TLSv1_2", "TLSv1_3"])
def test_old_versions_of_tls_will_do(serve, tls, certificate, version):
    server = tls(certificate(NAME), version=ssl.TLSVersion[version])
    daemon = serve(policy([], [https("a", server)]))
    assert probed(daemon, "a").startswith("Success")


def shown(daemon, ident):
    probed(daemon, ident)
    return daemon.check(ident)["certificate"]


# P20: what is wrong with a certificate is told, and changes nothing.
def test_a_certificate_that_is_bad_is_a_warning_and_no_verdict(serve, tls, certificate):
    other, lasting = tls(certificate("other.example")), tls(certificate(NAME, days=400))
    daemon = serve(policy([], [https("wrong", other, FullyQualifiedDomainName=NAME),
                               https("mute", other, FullyQualifiedDomainName=NAME, EnableSNI=False),
                               https("bare", other), https("good", lasting, FullyQualifiedDomainName=NAME),
                               check("plain", other.endpoint)]))
    wrong = shown(daemon, "wrong")
    assert wrong["subject"] == "CN = other.example" and wrong["not_after"].endswith("Z")
    assert wrong["expires_in_days"] == 1 and wrong["name_matches"] is False
    assert wrong["warnings"] == [f"expires at {wrong['not_after']}", f"is not for {NAME}"]
    assert shown(daemon, "mute")["warnings"] == wrong["warnings"]
    bare = shown(daemon, "bare")
    assert bare["name_matches"] is None and bare["warnings"] == wrong["warnings"][:1]
    good = shown(daemon, "good")
    assert good["expires_in_days"] in (398, 399) and good["name_matches"] is True and good["warnings"] == []
    assert "certificate" not in daemon.check("plain")
    assert {daemon.health(ident) for ident in ("wrong", "mute", "bare", "good")} == {"healthy"}


# EX17
def test_ex17_a_string_is_found_through_tls(serve, tls, certificate):
    server = tls(certificate(NAME))
    daemon = serve(policy([], [https("good", server, "HTTPS_STR_MATCH", SearchString="OK-42"),
                               https("bad", server, "HTTPS_STR_MATCH", SearchString="ok-42")]))
    daemon.wait_health("bad", "unhealthy")
    assert probed(daemon, "good").startswith("Success")
    assert daemon.health("good") == "healthy"


def test_an_endpoint_that_speaks_no_tls_fails(serve):
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        daemon = serve(policy([], [check("a", f"127.0.0.1:{server.server_port}", "HTTPS")]))
        assert probed(daemon, "a") == "Failure: The TLS handshake failed."
        server.shutdown()
        thread.join()
