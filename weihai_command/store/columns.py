"""A kind's rows as columns. SQLite joins each column to one text, without the interpreter's lock: a screen that starts is not in its way."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import compress

import numpy as np
from numpy.typing import NDArray

#: Fields whose values, joined by "/", are a point's category.
CATEGORY = {
    "incidents": ("track", "grade", "state"),
    "units": ("kind", "state"),
    "facilities": ("kind", "state"),
    "sensors": ("state",),
    "video_points": ("state",),
}
WEST, EAST, SOUTH, NORTH = 73.0, 136.0, 3.0, 54.0
#: Stands for a missing coordinate, since SQLite has no NaN.
MISSING = 1e9
#: A kind with more categories or fields than a byte can name shows the rest under this one.
OTHER = "其他"
#: Every degree between SOUTH and EAST times this is a whole number of 64 bits: what SQLite writes as an integer comes back to the last bit.
_EXACT = 2.0**51
#: Between a row's category and its field, and between rows.
_BESIDE, _BETWEEN = "\x1f", "\n"
Suspects = list[tuple[str, str, str]]


@dataclass(slots=True)
class Columns:
    """Arrays of one length: `code` points into `categories`, `field` into `fields`. `suspects` are not among the rows."""

    ids: NDArray[np.bytes_]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    code: NDArray[np.uint8]
    categories: list[str]
    field: NDArray[np.uint8]
    fields: list[str]
    suspects: Suspects


def doubt(lon: float | None, lat: float | None) -> str:
    """Why a position cannot be true, empty when it can. Degrees; None or NaN = missing."""
    if lon is None or lat is None or MISSING in {lon, lat} or math.isnan(lon) or math.isnan(lat):
        return "位置可疑：只有经度或只有纬度"
    if WEST <= lon <= EAST and SOUTH <= lat <= NORTH:
        return ""
    if WEST <= lat <= EAST and SOUTH <= lon <= NORTH:
        return f"位置可疑：经纬度似乎颠倒（经度 {lon:g}，纬度 {lat:g}）"
    return f"位置可疑：不在我国及近海范围内（经度 {lon:g}，纬度 {lat:g}）"


def arranged(found: Iterable[tuple[bytes, float, float, str]], width: int) -> Columns:
    """(id, lon, lat, category) rows as columns of no field; `width` bytes hold every id. For some hundreds of rows."""
    table = np.fromiter(found, dtype=[("id", f"S{max(1, width)}"), ("lon", "f8"), ("lat", "f8"), ("category", "O")])
    true = (table["lon"] >= WEST) & (table["lon"] <= EAST) & (table["lat"] >= SOUTH) & (table["lat"] <= NORTH)
    suspects = [(each.decode(), "", doubt(lon, lat)) for each, lon, lat, _ in table[~true].tolist()]
    good = table[true]
    place, named = _named(good["category"].tolist())
    ids, lon, lat = (np.ascontiguousarray(good[name]) for name in ("id", "lon", "lat"))
    return Columns(ids, lon, lat, place, named, np.zeros(len(good), np.uint8), [""], suspects)


def read(db: sqlite3.Connection, kind: str) -> Columns:
    """All placed rows of a mass kind in the order of its table, whose column `field` names a row's field."""
    numbers = [f"GROUP_CONCAT(COALESCE(CAST({name}*{_EXACT:.1f} AS INTEGER), 0))" for name in ("lon", "lat")]
    texts = [f"CAST(GROUP_CONCAT({each}, '{_BETWEEN}') AS BLOB)" for each in ("id", _look(kind))]
    sql = f"SELECT COUNT(*), {', '.join(numbers + texts)} {_rows(kind)}"
    count, lon, lat, ids, looks = db.execute(sql).fetchone()
    lon, lat, ids = _degrees(lon), _degrees(lat), _ids(db, kind, ids or b"", count)
    looks, suspects = _apart(db, kind, _look(kind), looks or b"", count), []
    true = (lon >= WEST) & (lon <= EAST) & (lat >= SOUTH) & (lat <= NORTH)
    if not true.all():
        suspects = _suspects(db, kind)
        lon, lat, ids, looks = lon[true], lat[true], ids[true], list(compress(looks, true.tolist()))
    return Columns(ids, lon, lat, *_sorted_out(looks), suspects=suspects)


def _look(kind: str) -> str:
    """What a row looks like: its category and its field."""
    category = " || '/' || ".join(f"COALESCE({name}, '')" for name in CATEGORY[kind])
    return f"{category} || '{_BESIDE}' || COALESCE(field, '')"


def _rows(kind: str) -> str:
    # By the table, not by an index: all columns come in the order of its rows.
    return f"FROM mirror_{kind} NOT INDEXED"


def _degrees(numbers: str | None) -> NDArray[np.float64]:
    """Joined coordinates apart; those below 2 degrees, also the missing ones, come as something below 2 degrees."""
    return np.fromstring(numbers or "", np.int64, sep=",") / _EXACT


def _ids(db: sqlite3.Connection, kind: str, joined: bytes, count: int) -> NDArray[np.bytes_]:
    width = joined.find(_BETWEEN.encode())
    if width > 0 and len(joined) == count * (width + 1) - 1 and joined.count(_BETWEEN.encode()) == count - 1:
        # Looked at as rows of one width: a third of a million texts are never made.
        grid = np.frombuffer(joined + _BETWEEN.encode(), np.uint8).reshape(count, width + 1)
        if (grid[:, width] == ord(_BETWEEN)).all():
            return np.ascontiguousarray(grid[:, :width]).view(f"S{width}").reshape(count)
    return np.array(_apart(db, kind, "id", joined, count) or np.zeros(0, "S1"), np.bytes_)


def _apart(db: sqlite3.Connection, kind: str, what: str, joined: bytes, count: int) -> list[bytes]:
    """The joined texts apart; a source that writes line ends into them is read row by row."""
    texts = joined.split(_BETWEEN.encode()) if count else []
    if len(texts) != count:
        texts = [each for (each,) in db.execute(f"SELECT CAST({what} AS BLOB) {_rows(kind)}")]
    return texts


def _sorted_out(looks: Sequence[bytes]) -> tuple[NDArray[np.uint8], list[str], NDArray[np.uint8], list[str]]:
    """Category of each row with the categories, field of each row with the fields."""
    place = {each: at for at, each in enumerate(dict.fromkeys(looks))}
    row = np.fromiter(map(place.__getitem__, looks), np.intp, len(looks))
    parts = [each.decode(errors="replace").partition(_BESIDE) for each in place]
    codes, categories = _named([category for category, _, _ in parts])
    fields, named = _named([each for _, _, each in parts])
    return codes[row], categories, fields[row], named


def _named(texts: Sequence[str]) -> tuple[NDArray[np.uint8], list[str]]:
    """Each text as a place in the list of those that occur, in their order."""
    named = list(dict.fromkeys(texts))
    if len(named) > 255:
        named = [*named[:255], OTHER]
    place = {name: at for at, name in enumerate(named)}
    return np.fromiter((place.get(each, 255) for each in texts), np.uint8, len(texts)), named


def _suspects(db: sqlite3.Connection, kind: str) -> Suspects:
    is_true = f"lon BETWEEN {WEST} AND {EAST} AND lat BETWEEN {SOUTH} AND {NORTH}"
    # The inner question is answered by the index of the places alone.
    odd = f"SELECT row FROM mirror_{kind} WHERE (lon IS NOT NULL OR lat IS NOT NULL) AND NOT COALESCE({is_true}, 0)"
    rows = db.execute(f"SELECT id, feed, lon, lat FROM mirror_{kind} WHERE row IN ({odd}) ORDER BY row")
    return [(str(each), str(feed), doubt(lon, lat)) for each, feed, lon, lat in rows]
