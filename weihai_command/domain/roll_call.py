"""The roll call (点名) of a committed unit: when it is due, which call runs, and when silence is escalated. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from .foreign import moment

#: What a line of the log may say of a call; `seen` ends an escalation with somebody's name.
ANSWERS = ("called", "ok", "missed", "seen")
WORDS = {"called": "呼叫", "ok": "应答", "missed": "未应答", "seen": "知悉失联"}
#: Clocks of desks may differ by so much; what lies further ahead is no contact.
AHEAD = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Rules:
    """Seconds between calls, and seconds within which the first, the second … call must be answered; as many misses escalate."""

    every_s: float = 1200.0
    answers_s: tuple[float, ...] = (60.0, 120.0)


@dataclass(frozen=True, slots=True)
class Call:
    """One line of the log about a unit's roll call: `answer` of ANSWERS, `n` the number of the call from 1 (0: not said)."""

    at: datetime
    answer: str
    n: int = 0
    id: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """`state`: quiet | due | called | escalated | seen (escalated, and somebody knows).

    `since` is when it began (None: nobody knows when the unit was last heard), `n` the calls missed, or the one that runs,
    `deadline` its end, `lapsed` the ids of calls whose time ran out without a line that says so.
    """

    state: str
    since: datetime | None
    n: int = 0
    deadline: datetime | None = None
    lapsed: tuple[str, ...] = ()

    def left_s(self, now: datetime) -> float:
        """Seconds until the running call's deadline, never below 0; 0 where none runs."""
        return max(0.0, (self.deadline - now).total_seconds()) if self.deadline else 0.0


def call_of(row: Mapping[str, Any]) -> Call | None:
    """Read a log entry of kind roll_call; None for what is none."""
    data, at = row.get("data"), moment(row.get("at"))
    if at is None or not isinstance(data, Mapping) or data.get("answer") not in ANSWERS:
        return None
    n = data.get("call")
    return Call(at, str(data["answer"]), n if isinstance(n, int) and not isinstance(n, bool) and n > 0 else 0, str(row.get("id") or ""), str(row.get("by") or ""))


def standing(contacts: Iterable[datetime], calls: Iterable[Call], now: datetime, rules: Rules = Rules()) -> Standing:
    """Where the roll call of a unit stands: `contacts` are its steps and what was heard of it, in any order."""
    real = {call for call in calls if call.at <= now + AHEAD}
    heard = max((at for at in (*contacts, *(call.at for call in real if call.answer == "ok")) if at <= now + AHEAD), default=None)
    count = _Count(rules, heard)
    for call in sorted(real, key=lambda each: (each.at, each.n, ANSWERS.index(each.answer), each.id)):
        if call.answer != "ok" and (heard is None or call.at >= heard):
            count.take(call)
    return count.at(now)


class _Count:
    """Calls since the unit was last heard, taken in order."""

    def __init__(self, rules: Rules, base: datetime | None) -> None:
        self._rules, self._base = rules, base
        self._missed, self._since = 0, base
        self._running: Call | None = None
        self._lapsed: dict[int, str] = {}
        self._is_seen = False

    def take(self, call: Call) -> None:
        self._lapse(call.at)
        if call.answer == "called" and not self._running and not self._is_lost and call.n in (0, self._missed + 1):
            self._running, self._is_seen = call, False
        elif call.answer == "missed":
            self._miss(call)
        elif call.answer == "seen" and self._is_lost:
            self._missed, self._running, self._is_seen, self._base = 0, None, True, call.at
            self._lapsed.clear()

    def at(self, now: datetime) -> Standing:
        self._lapse(now)
        lapsed = tuple(each for each in self._lapsed.values() if each)
        if self._is_lost:
            return Standing("escalated", self._since, self._missed, lapsed=lapsed)
        if self._running:
            return Standing("called", self._running.at, self._missed + 1, self._deadline(self._running), lapsed)
        if self._missed:
            return Standing("due", self._since, self._missed, lapsed=lapsed)
        due = self._base + timedelta(seconds=self._rules.every_s) if self._base else None
        if due is None or now >= due:
            return Standing("due", due)
        return Standing("seen" if self._is_seen else "quiet", self._base)

    @property
    def _is_lost(self) -> bool:
        return self._missed >= len(self._rules.answers_s)

    def _deadline(self, call: Call) -> datetime:
        return call.at + timedelta(seconds=self._rules.answers_s[self._missed])

    def _lapse(self, now: datetime) -> None:
        if self._running and now >= (end := self._deadline(self._running)):
            self._lapsed[self._missed + 1] = self._running.id
            self._missed, self._since, self._running = self._missed + 1, end, None

    def _miss(self, call: Call) -> None:
        self._lapsed.pop(call.n, None)
        # A second desk's line about the same miss says nothing new.
        if not self._is_lost and call.n in (0, self._missed + 1):
            self._missed, self._since, self._running, self._is_seen = self._missed + 1, call.at, None, False
