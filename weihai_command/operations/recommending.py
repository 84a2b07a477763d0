"""Which units to send to an incident: the whole plan of its run card, and every unit ranked, each with its reason."""

from __future__ import annotations

from typing import Any

from ..domain import dispatch as rules
from ..domain import run_card
from ..domain.foreign import one_line
from ..domain.incident import Incident
from ..domain.record import read
from ..domain.run_card import Card, Plan, Role
from ..domain.unit import Unit
from ..store import view
from .desk import Desk


def recommended(desk: Desk, incident_id: str, limit: int = 8) -> list[dict[str, Any]]:
    """Every unit that could be sent: nearest free ones of the wanted kinds first, each with its reason; distances are straight lines."""
    found = _Look.at(desk, incident_id)
    return _ranked(found, limit) if found else []


def advised(desk: Desk, incident_id: str, limit: int = 8) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
    """What `plan` and `recommended` tell, of one look at the units."""
    found = _Look.at(desk, incident_id)
    return (_planned(found, None), _ranked(found, limit)) if found else (None, [])


def _ranked(found: _Look, limit: int) -> list[dict[str, Any]]:
    kinds = found.card.kinds() if found.card else ()
    ranked = rules.recommend(found.incident, found.units, kinds, found.scene.now, limit, scene=found.scene)
    return [
        {
            "unit_id": each.unit.id, "name": each.unit.name, "kind": each.unit.kind, "state": each.unit.state, "free": each.free,
            "distance_m": each.distance_m, "reason": each.reason, "cut_off": each.cut_off, "notes": list(each.notes),
            "incident": found.scene.doing.get(each.unit.incident_id or "", ""),
        }
        for each in ranked
    ]


def plan(desk: Desk, incident_id: str, level: int | None = None) -> dict[str, Any] | None:
    """What the run card of an incident asks for at an alarm level (its own where none is given), and who fills it; None: no such incident.

    {level, levels, card, note, fault, unit_ids, picks: [{unit_id, name, kind, role, role_word, distance_m, reason, notes}],
    shortfalls: [{role, role_word, missing, why, busy}], held: [{unit_id, name, role_word}], passed: [{unit_id, role_word, why}]}; `card` is
    None where the type has none, or none is known yet, and `note` says so.
    """
    found = _Look.at(desk, incident_id)
    return _planned(found, level) if found else None


def _planned(found: _Look, level: int | None) -> dict[str, Any]:
    wanted = level or level_of(found.incident)
    if found.card is None:
        why = "这类事件没有出动单，从全部力量中选" if found.incident.type else "先定类型，才有出动单"
        return _told(found, Plan(Card(""), wanted)) | {"card": None, "note": why}
    return _told(found, run_card.plan(found.incident, found.units, found.card, wanted, found.scene))


def level_of(incident: Incident) -> int:
    """The alarm level of an incident, 1 where none that we know stands in it."""
    level = incident.alarm_level
    return level if isinstance(level, int) and not isinstance(level, bool) and level in run_card.LEVELS else 1


def first(desk: Desk, incident_id: str, limit: int) -> list[dict[str, Any]]:
    """The first few to send: the picks of the plan, or the nearest free ones where it picks none."""
    found = _Look.at(desk, incident_id)
    if found is None:
        return []
    return list(_planned(found, None)["picks"][:limit]) or [row for row in _ranked(found, limit) if row["free"]]


class _Look:
    """An incident, all units and its run card, read in one go."""

    def __init__(self, desk: Desk, incident: Incident) -> None:
        # The tables come with the gazetteer and numpy: only who asks for a recommendation pays for them.
        from . import catalogue, run_cards
        from .land import coast

        book = run_cards.book(desk)
        kind = catalogue.incident_types().get(incident.type or "")
        self.incident, self.fault = incident, book.fault
        self.units = [read(Unit, row) for row in view.rows(desk.store, "units")]
        self.card = run_card.choose(book.cards, incident.type, kind.category if kind else None, incident.priority)
        self.scene = rules.Scene(
            desk.clock(), coast(), catalogue.words("unit_kind"), _numbers(desk, self.units), book.weights, self.card.skills if self.card else (),
        )

    @classmethod
    def at(cls, desk: Desk, incident_id: str) -> _Look | None:
        raw = view.record(desk.store, "incidents", incident_id)
        return cls(desk, read(Incident, raw)) if raw else None


def _numbers(desk: Desk, units: list[Unit]) -> dict[str, str]:
    """Incident id → number of what units are busy with."""
    busy = dict.fromkeys(str(unit.incident_id) for unit in units if unit.incident_id)
    records = ((each, view.record(desk.store, "incidents", each)) for each in busy)
    return {each: one_line(raw.get("number"), 20) for each, raw in records if raw and raw.get("number")}


def _told(found: _Look, made: Plan) -> dict[str, Any]:
    def word(role: Role) -> str:
        return role.word(found.scene)

    return {
        "incident_id": found.incident.id, "number": found.incident.number, "level": made.level, "levels": made.card.levels,
        "card": made.card.code, "priority": made.card.priority, "note": made.card.note, "fault": found.fault,
        "unit_ids": [each.unit.id for each in made.picks],
        "picks": [
            {
                "unit_id": each.unit.id, "name": each.unit.name, "kind": each.unit.kind, "state": each.unit.state, "free": True,
                "role": each.role.code, "role_word": word(each.role), "distance_m": each.distance_m, "reason": each.reason, "notes": list(each.notes),
            }
            for each in made.picks
        ],
        "shortfalls": [
            {
                "role": each.role.code, "role_word": word(each.role), "missing": each.missing, "why": each.why,
                "busy": [unit.id for unit in each.busy],
            }
            for each in made.shortfalls
        ],
        "held": [{"unit_id": unit.id, "name": unit.name, "role_word": word(role)} for unit, role in made.held],
        "passed": [{"unit_id": unit.id, "role_word": word(role), "why": why} for role, unit, why in made.passed],
    }
