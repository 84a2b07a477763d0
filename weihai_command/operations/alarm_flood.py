"""A flood of alarms told by cause and area: what belongs together is one line and one sound."""

from __future__ import annotations

from dataclasses import dataclass

from ..domain.alarm import Alarm
from ..store import alarms as kept
from .desk import Desk

#: Seconds over which the load is counted, the load beyond which there is a flood, and the fewest that make a group in it.
LOAD_S, FLOOD, LEAST = 600.0, 10, 3


@dataclass(frozen=True, slots=True)
class Group:
    """Alarms of one cause in one district that nobody has acknowledged, worst first; `word` is 供水 · 环翠区."""

    cause: str
    district: str
    word: str
    alarms: tuple[Alarm, ...]

    @property
    def key(self) -> str:
        """The same for the same group at any time: what a sound is played for once."""
        return f"{self.cause}|{self.district}"

    @property
    def severity(self) -> int:
        return self.alarms[0].severity

    @property
    def sentence(self) -> str:
        return f"{self.word} {len(self.alarms)} 条同因告警"


@dataclass(frozen=True, slots=True)
class Flood:
    """`load` in the last ten minutes; in a flood the groups, worst and largest first, and `single`, what belongs to none. Else all are single."""

    load: int
    groups: tuple[Group, ...]
    single: tuple[Alarm, ...]

    @property
    def is_flood(self) -> bool:
        return self.load > FLOOD


def load(desk: Desk) -> int:
    """Alarms that asked for an acknowledgement in the last ten minutes."""
    return kept.announced(desk.store, desk.clock().timestamp() - LOAD_S)


def flood(desk: Desk) -> Flood:
    """What nobody has acknowledged, in groups where there is more than a person can read."""
    found, here = load(desk), kept.standing(desk.store, ("unacked",))
    if found <= FLOOD:
        return Flood(found, (), tuple(here))
    # The words of causes come with numpy: most of the time nobody needs them.
    from .alarm_rules import rules

    causes = rules(desk.profile.root).causes
    by_group: dict[tuple[str, str], list[Alarm]] = {}
    for alarm in here:
        by_group.setdefault((alarm.cause, alarm.district), []).append(alarm)
    groups = [
        Group(cause, district, " · ".join(part for part in (causes.get(cause, cause), district) if part), tuple(alarms))
        for (cause, district), alarms in by_group.items() if len(alarms) >= LEAST
    ]
    single = tuple(alarm for alarm in here if len(by_group[alarm.cause, alarm.district]) < LEAST)
    return Flood(found, tuple(sorted(groups, key=lambda each: (each.severity, -len(each.alarms), each.key))), single)
