"""What the desk shows: the mirror with this desk's open acts over it. Read-only."""

from __future__ import annotations

import heapq
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from itertools import islice
from math import cos, degrees, radians
from typing import Any, Generic, TypeVar

import orjson

from ..domain.faults import Usage
from ..domain.geometry import EARTH_M, distance_m
from ..domain.kinds import Kind
from . import search
from .cells import column_cells, fold, kind_of, real_cell, text_cell, word, words
from .overlay import Layer, layers
from .store import Store

Near = tuple[float, float, float]
T = TypeVar("T")
_OPEN = "SELECT row FROM mirror_incidents WHERE ended_on IS NULL"
_ENDED = "SELECT row FROM mirror_incidents WHERE ended_on >= ?"
#: After every time that is written as text.
_NEVER = "\U0010ffff"


def record(store: Store, kind: str, record_id: str) -> dict[str, Any] | None:
    """The merged record with `sync` (synced|pending|sending|conflict|rejected), None when there is none."""
    kind_of(kind)
    # Acts before mirror: an act that arrives in between is then shown twice over itself, never not at all.
    layer = layers(store, kind, record_id).get(record_id, Layer())
    with store.mirror_read() as db:
        found = db.execute(f"SELECT raw FROM mirror_{kind} WHERE id=?", (record_id,)).fetchone()
    return layer.over(record_id, orjson.loads(found[0]) if found else None)


def rows(
    store: Store, kind: str, *, where: Mapping[str, str] | None = None, text: str | None = None, near: Near | None = None,
    limit: int | None = None,
) -> list[dict[str, Any]]:
    """The merged records that fit, each with `sync`; in the order of arrival, with `near` by distance.

    where: field -> value as text (an empty value fits an empty field, a list fits by any of its items); Usage for an unknown
    field. text: words that must all occur. near: (lon, lat, metres), WGS-84.
    """
    sort = kind_of(kind)
    asked = _Asked(sort, dict(where or {}), fold(text or "").split(), near)
    asked.check()
    over = layers(store, kind)
    with store.mirror_read() as db:
        return list(islice(_merged(db, asked, over), limit))


def incidents(store: Store, ended_since: str = "") -> list[dict[str, Any]]:
    """The merged incidents that are not over, and those that ended on the day `ended_since` (YYYY-MM-DD) or later.

    Those with open steps are there in whatever state they are, so the caller looks at each. Reads nothing of older ended ones.
    """
    over = layers(store, "incidents")
    with store.mirror_read() as db:
        return list(_merged(db, _Asked(kind_of("incidents"), {}, [], None, ended_since), over))


@dataclass(frozen=True, slots=True)
class Mark:
    """Up to where a reader has seen the incidents: which mirror, its last write, and the open acts over it."""

    mirror: str
    seq: int
    over: dict[str, Layer]


@dataclass(frozen=True, slots=True)
class Changed(Generic[T]):
    """Incidents written or acted on since a mark: what the caller made of each, and the ids that it made nothing of or that are gone."""

    rows: list[T]
    gone: set[str]
    mark: Mark
    is_whole: bool


def incident_changes(store: Store, shape: Callable[[dict[str, Any]], T | None], ended_since: str = "", mark: Mark | None = None) -> Changed[T]:
    """What became of the incidents since `mark`, in whatever state; without one, or after too many writes, all as `incidents` gives them.

    shape: makes of a merged record, which it may change and keep, what is wanted of it; one by one, so that no more is held than that.
    """
    over = layers(store, "incidents")
    with store.mirror_read() as db:
        name, first, last = db.execute("SELECT (SELECT id FROM identity), MIN(seq), MAX(seq) FROM touched_incidents").fetchone()
        now = Mark(str(name), int(last or 0), over)
        if mark is None or mark.mirror != now.mirror or (first or 1) > mark.seq + 1:
            every = _merged(db, _Asked(kind_of("incidents"), {}, [], None, ended_since), over)
            return Changed([made for row in every if (made := shape(row)) is not None], set(), now, True)
        ids = {each for (each,) in db.execute("SELECT id FROM touched_incidents WHERE seq > ?", (mark.seq,))}
        ids |= {each for each in over.keys() | mark.over.keys() if over.get(each) != mark.over.get(each)}
        found = _by_ids(db, "incidents", ids)
    merged = {each: over.get(each, Layer()).over(each, found.get(each)) for each in ids}
    shaped = {each: made for each, row in merged.items() if row and (made := shape(row)) is not None}
    return Changed(list(shaped.values()), ids - shaped.keys(), now, False)


def _by_ids(db: sqlite3.Connection, kind: str, ids: set[str]) -> dict[str, dict[str, Any]]:
    sql = f"SELECT id, raw FROM mirror_{kind} WHERE id IN (SELECT value FROM json_each(?))"
    return {each: orjson.loads(raw) for each, raw in db.execute(sql, (orjson.dumps(list(ids)).decode(),))}


def largest_number(store: Store, series: str) -> int:
    """The largest number of a series of incidents (应0417A -> 417), 0 without any."""
    over = layers(store, "incidents")
    sql = "SELECT MAX(CAST(substr(number, ?) AS INTEGER)) FROM mirror_incidents WHERE number >= ? AND number < ?"
    with store.mirror_read() as db:
        found = db.execute(sql, (len(series) + 1, series, series[:-1] + chr(ord(series[-1]) + 1))).fetchone()[0]
    named = (str(patch.get("number", "")) for layer in over.values() for patch in layer.patches)
    mine = (int(match[1]) for name in named if (match := re.match(rf"{series}(\d+)", name)))
    return max(int(found or 0), *mine, 0)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question to a kind."""

    kind: Kind
    where: dict[str, str]
    words: list[str]
    near: Near | None
    #: Of incidents: leave out what ended before this day, or at all ("").
    ended_since: str | None = None

    def check(self) -> None:
        known = {each.name for each in fields(self.kind.record)} | {"id", "last_modified", "sync"}
        unknown = sorted(set(self.where) - known)
        if unknown:
            raise Usage(f"{self.kind.word}没有字段 {'、'.join(unknown)}", todo="可用的有：" + "、".join(sorted(known)))
        if self.near is not None and not self.kind.placed:
            raise Usage(f"{self.kind.word}没有位置，不能按距离查找")
        if self.words and not self.kind.text:
            raise Usage(f"{self.kind.word}没有可搜索的文字")

    def fits(self, merged: Mapping[str, Any]) -> bool:
        """The whole question, on a merged record."""
        if self.where and not all(_equals(merged.get(name), value) for name, value in self.where.items()):
            return False
        if self.words:
            text = words(self.kind, merged)
            if not all(each in text for each in self.words):
                return False
        return self.near is None or self.distance(merged) <= self.near[2]

    def distance(self, merged: Mapping[str, Any]) -> float:
        lon, lat = real_cell(merged.get("lon")), real_cell(merged.get("lat"))
        if self.near is None or lon is None or lat is None:
            return float("inf")
        return distance_m(self.near[0], self.near[1], lon, lat)

    def conditions(self) -> tuple[list[str], list[Any]]:
        """SQL that lets through at least every stored row that fits."""
        cells = dict(column_cells(self.kind.name))
        # Only text columns hold exactly what `word` compares; an empty value also fits a missing field.
        exact = {name: text_cell(value) for name, value in self.where.items() if value and (cells.get(name) is text_cell or name == "id")}
        sql = [f"{name}=?" for name in exact] + ["instr(words, ?)"] * len(self.words)
        if self.ended_since is None:
            return sql, [*exact.values(), *self.words]
        # Two looks into the index; asked with OR, SQLite reads the whole table for the order's sake.
        sql.append(f"row IN ({_OPEN} UNION ALL {_ENDED})")
        return sql, [*exact.values(), *self.words, self.ended_since or _NEVER]


def _equals(value: Any, wanted: str) -> bool:
    if isinstance(value, (list, tuple)):
        return any(word(each) == wanted for each in value) if value else not wanted
    return word(value) == wanted


def _merged(db: sqlite3.Connection, asked: _Asked, over: dict[str, Layer]) -> Iterator[dict[str, Any]]:
    """All that fit: stored records in order of arrival, then those that only this desk has; with `near` by distance."""
    known = _acted_on(db, asked.kind.name, over)
    made = [layer.over(each, None) for each, layer in over.items() if each not in {found[1] for found in known}]
    acted = [(row, layer.over(each, record)) for row, each, record in known for layer in (over[each],)]
    fitting = [(row, merged) for row, merged in acted if merged and asked.fits(merged)]
    new = [merged for merged in made if merged and asked.fits(merged)]
    if asked.near is not None:
        yield from _by_distance(db, asked, over, [*(merged for _, merged in fitting), *new])
        return
    for _, merged in heapq.merge(_stored(db, asked, over), fitting, key=lambda each: each[0]):
        yield merged
    yield from new


def _acted_on(db: sqlite3.Connection, kind: str, over: dict[str, Layer]) -> list[tuple[int, str, dict[str, Any]]]:
    """(row, id, record) of the stored records with open steps, in order."""
    if not over:
        return []
    sql = f"SELECT row, id, raw FROM mirror_{kind} WHERE id IN (SELECT value FROM json_each(?)) ORDER BY row"
    return [(row, each, orjson.loads(raw)) for row, each, raw in db.execute(sql, (orjson.dumps(list(over)).decode(),))]


def _stored(db: sqlite3.Connection, asked: _Asked, over: dict[str, Layer]) -> Iterator[tuple[int, dict[str, Any]]]:
    """(row, record) of the stored records without open steps that fit, in order."""
    sql, values = asked.conditions()
    found = search.candidates(db, asked.kind.name, asked.words)
    condition = " AND ".join([found.condition, *sql])
    query = f"SELECT row, id, raw FROM {found.source} WHERE {condition} ORDER BY {found.order}"
    for row, record_id, raw in db.execute(query, [*found.values, *values]):
        if record_id not in over:
            record = orjson.loads(raw)
            record["sync"] = "synced"
            if asked.fits(record):
                yield row, record


def _by_distance(
    db: sqlite3.Connection, asked: _Asked, over: dict[str, Layer], acted: list[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Stored and acted-on records within the circle, nearest first; the contents are read only as far as asked for."""
    assert asked.near is not None
    lon, lat, metres = asked.near
    sql, values = asked.conditions()
    condition = " AND ".join(["lon BETWEEN ? AND ? AND lat BETWEEN ? AND ?", *sql])
    rows = db.execute(f"SELECT row, lon, lat FROM mirror_{asked.kind.name} WHERE {condition}", [*box(asked.near), *values])
    far = ((distance_m(lon, lat, east, north), row) for row, east, north in rows)
    stored = sorted(each for each in far if each[0] <= metres)
    mine = sorted(((asked.distance(merged), merged) for merged in acted), key=lambda each: each[0])
    for _, found in heapq.merge(stored, mine, key=lambda each: each[0]):
        record = found if isinstance(found, dict) else _unacted(db, asked, over, found)
        if record is not None:
            yield record


def _unacted(db: sqlite3.Connection, asked: _Asked, over: dict[str, Layer], row: int) -> dict[str, Any] | None:
    record_id, raw = db.execute(f"SELECT id, raw FROM mirror_{asked.kind.name} WHERE row=?", (row,)).fetchone()
    record = None if record_id in over else {**orjson.loads(raw), "sync": "synced"}
    return record if record is not None and asked.fits(record) else None


def box(near: Near) -> tuple[float, float, float, float]:
    """(west, east, south, north) in degrees around the circle, a little wider than it."""
    lon, lat, metres = near
    high = degrees(metres / EARTH_M) * 1.001 + 1e-6
    edge = min(abs(lat) + high, 90.0)
    # Near a pole every longitude is close.
    wide = 360.0 if edge > 89.0 else min(360.0, high / cos(radians(edge)))
    return lon - wide, lon + wide, lat - high, lat + high
