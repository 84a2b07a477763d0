"""One life of a desk: it opens its store, works or settles, and ends; most lives are ended from outside or at a failpoint."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

from ..operations import opening
from .failpoints import Counts, Failpoints, unguard
from .journal import Journal
from .officer import Officer

#: What a life that could not settle ends with.
UNSETTLED = 7
PATIENCE = 40


@dataclass(frozen=True, slots=True)
class Life:
    """`folder` the desk's own, kept from life to life; `acts` 0 settles only. `point`, `nth`: dies when that point is passed so often."""

    folder: str
    url: str
    user: str
    password: str
    seed: str
    acts: int
    is_first: bool = False
    has_guard: bool = True
    point: str = ""
    nth: int = 0


def live(life: Life) -> int:
    """Do what this life is for; its exit code."""
    folder = Path(life.folder)
    counts, journal = Counts(folder / "counts"), Journal(folder / "journal")
    Failpoints(counts, journal, (life.point, life.nth) if life.point else None).arm()
    if not life.has_guard:
        unguard()
    desk = opening.open_platform(folder, life.url, life.user, life.password, ask=life.is_first)
    try:
        officer = Officer(desk, random.Random(life.seed), journal)
        if life.acts:
            officer.work(life.acts)
            return 0
        return 0 if officer.settle(PATIENCE) else UNSETTLED
    finally:
        desk.close()
        journal.close()
        counts.close()
