"""What counts as an alarm, by quantity: limits in both directions, how long, how far back, how patient. Data in, columns out; no file is read here."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .alarm import SEVERITIES, Chatter, Settings
from .faults import StoreFault

Floats = NDArray[np.float64]
Ladder = tuple[tuple[float, int], ...]
#: Seconds between readings of a sensor that says nothing of it.
PERIOD_S = 600.0
#: What silence and broken sensors are grouped by: one broken line silences sensors of every cause.
LINK = "link"
#: Steps of a ladder that are taken.
MOST_LEVELS = 4


@dataclass(frozen=True, slots=True)
class Rule:
    """One quantity's. `high` and `low` are ladders of (limit, severity), the mildest first; a value beyond a limit raises, one at it does not.

    `hysteresis` is how far back inside the mildest limit a value clears, in the sensor's unit; `duration_s` how long a value must stand
    beyond. `silence` is how many periods without a reading are patience (0: endless), `frozen` how many equal values in a row are a
    fault (0: never), `valid` what a working sensor can measure. `repetition` is (excursions, seconds) that are told although none lasted.
    `incident`, `priority`: the type of incident that such an alarm becomes, and how urgent.
    """

    cause: str = ""
    high: Ladder = ()
    low: Ladder = ()
    hysteresis: float = 0.0
    duration_s: float = 0.0
    silence: float = 3.0
    silence_severity: int = 4
    frozen: int = 0
    fault_severity: int = 4
    valid: tuple[float, float] = (-math.inf, math.inf)
    repetition: tuple[int, float] = (0, 0.0)
    repetition_severity: int = 4
    incident: str = ""
    priority: str = "normal"


@dataclass(frozen=True, slots=True)
class AlarmRules:
    """`quantities` by code; `standard` holds for what is not among them; `causes` gives the word of each cause."""

    quantities: Mapping[str, Rule] = field(default_factory=dict)
    standard: Rule = Rule()
    causes: Mapping[str, str] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)

    def rule(self, quantity: str) -> Rule:
        return self.quantities.get(quantity, self.standard)

    def cause(self, quantity: str, kind: str) -> str:
        """What an alarm of this kind at a sensor of this quantity is grouped by; what no rule names is its own group."""
        return LINK if kind == "silence" else self.rule(quantity).cause or quantity


def rules_of(raw: Mapping[str, Any], name: str) -> AlarmRules:
    """Read alarm_rules.toml (StoreFault: a table that cannot be used, by its dotted name)."""
    try:
        standard = _rule(_table(raw, "standard"), Rule(), "standard")
        plain = replace(standard, high=(), low=(), cause="")
        found = {code: _rule(row, plain, f"quantity.{code}") for code, row in _table(raw, "quantity").items()}
        chatter, steps = _table(raw, "chatter"), _table(raw, "escalation")
        kept = Chatter(int(_value(chatter, "times", "chatter", _number, 5)), _value(chatter, "within_s", "chatter", _number, 600.0))
        due = {_value({key: key}, key, "escalation", _severity): _value(steps, key, "escalation", _steps) for key in steps}
        words = {str(key): str(word) for key, word in _table(raw, "cause").items()}
        return AlarmRules(found, standard, words, Settings(kept, due) if due else Settings(kept))
    except (TypeError, ValueError, AttributeError) as error:
        raise StoreFault(f"告警规则文件 {name} 有误：{error}", "没有改动，暂按程序自带的规则", "请改好后重新打开", code="bad_rules") from error


def _table(raw: Mapping[str, Any], group: str) -> Mapping[str, Any]:
    found = raw.get(group, {})
    if not isinstance(found, Mapping):
        raise ValueError(f"{group} 要写成一段 [{group}]")
    return found


def _rule(row: Any, standard: Rule, where: str) -> Rule:
    if not isinstance(row, Mapping):
        raise ValueError(f"{where} 要写成一段 [{where}]")
    if unknown := sorted(set(row) - set(_PARSERS)):
        raise ValueError(f"{where}.{unknown[0]} 不是规则里的字段")
    return replace(standard, **{name: _value(row, name, where, _PARSERS[name]) for name in row})


def _value(row: Mapping[str, Any], key: str, where: str, parse: Callable[[Any], Any], plain: Any = None) -> Any:
    try:
        return parse(row[key]) if key in row else plain
    except (TypeError, ValueError) as error:
        raise ValueError(f"{where}.{key} 不能用：{error}") from error


def _steps(value: Any) -> tuple[float, ...]:
    return tuple(sorted(_number(each) for each in value))


def ladder(steps: Any, direction: str) -> Ladder:
    """(limit, severity) pairs as they are climbed, the mildest first (ValueError: they cross, or one is no number)."""
    found = sorted(((_limit(limit), _severity(severity)) for limit, severity in steps), key=lambda step: step[0], reverse=direction == "low")
    if len(found) > MOST_LEVELS or any(one[0] == other[0] or one[1] <= other[1] for one, other in pairwise(found)):
        raise ValueError(f"{direction} 要由轻到重，最多 {MOST_LEVELS} 级")
    return tuple(found)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 1e9:
        raise ValueError(str(value))
    return float(value)


def _limit(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ValueError(str(value))
    return float(value)


def _severity(value: Any) -> int:
    found = int(value)
    if found not in SEVERITIES:
        raise ValueError(f"严重程度 {value}")
    return found


def _pair(value: Any) -> tuple[float, float]:
    low, high = (_limit(each) for each in value)
    return low, high


def _repetition(value: Any) -> tuple[int, float]:
    times, within = (_number(each) for each in value)
    return int(times), within


def _count(value: Any) -> int:
    return int(_number(value))


_PARSERS: dict[str, Callable[[Any], Any]] = {
    "cause": str, "incident": str, "priority": str, "high": lambda value: ladder(value, "high"), "low": lambda value: ladder(value, "low"),
    "hysteresis": _number, "duration_s": _number, "silence": _number, "silence_severity": _severity, "frozen": _count, "fault_severity": _severity,
    "valid": _pair, "repetition": _repetition, "repetition_severity": _severity,
}


def own_rule(sensor: Mapping[str, Any], rules: AlarmRules) -> Rule:
    """The rule of one sensor: its `limits` {high, low} take the place of the ladders, its `high` or `low` moves the whole ladder along."""
    rule = rules.rule(str(sensor.get("quantity") or ""))
    limits = sensor.get("limits")
    if isinstance(limits, Mapping):
        try:
            high, low = (ladder(limits[name], name) if name in limits else getattr(rule, name) for name in ("high", "low"))
            return replace(rule, high=high, low=low)
        except (TypeError, ValueError):
            # A sensor's own limits that nobody can read must not leave it without any.
            pass
    return replace(rule, high=_moved(rule.high, sensor.get("high")), low=_moved(rule.low, sensor.get("low")))


def _moved(steps: Ladder, own: Any) -> Ladder:
    if isinstance(own, bool) or not isinstance(own, (int, float)) or not math.isfinite(own):
        return steps
    if not steps:
        return ((float(own), 3),)
    # The mildest limit to the last digit; the others keep their distance from it.
    return tuple((float(own) if limit == steps[0][0] else limit + own - steps[0][0], severity) for limit, severity in steps)


@dataclass(slots=True)
class RuleColumns:
    """The rules of n sensors. limit: (2, n, MOST_LEVELS), high first, low with its sign turned so that beyond is always more, inf = none.

    severity: (2, n, MOST_LEVELS), 0 = none. All others (n,): seconds, counts, or the sensor's unit.
    """

    limit: Floats
    severity: NDArray[np.int8]
    hysteresis: Floats
    duration: Floats
    silence: Floats
    gap: Floats
    frozen: NDArray[np.int64]
    valid: Floats
    repeats: NDArray[np.int64]
    within: Floats
    other: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.hysteresis)


def columns(sensors: Sequence[Mapping[str, Any]], rules: AlarmRules) -> RuleColumns:
    """One row a sensor. Sensors of the same quantity, limits and period share their rule, so that a hundred thousand take a moment."""
    seen: dict[Any, int] = {}
    made: list[tuple[Rule, float]] = []
    code = np.zeros(len(sensors), np.int64)
    for row, sensor in enumerate(sensors):
        get = sensor.get
        limits = get("limits")
        key = (get("quantity"), get("low"), get("high"), get("period_s"), repr(limits) if limits else None)
        place = seen.get(key)
        if place is None:
            place = seen[key] = len(made)
            made.append((own_rule(sensor, rules), _period(get("period_s"))))
        code[row] = place
    return _spread(made, code)


def _period(value: Any) -> float:
    is_known = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value) and value > 0
    return float(value) if is_known else PERIOD_S


def _spread(made: list[tuple[Rule, float]], code: NDArray[np.int64]) -> RuleColumns:
    limit = np.full((2, len(made), MOST_LEVELS), np.inf)
    severity = np.zeros((2, len(made), MOST_LEVELS), np.int8)
    for place, (rule, _) in enumerate(made):
        for side, (steps, sign) in enumerate(((rule.high, 1.0), (rule.low, -1.0))):
            for level, (value, worse) in enumerate(steps):
                limit[side, place, level], severity[side, place, level] = sign * value, worse
    rules, period = [rule for rule, _ in made], np.array([each for _, each in made])
    patience = np.array([rule.silence for rule in rules])

    def column(values: list[Any], kind: Any = np.float64) -> NDArray[Any]:
        return np.array(values, kind)[code] if values else np.zeros(0, kind)

    return RuleColumns(
        limit[:, code], severity[:, code], column([rule.hysteresis for rule in rules]), column([rule.duration_s for rule in rules]),
        column(np.where(patience > 0, patience * period, np.inf).tolist()), column((np.where(patience > 0, patience, 3.0) * period).tolist()),
        column([rule.frozen for rule in rules], np.int64), np.array([rule.valid for rule in rules]).reshape(-1, 2)[code].T,
        column([rule.repetition[0] for rule in rules], np.int64), column([rule.repetition[1] for rule in rules]),
        np.array([(rule.silence_severity, rule.fault_severity, rule.repetition_severity) for rule in rules], np.int8).reshape(-1, 3)[code].T,
    )
