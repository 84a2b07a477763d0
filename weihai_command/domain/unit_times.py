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
    way, call = raw.get("way", {}), raw.get("roll_call", {})
    try:
        answers = tuple(_figure(each) for each in call.get("answers_s", (60, 120)))
        if not answers:
            raise ValueError("answers_s")
        return Limits(
            {state: Limit(_figure(row["seconds"]), str(row["word"])) for state, row in raw.get("state", {}).items()},
            {kind: {state: _figure(seconds) for state, seconds in rows.items()} for kind, rows in raw.get("kind", {}).items()},
            _figure(way.get("speed_kmh", 40)) / 3.6, _figure(way.get("detour", 1.4)), _figure(way.get("least_s", 300)),
            Rules(_figure(call.get("every_s", 1200)), answers),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise StoreFault(f"{name} 里有不能用的时限：{error}", "没有改动，暂按程序自带的时限", "请改好后重新打开", code="bad_limits") from error


def _figure(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < 1e7:
        raise ValueError(str(value))
    return float(value)
