"""Named points before, inside and after each commit of push and pull; a desk's process counts them and dies there when it was told to.

They wrap the store's functions in the desk's process alone: nothing of the program knows of them.
"""

from __future__ import annotations

import mmap
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ..feeds import kinto
from ..store import mirror, outbox
from ..store.store import Store
from ..sync import push
from ..sync.conflict import Verdict
from .journal import Journal

#: Functions that commit: an act is kept, sent, settled or decided; a row is taken, removed, the cursor moves.
COMMITS: tuple[tuple[Any, str], ...] = (
    (outbox, "add"), (outbox, "mark_sending"), (outbox, "mark_done"), (outbox, "mark_pending"), (outbox, "mark_stopped"), (outbox, "rebase"),
    (outbox, "drop"), (outbox, "wake"), (mirror, "put"), (mirror, "apply"), (mirror, "delete"), (mirror, "set_cursor"),
)
#: before: nothing is written · inside: written, not committed · after: committed, and nobody told.
PLACES = ("before", "inside", "after")
POINTS = tuple(f"{module.__name__.rpartition('.')[2]}.{name}.{place}" for module, name in COMMITS for place in PLACES)
_WIDTH = 8


class Counts:
    """How often each point was passed and how often a process died there, in a file that outlives the process."""

    def __init__(self, file: Path) -> None:
        size = 2 * len(POINTS) * _WIDTH
        with file.open("a+b") as opened:
            opened.truncate(max(size, file.stat().st_size))
            self._map = mmap.mmap(opened.fileno(), size)

    def add(self, point: str, *, died: bool = False) -> None:
        at = (POINTS.index(point) + len(POINTS) * died) * _WIDTH
        self._map[at : at + _WIDTH] = (self._at(at) + 1).to_bytes(_WIDTH, "little")

    def _at(self, at: int) -> int:
        return int.from_bytes(self._map[at : at + _WIDTH], "little")

    def hits(self) -> dict[str, int]:
        return {point: self._at(n * _WIDTH) for n, point in enumerate(POINTS)}

    def deaths(self) -> dict[str, int]:
        return {point: self._at((n + len(POINTS)) * _WIDTH) for n, point in enumerate(POINTS)}

    def close(self) -> None:
        self._map.close()


class Failpoints:
    """Puts the points into this process. `kill` = (point, nth) dies when that point is passed for the nth time in this life."""

    def __init__(self, counts: Counts, journal: Journal, kill: tuple[str, int] | None) -> None:
        self.counts, self.journal = counts, journal
        self.point, self.left = kill or ("", 0)
        self._under_way = ""

    def arm(self) -> None:
        outbox.mark_stopped = self._telling(outbox.mark_stopped)
        for module, name in COMMITS:
            setattr(module, name, self._wrapped(getattr(module, name), f"{module.__name__.rpartition('.')[2]}.{name}"))
        self._watch_commits()

    def passed(self, point: str) -> None:
        self.counts.add(point)
        if point == self.point:
            self.left -= 1
            if self.left == 0:
                self.counts.add(point, died=True)
                os.kill(os.getpid(), signal.SIGKILL)

    def _wrapped(self, function: Callable[..., Any], name: str) -> Callable[..., Any]:
        def around(*args: Any, **named: Any) -> Any:
            outer, self._under_way = self._under_way, name
            try:
                self.passed(f"{name}.before")
                answer = function(*args, **named)
                self.passed(f"{name}.after")
                return answer
            finally:
                self._under_way = outer

        return around

    def _telling(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The judge learns of each act that stopped from here, not from what the officer was shown."""

        def around(store: Store, step: Any, state: str, *rest: Any) -> None:
            function(store, step, state, *rest)
            self.journal.write("stopped", step.op_id, state=state, n=step.n)

        return around

    def _watch_commits(self) -> None:
        writing = Store._writing

        @contextmanager
        def watched(store: Store, pool: Any) -> Iterator[Any]:
            with writing(store, pool) as db:
                yield db
                if self._under_way:
                    self.passed(f"{self._under_way}.inside")

        Store._writing = watched


def unguard() -> None:
    """Take away what push guards with: conditions, op ids, the history, the comparison. A naive desk that only tries again."""
    write = kinto.KintoPlatform._write

    def unconditional(self: Any, method: str, kind: str, id: str, body: dict[str, Any], headers: dict[str, str]) -> Any:
        return write(self, method, kind, id, body, {key: value for key, value in headers.items() if not key.startswith("If-")})

    kinto.KintoPlatform._write = unconditional
    push.carries = lambda record, op_id: False
    push._applied = lambda platform, step: False
    push.judge = lambda step, theirs: Verdict("go")
