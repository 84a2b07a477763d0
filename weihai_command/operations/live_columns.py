"""The columns behind the live seam: they grow by doubling, and a flag a row says what the next frame must show. No lock, no clock."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from ..domain.movers import TAIL, TAIL_STEP_S, MoverFrame, is_forgotten, last_of_each, looks

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
Bytes = NDArray[np.uint8]
_FIRST = 256
#: Names that are remembered of movers without a position.
SPARE = 50_000


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
        """Rows of ids (n,); those not known yet are given one."""
        known = self.row_of
        try:
            return np.fromiter(map(known.__getitem__, ids), np.int64, len(ids))
        except KeyError:
            for ident in dict.fromkeys(ids):
                if ident not in known:
                    known[ident] = self._seat(ident)
        self.make_room(len(self.ids))
        return np.fromiter(map(known.__getitem__, ids), np.int64, len(ids))

    def _seat(self, ident: str) -> int:
        self.ids.append(ident)
        return len(self.ids) - 1

    @abstractmethod
    def make_room(self, count: int) -> None:
        """Columns for at least `count` rows."""


class MoverColumns(Numbered):
    """place: lon and lat (n, 2); motion: heading and speed (n, 2); at: epoch seconds, -inf without a position; tail: (n, TAIL, 2).

    A row whose mover was forgotten is given to the next one that comes: rows are never more than movers were known at one time.
    """

    #: Column -> what stands in it where there is no mover.
    EMPTY: ClassVar[dict[str, float]] = {
        "place": np.nan, "motion": np.nan, "at": -np.inf, "tail_at": -np.inf, "period": 1, "tail": np.nan, "look": 0, "kind": 0,
        "dirty": False, "tailed": False, "kept": False,
    }

    def __init__(self) -> None:
        super().__init__()
        self.place = np.full((_FIRST, 2), np.nan)
        self.motion = np.full((_FIRST, 2), np.nan, np.float32)
        self.at, self.tail_at = np.full(_FIRST, -np.inf), np.full(_FIRST, -np.inf)
        self.period = np.ones(_FIRST)
        self.tail = np.full((_FIRST, TAIL, 2), np.nan)
        self.look, self.kind = np.zeros(_FIRST, np.uint8), np.zeros(_FIRST, np.uint8)
        self.dirty, self.tailed, self.kept = np.zeros(_FIRST, bool), np.zeros(_FIRST, bool), np.zeros(_FIRST, bool)
        self.names = MoverNames(self.row_of)
        self.waiting = self.came = 0
        self._told = 0
        self._free: list[int] = []
        self._owners: dict[int, str] = {}

    def make_room(self, count: int) -> None:
        if count <= len(self.at):
            return
        room = max(count, 2 * len(self.at))
        for name, empty in self.EMPTY.items():
            setattr(self, name, grown(getattr(self, name), room, empty))

    def _seat(self, ident: str) -> int:
        self.names.seat(ident)
        if not self._free:
            return super()._seat(ident)
        row = self._free.pop()
        self.ids[row] = self._owners[row] = ident
        return row

    def keep(self, ids: Sequence[str]) -> Rows:
        """Rows of ids (n,) that stay theirs for good."""
        rows = self.rows(ids)
        self.kept[rows] = True
        return rows

    def take(self, rows: Rows, place: Floats, motion: NDArray[np.float32], at: Floats, period: float, kind: int = 0) -> int:
        """Newer values of rows that differ from each other; how many of them no frame was waiting for already."""
        self.came += int(np.count_nonzero(~np.isfinite(self.at[rows])))
        self._lengthen(rows, at)
        self.place[rows], self.motion[rows] = place, motion
        self.at[rows], self.period[rows], self.kind[rows] = at, period, kind
        fresh = int(np.count_nonzero(~self.dirty[rows]))
        self.dirty[rows] = True
        self.waiting += fresh
        return fresh

    def trace(self, rows: Rows, tails: Floats, at: Floats) -> None:
        """Tails (n, TAIL, 2) of rows, the last place as old as `at` (n,)."""
        self.tail[rows], self.tail_at[rows], self.tailed[rows] = tails, at, True

    def _lengthen(self, rows: Rows, at: Floats) -> None:
        """The place that a mover leaves joins its tail, where the last one is old enough."""
        # Before the first position there is nothing to leave: -inf on both sides, and the difference is no number.
        with np.errstate(invalid="ignore"):
            due = rows[(self.at[rows] - self.tail_at[rows] >= TAIL_STEP_S) & (at > self.at[rows])]
        self.tail[due, :-1] = self.tail[due, 1:]
        self.tail[due, -1] = self.place[due]
        self.tail_at[due] = self.at[due]
        self.tailed[due] = True

    def forget(self, now: float, after_s: float) -> int:
        """Take away the movers that have been silent for longer; how many. Their rows are free for others, but those that are kept."""
        rows = np.flatnonzero(is_forgotten(now - self.at[: len(self.ids)], after_s))
        if not len(rows):
            return 0
        for row in rows[~self.kept[rows]].tolist():
            ident, self.ids[row] = self.ids[row], ""
            del self.row_of[ident]
            self.names.leave(ident)
            self._owners[row] = ""
            self._free.append(row)
        for name, empty in self.EMPTY.items():
            if name != "kept":
                getattr(self, name)[rows] = empty
        # The next frame says that they are gone.
        self.dirty[rows], self.tailed[rows] = True, True
        return len(rows)

    def drain(self, now: float) -> MoverFrame:
        """All that changed, and all whose look changed by age alone."""
        count = len(self.ids)
        at = self.at[:count]
        look = looks(now - at, self.period[:count], self.motion[:count, 1], self.motion[:count, 0], self.kind[:count])
        look[~np.isfinite(at)] = 0
        rows = np.flatnonzero(self.dirty[:count] | (look != self.look[:count]))
        tailed = np.flatnonzero(self.tailed[:count])
        self.look[rows] = look[rows]
        self.dirty[rows], self.tailed[tailed] = False, False
        self.waiting = 0
        new, self._told = self.ids[self._told :], count
        owners, self._owners = self._owners, {}
        names = dict.fromkeys(owners, "") | self.names.told()
        return MoverFrame(
            count, rows, self.place[rows, 0], self.place[rows, 1], self.motion[rows, 0], look[rows], tailed, self.tail[tailed], new, names, owners,
        )

    def look_now(self, row: int, now: float) -> int:
        here = slice(row, row + 1)
        return int(looks(now - self.at[here], self.period[here], self.motion[here, 1], self.motion[here, 0], self.kind[here])[0])


class MoverNames:
    """What movers are called; of those without a row only the last SPARE are remembered."""

    def __init__(self, row_of: Mapping[str, int]) -> None:
        self._row_of = row_of
        self._names: dict[str, str] = {}
        self._spare: dict[str, str] = {}
        self._renamed: set[str] = set()

    def __len__(self) -> int:
        return len(self._names) + len(self._spare)

    def get(self, ident: str) -> str:
        return self._names.get(ident, "")

    def set(self, names: Mapping[str, str]) -> None:
        for ident, name in names.items():
            if ident in self._row_of:
                self._names[ident] = name
                self._renamed.add(ident)
            else:
                self._put_by(ident, name)

    def seat(self, ident: str) -> None:
        """A mover is given a row."""
        name = self._spare.pop(ident, "")
        if name:
            self._names[ident] = name
            self._renamed.add(ident)

    def leave(self, ident: str) -> None:
        """A mover has no row any more."""
        name = self._names.pop(ident, "")
        if name:
            self._put_by(ident, name)

    def _put_by(self, ident: str, name: str) -> None:
        self._spare.pop(ident, None)
        self._spare[ident] = name
        if len(self._spare) > SPARE:
            del self._spare[next(iter(self._spare))]

    def told(self) -> dict[int, str]:
        """Row -> name, where it is another since the last call."""
        renamed, self._renamed = self._renamed, set()
        return {self._row_of[ident]: self._names[ident] for ident in renamed if ident in self._names}


@dataclass(frozen=True, slots=True)
class StateFrame:
    """States of one kind that changed: rows, codes and epoch seconds (m,), each row once; new: ids that came since, in the order of rows."""

    rows: Rows
    codes: Bytes
    new: list[str]
    at: Floats


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
        return StateFrame(rows, self.code[rows], new, self.at[rows])
