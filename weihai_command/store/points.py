"""A kind's positions as columns for the map, read at once and kept as a file until the kind changes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import index
from pathlib import Path
from typing import Any, overload

import numpy as np
import orjson
from numpy.typing import NDArray

from ..domain.points import ABNORMAL, PointTable
from . import ballast, mirror, view
from .cells import kind_of, real_cell, word
from .store import Store

#: Fields whose values, joined by "/", are a point's category.
CATEGORY = {
    "incidents": ("track", "grade", "state"),
    "units": ("kind", "state"),
    "facilities": ("kind",),
    "sensors": ("state",),
    "video_points": ("state",),
}
#: Kinds with acts over them: few rows, always as the officer sees them.
_ACTED_ON = frozenset({"incidents", "units"})
_WEST, _EAST, _SOUTH, _NORTH = 73.0, 136.0, 3.0, 54.0
#: Stands for a missing coordinate, since SQLite has no NaN.
_MISSING = 1e9
#: A kind with more categories than a byte can name shows the rest under this one.
OTHER = "其他"
_FORMAT = 2
Suspects = list[tuple[str, str, str]]


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


@dataclass(slots=True)
class _Columns:
    """What is kept in the file: arrays of one length, the categories that `code` points into, and the suspects."""

    ids: NDArray[np.bytes_]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    code: NDArray[np.uint8]
    categories: list[str]
    suspects: Suspects


def table(
    store: Store, kind: str, symbol_of: Callable[[str], str] | None = None, abnormal: Callable[[str], bool] | None = None
) -> PointTable:
    """All placed records of a kind; those whose position cannot be true are in `suspect` instead.

    A point's category is its CATEGORY fields joined by "/" (an incident: "emergency/2/new", a missing field is empty). `symbol_of`
    names a category's symbol (default: the category itself), `abnormal` says which categories are (default: none). Incidents and
    units come with this desk's open acts and with labels, the others as the mirror has them.
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
    return PointTable(kind, Ids(columns.ids), columns.lon, columns.lat, symbol, flags, symbols, labels, columns.suspects)


def doubt(lon: float | None, lat: float | None) -> str:
    """Why a position cannot be true, empty when it can. Degrees; None or NaN = missing."""
    if lon is None or lat is None or _MISSING in {lon, lat} or math.isnan(lon) or math.isnan(lat):
        return "位置可疑：只有经度或只有纬度"
    if _WEST <= lon <= _EAST and _SOUTH <= lat <= _NORTH:
        return ""
    if _WEST <= lat <= _EAST and _SOUTH <= lon <= _NORTH:
        return f"位置可疑：经纬度似乎颠倒（经度 {lon:g}，纬度 {lat:g}）"
    return f"位置可疑：不在我国及近海范围内（经度 {lon:g}，纬度 {lat:g}）"


def _from_view(store: Store, kind: str) -> tuple[_Columns, dict[int, str]]:
    found, texts = [], {}
    for row in view.rows(store, kind):
        lon, lat = real_cell(row.get("lon")), real_cell(row.get("lat"))
        if lon is None and lat is None:
            continue
        category = "/".join(word(row.get(name)) for name in CATEGORY[kind])
        found.append((row["id"].encode(), _MISSING if lon is None else lon, _MISSING if lat is None else lat, category))
        texts[row["id"]] = word(row.get("name") or row.get("title") or row.get("number"))
    columns = _arranged(found, max((len(each[0]) for each in found), default=1))
    return columns, {at: texts[each] for at, each in enumerate(Ids(columns.ids)) if texts[each]}


def _cached(store: Store, kind: str) -> _Columns:
    # The stamp is read first: a write in between makes the file look older than it is, never newer.
    key = [_FORMAT, *mirror.stamp(store, kind), *CATEGORY[kind_of(kind).name]]
    file = store.profile.cache / f"points-{kind}.bin"
    columns = _load(file, key)
    if columns is None:
        columns = _read(store, kind)
        _save(file, key, columns)
    return columns


def _read(store: Store, kind: str) -> _Columns:
    category = " || '/' || ".join(f"COALESCE({name}, '')" for name in CATEGORY[kind])
    placed = f"FROM mirror_{kind} WHERE lon IS NOT NULL OR lat IS NOT NULL"
    sql = f"SELECT CAST(id AS BLOB), COALESCE(lon, {_MISSING}), COALESCE(lat, {_MISSING}), {category} {placed} ORDER BY row"
    with store.mirror_read() as db:
        width = db.execute(f"SELECT COALESCE(MAX(LENGTH(CAST(id AS BLOB))), 1) FROM mirror_{kind}").fetchone()[0]
        columns = _arranged(db.execute(sql), int(width))
        source = f"SELECT feed FROM mirror_{kind} WHERE id=?"
        columns.suspects = [(each, db.execute(source, (each,)).fetchone()[0], why) for each, _, why in columns.suspects]
    return columns


def _arranged(found: Iterable[tuple[bytes, float, float, str]], width: int) -> _Columns:
    """(id, lon, lat, category) rows as columns, without those whose position is in doubt; `width` bytes hold every id."""
    # Filled from the cursor itself: a list of as many tuples takes twice the time.
    table = np.fromiter(found, dtype=[("id", f"S{max(1, width)}"), ("lon", "f8"), ("lat", "f8"), ("category", "O")])
    true = (table["lon"] >= _WEST) & (table["lon"] <= _EAST) & (table["lat"] >= _SOUTH) & (table["lat"] <= _NORTH)
    suspects = [(each.decode(), "", doubt(lon, lat)) for each, lon, lat, _ in table[~true].tolist()]
    good = table[true] if suspects else table
    codes, named = _codes(good["category"].tolist())
    ids, lon, lat = (np.ascontiguousarray(good[name]) for name in ("id", "lon", "lat"))
    return _Columns(ids, lon, lat, codes, named, suspects)


def _codes(categories: Sequence[str]) -> tuple[NDArray[np.uint8], list[str]]:
    named = list(dict.fromkeys(categories))
    if len(named) > 255:
        named = [*named[:255], OTHER]
    place = {name: at for at, name in enumerate(named)}
    return np.fromiter((place.get(each, 255) for each in categories), np.uint8, len(categories)), named


def _save(file: Path, key: list[Any], columns: _Columns) -> None:
    """Best effort: without the file the next start only takes longer."""
    head = orjson.dumps(
        {"key": key, "n": len(columns.ids), "width": columns.ids.itemsize, "categories": columns.categories, "suspects": columns.suspects}
    )
    part = file.with_suffix(".part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if ballast.free(file.parent) < ballast.PLENTY:
            return
        with part.open("wb") as handle:
            handle.write(head + b"\n")
            for array in (columns.lon, columns.lat, columns.ids, columns.code):
                handle.write(array.tobytes())
        part.replace(file)
    except OSError:
        part.unlink(missing_ok=True)


def _load(file: Path, key: list[Any]) -> _Columns | None:
    """The columns kept under this key; None when there are none or the file is not whole."""
    try:
        with file.open("rb") as handle:
            head = orjson.loads(handle.readline())
            if head["key"] != key:
                return None
            n, width = int(head["n"]), int(head["width"])
            data = handle.read()
        if len(data) != n * (17 + width):
            return None
        suspects = [(str(a), str(b), str(c)) for a, b, c in head["suspects"]]
        return _Columns(
            np.frombuffer(data, f"S{width}", n, 16 * n), np.frombuffer(data, np.float64, n), np.frombuffer(data, np.float64, n, 8 * n),
            np.frombuffer(data, np.uint8, n, (16 + width) * n), [str(each) for each in head["categories"]], suspects,
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
