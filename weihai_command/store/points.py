"""A kind's positions as columns for the map, read at once and kept as a file until the kind changes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from operator import index
from pathlib import Path
from threading import Lock
from typing import Any, overload

import numpy as np
import orjson
from numpy.typing import NDArray

from ..domain.points import ABNORMAL, PointTable
from . import ballast, mirror, view
from .cells import real_cell, word
from .columns import CATEGORY, MISSING, OTHER, Columns, arranged, doubt, read
from .store import Store

#: Kinds with acts over them: few rows, always as the officer sees them.
_ACTED_ON = frozenset({"incidents", "units"})
#: Kinds whose columns are kept, the largest first.
MASSES = ("video_points", "sensors", "facilities")
_FORMAT = 3
#: Who comes while another reads a kind finds it kept.
_READING = {kind: Lock() for kind in MASSES}

__all__ = ["CATEGORY", "MASSES", "OTHER", "Ids", "doubt", "keep", "table"]


class Ids(Sequence[str]):
    """n ids as fixed-width bytes, decoded one by one when asked for."""

    def __init__(self, data: NDArray[np.bytes_]) -> None:
        self.data = data

    def __len__(self) -> int:
        return len(self.data)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> list[str]: ...
    def __getitem__(self, at: int | slice) -> str | list[str]:
        if isinstance(at, slice):
            return [each.decode() for each in self.data[at].tolist()]
        return bytes(self.data[index(at)]).decode()

    def __contains__(self, value: object) -> bool:
        return isinstance(value, str) and bool((self.data == value.encode()).any())

    def index(self, value: Any, start: int = 0, stop: int | None = None) -> int:
        """The place of an id (ValueError)."""
        found = np.flatnonzero(self.data[start:stop] == str(value).encode())
        if not len(found):
            raise ValueError(value)
        return int(found[0]) + start


def table(
    store: Store, kind: str, symbol_of: Callable[[str], str] | None = None, abnormal: Callable[[str], bool] | None = None
) -> PointTable:
    """All placed records of a kind; those whose position cannot be true are in `suspect` instead.

    A point's category is its CATEGORY fields joined by "/" (an incident: "emergency/2/new", a missing field is empty). `symbol_of`
    names a category's symbol (default: the category itself), `abnormal` says which categories are (default: none). Incidents and
    units come with this desk's open acts and with labels, the others as the mirror has them, with `fields` as stored.
    """
    if kind in _ACTED_ON:
        columns, labels = _from_view(store, kind)
    else:
        columns, labels = _cached(store, kind), {}
    names = [symbol_of(each) if symbol_of else each for each in columns.categories]
    symbols = tuple(dict.fromkeys(names))
    odd = [bool(abnormal and abnormal(each)) for each in columns.categories]
    # One entry more than categories, so that an empty kind can be looked up too.
    symbol = np.array([*(symbols.index(name) for name in names), 0], np.uint8)[columns.code]
    flags = np.array([*(ABNORMAL if each else 0 for each in odd), 0], np.uint8)[columns.code]
    return PointTable(
        kind, Ids(columns.ids), columns.lon, columns.lat, symbol, flags, symbols, labels, columns.suspects, columns.field, tuple(columns.fields),
    )


def keep(store: Store, kinds: Iterable[str] = MASSES) -> None:
    """Keep the columns of these kinds as they are now: whoever stored a mass calls it, and the next start need not read the mirror.

    Half a second for 350,000 new rows, a look at each file where nothing changed; call it off the window's thread (StoreFault).
    """
    for kind in kinds:
        if kind in MASSES:
            with _READING[kind]:
                key, file = _kept(store, kind)
                if not _is_whole(file, key):
                    _read(store, kind, key, file)


def _from_view(store: Store, kind: str) -> tuple[Columns, dict[int, str]]:
    found, texts = [], {}
    for row in view.rows(store, kind):
        lon, lat = real_cell(row.get("lon")), real_cell(row.get("lat"))
        if lon is None and lat is None:
            continue
        category = "/".join(word(row.get(name)) for name in CATEGORY[kind])
        found.append((row["id"].encode(), MISSING if lon is None else lon, MISSING if lat is None else lat, category))
        texts[row["id"]] = word(row.get("name") or row.get("title") or row.get("number"))
    columns = arranged(found, max((len(each[0]) for each in found), default=1))
    return columns, {at: texts[each] for at, each in enumerate(Ids(columns.ids)) if texts[each]}


def _cached(store: Store, kind: str) -> Columns:
    with _READING[kind]:
        key, file = _kept(store, kind)
        return _load(file, key) or _read(store, kind, key, file)


def _kept(store: Store, kind: str) -> tuple[list[Any], Path]:
    """What a kind's columns are kept under, and where."""
    return [_FORMAT, *mirror.stamp(store, kind), *CATEGORY[kind]], store.profile.cache / f"points-{kind}.bin"


def _read(store: Store, kind: str, key: list[Any], file: Path) -> Columns:
    # The key is older than what is read: a write in between makes the file look older than it is, never newer.
    with store.mirror_read() as db:
        columns = read(db, kind)
    _save(file, key, columns)
    return columns


def _save(file: Path, key: list[Any], columns: Columns) -> None:
    """Best effort: without the file the next start only takes longer."""
    head = orjson.dumps({
        "key": key, "n": len(columns.ids), "width": columns.ids.itemsize, "categories": columns.categories, "fields": columns.fields,
        "suspects": columns.suspects,
    })
    # Another process may be at the same.
    part = file.with_suffix(f".{os.getpid()}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if ballast.free(file.parent) < ballast.PLENTY:
            return
        with part.open("wb") as handle:
            handle.write(head + b"\n")
            for array in (columns.lon, columns.lat, columns.ids, columns.code, columns.field):
                handle.write(np.ascontiguousarray(array).data)
        part.replace(file)
    except OSError:
        part.unlink(missing_ok=True)


def _is_whole(file: Path, key: list[Any]) -> bool:
    """Whether the columns are kept under this key, by the file's head and size."""
    try:
        with file.open("rb") as handle:
            line = handle.readline()
        head = orjson.loads(line)
        return bool(head["key"] == key and file.stat().st_size == len(line) + int(head["n"]) * (18 + int(head["width"])))
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _load(file: Path, key: list[Any]) -> Columns | None:
    """The columns kept under this key; None when there are none or the file is not whole."""
    try:
        with file.open("rb") as handle:
            head = orjson.loads(handle.readline())
            data = handle.read() if head["key"] == key else b""
        n, width = int(head["n"]), int(head["width"])
        if head["key"] != key or len(data) != n * (18 + width):
            return None
        suspects = [(str(a), str(b), str(c)) for a, b, c in head["suspects"]]
        code, field = (np.frombuffer(data, np.uint8, n, (16 + width + at) * n) for at in (0, 1))
        categories, fields = ([str(each) for each in head[name]] for name in ("categories", "fields"))
        return Columns(
            np.frombuffer(data, f"S{width}", n, 16 * n), np.frombuffer(data, np.float64, n), np.frombuffer(data, np.float64, n, 8 * n),
            code, categories, field, fields, suspects,
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
