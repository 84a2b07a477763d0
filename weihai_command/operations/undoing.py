"""The act that puts back what a dropped act had already changed: its units (the locks), the lists that follow them, their assignments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar, cast

from ..domain import unit_lifecycle
from ..domain.act import Act, Step
from ..domain.incident import Incident
from ..domain.kinds import KINDS
from ..domain.unit import Assignment, Unit
from ..domain.words import ACTS
from ..store import mirror, outbox
from .desk import Desk
from .draft import Draft

T = TypeVar("T")


def undoing(desk: Desk, act: Act, steps: list[Step], rest: list[Step]) -> tuple[Act, list[Step], dict[str, Any]] | None:
    """A new act that puts back what `act` had already changed, only where it still stands as we left it; None for nothing.

    `rest` are the open steps of the other acts, in order, as they will stand when this one is gone.
    """
    undo = _Undoing(Draft(desk, "undo"), act, steps, rest)
    undo.write()
    made = undo.draft
    return made.made(act.kind, act.record_id, act.number, undoes=act.op_id, verb=ACTS.get(act.verb, act.verb)) if made.steps else None


class _Undoing:
    """Who is where is decided for the units first; lists and assignments only say the same."""

    def __init__(self, draft: Draft, act: Act, steps: list[Step], rest: list[Step]) -> None:
        self.draft, self.act, self.rest = draft, act, rest
        self.steps = [step for step in steps if step.method == "patch"]
        self.done = {(step.kind, step.record_id): step for step in self.steps if step.state == "done"}
        self.given_up = {step.record_id for step in steps if step.method == "create" and step.state != "done"}
        self.incidents = self._loaded("incidents", self._named(), Incident)
        self.reopened = {each: self._incident_back(old) for each, old in self.incidents.items()}
        self.units = self._loaded("units", [step.record_id for step in self.steps if step.kind == "units"], Unit)
        self.after = {each: self._unit_after(unit) for each, unit in self.units.items()}
        self.won = {each for each, unit in self.after.items() if ("units", each) in self.done or unit != self.units[each]}

    def write(self) -> None:
        for each, unit in self.after.items():
            self.draft.change("units", self.units[each], unit)
        places = self._places()
        for each, incident in self.reopened.items():
            self.draft.change("incidents", self.incidents[each], replace(incident, unit_ids=self._list(incident, places)))
        for assignment in self._loaded("assignments", self._assignments(), Assignment).values():
            self.draft.change("assignments", assignment, self._assignment_after(assignment))
        for kind, record_id in self.done:
            if kind not in {"units", "incidents", "assignments"}:
                old: Any
                for old in self._loaded(kind, [record_id], KINDS[kind].record).values():
                    self.draft.change(kind, old, _back(self.done[kind, record_id], old))

    def _standing(self, kind: str, record_id: str) -> dict[str, Any] | None:
        """The record without the dropped act; None when the platform has none, or a feed has it."""
        record = mirror.get(self.draft.store, kind, record_id)
        # What has been deleted since needs no undoing.
        if record is None or record.get("feed"):
            return None
        over = [step for step in self.rest if (step.kind, step.record_id) == (kind, record_id)]
        for step in over:
            record = {**record, **step.patch}
        return {**record, "sync": "pending" if over else "synced"}

    def _loaded(self, kind: str, ids: list[str], as_type: type[T]) -> dict[str, T]:
        found = {each: self._standing(kind, each) for each in dict.fromkeys(ids) if each}
        return {each: self.draft.load(kind, each, as_type, raw) for each, raw in found.items() if raw}

    def _named(self) -> list[str]:
        """The incidents that the act changed or would have changed, and those that its units came from and went to."""
        own = [step.record_id for step in self.steps if step.kind == "incidents"]
        units = [step for step in self.steps if step.kind == "units"]
        return own + [str(each.get("incident_id") or "") for step in units for each in (step.base, step.patch)]

    def _incident_back(self, old: Incident) -> Incident:
        step = self.done.get(("incidents", old.id))
        if step is None:
            return old
        new = replace(_back(step, old), unit_ids=old.unit_ids)
        if new.state == old.state:
            return new
        # A history is only ever added to: that it went back is told like everything else.
        line = {"at": self.draft.now, "act": "undo", "from": old.state, "to": new.state, "by": self.draft.officer.user, "op": self.draft.op_id}
        return replace(new, history=(*old.history, line))

    def _unit_after(self, unit: Unit) -> Unit:
        """Back where it was; where nobody expects it there any more it stays, and where not here either it is released by the rules.

        A unit that went on since is left to whoever holds it.
        """
        step = self.done.get(("units", unit.id))
        if step and all(same(getattr(unit, key), step.patch[key]) for key in ("state", "assignment_id", "incident_id") if key in step.patch):
            stays = next((each for each in (_back(step, unit), unit) if self._is_expected(each)), None)
        else:
            stays = None if self._is_orphan(unit) else unit
        return stays or unit_lifecycle.advance(unit, "returning", self.draft.officer.user, self.draft.now).unit

    def _is_expected(self, unit: Unit) -> bool:
        incident = self.reopened.get(unit.incident_id or "")
        return not unit.is_committed or (incident is not None and not incident.is_ended and not self._is_orphan(unit))

    def _is_orphan(self, unit: Unit) -> bool:
        """Committed by an assignment that this desk has given up before anybody heard of it."""
        if not unit.is_committed or not unit.assignment_id:
            return False
        return unit.assignment_id in self.given_up or outbox.is_given_up(self.draft.store, "assignments", unit.assignment_id)

    def _places(self) -> dict[str, str | None]:
        """unit -> the incident that it is on after the undoing; a unit that another desk won is that desk's to list."""
        lists = [step for step in self.steps if "unit_ids" in step.patch]
        others = {unit for step in lists for unit in set(step.base.get("unit_ids") or ()) - set(step.patch["unit_ids"])} - self.after.keys()
        if self.act.verb == "undo":
            # What an undoing did not bring back is off the list for good.
            others |= self.after.keys() - self.won
        places = {each: (self._standing("units", each) or {}).get("incident_id") for each in others}
        return places | {each: self.after[each].incident_id for each in self.won}

    def _list(self, incident: Incident, places: Mapping[str, str | None]) -> tuple[str, ...]:
        """Without the units that went on elsewhere (it could never be emptied), with those that we leave here."""
        stay = tuple(each for each in incident.unit_ids if places.get(each, incident.id) == incident.id)
        come = (each for each in self.won if self.after[each].incident_id == incident.id and self._is_ours(self.after[each]))
        return (*stay, *sorted(set(come) - set(stay)))

    def _is_ours(self, unit: Unit) -> bool:
        step = self.done.get(("units", unit.id))
        return unit.is_committed and step is not None and unit.assignment_id in {each.get("assignment_id") for each in (step.base, step.patch)}

    def _assignments(self) -> list[str]:
        return [step.record_id for step in self.steps if step.kind == "assignments"] + [
            str(unit.assignment_id or "") for each in self.won for unit in (self.units[each], self.after[each])
        ]

    def _assignment_after(self, old: Assignment) -> Assignment:
        """An assignment says what its unit says, and ends where no unit holds it."""
        unit = self.after.get(old.unit_id)
        if unit is None or unit.id not in self.won:
            step = self.done.get(("assignments", old.id))
            return _back(step, old) if step else old
        if unit.assignment_id == old.id:
            runs = unit.is_committed and self._is_ours(unit)
            return replace(old, state=unit.state, steps=unit.steps, incident_id=unit.incident_id or old.incident_id, ended_at=None) if runs else old
        if old.ended_at:
            return old
        before = self.units[unit.id]
        if before.assignment_id == old.id and not unit.is_committed:
            return replace(old, state="released", steps=unit.steps, ended_at=self.draft.now)
        return unit_lifecycle.ended(old, replace(before, steps=old.steps), self.draft.officer.user, self.draft.now)


def _back(step: Step, old: T) -> T:
    """`old` with what the step wrote there put back to what it found, in the fields that nobody changed since."""
    back = {key: _like(value, step.base.get(key)) for key, value in step.patch.items() if same(getattr(old, key, None), value)}
    back.pop("history", None)
    return cast(T, replace(cast(Any, old), **back))


def same(mine: Any, written: Any) -> bool:
    """Whether a frozen record's value is what JSON says."""
    return bool((list(mine) if isinstance(mine, tuple) else mine) == written)


def _like(written: Any, before: Any) -> Any:
    """The value before, in the shape that a frozen record holds."""
    return tuple(before or ()) if isinstance(written, list) else before
