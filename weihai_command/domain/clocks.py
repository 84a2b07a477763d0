"""The clocks of an incident: which one runs in a state, when its time is over, what is left while it stands still.

`due_at` is the end of the stage that runs. A suspension or a promotion stops the clock: what was left then is given back in the
same kind of time when it goes on. What was left is told by `state_at` and `due_at` of a suspended case, and by `frozen.left_s`
of a promoted one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from .calendar import SECONDS, URGENT, Calendar
from .faults import StoreFault
from .foreign import moment
from .incident import EMERGENCY, Incident
from .intervals import Benchmark
from .lifecycle import EMERGENCY_OPEN

#: state -> its clock; final states, 关注 and 挂账 have none that runs.
CLOCKS = {
    "reported": "intake", "verifying": "verify", "registered": "dispatch", "returned": "dispatch", "dispatched": "accept",
    "accepted": "handle", "handling": "handle", "handled": "check", "checking": "check",
    "new": "triage", "queued": "send", "active": "rescue",
}
#: clock -> the stage as it is called.
STAGES = {
    "intake": "接报", "verify": "核实", "dispatch": "派遣", "accept": "受理", "handle": "处置", "check": "核查",
    "triage": "研判", "send": "派遣", "rescue": "处置",
}
#: Clocks whose limit depends on what the incident is.
BY_KIND = frozenset({"handle", "rescue"})
PAUSED = "suspended"
#: Parts of a stage's time at which the responsible officer is told (督办).
THRESHOLDS = (0.5, 0.8, 1.0)
#: Longest limit that a file may set, in the unit's own measure.
LONGEST = 10_000
#: Seconds of any unit beyond which a stranger's due time is no limit.
FAR_S = 20 * 365 * 86_400


@dataclass(frozen=True, slots=True)
class Limit:
    """`amount` in hours or days of `unit` (domain.calendar)."""

    amount: float
    unit: str

    @property
    def seconds(self) -> int:
        return round(self.amount * SECONDS[self.unit])


@dataclass(frozen=True, slots=True)
class Rules:
    """Limits by clock, and for BY_KIND by category and type; `category_of` type -> category, `benchmark` by interval (domain.intervals.LEGS)."""

    calendar: Calendar
    stage: Mapping[str, Limit] = field(default_factory=dict)
    category: Mapping[str, Limit] = field(default_factory=dict)
    type: Mapping[str, Limit] = field(default_factory=dict)
    category_of: Mapping[str, str] = field(default_factory=dict)
    benchmark: Mapping[str, Benchmark] = field(default_factory=dict)

    def limit(self, clock: str, kind: object) -> Limit | None:
        if clock in BY_KIND and isinstance(kind, str):
            found = self.type.get(kind) or self.category.get(self.category_of.get(kind, ""))
            if found:
                return found
        return self.stage.get(clock)

    def unit(self, clock: str, kind: object) -> str:
        limit = self.limit(clock, kind)
        return limit.unit if limit else URGENT


@dataclass(frozen=True, slots=True)
class Leg:
    """One run of a clock: `spent_s` and `left_s` in seconds of `unit`, both as of `ended`, or of the moment asked for.

    `due` is when it would be over as it runs now, by the limits of today; of an ended one, as it ran when it ended.
    """

    clock: str
    unit: str
    began: datetime
    ended: datetime | None
    spent_s: int
    left_s: int | None
    paused: bool = False
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """The clock that an incident is under now; `left_s` is negative when the time is over, `share` the part that is used, 0 … 1."""

    clock: str
    unit: str
    began: datetime
    due: datetime | None
    left_s: int
    share: float
    paused: bool


def clock_of(incident: Incident) -> str:
    """The clock of the present state, of a suspended case the one that stands still; "" without one."""
    state = incident.before if incident.state == PAUSED else incident.state
    return CLOCKS.get(str(state), "")


def left(due: datetime, at: datetime, unit: str, calendar: Calendar) -> int:
    """Seconds of `unit` from `at` to `due`.

    By the wall clock where the time is over, or ends at night: else 0:00 would stand there all night.
    """
    return (calendar.seconds(at, due, unit) if due > at else 0) or calendar.seconds(at, due, URGENT)


def carried(old: Incident, new: Incident, act: str, at: str, rules: Rules) -> Incident:
    """`new` with the `due_at` that follows when `act` led there from `old` at the moment `at`."""
    now = moment(at)
    if now is None or act in {"suspend", "edit"}:
        return new
    if act == "promote":
        return _begun(_frozen(old, new, now, rules), now, rules)
    if old.track == EMERGENCY != new.track and old.frozen:
        return _thawed(old, new, now, rules)
    if old.state == PAUSED and act == "resume":
        rest = _rest(old, rules)
        return _begun(new, now, rules) if rest is None else _given(new, now, rest, rules)
    if not clock_of(new):
        # An ended case keeps what its last stage was due at; one that is only watched has no limit.
        return new if new.is_ended else replace(new, due_at=None)
    if act == "report":
        return new if new.due_at else _begun(new, now, rules)
    return new if clock_of(new) == clock_of(old) and act != "rework" else _begun(new, now, rules)


def _begun(new: Incident, now: datetime, rules: Rules) -> Incident:
    limit = rules.limit(clock_of(new), new.type)
    return replace(new, due_at=rules.calendar.shift(now, limit.seconds, limit.unit).isoformat() if limit else None)


def _given(new: Incident, now: datetime, rest: int, rules: Rules) -> Incident:
    """What was left runs again; what was over stays over by as much of the wall clock."""
    unit = rules.unit(clock_of(new), new.type) if rest > 0 else URGENT
    return replace(new, due_at=_sane(rules.calendar, now, rest, unit))


def _sane(calendar: Calendar, now: datetime, rest: int, unit: str) -> str | None:
    """A stranger's due time may lie centuries away."""
    if abs(rest) > FAR_S:
        return None
    return calendar.shift(now, rest, unit).isoformat()


def _rest(incident: Incident, rules: Rules) -> int | None:
    """Seconds that were left when the case was suspended."""
    due, stood = moment(incident.due_at), moment(incident.state_at)
    if due is None or stood is None:
        return None
    return left(due, stood, rules.unit(clock_of(incident), incident.type), rules.calendar)


def _frozen(old: Incident, new: Incident, now: datetime, rules: Rules) -> Incident:
    due = moment(old.due_at)
    running = left(due, now, rules.unit(clock_of(old), old.type), rules.calendar) if due else None
    rest = _rest(old, rules) if old.state == PAUSED else running
    kept = {} if rest is None else {"left_s": rest}
    return replace(new, frozen={**(new.frozen or {}), **kept})


def _thawed(old: Incident, new: Incident, now: datetime, rules: Rules) -> Incident:
    rest = (old.frozen or {}).get("left_s")
    if new.is_ended:
        return new
    return _given(new, now, rest, rules) if isinstance(rest, int) else _begun(new, now, rules)


def standing(incident: Incident, now: datetime, rules: Rules) -> Standing | None:
    """The clock that the incident is under, None where none runs. A due time from elsewhere is taken as it is."""
    if incident.is_ended or not clock_of(incident):
        return None
    run, told, paused = _running(incident, now, rules), moment(incident.due_at), incident.state == PAUSED
    if run is None or (told is None and run.left_s is None):
        return None
    at, due = (moment(incident.state_at) or now) if paused else now, told or run.due
    rest = left(due, at, run.unit, rules.calendar) if due else run.left_s or 0
    return Standing(run.clock, run.unit, run.began, None if paused else due, rest, run.spent_s / (run.spent_s + rest) if rest > 0 else 1.0, paused)


def due_since(began: datetime | None, clock: str, kind: object, rules: Rules) -> datetime | None:
    """When a stage that runs since `began` is over by the limits of today."""
    limit = rules.limit(clock, kind)
    return rules.calendar.shift(began, limit.seconds, limit.unit) if limit and began else None


def _running(incident: Incident, now: datetime, rules: Rules) -> Leg | None:
    """The run of the present clock; of a record without due time, or whose history does not tell of it, from the moment of its state."""
    clock = clock_of(incident)
    found = _told(incident, rules).last if moment(incident.due_at) else None
    if found and found.clock == clock:
        return found.leg(now)
    began = moment(incident.state_at) or moment(incident.reported_at)
    if began is None:
        return None
    run = _Run(clock, rules.limit(clock, incident.type), began, rules.calendar)
    if incident.state == PAUSED:
        run.stop(began)
    return run.leg(now)


def share(incident: Incident, now: datetime, rules: Rules) -> float | None:
    """Part of the stage's time that is used, 0 … 1; None where no clock runs."""
    found = standing(incident, now, rules)
    return found.share if found else None


def legs(incident: Incident, now: datetime, rules: Rules) -> list[Leg]:
    """Every run of a clock that the history tells of, by the limits of today; lines without a readable time are passed over."""
    return [each.leg(now) for each in _told(incident, rules).runs]


def _told(incident: Incident, rules: Rules) -> _Told:
    told = _Told(incident, rules)
    for at, line in _lines(incident.history):
        told.hear(at, str(line.get("act")), str(line.get("from")), str(line.get("to")))
    return told


def _lines(history: Any) -> Iterator[tuple[datetime, Mapping[str, Any]]]:
    for line in history if isinstance(history, (tuple, list)) else ():
        at = moment(line.get("at")) if isinstance(line, Mapping) else None
        if at is not None:
            yield at, line


class _Run:
    """One run of a clock while the history is being told."""

    def __init__(self, clock: str, limit: Limit | None, began: datetime, calendar: Calendar) -> None:
        self.clock, self.limit, self.began, self._calendar = clock, limit, began, calendar
        self.unit = limit.unit if limit else URGENT
        self.ended: datetime | None = None
        self._since: datetime | None = began
        #: From when, and with how much spent before, it ran last.
        self._ran: tuple[datetime | None, int] = (began, 0)
        self._spent = 0

    def stop(self, at: datetime) -> None:
        self._ran = (self._since, self._spent)
        self._spent, self._since = self._passed(at), None

    def go(self, at: datetime) -> None:
        self._since = self._since or at

    def end(self, at: datetime) -> None:
        self.stop(at)
        self.ended = at

    def leg(self, now: datetime) -> Leg:
        spent, due = self._passed(now), self._end_of(*(self._ran if self.ended else (self._since, self._spent)))
        return Leg(self.clock, self.unit, self.began, self.ended, spent, self.limit.seconds - spent if self.limit else None, self._since is None, due)

    def _end_of(self, since: datetime | None, spent: int) -> datetime | None:
        """When it is over if it runs on; None while it stands."""
        return self._calendar.shift(since, self.limit.seconds - spent, self.unit) if since and self.limit else None

    def _passed(self, at: datetime) -> int:
        return self._spent + (max(self._calendar.seconds(self._since, at, self.unit), 0) if self._since else 0)


class _Told:
    """The runs of an incident's clocks; `_frozen` is the municipal one while the case is an emergency."""

    def __init__(self, incident: Incident, rules: Rules) -> None:
        self.runs: list[_Run] = []
        self._kind, self._rules = incident.type, rules
        self._now: _Run | None = None
        self._frozen: _Run | None = None

    @property
    def last(self) -> _Run | None:
        """The run that has not ended; a frozen one does not count while another runs."""
        return self._now

    def hear(self, at: datetime, act: str, before: str, state: str) -> None:
        clock = CLOCKS.get(state, "")
        if act == "promote":
            self._stop(at)
            self._frozen, self._now = self._now, self._begin(clock, at)
        elif before in EMERGENCY_OPEN and self._frozen and (state == PAUSED or self._frozen.clock == clock):
            self._end(at)
            self._now, self._frozen = self._frozen, None
            self._set(at, state)
        elif self._now and act != "rework" and (state == PAUSED or self._now.clock == clock):
            self._set(at, state)
        else:
            self._end(at)
            self._now = self._begin(clock, at) if clock else None

    def _set(self, at: datetime, state: str) -> None:
        if self._now and state == PAUSED:
            self._now.stop(at)
        elif self._now:
            self._now.go(at)

    def _stop(self, at: datetime) -> None:
        if self._now:
            self._now.stop(at)

    def _end(self, at: datetime) -> None:
        if self._now:
            self._now.end(at)

    def _begin(self, clock: str, at: datetime) -> _Run:
        self.runs.append(_Run(clock, self._rules.limit(clock, self._kind), at, self._rules.calendar))
        return self.runs[-1]


def limits_of(raw: Mapping[str, Any], name: str) -> dict[str, dict[str, Limit]]:
    """{stage, category, type: {code: Limit}} of a file as it was read (StoreFault saying what is wrong)."""
    unknown = sorted(set(raw) - {"stage", "category", "type", "benchmark"})
    if unknown:
        raise _wrong(name, f"没有 [{unknown[0]}] 这一段，可用：stage、category、type、benchmark")
    return {group: {str(code): _limit(row, name, f"{group}.{code}") for code, row in _rows(raw, group, name)} for group in ("stage", "category", "type")}


def benchmarks_of(raw: Mapping[str, Any], name: str) -> dict[str, Benchmark]:
    """{interval: Benchmark} of the same file (StoreFault)."""
    found = {}
    for leg, row in _rows(raw, "benchmark", name):
        seconds, goal = (_figure(row.get(each)) for each in ("seconds", "share")) if isinstance(row, Mapping) else (0.0, 0.0)
        if seconds <= 0 or not 0 < goal <= 1:
            raise _wrong(name, f"benchmark.{leg} 要写成 {{ seconds = 60, share = 0.9 }}")
        found[str(leg)] = Benchmark(seconds, goal)
    return found


def _figure(value: Any) -> float:
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else 0.0


def _rows(raw: Mapping[str, Any], group: str, name: str) -> list[tuple[str, Any]]:
    rows = raw.get(group, {})
    if not isinstance(rows, Mapping):
        raise _wrong(name, f"{group} 要写成一段 [{group}]")
    return list(rows.items())


def _limit(row: Any, name: str, where: str) -> Limit:
    amount = _figure(row.get("amount")) if isinstance(row, Mapping) else 0.0
    if not 0 < amount <= LONGEST:
        raise _wrong(name, f"{where} 的 amount 要写成大于 0 的数")
    if row.get("unit") not in SECONDS:
        raise _wrong(name, f"{where} 的 unit 只能是 {'、'.join(SECONDS)}")
    return Limit(amount, str(row["unit"]))


def _wrong(name: str, what: str) -> StoreFault:
    return StoreFault(f"时限文件 {name} 有误：{what}", "没有改动，暂按程序自带的时限计时", "请改好后重新打开", code="bad_deadlines")
