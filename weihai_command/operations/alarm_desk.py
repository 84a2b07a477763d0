"""What the strip and the list of alarms at the desk ask: each picture in one reading, with the words that go with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..domain.alarm import Alarm
from ..store import view
from . import alarms
from .alarm_flood import Group, flood
from .desk import Desk
from .draft import Outcome

if TYPE_CHECKING:
    from .alarm_incident import Proposal

#: Alarms that one list shows, and that the strip walks through; all are counted.
MOST, STRIP = 1_000, 200
LISTED = ("unacked", "cleared", "shelved", "acked")


@dataclass(frozen=True, slots=True)
class Told:
    """An alarm with its words: `text` what is wrong, `place` where, `number` that of the incident it is tied to, "" for none."""

    alarm: Alarm
    text: str
    place: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """`load` of ten minutes; in a flood `groups`; `single` unacknowledged ones of no group; `cleared` ones that nobody knows of.

    Worst first each. `counts`: standing -> alarms.
    """

    load: int
    groups: tuple[Group, ...]
    single: tuple[Told, ...]
    cleared: tuple[Told, ...]
    counts: dict[str, int]


def picture(desk: Desk) -> Picture:
    """What the strip shows now."""
    found, cleared = flood(desk), alarms.alarms(desk, ("cleared",), STRIP)
    counts = {name: number for name, number in alarms.counts(desk).items() if name != "by_severity"}
    return Picture(found.load, found.groups, tuple(told(desk, found.single[:STRIP])), tuple(told(desk, cleared)), counts)


def listed(desk: Desk, standings: Sequence[str] = LISTED) -> list[Told]:
    """Alarms that stand so, worst first, MOST at most."""
    return told(desk, alarms.alarms(desk, standings, MOST))


def of_incident(desk: Desk, incident_id: str) -> list[Told]:
    """The alarms that are tied to an incident, worst first."""
    return told(desk, alarms.of_incident(desk, incident_id))


def of_sensor(desk: Desk, sensor_id: str) -> list[Told]:
    """A sensor's newest alarms, newest first."""
    return told(desk, alarms.of_sensor(desk, sensor_id))


def told(desk: Desk, found: Iterable[Alarm]) -> list[Told]:
    numbers: dict[str, str] = {}

    def number(incident_id: str | None) -> str:
        if incident_id and incident_id not in numbers:
            numbers[incident_id] = str((view.record(desk.store, "incidents", incident_id) or {}).get("number") or "")
        return numbers.get(incident_id or "", "")

    return [Told(each, alarms.sentence(each), alarms.place(each), number(each.incident_id)) for each in found]


def tick(desk: Desk) -> int:
    """Reminders that are due and shelves that ran out (alarms.tick); how many alarms changed."""
    return len(alarms.tick(desk))


def proposal(desk: Desk, alarm_id: str) -> Proposal:
    """What one key would make of an alarm (alarm_incident.proposal)."""
    # Words and places are looked up for it: only who asks pays.
    from .alarm_incident import proposal as asked

    return asked(desk, alarm_id)


def raise_incident(desk: Desk, alarm_id: str, op_id: str | None = None) -> Outcome:
    """Join the incident that is about it already, or report a new one (alarm_incident.raise_incident)."""
    from .alarm_incident import raise_incident as done

    return done(desk, alarm_id, op_id=op_id)


def take_back(desk: Desk, alarm_id: str, op_id: str) -> Outcome:
    """Undo raise_incident (alarm_incident.take_back)."""
    from .alarm_incident import take_back as done

    return done(desk, alarm_id, op_id)
