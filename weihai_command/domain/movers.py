"""What moves: how fresh its position is, how it stands, and its last positions as columns. Numpy only, no clock.

A mover is judged by its own period, the seconds between two of its reports: late beyond twice, lost beyond five times. One that has been
silent for a day is forgotten; it comes back as new when it reports again.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

FRESH, LATE, LOST = 0, 1, 2
LATE_AFTER, LOST_AFTER = 2.0, 5.0
#: A mover that has not reported for so long leaves the picture and the count (seconds).
FORGET_AFTER_S = 86_400.0
#: Bits of a look: 0-1 the age, 2 at rest, 3 the heading is not known, 4 a vehicle and not a vessel.
AGE, RESTS, HEADLESS, VEHICLE = 3, 4, 8, 16
#: What moves, with its bits of a look.
KINDS = {"vessel": 0, "vehicle": VEHICLE}
#: Slower than this a mover rests (m/s; half a knot, the drift of a moored vessel's receiver).
REST_SPEED = 0.26
KNOT = 0.514_444
#: Last positions that are kept of each mover, and the least seconds between two of them.
TAIL, TAIL_STEP_S = 8, 45.0
#: Why a position cannot be true.
GOOD, MISSING, SWAPPED, OUTSIDE = 0, 1, 2, 3
DOUBTS = ("", "位置可疑：经度或纬度缺失", "位置可疑：经纬度似乎颠倒", "位置可疑：不在我国及近海范围内")
_WEST, _EAST, _SOUTH, _NORTH = 73.0, 136.0, 3.0, 54.0

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
Bytes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class MoverFrame:
    """What changed of the movers since the last frame: each row once, ascending, with its newest values.

    rows: int64 (m,), places in the list of all movers; lon, lat: float64 (m,), WGS-84 degrees, NaN where the mover was forgotten;
    heading: float32 (m,), degrees clockwise from north, NaN where unknown; look: uint8 (m,). tailed: int64 (t,), the rows whose tail
    changed; tails: float64 (t, TAIL, 2) of lon and lat, oldest first, NaN where there is none. new: ids of the movers of rows that came
    since, in their order; owners: row -> id, where a row known before belongs to another mover now ("" = to none); names: row -> name,
    where it was told since ("" = no more).
    """

    count: int
    rows: Rows
    lon: Floats
    lat: Floats
    heading: NDArray[np.float32]
    look: Bytes
    tailed: Rows
    tails: Floats
    new: list[str] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)
    owners: dict[int, str] = field(default_factory=dict)


def ages(age_s: Floats, period_s: Floats) -> Bytes:
    """FRESH, LATE or LOST for ages and periods in seconds, (n,) each."""
    late: Bytes = (age_s > LATE_AFTER * period_s).astype(np.uint8)
    lost: Bytes = (age_s > LOST_AFTER * period_s).astype(np.uint8)
    return late + lost


def is_forgotten(age_s: Floats, after_s: float = FORGET_AFTER_S) -> NDArray[np.bool_]:
    """Whether a report of an age (n,) in seconds is too old to be shown at all; one that never came (infinite) is not."""
    found: NDArray[np.bool_] = (age_s > after_s) & np.isfinite(age_s)
    return found


def looks(
    age_s: Floats, period_s: Floats, speed: NDArray[np.float32], heading: NDArray[np.float32], kind: Bytes | int = 0
) -> Bytes:
    """Age, rest, heading and kind in one byte each, (n,). An unknown speed (NaN) is taken for under way where the heading is known."""
    with np.errstate(invalid="ignore"):
        rests = speed < REST_SPEED
    headless = np.isnan(heading) & ~rests
    moves = np.where(rests, np.uint8(RESTS), np.uint8(0)) | np.where(headless, np.uint8(HEADLESS), np.uint8(0))
    found: Bytes = ages(age_s, period_s) | moves | np.asarray(kind, np.uint8)
    return found


def doubts(lon: Floats, lat: Floats) -> Bytes:
    """GOOD, or why a position cannot be true, (n,)."""
    with np.errstate(invalid="ignore"):
        good = (lon >= _WEST) & (lon <= _EAST) & (lat >= _SOUTH) & (lat <= _NORTH)
        swapped = (lat >= _WEST) & (lat <= _EAST) & (lon >= _SOUTH) & (lon <= _NORTH)
    missing = np.isnan(lon) | np.isnan(lat)
    found: Bytes = np.select([good, missing, swapped], [GOOD, MISSING, SWAPPED], OUTSIDE).astype(np.uint8)
    return found


def last_of_each(rows: Rows, at: Floats) -> Rows:
    """Places in a batch of the newest report of each row (of equal times the later one), ascending by row."""
    order = np.lexsort((at, rows))
    ordered = rows[order]
    ends = np.ones(len(rows), dtype=bool)
    ends[:-1] = ordered[1:] != ordered[:-1]
    found: Rows = order[ends]
    return found


def age_words(seconds: float) -> str:
    """How long ago, in words of one unit."""
    seconds = max(0.0, seconds)
    for length, word in ((86_400, "天"), (3_600, "小时"), (60, "分钟")):
        if seconds >= length:
            return f"{seconds // length:.0f} {word}前"
    return f"{seconds:.0f} 秒前"
