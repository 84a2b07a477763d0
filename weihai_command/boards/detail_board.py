"""The one incident that is open on the desk, with everything that is shown about it. The selection of the whole desk lives here."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from weihai_command.domain.foreign import one_line
from weihai_command.domain.incident import EMERGENCY

from . import words
from .bridge import Bridge
from .clock import Clock
from .field_words import readable
from .incident_rows import IncidentRow, row_of
from .plan_rows import PlanView, plan_view
from .unit_rows import NEXT, PROGRESS, UnitRow, unit_row

#: The dispatch list ranks every unit, with distance and reason; the pane shows the first few.
MOST_RANKED = 400
#: What takes longer than the facts is asked for when they have been painted; of an officer who opened another one less than WALKING_MS
#: before, when he has stayed for STAY_MS: he walks the list, and nothing stands in the way of the next facts.
PAINTED_MS, STAY_MS, WALKING_MS = 10, 180, 400
KINDS = frozenset({"incidents", "units", "assignments", "log", "outbox", "conflicts", "officer"})


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """One unit on this incident, `is_late` while its dispatch stays unheard or it answers no call; `next_state`/`next_word` is the step of its button ("" where none is left)."""

    unit: UnitRow
    segments: int
    word: str
    age: str
    sync: str
    next_state: str
    next_word: str
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Detail:
    """Everything about one incident, read in one go so that its parts agree; whom to send follows, and `is_planned` tells whether it has."""

    incident: dict[str, Any]
    row: IncidentRow
    assignments: list[AssignmentRow] = field(default_factory=list)
    recommended: list[dict[str, Any]] = field(default_factory=list)
    plan: dict[str, Any] | None = None
    timeline: list[dict[str, Any]] = field(default_factory=list)
    allowed: list[dict[str, Any]] = field(default_factory=list)
    conflicts: list[dict[str, Any]] = field(default_factory=list)
    is_planned: bool = False

    @property
    def view(self) -> PlanView:
        """The plan as it is shown; without one the nearest units."""
        return plan_view(self.plan, self.recommended) if self.is_planned else PlanView(is_awaited=True)


class DetailBoard(QObject):
    """`opened(id)` when the selection moves ("" = nothing), `changed` when there is something new to show, `settled` when the officer
    stays with what is open (`is_settled`): only then whatever else there is about it is read."""

    opened = Signal(str)
    changed = Signal()
    settled = Signal()

    def __init__(self, bridge: Bridge, clock: Clock) -> None:
        super().__init__()
        self._bridge, self.clock = bridge, clock
        self.incident_id = ""
        self.detail: Detail | None = None
        self.shows_phone = False
        self.is_settled = True
        self._opened = QElapsedTimer()
        self._stay = QTimer(self, singleShot=True)
        self._stay.timeout.connect(self._settle)
        bridge.changed.connect(self._on_changed)

    def open(self, incident_id: str) -> None:
        """Select `incident_id`; the old one stays on screen until the new one is read."""
        if incident_id == self.incident_id:
            return
        self.incident_id, self.shows_phone, self.is_settled = incident_id, False, not incident_id
        is_walking = self._opened.isValid() and self._opened.elapsed() < WALKING_MS
        self._opened.start()
        self._stay.stop()
        self._stay.setInterval(STAY_MS if is_walking else PAINTED_MS)
        if not incident_id:
            self.detail = None
            self.changed.emit()
        self.opened.emit(incident_id)
        self.refresh()

    @property
    def is_behind(self) -> bool:
        """Whether what is shown is not yet the incident that was chosen, or not yet all of it."""
        return bool(self.incident_id) and (self.detail is None or self.detail.row.id != self.incident_id or not self.detail.is_planned)

    def hurry(self) -> None:
        """Somebody waits for all there is about the incident: it is asked for as soon as its facts are there."""
        self._stay.setInterval(0)

    def reveal(self, shown: bool) -> None:
        """Show or mask the phone number of this incident until another one is opened."""
        self.shows_phone = shown
        self.changed.emit()

    def names(self) -> dict[str, str]:
        return self._bridge.names()

    def masked(self, text: str) -> str:
        """`text` with its phone numbers masked, unless this incident's are revealed."""
        return text if self.shows_phone else words.masked(text)

    def refresh(self) -> None:
        wanted = self.incident_id
        if wanted:
            self._bridge.ask("detail", lambda: self._read(wanted), lambda detail: self._take(wanted, detail))

    def _read(self, incident_id: str) -> Detail | None:
        queries, desk, now = self._bridge.queries, self._bridge.desk, self.clock.now()
        raw = queries.record(desk, "incidents", incident_id)
        if raw is None:
            return None
        row = row_of(raw, self._bridge.names())
        sent, conflicts = queries.assignments(desk, incident_id), [each for each in queries.conflicts(desk) if _is_about(each, row)]
        # Most incidents name no unit, and all units are many.
        units = {str(unit["id"]): unit_row(unit, now) for unit in queries.units(desk)} if sent or conflicts else {}
        names = self._bridge.names() | {unit.id: unit.name for unit in units.values()}
        return Detail(
            incident=raw, row=row, assignments=_assignments(sent, units, now),
            timeline=queries.timeline(desk, incident_id), is_planned=row.track != EMERGENCY or row.ended, allowed=queries.allowed(desk, raw),
            conflicts=[readable(each, names) for each in conflicts],
        )

    def _take(self, wanted: str, detail: Detail | None) -> None:
        if wanted != self.incident_id:
            return
        if detail is None:
            self.open("")
            return
        self.detail = known = self._with_plan(detail)
        self.changed.emit()
        if self.detail is not known:
            return
        if self.is_settled:
            self._ask_plan()
        elif not self._stay.isActive():
            self._stay.start()

    def _settle(self) -> None:
        if self.detail is None or self.detail.row.id != self.incident_id:
            return
        self.is_settled = True
        self._ask_plan()
        self.settled.emit()

    def _ask_plan(self) -> None:
        """Ranking all units takes longer than everything else: the incident is there before."""
        wanted, queries, desk = self.incident_id, self._bridge.queries, self._bridge.desk
        if self.detail is None or self.detail.row.track != EMERGENCY or self.detail.row.ended:
            return
        self._bridge.ask("detail:plan", lambda: queries.advised(desk, wanted, MOST_RANKED), lambda found: self._take_plan(wanted, *found))

    def _with_plan(self, detail: Detail) -> Detail:
        """The plan of before stands until the new one comes."""
        before = self.detail
        if detail.is_planned or before is None or before.row.id != detail.row.id or not before.is_planned:
            return detail
        return replace(detail, plan=before.plan, recommended=before.recommended, is_planned=True)

    def _take_plan(self, wanted: str, plan: dict[str, Any] | None, recommended: list[dict[str, Any]]) -> None:
        if self.detail is None or not wanted == self.incident_id == self.detail.row.id:
            return
        self.detail = replace(self.detail, plan=plan, recommended=recommended, is_planned=True)
        self.changed.emit()

    def _on_changed(self, kinds: frozenset[str]) -> None:
        if kinds & KINDS:
            self.refresh()

    def facts(self) -> list[tuple[str, str, str]]:
        """(word, value, mood) of the facts grid in reading order; values are plain text, phone numbers masked."""
        if self.detail is None:
            return []
        raw, row, now = self.detail.incident, self.detail.row, self.clock.now()
        left, mood = row.left(now)
        pairs = [
            ("接报", words.day_and_clock(raw.get("reported_at"), now) + words.ahead(raw.get("reported_at"), now), "plain"), ("来源", words.source(raw.get("source")), "plain"),
            ("历时", row.elapsed(now), "plain"), ("时限", left, mood),
            ("经纬", _position(raw), "plain"), ("误差", _radius(raw.get("radius_m")), "plain"),
            ("责任", row.responsible, "plain"), ("来电", self._phone(raw), "plain"),
        ]
        return [(word, value or words.BLANK, mood) for word, value, mood in pairs]

    def _phone(self, raw: dict[str, Any]) -> str:
        shown = self.masked(one_line(raw.get("phone"), 60))
        return " ".join(part for part in (one_line(raw.get("reporter"), 60), shown) if part)


def _assignments(raws: list[dict[str, Any]], units: dict[str, UnitRow], now: Any) -> list[AssignmentRow]:
    rows = []
    # By the time of dispatch, whatever happens to the units: the key of a row stays the row's key.
    for raw in sorted(raws, key=lambda raw: (str(raw.get("created_at") or ""), str(raw.get("id")))):
        unit = units.get(str(raw.get("unit_id")))
        if unit is None or (raw.get("ended_at") and (unit.state != "returning" or _was_moved(raw))):
            continue
        state = str(raw.get("state"))
        state = unit.state if state == "released" else state
        next_state, next_word = NEXT.get(state, ("", ""))
        age = words.elapsed(unit.since, now)
        sync = str(raw.get("sync") or unit.sync)
        mark, mood = unit.mark(now) or ("", "")
        late = unit.is_unacknowledged(now) or mood == "over"
        word = mark if late else words.unit_state(state)
        rows.append(AssignmentRow(unit, PROGRESS.get(state, 0), word, age, sync, next_state, next_word, late))
    return rows


def _was_moved(raw: dict[str, Any]) -> bool:
    """Whether the unit went on to another incident: when it returns, it returns from there."""
    steps = raw.get("steps") or ()
    return bool(steps) and steps[-1].get("state") == "released"


def _is_about(conflict: dict[str, Any], row: IncidentRow) -> bool:
    if conflict.get("record_id") or conflict.get("incident_id"):
        return row.id in (conflict.get("record_id"), conflict.get("incident_id"))
    return bool(row.number) and conflict.get("number") == row.number


def _position(raw: dict[str, Any]) -> str:
    lon, lat = raw.get("lon"), raw.get("lat")
    if not isinstance(lon, (int, float)) or not isinstance(lat, (int, float)):
        return "未定位"
    return f"{lon:.4f} {lat:.4f}"


def _radius(value: object) -> str:
    return f"± {value:.0f} m" if isinstance(value, (int, float)) and value == value else ""
