"""The client against servers that fail in every known way: no write is called arrived that is not, none is called lost that may be there."""

from __future__ import annotations

import json
import socket
import time
from typing import Any

import pytest

from weihai_command.domain.faults import PlatformFault, Unauthorised, Unreachable
from weihai_command.feeds.breaker import Breaker
from weihai_command.feeds.kinto import KintoPlatform, base_url

HELLO = {"project_name": "x", "http_api_version": "1.22", "user": {"id": "account:o", "principals": ["/buckets/city/groups/officer", "/buckets/city/groups/department-city"]}}
RECORD = {"id": "1", "title": "a", "last_modified": 5}


def said(reply: Any, status: int, body: object = None, **headers: str) -> Any:
    """A handler that greets as Kinto does and answers everything else so."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()

    def handle(request: Any) -> None:
        if request.path == "/v1/":
            reply(request, 200, json.dumps(HELLO).encode())
        else:
            reply(request, status, raw, **headers)

    return handle


@pytest.fixture
def platform(serve, reply):
    made = []

    def make(status: int = 200, body: object = None, handler: Any = None, options: dict[str, Any] | None = None, **headers: str) -> KintoPlatform:
        options = {"breaker": Breaker(10_000), **(options or {})}
        made.append(KintoPlatform(serve(handler or said(reply, status, body, **headers)), "o", "p", **options))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.mark.parametrize(("status", "body", "expected"), [
    (200, {"data": RECORD}, "applied"), (201, {"data": RECORD}, "applied"),
    (200, {"data": {"id": "1", "last_modified": "5"}}, "transient"), (200, {"data": {"id": 1, "last_modified": 5}}, "transient"),
    (200, b"<html>sign in</html>", "transient"), (200, {"ok": True}, "transient"), (204, b"", "transient"),
    (302, b"", "transient"), (401, {"errno": 104}, "unauthorised"), (401, b"", "unauthorised"),
    (400, {"errno": 107}, "rejected"), (403, {"errno": 121}, "rejected"), (403, b"proxy says no", "rejected"), (413, b"", "rejected"),
    (404, {"errno": 110}, "missing"), (404, b"", "missing"), (409, {"errno": 122}, "transient"), (409, {"title": "conflict"}, "rejected"),
    (412, {"errno": 114, "details": {"existing": RECORD}}, "stale"), (415, b"", "rejected"), (422, {"title": "no"}, "rejected"),
    (408, b"", "transient"), (429, b"", "transient"), (500, b"", "transient"), (502, b"", "transient"), (503, b"", "transient"), (507, b"", "transient"),
])
def test_a_write_is_judged_by_status_and_body(platform, status: int, body: object, expected: str) -> None:
    reply = platform(status, body).patch("incidents", "1", {"title": "b"}, 5, "op")
    assert (reply.status, reply.sent) == (expected, True)
    assert reply.error or expected == "applied"


@pytest.mark.parametrize(("body", "field"), [
    ({"errno": 107, "details": [{"location": "body", "name": "data.title", "description": "Required"}]}, "title"),
    ({"errno": 107, "details": [{"name": "owner", "description": "'title' is a required property"}]}, "title"),
    ({"type": "about:blank", "title": "bad", "errors": [{"pointer": "#/data/grade", "detail": "must be at most 4"}]}, "grade"),
    ({"title": "bad", "invalid-params": [{"name": "lon", "reason": "x"}]}, "lon"),
    ({"title": "bad"}, None), ({"details": "all wrong"}, None), ([1], None), ({"details": [5, {}]}, None),
])
def test_a_refusal_names_its_field(platform, body: object, field: str | None) -> None:
    assert platform(400, body).create("incidents", {"id": "1"}, "op").field == field


def test_waits_that_the_server_asks_for(platform) -> None:
    assert platform(503, b"", Retry_After="7").patch("units", "1", {}, 1, "op").retry_after == 7
    assert platform(200, {"data": RECORD}, Backoff="12").patch("units", "1", {}, 1, "op").retry_after == 12
    assert platform(429, b"", Retry_After="999999").patch("units", "1", {}, 1, "op").retry_after == 3600
    assert platform(503, b"", Retry_After="soon").patch("units", "1", {}, 1, "op").retry_after is None


def test_what_a_write_sends(platform, reply) -> None:
    seen = []

    def handle(request: Any) -> None:
        seen.append((request.command, request.path, dict(request.headers), json.loads(request.body or b"null")))
        reply(request, 200, json.dumps(HELLO if request.path == "/v1/" else {"data": RECORD}).encode())

    made = platform(handler=handle)
    made.create("incidents", {"id": "1", "title": "a", "last_modified": 3, "schema": 4}, "op1")
    made.patch("incidents", "1", {"owner": None}, 5, "op2")
    made.create("log", {"id": "2"}, "op3")
    create, patch, log = [each for each in seen if each[1] != "/v1/"]
    assert create[:2] == ("PUT", "/v1/buckets/city/collections/incidents/records/1")
    assert create[2]["If-None-Match"] == "*" and create[2]["Idempotency-Key"] == "op1"
    assert create[3]["data"] == {"id": "1", "title": "a", "last_op": "op1"}
    assert create[3]["permissions"] == {"write": ["/buckets/city/groups/department", "/buckets/city/groups/officer"]}
    assert patch[2]["If-Match"] == '"5"' and patch[3] == {"data": {"owner": None, "last_op": "op2"}}
    assert log[3]["permissions"] == {"write": []}
    assert len([each for each in seen if each[1] == "/v1/"]) == 1


def test_a_lost_connection_may_have_arrived_and_is_never_sent_twice(platform) -> None:
    count = []

    def handle(request: Any) -> None:
        count.append(request.command)
        request.connection.shutdown(socket.SHUT_RDWR)
        request.close_connection = True

    reply = platform(handler=handle).patch("units", "1", {}, 1, "op")
    assert (reply.status, reply.sent, count) == ("transient", True, ["PATCH"])


def test_no_connection_means_nothing_was_sent() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    made = KintoPlatform(f"http://127.0.0.1:{port}", "o", "p", breaker=Breaker(10_000))
    for reply in (made.patch("units", "1", {}, 1, "op"), made.create("units", {"id": "1"}, "op")):
        assert (reply.status, reply.sent) == ("transient", False)
    with pytest.raises(Unreachable, match="无法连接平台") as caught:
        made.page("units")
    assert caught.value.kept and caught.value.todo and caught.value.exit_code == 3
    made.close()


def test_a_cut_answer_to_a_write_is_transient_to_a_read_a_fault(platform, reply) -> None:
    def handle(request: Any) -> None:
        request.send_response(200)
        request.send_header("Content-Length", "500")
        request.end_headers()
        request.wfile.write(b'{"data": [')
        request.close_connection = True

    made = platform(handler=handle)
    assert made.patch("units", "1", {}, 1, "op").status == "transient"
    with pytest.raises(Unreachable):
        made.page("units")


@pytest.mark.parametrize(("body", "code"), [
    (b'{"data": [{"id": "1", "last_mod', "bad_page"), ({"data": {"id": "1"}}, "bad_page"), ({"data": [{"id": "1"}]}, "bad_page"),
    ({"data": [{"id": "1", "last_modified": 2**63}]}, "bad_page"), ({"data": [{"id": "1", "last_modified": True}]}, "bad_page"),
    ({"data": [{"id": ["1"], "last_modified": 5}]}, "bad_page"), ({"data": [{"id": "", "last_modified": 5}]}, "bad_page"),
    ({"data": [5]}, "bad_page"), ({"data": [{"id": "1", "last_modified": "5"}]}, "bad_page"), ({}, "bad_page"), (b"<html>hotel</html>", "not_ours"),
])
def test_a_page_that_cannot_be_trusted_is_not_used(platform, body: object, code: str) -> None:
    with pytest.raises(PlatformFault) as caught:
        platform(200, body).page("units")
    assert caught.value.code == code


@pytest.mark.parametrize(("status", "body", "kind", "code"), [
    (401, {"errno": 104}, Unauthorised, "wrong_password"), (403, {"errno": 121}, Unauthorised, "forbidden"),
    (503, b"", Unreachable, "busy"), (409, {"errno": 122}, Unreachable, "busy"), (404, b"nginx", PlatformFault, "not_ours"),
    (400, {"errno": 107, "details": [{"location": "querystring", "name": "_since", "description": "x"}]}, PlatformFault, "cursor"),
    (400, {"errno": 107, "message": "no"}, PlatformFault, "refused"),
])
def test_reads_raise_faults_that_tell_what_to_do(platform, status: int, body: object, kind: type, code: str) -> None:
    with pytest.raises(kind) as caught:
        platform(status, body).page("units")
    fault = caught.value
    assert fault.code == code and fault.happened and "保留" in fault.kept and fault.todo


def test_a_stale_write_without_the_record_fetches_it(platform, reply) -> None:
    def handle(request: Any) -> None:
        if request.command == "PATCH":
            reply(request, 412, b"")
        else:
            reply(request, 200, json.dumps({"data": RECORD}).encode())

    answer = platform(handler=handle).patch("units", "1", {}, 1, "op")
    assert (answer.status, answer.existing) == ("stale", RECORD)


@pytest.mark.parametrize("existing", [{"id": "1"}, {"id": "1", "last_modified": "5"}, {"id": "1", "last_modified": 2**64 - 1}])
def test_a_record_in_the_way_without_a_version_is_asked_for_again(platform, reply, existing: dict[str, Any]) -> None:
    def handle(request: Any) -> None:
        stale = {"errno": 114, "details": {"existing": existing}}
        reply(request, *((412, json.dumps(stale).encode()) if request.command == "PATCH" else (200, json.dumps({"data": RECORD}).encode())))

    assert platform(handler=handle).patch("units", "1", {}, 1, "op").existing == RECORD


@pytest.mark.parametrize("entry", [{}, {"collection_id": "units", "record_id": "1", "action": "update", "target": None}])
def test_a_history_that_cannot_be_read_is_a_fault_not_a_bug(platform, entry: dict[str, Any]) -> None:
    with pytest.raises(PlatformFault) as caught:
        platform(200, {"data": [{"id": "1", "last_modified": 5, **entry}]}).history("op")
    assert caught.value.code == "bad_page"


def test_a_strangers_server_is_not_ours(platform) -> None:
    with pytest.raises(PlatformFault, match="不是威海城市运行指挥平台"):
        platform(200, {"data": {"id": "server"}}).meta()
    with pytest.raises(PlatformFault, match="不是威海城市运行指挥平台"):
        platform(handler=lambda request: request.connection.sendall(b"") or _plain(request)).login_ok()


def _plain(request: Any) -> None:
    request.send_response(200)
    request.send_header("Content-Length", "2")
    request.end_headers()
    request.wfile.write(b"{}")


def test_reads_survive_a_short_failure(platform, reply) -> None:
    count = []

    def handle(request: Any) -> None:
        count.append(1)
        if len(count) < 2:
            reply(request, 503, b"")
        else:
            reply(request, 200, b'{"data": []}', ETag='"9"')

    page = platform(handler=handle).page("units")
    assert (page.records, page.cursor, len(count)) == ([], 9, 2)


def test_the_time_of_an_answer_is_capped(platform) -> None:
    def handle(request: Any) -> None:
        request.send_response(200)
        request.send_header("Content-Length", "5000")
        request.end_headers()
        try:
            for _ in range(60):
                request.wfile.write(b" ")
                time.sleep(0.05)
        except OSError:
            pass
        request.close_connection = True

    made = platform(handler=handle, options={"time_cap": 0.4})
    start = time.monotonic()
    assert made.patch("units", "1", {}, 1, "op").status == "transient"
    assert time.monotonic() - start < 2.5


def test_the_size_of_an_answer_is_capped_also_when_packed(platform) -> None:
    import gzip

    packed = gzip.compress(b"[" + b" " * 3_000_000 + b"]")
    made = platform(200, packed, Content_Encoding="gzip", options={"size_cap": 1_000_000})
    with pytest.raises(PlatformFault) as caught:
        made.page("units")
    assert caught.value.code == "too_large"


def test_addresses() -> None:
    assert base_url("https://city.example/") == "https://city.example/v1"
    assert base_url("https://city.example/kinto/v1/") == "https://city.example/kinto/v1"
    for url, code in [("http://city.example", "plain_http"), ("http://10.0.0.5:8888/v1", "plain_http"), ("ftp://x", "bad_address"), ("city", "bad_address")]:
        with pytest.raises(PlatformFault) as caught:
            KintoPlatform(url, "o", "p")
        assert caught.value.code == code


def test_an_account_or_a_token(platform, reply) -> None:
    seen = []

    def handle(request: Any) -> None:
        seen.append(request.headers["Authorization"])
        reply(request, 200, json.dumps(HELLO).encode())

    made = platform(handler=handle)
    assert made.login_ok()
    token = KintoPlatform(made.url, "", "abc", breaker=Breaker())
    token.login_ok()
    token.close()
    assert seen == ["Basic bzpw", "Bearer abc"]


@pytest.mark.kinto
def test_wrong_password_on_the_real_server(hub: Any) -> None:
    made = KintoPlatform(hub.url, "officer", "wrong", breaker=Breaker())
    assert not made.login_ok()
    with pytest.raises(Unauthorised, match="officer"):
        made.meta()
    assert made.create("incidents", {"id": "1", "title": "a"}, "op").status == "unauthorised"
    assert made.patch("incidents", "1", {}, 1, "op").status == "unauthorised"
    made.close()


@pytest.mark.kinto
def test_a_cursor_from_the_future_is_told_apart(hub: Any) -> None:
    made = hub.login()
    with pytest.raises(PlatformFault) as caught:
        made.page("incidents", since=9_999_999_999_999)
    assert caught.value.code == "cursor"
    made.close()
