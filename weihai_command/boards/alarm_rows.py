"""Alarms in the words of the strip and the list: one item is an alarm, or in a flood a group of one cause and area."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from weihai_command.domain.alarm import STANDINGS, Alarm
from weihai_command.domain.foreign import one_line

#: Severity -> colour of its badge.
COLOURS = {1: "red", 2: "orange", 3: "yellow", 4: "blue"}
#: Standings that ask an officer for a word, and those of all that is listed.
ASKING = ("unacked", "cleared")
LISTED = ("unacked", "cleared", "shelved", "acked")


@dataclass(frozen=True, slots=True)
class Item:
    """What one place of the strip shows. `key` names it (a group's stays the same while it grows); `call` names one announcement of it.

    `alarms` are the ids of a group, () for one alarm; `begun` is epoch seconds.
    """

    key: str
    severity: int
    text: str
    place: str
    begun: float
    call: tuple[Any, ...]
    is_over: bool = False
    is_quiet: bool = False
    number: str = ""
    alarms: tuple[str, ...] = ()
    sensor_id: str = ""
    reminders: int = 0

    @property
    def is_group(self) -> bool:
        return bool(self.alarms)

    @property
    def colour(self) -> str:
        return COLOURS.get(self.severity, "")

    def since(self, now: datetime) -> str:
        """16:40:12 起 1 分 56 秒."""
        return f"{clock(self.begun, now)} 起 {lasting(now.timestamp() - self.begun)}"


@dataclass(frozen=True, slots=True)
class AlarmRow:
    """One line of the list."""

    alarm: Alarm
    text: str
    place: str
    number: str
    who: str

    @property
    def id(self) -> str:
        return self.alarm.id

    @property
    def colour(self) -> str:
        return COLOURS.get(self.alarm.severity, "")

    @property
    def standing(self) -> str:
        return self.alarm.standing

    def cells(self, now: datetime) -> tuple[str, ...]:
        """As alarm_list.HEADS, without the symbol."""
        alarm = self.alarm
        times = ("抖动 " if alarm.is_chattering else "") + (f"{alarm.count} 次" if alarm.count > 1 else "")
        return STANDINGS[self.standing], self.text, self.place, clock(alarm.since, now), self._lasting(now), times.strip(), self._remark(now), self.number

    def fits(self, words: list[str]) -> bool:
        """Whether each of the words (lower case) is somewhere in the line."""
        whole = f"{self.text} {self.place} {self.alarm.district} {self.alarm.name} {self.number} {self.who}".lower()
        return all(word in whole for word in words)

    def _lasting(self, now: datetime) -> str:
        end = self.alarm.cleared_at if self.alarm.cleared_at is not None else now.timestamp()
        return lasting(end - self.alarm.since)

    def _remark(self, now: datetime) -> str:
        """Who knows of it and why, until when it is put aside, or how often somebody was reminded."""
        alarm = self.alarm
        if alarm.shelved_until is not None:
            return f"{self.who} 搁置到 {clock(alarm.shelved_until, now)[:-3]}：{one_line(alarm.shelf_reason, 60)}"
        if alarm.acked_at is not None:
            reason = f"：{one_line(alarm.ack_reason, 60)}" if alarm.ack_reason else ""
            return f"{self.who} {clock(alarm.acked_at, now)[:-3]} 确认{reason}"
        return f"已催 {alarm.escalations} 次" if alarm.escalations else ""


def clock(seconds: float, now: datetime) -> str:
    """16:40:12 of epoch seconds in this machine's zone, with the day in front for any other day; always ends in seconds."""
    local = datetime.fromtimestamp(seconds, UTC).astimezone()
    return f"{local:%H:%M:%S}" if local.date() == now.astimezone().date() else f"{local.month}月{local.day}日 {local:%H:%M:%S}"


def lasting(seconds: float) -> str:
    """1 分 56 秒; from an hour on 2 小时 05 分, from two days on 3 天."""
    whole = max(int(seconds), 0)
    if whole < 60:
        return f"{whole} 秒"
    if whole < 3600:
        return f"{whole // 60} 分 {whole % 60:02d} 秒"
    return f"{whole // 3600} 小时 {whole % 3600 // 60:02d} 分" if whole < 172_800 else f"{whole // 86_400} 天"


def items(picture: Any) -> list[Item]:
    """What the strip walks through (operations.alarm_desk.Picture), worst first; what nobody knows of but is over comes last."""
    groups = [
        Item(f"group|{each.key}", each.severity, one_line(each.sentence, 80), "", min(alarm.since for alarm in each.alarms),
             ("group", each.key, each.severity), alarms=tuple(alarm.id for alarm in each.alarms))
        for each in picture.groups
    ]
    asking = sorted([*groups, *(_single(each) for each in picture.single)], key=lambda item: (item.severity, not item.is_group))
    return [*asking, *(_single(each, is_over=True) for each in picture.cleared)]


def _single(told: Any, *, is_over: bool = False) -> Item:
    alarm = told.alarm
    return Item(
        alarm.id, alarm.severity, one_line(told.text, 120), one_line(told.place, 40), alarm.since, (alarm.id, alarm.announced_at), is_over,
        alarm.is_chattering, one_line(told.number, 20), (), alarm.sensor_id, alarm.escalations,
    )


def row(told: Any, names: dict[str, str]) -> AlarmRow:
    """A line of operations.alarm_desk (Told); people by their names as far as this desk knows them."""
    user = told.alarm.shelved_by if told.alarm.shelved_until is not None else told.alarm.acked_by
    who = one_line(names.get(str(user), user), 20) if user else ""
    return AlarmRow(told.alarm, one_line(told.text, 120), one_line(told.place, 40), one_line(told.number, 20), who)
