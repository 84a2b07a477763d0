"""The rules of the wire: redirects, certificates, the breaker, and our own machine without a proxy."""

from __future__ import annotations

import datetime as dt
import ssl
from base64 import b64encode
from pathlib import Path

import pytest
import requests

from weihai_command.domain.faults import PlatformFault, Unreachable
from weihai_command.feeds.breaker import Breaker, breaker_of
from weihai_command.feeds.transport import Transport, check_address, is_loopback


def test_a_redirect_stays_on_its_host(serve, reply) -> None:
    def handle(request) -> None:
        if request.path == "/a":
            reply(request, 301, Location="/b")
        else:
            reply(request, 200, b"there")

    url = serve(handle)
    transport = Transport(url, breaker=Breaker())
    assert transport.send("GET", url + "/a").body == b"there"
    assert transport.send("PUT", url + "/a", body={}).status == 301
    transport.close()


@pytest.mark.parametrize("target", ["http://127.0.0.1:1/b", "https://elsewhere.example/b", "//elsewhere.example/b"])
def test_a_redirect_to_another_host_is_refused(serve, reply, target: str) -> None:
    url = serve(lambda request: reply(request, 302, Location=target))
    transport = Transport(url, ("o", "p"), breaker=Breaker())
    for method in ("GET", "PUT"):
        with pytest.raises(PlatformFault) as caught:
            transport.send(method, url + "/a")
        assert caught.value.code == "redirect"
    transport.close()


def test_an_endless_redirect_ends(serve, reply) -> None:
    url = serve(lambda request: reply(request, 302, Location="/again"))
    transport = Transport(url, breaker=Breaker())
    with pytest.raises(PlatformFault):
        transport.send("GET", url)
    transport.close()


def test_a_certificate_that_nobody_signed_is_refused(tmp_path: Path, serve, reply, monkeypatch: pytest.MonkeyPatch) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_certificate(tmp_path))
    from http.server import ThreadingHTTPServer

    plain = ThreadingHTTPServer.get_request

    def wrapped(server: ThreadingHTTPServer):
        connection, address = plain(server)
        connection.settimeout(5)
        return context.wrap_socket(connection, server_side=True), address

    monkeypatch.setattr(ThreadingHTTPServer, "get_request", wrapped)
    url = serve(lambda request: reply(request, 200, b"{}")).replace("http:", "https:")
    transport = Transport(url, ("o", "p"), breaker=Breaker())
    with pytest.raises(Unreachable, match="证书") as caught:
        transport.send("GET", url)
    assert caught.value.code == "tls" and "不会跳过" in caught.value.todo
    transport.close()


def _certificate(folder: Path) -> Path:
    """A self-signed certificate with its key in one file."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
            .not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=1)).sign(key, hashes.SHA256()))
    text = made.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file = folder / "server.pem"
    file.write_bytes(text)
    return file


def test_the_breaker_opens_rests_longer_and_closes() -> None:
    now = [0.0]
    breaker = Breaker(threshold=2, rest=5, longest=12, clock=lambda: now[0])
    breaker.failed()
    assert breaker.remaining() == 0
    waits = []
    for _ in range(3):
        breaker.failed()
        waits.append(breaker.remaining())
        now[0] += waits[-1]
        assert breaker.remaining() == 0
    assert waits == [5, 10, 12]
    breaker.failed()
    breaker.succeeded()
    assert breaker.remaining() == 0 and breaker.failures == 0


def test_an_open_breaker_asks_nobody(serve, reply) -> None:
    asked = []
    url = serve(lambda request: (asked.append(1), reply(request, 503))[1])
    breaker = Breaker(threshold=1, rest=60)
    transport = Transport(url, breaker=breaker)
    assert transport.send("PUT", url, body={}).status == 503
    with pytest.raises(Unreachable) as caught:
        transport.send("PUT", url, body={})
    assert caught.value.code == "resting" and caught.value.retry_after > 10 and len(asked) == 1
    breaker.wake()
    assert transport.send("PUT", url, body={}).status == 503 and len(asked) == 2
    transport.close()


def test_one_breaker_a_host() -> None:
    assert breaker_of("a.example") is breaker_of("a.example")
    assert breaker_of("a.example") is not breaker_of("b.example")


def test_plain_http_is_for_this_machine_only() -> None:
    assert is_loopback("127.0.0.1") and is_loopback("::1") and is_loopback("localhost") and is_loopback("127.5.5.5")
    assert not is_loopback("127.0.0.1.example") and not is_loopback(None) and not is_loopback("0.0.0.0")
    check_address("https://city.example/v1")
    with pytest.raises(PlatformFault, match="明文"):
        check_address("http://localhost.example/v1")


def test_no_proxy_stands_before_our_own_machine(serve, reply, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    url = serve(lambda request: reply(request, 200, b"{}"))
    transport = Transport(url, breaker=Breaker())
    assert transport.send("GET", url).status == 200
    transport.close()


@pytest.mark.parametrize(("auth", "url", "sent"), [
    ("token", "https://feed.example/a", "Bearer token"), (None, "https://feed.example/a", None),
    (("o", "密码"), "https://feed.example/a", "Basic " + b64encode("o:密码".encode()).decode()),
    (None, "https://me:mine@feed.example/a", "Basic " + b64encode(b"me:mine").decode()),
])
def test_a_netrc_replaces_no_declared_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, auth, url: str, sent: str | None) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine feed.example login somebody password else\n", "utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert requests.utils.get_netrc_auth(url) == ("somebody", "else")
    transport = Transport(url, auth, breaker=Breaker())
    made = transport.session.prepare_request(requests.Request("GET", url))
    assert made.headers.get("Authorization") == sent
    settings = transport.session.merge_environment_settings(url, {}, True, None, None)
    assert settings["proxies"]["https"] == "http://proxy.example:3128"
    transport.close()
