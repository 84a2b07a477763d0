"""How a record becomes a row of the mirror: typed hot columns, the words that search reads, and the raw JSON with all it had."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, get_type_hints

import orjson

from ..domain.faults import Usage
from ..domain.foreign import fold as fold
from ..domain.kinds import KINDS, Kind

#: Between the texts of one record, so that no search word reaches from one field into the next.
BETWEEN = "\x1f"


def kind_of(name: str) -> Kind:
    """The kind of this name (Usage)."""
    found = KINDS.get(name)
    if found is None:
        raise Usage(f"没有“{name}”这类数据", todo="可用的有：" + "、".join(KINDS))
    return found


def word(value: Any) -> str:
    """A field's value as people write it in a condition; nothing is the empty text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else str(value)


def words(kind: Kind, record: Mapping[str, Any]) -> str:
    """The folded texts of a record, joined so that search can look into them at once."""
    return fold(BETWEEN.join(word(record[name]) for name in kind.text if record.get(name)))


def text_cell(value: Any) -> str | None:
    """Text as `word` writes it."""
    if value is None or (type(value) is str and value.isascii()):
        return value
    return word(value).encode("utf-8", "replace").decode()


def real_cell(value: Any) -> float | None:
    """None for what is no finite number: the raw JSON keeps it."""
    if type(value) is float:
        return value if math.isfinite(value) else None
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and not isinstance(value, bool) else None


def integer_cell(value: Any) -> int | None:
    return value if type(value) is int and abs(value) < 2**63 else None


@cache
def column_cells(name: str) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    """(column, conversion) of the hot columns of a kind, by the types of its record."""
    kind = kind_of(name)
    hints = {field: str(hint) for field, hint in get_type_hints(kind.record).items()}
    return tuple((column, _cell_for(hints.get(column, "str"))) for column in kind.columns)


def _cell_for(hint: str) -> Callable[[Any], Any]:
    if "float" in hint:
        return real_cell
    return integer_cell if "int" in hint and "str" not in hint else text_cell


def row_of(kind: Kind, record: Mapping[str, Any], feed: str) -> tuple[Any, ...]:
    """(id, version, feed, hot columns …, words, raw); KeyError or ValueError for a record without id or integer version."""
    version = record["last_modified"]
    if integer_cell(version) is None:
        raise ValueError(f"version {version!r} of {kind.name}/{record['id']} is no integer of 64 bits")
    get = record.get
    hot = [cell(get(column)) for column, cell in column_cells(kind.name)]
    return (str(record["id"]), version, feed, *hot, words(kind, record), raw_json(record))


def raw_json(record: Mapping[str, Any]) -> str:
    """The record as JSON; what JSON or UTF-8 cannot carry is replaced, for one odd field must not stop a page."""
    try:
        return orjson.dumps(record).decode()
    except TypeError:
        return json.dumps(_sound(record), default=str, ensure_ascii=False)


def _sound(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {_sound(str(name)): _sound(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_sound(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


@cache
def insert_sql(name: str) -> str:
    """INSERT of a row of `row_of` into the mirror's table of a kind."""
    columns = ["id", "version", "feed", *KINDS[name].columns, "words", "raw"]
    return f"INSERT INTO mirror_{name}({','.join(columns)}) VALUES({','.join('?' * len(columns))})"


@cache
def update_sql(name: str) -> str:
    """UPDATE of the row with the id, taking all of `row_of` but the id, and then the id."""
    columns = ["version", "feed", *KINDS[name].columns, "words", "raw"]
    return f"UPDATE mirror_{name} SET {','.join(f'{column}=?' for column in columns)} WHERE id=?"
