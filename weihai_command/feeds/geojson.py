"""GeoJSON (and CSV with a header) from a file or an address, read as a whole; what is new, changed or gone is found by comparing.

A source that is cut or is no GeoJSON is not used at all; a single bad feature is put aside with its field, the rest is used.
"""

from __future__ import annotations

import csv
import io
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

import orjson

from . import trouble
from .feed import FeedConfig, Memory
from .mapping import BadField, find, mapped, time_of
from .platform import Flags, Page, Reject
from .shapes import BadGeometry, representative
from .whole import Item, Source, compare, digest
from .wire import validate

#: Below this many records only a source that is wholly empty counts as shrunken.
SHRINK_FROM = 8
_ROOT = uuid.uuid5(uuid.NAMESPACE_DNS, "feeds.weihai-command")


class NoSnapshot(ValueError):
    """The source cannot be read as what it should be: the field and the reason in Chinese."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field = field
        self.reason = reason


class GeoJsonFeed:
    """One snapshot a time. Records get ids that stay: uuid5 of the feed's name and the source's id, or of the place where it has none."""

    can = Flags(deletions=True)

    def __init__(self, config: FeedConfig, secret: str | None = None, *, now: Callable[[], float] = time.time) -> None:
        self.config, self.now = config, now
        self.name, self.kind, self.every = config.name, config.kind, config.every
        self.source = Source(config, secret, "application/geo+json, application/json, text/csv;q=0.5")

    def read(self, memory: Memory, *, accept_shrink: bool = False) -> tuple[Page, Memory]:
        got = self.source.fetch(memory)
        if got is None:
            return Page([], cursor=memory.cursor, unchanged=True), memory
        body, etag, modified = got
        try:
            features, generated = snapshot(body, self._is_csv())
        except NoSnapshot as bad:
            reject = Reject("", bad.field, bad.reason, body[:2000].decode("utf-8", "replace"))
            return Page([], cursor=memory.cursor, rejected=[reject], unchanged=True), memory
        self._check_size(len(features), len(memory.versions), accept_shrink)
        # A feature that cannot even be told apart might be any of the missing ones.
        nameless = any(not isinstance(feature, dict) for feature in features)
        page, digests = compare(self._items(features), memory, self.now(), total=len(features), nameless=nameless, generated=generated)
        # A source with faults is read again next time, also when it says that nothing changed.
        etag, modified = (None, None) if page.rejected else (etag, modified)
        return page, replace(memory.following(page), digests=digests, etag=etag, modified=modified)

    def close(self) -> None:
        self.source.close()

    def _is_csv(self) -> bool:
        return self.config.source.lower().split("?")[0].endswith(".csv")

    def _check_size(self, now: int, before: int, accept_shrink: bool) -> None:
        if not accept_shrink and ((before and not now) or (before >= SHRINK_FROM and now * 2 < before)):
            raise trouble.shrunken(self.name, before, now)

    def _items(self, features: list[Any]) -> Iterator[Item]:
        seen: set[str] = set()
        for feature in features:
            id = self._id(feature, seen)
            seen.add(id)
            yield Item(id, partial(self._record, id, feature), feature)

    def _id(self, feature: Any, seen: set[str]) -> str:
        source_id = find(feature, self.config.fields.get("id", "id"))
        if source_id is None or source_id == "":
            # Standing things are known by their place; the same place twice is counted.
            basis = (find(feature, "geometry") or find(feature, "properties") or feature)
            source_id = "#" + digest(basis)
        id = first = str(uuid.uuid5(_ROOT, f"{self.name}:{source_id}"))
        count = 1
        while id in seen:
            count += 1
            id = str(uuid.uuid5(_ROOT, f"{first}:{count}"))
        return id

    def _record(self, id: str, feature: Any) -> dict[str, Any]:
        """Our record of one feature, checked. Raises BadField or Invalid."""
        if not isinstance(feature, dict):
            raise BadField("feature", "不是一个要素对象")
        paths = {name: path for name, path in self.config.fields.items() if name != "id"}
        record = mapped(self.kind, feature, paths, self.config.values)
        geometry = feature.get("geometry")
        try:
            place = representative(geometry)
        except BadGeometry as bad:
            raise BadField("geometry", str(bad)) from None
        if place and "lon" not in record and "lat" not in record:
            record["lon"], record["lat"] = place
        if geometry and geometry.get("type") != "Point":
            record["geometry"] = geometry
        source_id = find(feature, self.config.fields.get("id", "id"))
        origin = {"feed": self.name} if source_id is None else {"feed": self.name, "source_id": str(source_id)}
        return validate(self.kind, {**origin, **record, "id": id})


def snapshot(body: bytes, is_csv: bool) -> tuple[list[Any], float | None]:
    """All features of a source and when it says it was generated (epoch seconds). Raises NoSnapshot."""
    return (_rows(body), None) if is_csv else _features(body)


def _features(body: bytes) -> tuple[list[Any], float | None]:
    try:
        document = orjson.loads(body)
    except ValueError as error:
        raise NoSnapshot("features", f"文件不完整或不是 JSON（{error}）") from None
    if isinstance(document, dict) and document.get("type") == "Feature":
        return [document], None
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        raise NoSnapshot("type", "不是 GeoJSON 的 FeatureCollection")
    if not isinstance(document.get("features"), list):
        raise NoSnapshot("features", "缺少要素列表 features")
    if any(find(link, "rel") == "next" for link in document.get("links") or ()):
        raise NoSnapshot("links", "来源分页给出，这里只有其中一页，不能当作全部")
    return document["features"], _generated(document)


def _generated(document: dict[str, Any]) -> float | None:
    stated = find(document, "metadata.generated") or document.get("timeStamp")
    if stated is None:
        return None
    try:
        return datetime.fromisoformat(time_of("timeStamp", stated)).timestamp()
    except BadField:
        return None


def _rows(body: bytes) -> list[Any]:
    """The lines of a CSV table as features; a line with too few or too many cells means that the file is cut."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = body.decode("gb18030", "replace")
    table = list(csv.reader(io.StringIO(text)))
    if not table or len(table[0]) < 2:
        raise NoSnapshot("header", "不是带表头的 CSV 表格")
    header, lines = table[0], [line for line in table[1:] if line]
    for number, line in enumerate(lines, start=2):
        if len(line) != len(header):
            column = header[min(len(line), len(header)) - 1]
            raise NoSnapshot(column, f"第 {number} 行不完整：应有 {len(header)} 列，实有 {len(line)} 列")
    return [{"type": "Feature", "properties": dict(zip(header, line, strict=True)), "geometry": None} for line in lines]
