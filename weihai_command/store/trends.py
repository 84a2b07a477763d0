"""Readings as buckets of time: how many, the least, the mean, the most. Numpy, no file is touched here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Series:
    """Readings of one sensor by time: `at` epoch seconds (n,), `value` (n,), NaN where the sensor gave no number."""

    at: Floats
    value: Floats

    def __len__(self) -> int:
        return len(self.at)


@dataclass(frozen=True, slots=True)
class Trend:
    """Buckets with readings, by time: `start` epoch seconds, `n` readings, `low`, `mean` and `high` of their values; all (m,)."""

    start: Floats
    n: Ints
    low: Floats
    mean: Floats
    high: Floats

    def __len__(self) -> int:
        return len(self.start)


@dataclass(frozen=True, slots=True)
class Buckets:
    """What readings or smaller buckets give by (key, bucket), ordered so; everything (m,)."""

    key: Ints
    bucket: Ints
    n: Ints
    low: Floats
    mean: Floats
    high: Floats


def gathered(key: Ints, bucket: Ints, n: Ints, low: Floats, mean: Floats, high: Floats) -> Buckets:
    """Entries (k,) of the same key and bucket as one: means weigh by `n`."""
    if not len(key):
        return Buckets(key, bucket, n, low, mean, high)
    order = np.lexsort((bucket, key))
    key, bucket, n, low, mean, high = key[order], bucket[order], n[order], low[order], mean[order], high[order]
    first = np.flatnonzero(np.r_[True, (key[1:] != key[:-1]) | (bucket[1:] != bucket[:-1])])
    count = np.add.reduceat(n, first)
    middle = np.add.reduceat(mean * n, first) / count
    return Buckets(key[first], bucket[first], count, np.minimum.reduceat(low, first), middle, np.maximum.reduceat(high, first))


def of_readings(key: Ints, at: Ints, value: Floats, width: int) -> Buckets:
    """Readings (k,) in buckets of `width`, in the unit of `at`; those without a number are left out."""
    good = np.isfinite(value)
    key, at, value = key[good], at[good], value[good]
    return gathered(key, at // width * width, np.ones(len(key), np.int64), value, value, value)
