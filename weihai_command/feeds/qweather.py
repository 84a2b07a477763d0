"""QWeather's JSON: lists of warnings (v1, in both shapes that it has had), and tracks and forecasts of a storm as one record with its track."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import orjson

from .feed import FeedConfig, Memory
from .mapping import BadField, find
from .platform import Reject
from .storm import storm_record
from .warning_feed import Messages, WarningFeed
from .warning_words import described, exact_time, placed
from .whole import Item, Source
from .wire import validate
from .xml_tree import SIZE_CAP

#: More in one place at one time are no warnings.
MOST = 500
_TYPES = {"alert": "Alert", "update": "Update", "cancel": "Cancel"}
#: CAP's words as this source writes them.
_CAP_WORDS = ("urgency", "severity", "certainty")
_TIMES = {"sent": "issuedTime", "effective": "effectiveTime", "onset": "onsetTime", "expires": "expireTime"}
_TEXTS = {"headline": "headline", "text": "description", "criteria": "criteria", "instruction": "instruction"}


class QWeatherFeed(WarningFeed):
    """Records get ids that stay: of the feed's name and the warning's id. A secret is sent as a bearer token."""

    def __init__(self, config: FeedConfig, secret: str | None = None, *, now: Callable[[], float] = time.time) -> None:
        super().__init__(config, now=now)
        self.source = Source(config, secret, "application/json", SIZE_CAP)

    def close(self) -> None:
        self.source.close()

    def _messages(self, memory: Memory) -> Messages | None:
        got = self.source.fetch(memory)
        if got is None:
            return None
        body, etag, modified = got
        found = Messages(etag=etag, modified=modified)
        try:
            self._take(found, _document(body))
        except BadField as bad:
            found.rejected.append(Reject("", bad.field, bad.reason, body[:2000].decode("utf-8", "replace")))
        return found

    def _take(self, found: Messages, document: Mapping[str, Any]) -> None:
        if "track" in document or "forecast" in document:
            found.add(Item(self.id_of("storm"), partial(self._checked, "storm", lambda: storm_record(document)), document.get("updateTime")))
            return
        alerts = document.get("alerts")
        if not isinstance(alerts, list):
            raise BadField("alerts", "缺少预警列表 alerts")
        found.is_said_empty = not alerts and find(document, "metadata.zeroResult") is True
        for raw in alerts[:MOST]:
            name = raw.get("id") if isinstance(raw, Mapping) else None
            if not isinstance(name, str) or not name:
                found.nameless = True
                found.rejected.append(Reject("", "id", "缺少必填字段", raw))
                continue
            found.add(Item(self.id_of(name), partial(self._checked, name, partial(warning_of, raw)), {**raw, "references": _superseded(raw)}))

    def _checked(self, name: str, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        return validate(self.kind, {**make(), "id": self.id_of(name), "feed": self.name})


def _document(body: bytes) -> Mapping[str, Any]:
    try:
        document = orjson.loads(body)
    except ValueError as error:
        raise BadField("alerts", f"文件不完整或不是 JSON（{error}）") from None
    if not isinstance(document, Mapping):
        raise BadField("alerts", "不是和风天气的答复")
    code = document.get("code")
    if code not in (None, "200", 200):
        raise BadField("code", f"来源答复 {code}")
    return document


def warning_of(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a warning of one entry of `alerts`, without its id. Raises BadField."""
    record: dict[str, Any] = {"identifier": raw["id"], "status": "Actual", "msg_type": _type(raw)}
    for ours, theirs in _TEXTS.items():
        record[ours] = _text(raw, theirs)
    for ours, theirs in _TIMES.items():
        if said := _text(raw, theirs):
            record[ours] = exact_time(theirs, said)
    if not record.get("sent"):
        raise BadField("issuedTime", "缺少必填字段")
    for word in _CAP_WORDS:
        record[word] = _text(raw, word).title()
    record["sender"] = record["sender_name"] = _text(raw, "senderName")
    event = _text(raw, "eventType.name") or _text(raw, "event")
    record["title"] = record["headline"] or event
    if not record["title"]:
        raise BadField("headline", "缺少必填字段")
    codes = [_text(raw, "eventType.code"), *(_text(each, "value") for each in raw.get("eventCodes") or () if isinstance(each, Mapping))]
    what = described(record["headline"], event, codes, [_text(raw, "color.code")], record["severity"])
    where = placed(f"{record['sender_name']} {record['headline']}", ())
    return {name: value for name, value in record.items() if value} | {"references": _superseded(raw)} | what | where


def _type(raw: Mapping[str, Any]) -> str:
    said = _text(raw, "messageType.code") or _text(raw, "msgType") or "alert"
    if said.lower() not in _TYPES:
        raise BadField("messageType", f"不认识的消息类型 {said[:40]}")
    return _TYPES[said.lower()]


def _superseded(raw: Mapping[str, Any]) -> list[str]:
    """The ids of those that this one replaces or ends."""
    found = find(raw, "messageType.supersedes") or raw.get("relatedAlertIds") or []
    return [str(each) for each in found] if isinstance(found, list) else []


def _text(raw: Mapping[str, Any], path: str) -> str:
    """The text at a path, "" for none. Raises BadField for what is no text."""
    value = find(raw, path)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadField(path, "应为文字")
    return value.strip()
