"""What became of every reading: counted all, and the last strange ones listed by their kind."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable
from dataclasses import asdict, dataclass

import orjson

#: Strange readings that are listed of each kind; all are counted.
LISTED = 200
#: kind → what a person reads.
STRANGE = {
    "unknown": "没有这个传感器", "ahead": "时间在未来", "no_time": "没有时间", "late": "晚到，不再判断", "twice": "重复", "no_value": "没有数值",
    "aged": "早于保存期限", "rejected": "读不懂的消息",
}


@dataclass(slots=True)
class Counts:
    """Readings since the start: received = kept + twice + unknown + ahead + no_time + aged; of those kept `late` were not judged and
    `no_value` held no number. `rejected` messages were no readings. `writes` and `failed` are batches; lags in seconds."""

    received: int = 0
    kept: int = 0
    twice: int = 0
    unknown: int = 0
    ahead: int = 0
    no_time: int = 0
    aged: int = 0
    late: int = 0
    no_value: int = 0
    rejected: int = 0
    writes: int = 0
    failed: int = 0
    transitions: int = 0
    lag_s: float = 0.0
    longest_lag_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Strange:
    """A reading or message that was not taken as it came: `kind` of STRANGE, whose, when it says it was (epoch seconds), what it said."""

    kind: str
    sensor: str
    at: float
    said: str


class Ledger:
    """Counts and lists; one thread counts, any thread reads."""

    def __init__(self) -> None:
        self.counts = Counts()
        self._listed: dict[str, deque[Strange]] = {kind: deque(maxlen=LISTED) for kind in STRANGE}
        self._lock = threading.Lock()

    def note(self, kind: str, found: Iterable[tuple[str, float, object]]) -> None:
        """List strange ones (sensor, at, value); counting is the caller's."""
        with self._lock:
            self._listed[kind].extend(Strange(kind, sensor[:200], at, str(said)[:200]) for sensor, at, said in found)

    def strange(self, kind: str | None = None) -> list[Strange]:
        """The listed ones, of one kind or of all, the newest of each last."""
        with self._lock:
            return [each for name, found in self._listed.items() if kind in (None, name) for each in found]

    def text(self) -> str:
        """Counts and listed ones as JSON, for other processes."""
        return orjson.dumps({"counts": self.report(), "strange": [asdict(each) for each in self.strange()]}).decode()

    def report(self) -> dict[str, float]:
        """Counts as a dict."""
        return asdict(self.counts)
