"""How long readings are kept. Nothing is imported here that a start would have to wait for."""

from __future__ import annotations

from dataclasses import dataclass

DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Retention:
    """How long readings are kept as they came, how long their trends (seconds), and how large the file may become (bytes)."""

    raw_s: float = 30 * DAY_S
    trend_s: float = 400 * DAY_S
    size: int = 2_000_000_000
