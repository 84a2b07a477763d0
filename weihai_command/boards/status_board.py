"""What the chips say: connection, what waits, conflicts, alarms of ten minutes, who sits here; and the outbox behind them."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from weihai_command.domain.kinds import KINDS
from weihai_command.domain.words import ROLES

from . import words
from .bridge import Bridge
from .clock import Clock
from .field_words import readable
from .quarantine_board import QuarantineBoard
from .rows_model import RowsModel

QUIET = {
    "connection": "local", "pending": 0, "sending": 0, "conflicts": 0, "rejected": 0, "quarantined": 0, "last_ok": None, "alarms_10min": 0,
    "holds": [], "notes": [],
}


class StatusBoard(QObject):
    """`changed` when a chip has to be painted anew; `conflicts` are those of the whole desk."""

    changed = Signal()

    def __init__(self, bridge: Bridge, clock: Clock) -> None:
        super().__init__()
        self._bridge, self.clock = bridge, clock
        self.status: dict[str, Any] = dict(QUIET)
        self.conflicts: list[dict[str, Any]] = []
        self.outbox, self.quarantine = OutboxBoard(clock), QuarantineBoard(bridge, clock)
        bridge.changed.connect(lambda kinds: self.refresh())

    def refresh(self) -> None:
        self._bridge.ask("status", self._read, self._take)

    def _read(self) -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]:
        queries, desk = self._bridge.queries, self._bridge.desk
        conflicts = queries.conflicts(desk)
        names = self._bridge.names()
        if conflicts:
            names |= {str(unit["id"]): str(unit.get("name")) for unit in queries.units(desk)}
        return queries.status(desk), queries.outbox(desk), [readable(each, names) for each in conflicts]

    def _take(self, answer: tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]) -> None:
        status, outbox, self.conflicts = answer
        self.status = {**QUIET, **status}
        self.outbox.take(outbox)
        self.changed.emit()

    @property
    def city(self) -> str:
        return str(self._bridge.desk.city.name)

    @property
    def is_exercise(self) -> bool:
        return bool(self._bridge.desk.city.exercise)

    @property
    def is_signed_in(self) -> bool:
        return self._bridge.desk.officer is not None

    @property
    def officer(self) -> str:
        """`王海宁 · 值班员`, or that nobody is signed in."""
        officer = self._bridge.desk.officer
        return f"{officer.name} · {ROLES.get(officer.role, officer.role)}" if officer else "未登录"

    @property
    def waiting(self) -> int:
        return int(self.status["pending"]) + int(self.status["sending"])

    @property
    def sends(self) -> bool:
        """False for the embedded city: nothing leaves this machine."""
        return self.status["connection"] != "local"

    @property
    def trouble(self) -> int:
        """What an officer has to look at: conflicts, refusals, mass deletions that wait for a word."""
        return int(self.status["conflicts"]) + int(self.status["rejected"]) + len(self.status["holds"])

    def chip(self) -> tuple[str, str]:
        """(text, mood) of the connection and outbox chip; mood is plain, near (offline or paused) or over (needs an officer)."""
        connection = str(self.status["connection"])
        parts = [words.CONNECTIONS.get(connection, connection), f"{self.waiting} 待发" if self.sends else "不发平台"]
        parts += [f"{self.status[key]} {word}" for key, word in (("conflicts", "冲突"), ("rejected", "被拒")) if self.status[key]]
        parts += [f"{len(self.status['holds'])} 待核对"] if self.status["holds"] else []
        mood = "over" if self.trouble else "near" if connection in ("offline", "paused") else "plain"
        return " · ".join(parts), mood

    def alarms(self) -> tuple[int, str]:
        """(alarms of the last ten minutes, mood): quiet to 2, near to 10, over above."""
        number = int(self.status["alarms_10min"])
        return number, "plain" if number <= 2 else "near" if number <= 10 else "over"

    def holds(self) -> list[tuple[dict[str, Any], str]]:
        """Questions that wait for an officer, each with when it was noticed: rows that vanished from the platform in a mass and were kept here."""
        now = self.clock.now()
        return [(hold, words.day_and_clock(hold.get("at"), now)) for hold in self.status["holds"] if hold.get("kind") in KINDS]

    def notes(self) -> list[str]:
        """Sentences for people: remarks of the store, what is in quarantine, when the platform last answered."""
        lines = [str(note) for note in self.status["notes"]]
        if self.status["quarantined"]:
            lines.append(f"{self.status['quarantined']} 条平台记录有误，已隔离，未进入本席")
        last = words.day_and_clock(self.status["last_ok"], self.clock.now()) if self.sends else ""
        return lines + ([f"上次与平台核对：{last}"] if last else [])


HEADS = ("动作", "事件", "时间", "作者", "状态", "为何还在等")


class OutboxBoard(RowsModel):
    """What has not reached the platform yet, in the order it will go out."""

    heads = HEADS

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock

    def told(self, text: str, role: int) -> Any:
        return words.tip(text) if role == Qt.ItemDataRole.ToolTipRole else super().told(text, role)

    def cells(self, row: dict[str, Any]) -> tuple[str, ...]:
        why = str(row.get("error") or row.get("waiting") or "")
        at = words.day_and_clock(row.get("at"), self._clock.now())
        return (str(row.get("verb_word") or row.get("verb")), str(row.get("number") or words.BLANK), at, str(row.get("actor") or ""),
                words.sync(row.get("state")), why)
