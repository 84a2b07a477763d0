"""What the parent of `bench map` asks of one window."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Job:
    """One window to measure: its store's folder and what is done to it. A `floor` shows no points; `moves_only` leaves the rest out, `start_only` all but the start."""

    folder: str
    is_floor: bool = False
    movers: int = 0
    live: int = 0
    seconds: int = 0
    moves_only: bool = False
    start_only: bool = False
    moves: int = 40
