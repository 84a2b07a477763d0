"""The columns behind the live seam: they grow by doubling, and a flag a row says what the next frame must show. No lock, no clock."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..domain.movers import TAIL, TAIL_STEP_S, MoverFrame, last_of_each, looks

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
Bytes = NDArray[np.uint8]
_FIRST = 256


def grown(column: NDArray[Any], room: int, empty: float) -> NDArray[Any]:
    """The column with room for `room` rows, new ones filled with `empty`."""
    longer = np.full((room, *column.shape[1:]), empty, column.dtype)
    longer[: len(column)] = column
    return longer


class Numbered(ABC):
    """Ids in the order in which they came, with their rows."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.row_of: dict[str, int] = {}

    def rows(self, ids: Sequence[str]) -> Rows:
        """Rows of ids (n,); those not known yet are appended."""
        known = self.row_of
        try:
            return np.fromiter(map(known.__getitem__, ids), np.int64, len(ids))
        except KeyError:
            for ident in dict.fromkeys(ids):
                if ident not in known:
                    known[ident] = len(self.ids)
                    self.ids.append(ident)
        self.make_room(len(self.ids))
        return np.fromiter(map(known.__getitem__, ids), np.int64, len(ids))

    @abstractmethod
    def make_room(self, count: int) -> None:
        """Columns for at least `count` rows."""


class MoverColumns(Numbered):
    """place: lon and lat (n, 2); motion: heading and speed (n, 2); at: epoch seconds, -inf before the first position; tail: (n, TAIL, 2)."""

    def __init__(self) -> None:
        super().__init__()
        self.place = np.full((_FIRST, 2), np.nan)
        self.motion = np.full((_FIRST, 2), np.nan, np.float32)
        self.at, self.tail_at = np.full(_FIRST, -np.inf), np.full(_FIRST, -np.inf)
        self.period = np.ones(_FIRST)
        self.tail = np.full((_FIRST, TAIL, 2), np.nan)
        self.look, self.kind = np.zeros(_FIRST, np.uint8), np.zeros(_FIRST, np.uint8)
        self.dirty, self.tailed = np.zeros(_FIRST, bool), np.zeros(_FIRST, bool)
        self.names: dict[str, str] = {}
        self.waiting = 0
        self._told = 0
        self._renamed: set[str] = set()

    def make_room(self, count: int) -> None:
        if count <= len(self.at):
            return
        room = max(count, 2 * len(self.at))
        for name, empty in (("place", np.nan), ("motion", np.nan), ("at", -np.inf), ("tail_at", -np.inf), ("period", 1), ("tail", np.nan),
                            ("look", 0), ("kind", 0), ("dirty", False), ("tailed", False)):
            setattr(self, name, grown(getattr(self, name), room, empty))

    def name(self, names: dict[str, str]) -> None:
        self.names |= names
        self._renamed |= names.keys()

    def take(self, rows: Rows, place: Floats, motion: NDArray[np.float32], at: Floats, period: float, kind: int = 0) -> int:
        """Newer values of rows that differ from each other; how many of them no frame was waiting for already."""
        self._lengthen(rows, at)
        self.place[rows], self.motion[rows] = place, motion
        self.at[rows], self.period[rows], self.kind[rows] = at, period, kind
        fresh = int(np.count_nonzero(~self.dirty[rows]))
        self.dirty[rows] = True
        self.waiting += fresh
        return fresh

    def _lengthen(self, rows: Rows, at: Floats) -> None:
        """The place that a mover leaves joins its tail, where the last one is old enough."""
        # Before the first position there is nothing to leave: -inf on both sides, and the difference is no number.
        with np.errstate(invalid="ignore"):
            due = rows[(self.at[rows] - self.tail_at[rows] >= TAIL_STEP_S) & (at > self.at[rows])]
        self.tail[due, :-1] = self.tail[due, 1:]
        self.tail[due, -1] = self.place[due]
        self.tail_at[due] = self.at[due]
        self.tailed[due] = True

    def drain(self, now: float) -> MoverFrame:
        """All that changed, and all whose look changed by age alone."""
        count = len(self.ids)
        look = looks(now - self.at[:count], self.period[:count], self.motion[:count, 1], self.motion[:count, 0], self.kind[:count])
        rows = np.flatnonzero(self.dirty[:count] | ((look != self.look[:count]) & np.isfinite(self.at[:count])))
        tailed = np.flatnonzero(self.tailed[:count])
        self.look[rows] = look[rows]
        self.dirty[rows], self.tailed[tailed] = False, False
        self.waiting = 0
        new, self._told = self.ids[self._told :], count
        return MoverFrame(
            count, rows, self.place[rows, 0], self.place[rows, 1], self.motion[rows, 0], look[rows], tailed, self.tail[tailed], new,
            self._new_names(new),
        )

    def _new_names(self, new: Iterable[str]) -> dict[int, str]:
        asked = self._renamed | (self.names.keys() & set(new)) if new else self._renamed
        self._renamed = set()
        return {self.row_of[ident]: self.names[ident] for ident in asked if ident in self.row_of}

    def look_now(self, row: int, now: float) -> int:
        here = slice(row, row + 1)
        return int(looks(now - self.at[here], self.period[here], self.motion[here, 1], self.motion[here, 0], self.kind[here])[0])


@dataclass(frozen=True, slots=True)
class StateFrame:
    """States of one kind that changed: rows and codes (m,), each row once; new: ids that came since the last frame, in the order of rows."""

    rows: Rows
    codes: Bytes
    new: list[str]


class StateBook(Numbered):
    """The newest state of everything of one kind that reported."""

    def __init__(self) -> None:
        super().__init__()
        self.code, self.at = np.zeros(_FIRST, np.uint8), np.full(_FIRST, -np.inf)
        self.dirty = np.zeros(_FIRST, bool)
        self.waiting = 0
        self._told = 0

    def make_room(self, count: int) -> None:
        if count <= len(self.at):
            return
        room = max(count, 2 * len(self.at))
        for name, empty in (("code", 0), ("at", -np.inf), ("dirty", False)):
            setattr(self, name, grown(getattr(self, name), room, empty))

    def take(self, ids: Sequence[str], codes: Bytes, at: Floats) -> tuple[int, int]:
        """(reports older than what is known, rows that no frame was waiting for already)."""
        rows = self.rows(ids)
        outdated = int(np.count_nonzero(at < self.at[rows]))
        last = last_of_each(rows, at)
        last = last[at[last] >= self.at[rows[last]]]
        rows = rows[last]
        self.code[rows], self.at[rows] = codes[last], at[last]
        fresh = int(np.count_nonzero(~self.dirty[rows]))
        self.dirty[rows] = True
        self.waiting += fresh
        return outdated, fresh

    def drain(self) -> StateFrame:
        rows = np.flatnonzero(self.dirty[: len(self.ids)])
        self.dirty[rows] = False
        self.waiting = 0
        new, self._told = self.ids[self._told :], len(self.ids)
        return StateFrame(rows, self.code[rows], new)
