"""What an answer to a write means: Kinto's error shape, RFC 9457, or an unknown body, which is judged by its status. No I/O."""

from __future__ import annotations

import re
from typing import Any

from . import platform
from .platform import Reply
from .transport import Answer

KINTO_CONTENTION = 122
KINTO_PRECONDITION = 114
_RETRY = frozenset({408, 421, 425, 429})
_REQUIRED = re.compile(r"'([^']+)' is a required property")


def judge(answer: Answer) -> Reply:
    """The reply to a create or a patch. Never raises."""
    body = answer.json()
    known: dict[str, Any] = body if isinstance(body, dict) else {}
    if 200 <= answer.status < 300:
        return _applied(answer, known)
    status = _status(answer.status, known)
    field, words = complaint(known)
    return Reply(
        status, existing=_existing(known) if status == platform.STALE else None, error=words or f"HTTP {answer.status}",
        retry_after=answer.retry_after, server_time=answer.server_time, field=field if status == platform.REJECTED else None,
    )


def _applied(answer: Answer, body: dict[str, Any]) -> Reply:
    record = body.get("data")
    times: dict[str, Any] = {"retry_after": answer.retry_after, "server_time": answer.server_time}
    if isinstance(record, dict) and isinstance(record.get("id"), str) and is_version(record.get("last_modified")):
        return Reply(platform.APPLIED, record=record, **times)
    # A sign-in page of a public network also says 200; nothing shows that the write arrived.
    return Reply(platform.TRANSIENT, error="答复不是平台的格式，不能确认已送达", **times)


def _status(code: int, body: dict[str, Any]) -> str:
    if code >= 500 or code in _RETRY or code < 400:
        return platform.TRANSIENT
    if code == 409 and body.get("errno") == KINTO_CONTENTION:
        return platform.TRANSIENT
    return {401: platform.UNAUTHORISED, 404: platform.MISSING, 410: platform.MISSING, 412: platform.STALE}.get(code, platform.REJECTED)


def _existing(body: dict[str, Any]) -> dict[str, Any] | None:
    details = body.get("details")
    existing = details.get("existing") if isinstance(details, dict) else None
    return existing if isinstance(existing, dict) and is_version(existing.get("last_modified")) else None


def is_version(value: object) -> bool:
    """A whole number that SQLite and we can hold."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63


def complaint(body: dict[str, Any]) -> tuple[str | None, str]:
    """The field that an error body names, if any, and its words."""
    words = str(body.get("message") or body.get("detail") or body.get("title") or body.get("error") or "")[:500]
    for item in _items(body):
        if not isinstance(item, dict):
            continue
        text = str(item.get("description") or item.get("detail") or item.get("message") or "")
        name = str(item.get("name") or item.get("field") or item.get("pointer") or item.get("parameter") or "")
        # For a missing field Kinto names the last of all required ones; its sentence names the right one.
        missing = _REQUIRED.search(text)
        return (missing[1] if missing else _last(name)), text or words
    return None, words


def _items(body: dict[str, Any]) -> list[Any]:
    for key in ("details", "errors", "invalid-params", "invalid_params"):
        if isinstance(body.get(key), list):
            return list(body[key])
    return []


def _last(name: str) -> str | None:
    """`data.title`, `#/data/title` and `title` are all title."""
    return re.split(r"[./]", name.rstrip("./"))[-1].lstrip("#") or None
