"""What switching a kind or a field of a kind means: which keys of the scene change. The fields of a kind hang under it. No Qt."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .kinds import FIELDS, field_key

NONE, SOME, ALL = range(3)
Turns = list[tuple[str, bool]]


def turn_kind(kind: str, is_on: bool) -> Turns:
    """A kind that is switched on comes whole; switched off it remembers its fields."""
    return [*((field_key(kind, field), True) for field, _ in FIELDS if is_on), (kind, is_on)]


def turn_field(on: Mapping[str, bool], kind: str, field: str, is_on: bool) -> Turns:
    """A field that is switched on while its kind is off brings that field alone."""
    if is_on and not on.get(kind, True):
        return [*((field_key(kind, code), code == field) for code, _ in FIELDS), (kind, True)]
    return [(field_key(kind, field), is_on)]


def is_shown(on: Mapping[str, bool], kind: str, field: str) -> bool:
    """Whether a field of a kind is drawn at all."""
    return on.get(kind, True) and on.get(field_key(kind, field), True)


def kind_state(on: Mapping[str, bool], kind: str, fields: Iterable[str]) -> int:
    """NONE, SOME or ALL of the fields that a kind has are shown; without fields its own switch counts."""
    if not on.get(kind, True):
        return NONE
    return of_many([is_shown(on, kind, field) for field in fields] or [True])


def of_many(shown: list[bool]) -> int:
    """NONE, SOME or ALL of several."""
    return ALL if all(shown) else SOME if any(shown) else NONE
