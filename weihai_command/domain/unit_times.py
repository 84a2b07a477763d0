"""How long a unit may stay in a state before it asks for a look. The figures are data; nothing here reads a file or a clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .faults import StoreFault
from .roll_call import Rules

#: Without a file: what the vocabulary says of deliveries, and nothing else.
DELIVERY_S, UNACKNOWLEDGED = 120.0, "未确认"


@dataclass(frozen=True, slots=True)
class Limit:
    """Seconds in a state, and the word that is shown after them."""

    seconds: float
    word: str

    def is_over(self, since: datetime | None, now: datetime) -> bool:
        """Whether a state that began at `since` (None: nobody knows) has lasted longer."""
        return since is not None and (now - since).total_seconds() > self.seconds


@dataclass(frozen=True, slots=True)
class Limits:
    """`states` by state; `kinds` seconds by kind and state, before them; a way is estimated at `speed_ms` over `detour` times the straight line."""

    states: Mapping[str, Limit] = field(default_factory=lambda: {"dispatching": Limit(DELIVERY_S, UNACKNOWLEDGED)})
    kinds: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    speed_ms: float = 40 / 3.6
    detour: float = 1.4
    least_way_s: float = 300.0
    calls: Rules = field(default_factory=Rules)

    def limit(self, state: str, kind: str, way_m: float | None = None) -> Limit | None:
        """What holds for a unit; on its way by the straight line `way_m` from its station, where that is known."""
        found = self.states.get(state)
        if found is None:
            return None
        seconds = self.kinds.get(kind, {}).get(state)
        if seconds is None and state == "en_route" and way_m is not None:
            seconds = max(self.least_way_s, way_m * self.detour / self.speed_ms)
        return Limit(seconds, found.word) if seconds else found


def limits_of(raw: Mapping[str, Any], name: str) -> Limits:
    """Read the tables of unit_limits.toml (StoreFault: a figure that is none)."""
    state, kind, way, call = (_table(raw, group, name) for group in ("state", "kind", "way", "roll_call"))
    answers = call.get("answers_s", (60, 120))
    if not isinstance(answers, (list, tuple)) or not answers:
        raise _wrong(name, "roll_call.answers_s 要写成秒数的列表，例如 [60, 120]")
    return Limits(
        {each: Limit(_figure(row, "seconds", name, f"state.{each}"), _word(row, name, f"state.{each}")) for each, row in state.items()},
        {each: {step: _figure(row, step, name, f"kind.{each}") for step in _keys(row, name, f"kind.{each}")} for each, row in kind.items()},
        _figure(way, "speed_kmh", name, "way", 40) / 3.6, _figure(way, "detour", name, "way", 1.4), _figure(way, "least_s", name, "way", 300),
        Rules(_figure(call, "every_s", name, "roll_call", 1200), tuple(_figure({"answers_s": each}, "answers_s", name, "roll_call") for each in answers)),
    )


def _table(raw: Mapping[str, Any], group: str, name: str) -> Mapping[str, Any]:
    found = raw.get(group, {})
    if not isinstance(found, Mapping):
        raise _wrong(name, f"{group} 要写成一段 [{group}]")
    return found


def _keys(row: Any, name: str, where: str) -> list[str]:
    if not isinstance(row, Mapping):
        raise _wrong(name, f"{where} 要写成一段 [{where}]")
    return [str(each) for each in row]


def _figure(row: Any, key: str, name: str, where: str, plain: float | None = None) -> float:
    value = row.get(key, plain) if isinstance(row, Mapping) else None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < 1e7:
        raise _wrong(name, f"{where}.{key} 要写成大于 0 的数")
    return float(value)


def _word(row: Mapping[str, Any], name: str, where: str) -> str:
    if not row.get("word"):
        raise _wrong(name, f"{where}.word 要写成超时后显示的字")
    return str(row["word"])


def _wrong(name: str, what: str) -> StoreFault:
    return StoreFault(f"力量时限文件 {name} 有误：{what}", "没有改动，暂按程序自带的时限", "请改好后重新打开", code="bad_limits")
