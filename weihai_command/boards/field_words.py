"""How a value of a record's field reads to an officer, for conflicts: words for codes, names for ids, one line of plain text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from weihai_command.domain.foreign import one_line
from weihai_command.domain.words import GRADES, PRIORITIES, STATES, TRACKS, UNIT_STATES

from . import words

LONGEST = 120
_WORDS: dict[str, Mapping[Any, str]] = {"priority": PRIORITIES, "grade": GRADES, "track": TRACKS}


def field_value(field: str, value: Any, names: Mapping[str, str]) -> str:
    """`value` of `field` in words; `names` are names of units and people by id."""
    if value in (None, "", [], ()):
        return "空"
    if field == "history":
        return f"{len(value)} 条" if isinstance(value, (list, tuple)) else "有"
    if isinstance(value, (list, tuple)):
        return "、".join(field_value(field, each, names) for each in value[:LONGEST])[:LONGEST]
    return words.masked(one_line(_word(field, value, names), LONGEST))


def _word(field: str, value: Any, names: Mapping[str, str]) -> str:
    text = str(value)
    if field in ("state", "before"):
        return STATES.get(text, UNIT_STATES.get(text, text))
    if field == "type":
        return words.incident_type(text)
    if field == "department":
        return words.department(text)
    if field == "source":
        return words.source(text)
    if isinstance(value, dict):
        return _word("state", value.get("state") or "有", names)
    if field.endswith("_at") or field == "until":
        moment = words.moment(text)
        return moment.astimezone().strftime("%m-%d %H:%M:%S") if moment else text
    return names.get(text, str(_WORDS.get(field, {}).get(value, text) if isinstance(value, (str, int)) else text))


def readable(conflict: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """`conflict` of queries.conflicts with base, mine and theirs in words; fields that read the same everywhere are left out."""
    sides, names = ("base", "mine", "theirs"), {**names, **(conflict.get("names") or {})}
    fields = [
        {**field, **{side: field_value(str(field.get("field")), field.get(side), names) for side in sides}}
        for field in conflict.get("fields") or ()
    ]
    telling = [field for field in fields if len({field[side] for side in sides}) > 1]
    return {**conflict, "fields": telling or fields}
