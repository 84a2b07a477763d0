"""The rates by which digital city management is judged, from counts. A rate without a base is blank (None), never zero."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True, slots=True)
class Counts:
    """Cases of one span of time. `due` were to be closed in it, `to_handle` to be handled; the others are parts of these."""

    received: int = 0
    filed: int = 0
    dispatched: int = 0
    due: int = 0
    closed: int = 0
    in_time: int = 0
    rework: int = 0
    extended: int = 0
    to_handle: int = 0
    handled_in_time: int = 0


#: rate -> (Chinese word, part, whole).
RATES: dict[str, tuple[str, str, str]] = {
    "filing": ("立案率", "filed", "received"),
    "dispatch": ("派遣率", "dispatched", "filed"),
    "closing": ("结案率", "closed", "due"),
    "closing_in_time": ("按期结案率", "in_time", "due"),
    "rework": ("返工率", "rework", "due"),
    "extension": ("延期率", "extended", "due"),
    "handling_in_time": ("按期处置率", "handled_in_time", "to_handle"),
}


def percent(part: int, whole: int) -> Decimal | None:
    """`part` of `whole` in per cent, to two decimals, halves away from zero; None without a whole or for counts below zero."""
    if whole <= 0 or part < 0:
        return None
    return (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def rates(counts: Counts) -> dict[str, Decimal | None]:
    """Every rate of RATES in per cent."""
    return {name: percent(getattr(counts, part), getattr(counts, whole)) for name, (_, part, whole) in RATES.items()}
