"""What a narrative suggests as rows for the screen: only what is still lacking, each part with its choices and reasons. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from weihai_command.domain.foreign import one_line
from weihai_command.domain.incident import EMERGENCY
from weihai_command.domain.words import FIELDS, PRIORITIES, STATES
from weihai_command.operations.intake import placed

from . import words

RANKS = {"urgent": "紧急", "high": "高", "normal": "一般", "low": "低"}
#: Choices of one part that are listed; the others are found by the place field.
MOST_OPTIONS = 8


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: how it reads, why, and the fields of the incident that it fills."""

    text: str
    reason: str
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """One field with its choices; `chosen` is None where a person has to say which, or does not want any."""

    name: str
    word: str
    options: tuple[Option, ...]
    chosen: int | None = 0

    @property
    def option(self) -> Option | None:
        return None if self.chosen is None else self.options[self.chosen]

    def with_choice(self, place: int | None) -> Part:
        return replace(self, chosen=place)


@dataclass(frozen=True, slots=True)
class SimilarRow:
    """An open incident that may be the same: what it is, and why it may be."""

    id: str
    number: str
    title: str
    word: str
    reason: str


@dataclass(frozen=True, slots=True)
class Advice:
    """What is suggested for one incident or draft; both lists may be empty."""

    parts: tuple[Part, ...] = ()
    similar: tuple[SimilarRow, ...] = ()


def parts_of(found: dict[str, Any], row: dict[str, Any]) -> tuple[Part, ...]:
    """The parts of operations.intake.suggested that `row`, an incident or a draft, does not have yet."""
    if not found:
        return ()
    parts = []
    if found["types"] and not row.get("type"):
        parts.append(Part("type", FIELDS["type"], tuple(_option("type", each, str(each["word"])) for each in found["types"])))
    if found["grade"] and not row.get("grade") and row.get("track", EMERGENCY) == EMERGENCY:
        parts.append(Part("grade", FIELDS["grade"], (_option("grade", found["grade"], words.grade(found["grade"]["value"])),)))
    if found["priority"] and not row.get("priority"):
        code = str(found["priority"]["value"])
        parts.append(Part("priority", FIELDS["priority"], (_option("priority", found["priority"], f"{PRIORITIES[code]} {RANKS[code]}"),)))
    if row.get("lon") is None and not row.get("place"):
        parts += _place_part(found["places"])
    return tuple(parts)


def _option(name: str, hint: dict[str, Any], text: str) -> Option:
    return Option(text, "、".join(one_line(reason, 20) for reason in hint["reasons"]), {name: hint["value"]})


def _place_part(places: list[dict[str, Any]]) -> list[Part]:
    options = [_place_option(each["words"], place) for each in places for place in ([each["place"]] if each["place"] else each["candidates"])]
    if not options:
        return []
    # One sure place is suggested; of several none is.
    is_sure = len(options) == 1 and places[0]["place"] is not None
    return [Part("place", FIELDS["place"], tuple(options[:MOST_OPTIONS]), 0 if is_sure else None)]


def _place_option(said: str, place: dict[str, Any]) -> Option:
    reason = "；".join(part for part in (one_line(said, 24), one_line(place["note"], 40)) if part)
    return Option(f"{place['name']}（±{words.distance(place['radius_m'])}）", reason, placed(place))


def taken(parts: tuple[Part, ...]) -> dict[str, Any]:
    """The fields of all parts that are chosen."""
    fields: dict[str, Any] = {}
    for part in parts:
        if part.option:
            fields |= part.option.fields
    return fields


def similar_row(raw: dict[str, Any]) -> SimilarRow:
    """A row of operations.intake.similar."""
    far = words.distance(raw["distance_m"]) if raw["distance_m"] is not None else "位置不明"
    apart = words.hours(raw["apart_s"])
    reason = " · ".join([f"相距 {far}" if raw["distance_m"] is not None else far, *([f"相隔 {apart}"] if apart else []), *raw["reasons"]])
    state = str(raw["state"])
    return SimilarRow(str(raw["id"]), str(raw["number"]), str(raw["title"]), STATES.get(state, state), reason)
