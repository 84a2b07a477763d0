"""How a record of the wire (a dict) becomes a frozen dataclass and back. Unknown fields stay in the dict and are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar

T = TypeVar("T")


_known_names: dict[type, tuple[str, ...]] = {}


def _names(cls: type[Any]) -> tuple[str, ...]:
    """Field names of a dataclass; looked up once, because every row of every screen asks."""
    if cls not in _known_names:
        _known_names[cls] = tuple(field.name for field in fields(cls))
    return _known_names[cls]


_known_words: dict[type, tuple[tuple[str, str], ...]] = {}


def _standing(cls: type[Any]) -> tuple[tuple[str, str], ...]:
    """(field, default) of the fields whose default is a word."""
    if cls not in _known_words:
        _known_words[cls] = tuple((field.name, field.default) for field in fields(cls) if isinstance(field.default, str) and field.default)
    return _known_words[cls]


def read(cls: type[T], raw: Mapping[str, Any]) -> T:
    """Build `cls` from the fields of `raw` that it knows; lists become tuples so that the record stays frozen."""
    known = {name: raw[name] for name in _names(cls) if raw.get(name) is not None}
    return cls(**{name: tuple(value) if isinstance(value, list) else value for name, value in known.items()})


def filled(cls: type[Any], raw: Mapping[str, Any]) -> dict[str, Any]:
    """`raw` with the words that `cls` gives for what it lacks (a state, a track): for reading, never for what is sent or compared."""
    return {**raw, **{name: word for name, word in _standing(cls) if raw.get(name) is None}}


def plain(value: Any) -> Any:
    """The JSON shape of one field: tuples become lists."""
    return [plain(item) for item in value] if isinstance(value, (tuple, list)) else value


def difference(old: Any, new: Any) -> dict[str, Any]:
    """The fields of dataclass `new` that differ from `old`, in JSON shape: what a PATCH has to carry."""
    return {
        name: plain(getattr(new, name)) for name in _names(type(new)) if plain(getattr(old, name)) != plain(getattr(new, name))
    }


def full(record: Any) -> dict[str, Any]:
    """All fields that are set, in JSON shape: what a create has to carry."""
    return {name: plain(getattr(record, name)) for name in _names(type(record)) if getattr(record, name) not in (None, ())}
