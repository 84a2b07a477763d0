"""What the desk shows: the mirror with this desk's open acts over it. Read-only."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from itertools import islice
from typing import Any

import orjson

from ..domain.faults import Usage
from ..domain.geometry import distance_m
from ..domain.kinds import Kind
from . import search
from .cells import column_cells, fold, kind_of, real_cell, text_cell, word, words
from .overlay import Layer, layers
from .store import Store

Near = tuple[float, float, float]


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
    asked = _Asked(sort, dict(where or {}), [fold(each) for each in (text or "").split()], near)
    asked.check()
    over = layers(store, kind)
    with store.mirror_read() as db:
        return list(islice(_merged(db, asked, over), limit))


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question to a kind."""

    kind: Kind
    where: dict[str, str]
    words: list[str]
    near: Near | None

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
        if not all(_equals(merged.get(name), value) for name, value in self.where.items()):
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
        """SQL that lets through at least every row that fits."""
        cells = dict(column_cells(self.kind.name))
        # Only text columns hold exactly what `word` compares; an empty value also fits a missing field.
        exact = {name: value for name, value in self.where.items() if value and (cells.get(name) is text_cell or name == "id")}
        sql, values = [f"{name}=?" for name in exact], list[Any](exact.values())
        for each in self.words:
            sql.append("instr(words, ?)")
            values.append(each)
        return sql, values


def _equals(value: Any, wanted: str) -> bool:
    if isinstance(value, (list, tuple)):
        return any(word(each) == wanted for each in value) if value else not wanted
    return word(value) == wanted


def _merged(db: sqlite3.Connection, asked: _Asked, over: dict[str, Layer]) -> Iterator[dict[str, Any]]:
    found = _stored(db, asked, over) if asked.near is None else iter(_nearest(db, asked, over))
    if asked.near is not None:
        yield from found
        return
    yield from found
    yield from _created(db, asked, over)


def _stored(db: sqlite3.Connection, asked: _Asked, over: dict[str, Layer]) -> Iterator[dict[str, Any]]:
    """Rows of the mirror that fit, merged, in order."""
    sql, values = asked.conditions()
    if asked.words:
        candidates, more = search.word_candidates(db, asked.kind.name, asked.words)
        sql, values = [*sql, candidates], [*values, *more]
    yield from _read(db, asked, over, sql, values)


def _read(
    db: sqlite3.Connection, asked: _Asked, over: dict[str, Layer], sql: list[str], values: list[Any]
) -> Iterator[dict[str, Any]]:
    condition = " AND ".join(sql) or "1"
    if over and sql:
        # What the mirror says of a record with open steps decides nothing: the merged record does.
        condition = f"({condition}) OR id IN (SELECT value FROM json_each(?))"
        values = [*values, orjson.dumps(list(over)).decode()]
    for record_id, raw in db.execute(f"SELECT id, raw FROM mirror_{asked.kind.name} WHERE {condition} ORDER BY row", values):
        layer = over.get(record_id)
        merged = layer.over(record_id, orjson.loads(raw)) if layer else {**orjson.loads(raw), "sync": "synced"}
        if merged is not None and asked.fits(merged):
            yield merged


def _created(db: sqlite3.Connection, asked: _Asked, over: dict[str, Layer]) -> Iterator[dict[str, Any]]:
    """Records that only this desk has, in the order of the acts."""
    made = [record_id for record_id, layer in over.items() if layer.creates]
    if not made:
        return
    sql = f"SELECT id FROM mirror_{asked.kind.name} WHERE id IN (SELECT value FROM json_each(?))"
    known = {row[0] for row in db.execute(sql, (orjson.dumps(made).decode(),))}
    for record_id in made:
        merged = None if record_id in known else over[record_id].over(record_id, None)
        if merged is not None and asked.fits(merged):
            yield merged


def _nearest(db: sqlite3.Connection, asked: _Asked, over: dict[str, Layer]) -> list[dict[str, Any]]:
    """All that fit within the circle, nearest first."""
    assert asked.near is not None
    sql, values = asked.conditions()
    box, more = search.place_candidates(db, asked.kind.name, asked.near)
    found = list(_read(db, asked, over, [*sql, box], [*values, *more]))
    found.extend(_created(db, asked, over))
    return sorted(found, key=asked.distance)
