"""The campaign: two servers on one database, three desks behind faulty lines, killed again and again; then the judge."""

from __future__ import annotations

import contextlib
import random
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..feeds.kinto import KintoPlatform
from ..feeds.rights import group
from . import cluster
from .desk_process import UNSETTLED, Life
from .failpoints import POINTS, Counts
from .journal import lines
from .judge import SYNCED, Judge
from .line import FAULTS, FaultyLine
from .nursery import Nursery
from .officer import COUNTER, PLACE

USERS = ("officer", "officer2", "shift_leader")
SERVERS = 2
COUNTERS = 2
UNITS = 6
#: Records of which the administrator deletes one after the other and makes others, so that desks have something to remove.
DOOMED = 40
KILLED = -9
#: Of the kills, those that come at a named point; the others come at any moment.
NAMED_SHARE = 0.6
#: What has not come to rest after so many rounds never will: a fault of its own.
SETTLING_ROUNDS = 8
#: Of the requests of desks at work, reads too, this share meets a fault.
FAULTY = 0.3
TRIES = 10
#: Kills may run ahead of acts by so much: many a life never comes by the point where it should end.
HASTE = 1.5
#: Of the acts that were asked for, at most so many are made that every failpoint is passed.
OVERTIME = 3
#: A desk that crashes by itself is a bug; after so many there is nothing left to learn.
CRASHES = 5


@dataclass(slots=True)
class Seat:
    """One desk over all its lives."""

    n: int
    user: str
    folder: Path
    line: FaultyLine
    lives: int = 0
    named: str = ""


class Campaign:
    """`ops` acts at least and `kills` kills at least, drawn from `seed`; without `has_guard` the desks push naively."""

    def __init__(self, ops: int, kills: int, seed: int, *, has_guard: bool = True, tell: Callable[[str], None] = lambda _: None) -> None:
        self.ops, self.kills, self.seed, self.has_guard, self.tell = ops, kills, seed, has_guard, tell
        self.lots = random.Random(f"campaign {seed}")
        self.killed = self.crashed = self.unsettled = self.rounds = 0
        self.settling_faults: Counter[str] = Counter()
        self.durations: list[float] = []
        self.points: list[str] = []

    def run(self) -> dict[str, Any]:
        """The report as JSON (NoCluster where PostgreSQL cannot be had)."""
        started = time.monotonic()
        with contextlib.ExitStack() as closing:
            url = closing.enter_context(cluster.cluster())
            hubs = closing.enter_context(cluster.hubs(url, SERVERS))
            self.passwords = hubs[0].accounts
            self.admin = KintoPlatform(hubs[0].url, "admin", self.passwords["admin"])
            closing.callback(self.admin.close)
            self.doomed = _city(self.admin)
            folder = Path(closing.enter_context(tempfile.TemporaryDirectory(prefix="weihai-chaos-")))
            self.nursery = Nursery(folder / "log")
            closing.callback(self.nursery.close)
            self.seats = [closing.enter_context(_seat(n, user, folder, [hub.port for hub in hubs], self.seed)) for n, user in enumerate(USERS)]
            self._open()
            self._work()
            self._settle()
            self.tell("judging")
            found = Judge(self.admin, {seat.user: seat.folder for seat in self.seats}).report()
            return self._report(found, time.monotonic() - started, (folder / "log").read_text("utf-8"))

    # -- lives -----------------------------------------------------------------------------------------------------------------

    def _open(self) -> None:
        """Each desk's first visit, by a sound line."""
        self._each(0)

    def _work(self) -> None:
        for seat in self.seats:
            seat.line.share, seat.line.is_counted = FAULTY, True
        began = {seat.n: time.monotonic() for seat in self.seats}
        for seat in self.seats:
            self._next(seat)
        alive = len(self.seats)
        while alive:
            number, code = self.nursery.ended()
            seat = self.seats[number]
            self._count(seat, code, time.monotonic() - began[number])
            self._doom()
            if self._is_enough():
                alive -= 1
                continue
            began[number] = time.monotonic()
            self._next(seat)

    def _next(self, seat: Seat) -> None:
        """A life that is to be killed, at a point or at a moment, until enough were."""
        per_life = max(3, round(1.2 * self.ops / max(1, self.kills)))
        point, nth, after = "", 0, None
        if self._is_due():
            if self.lots.random() < NAMED_SHARE:
                point, nth = self._point(), self.lots.choice((1, 1, 2, 3))
            else:
                longest = max(self.durations[-20:], default=2.0)
                after = self.lots.uniform(0.05, longest)
        seat.named = point
        self.nursery.spawn(seat.n, self._life(seat, per_life, point, nth), after)

    def _is_due(self) -> bool:
        """Kills keep pace with acts, so that none of the work goes by in peace."""
        made = self._made()
        return self.killed < self.kills and (made >= self.ops or self.killed * self.ops <= made * self.kills * HASTE)

    def _point(self) -> str:
        """Each point has its turn before any has a second."""
        if not self.points:
            self.points = list(POINTS)
            self.lots.shuffle(self.points)
        return self.points.pop()

    def _count(self, seat: Seat, code: int, seconds: float) -> None:
        if code == KILLED:
            self.killed += 1
            if self.killed % 20 == 0:
                self.tell(f"{self.killed} kills, {self._made()} acts")
            return
        self.durations.append(seconds)
        if seat.named:
            # It never came by there: that point is tried again.
            self.points.append(seat.named)
            self.lots.shuffle(self.points)
        self.crashed += code not in (0, KILLED)

    def _is_enough(self) -> bool:
        made = self._made()
        if self.crashed >= CRASHES or self.killed < self.kills or made < self.ops:
            return self.crashed >= CRASHES
        # A point that lot has passed by is waited for, not for ever.
        return not self.has_guard or made >= OVERTIME * self.ops or all(self._hits().values())

    def _made(self) -> int:
        return sum(1 for seat in self.seats for line in lines(seat.folder / "journal") if line["what"] == "kept")

    def _settle(self) -> None:
        """On a sound line, until nobody has anything left to send and all have seen the last word."""
        for seat in self.seats:
            seat.line.share = 0.0
            seat.line.is_counted = False
        known = self._faults()
        while self.rounds < SETTLING_ROUNDS:
            self.rounds += 1
            before = self._stamps()
            codes = self._each(0)
            # What one desk wrote in this round - a list that it tidied, say - those who had their turn before it have not read.
            stirred = self._stamps() != before
            self.unsettled = sum(code == UNSETTLED for code in codes) or int(stirred)
            self.crashed += sum(code not in (0, UNSETTLED) for code in codes)
            if not stirred and not any(codes):
                break
        self.settling_faults = self._faults() - known
        self.tell(f"settled in {self.rounds} rounds")

    def _stamps(self) -> list[str]:
        """Where each collection stands: equal before and after a round in which nobody wrote."""
        paths = (f"{self.admin.url}/buckets/city/collections/{kind}/records" for kind in SYNCED)
        return [self.admin.http.send("HEAD", path).headers["ETag"] for path in paths]

    def _faults(self) -> Counter[str]:
        """Syncs that did not come through, by code."""
        return Counter(str(line["code"]) for seat in self.seats for line in lines(seat.folder / "journal") if line["what"] == "fault")

    def _each(self, acts: int) -> list[int]:
        """One life of every desk, one after the other."""
        codes = []
        for seat in self.seats:
            self.nursery.spawn(seat.n, self._life(seat, acts))
            codes.append(self.nursery.ended()[1])
        return codes

    def _life(self, seat: Seat, acts: int, point: str = "", nth: int = 0) -> Life:
        seat.lives += 1
        seed = f"{self.seed} {seat.n} {seat.lives}"
        return Life(
            str(seat.folder), seat.line.url, seat.user, self.passwords[seat.user], seed, acts, seat.lives == 1, self.has_guard, point, nth,
        )

    def _doom(self) -> None:
        """One warning is gone, another is new."""
        self.admin.http.send("DELETE", f"{self.admin.url}/buckets/city/collections/warnings/records/{self.doomed.pop(0)}")
        self.doomed.append(_put(self.admin, "warnings", title="预警", colour="blue"))

    # -- what came of it -------------------------------------------------------------------------------------------------------

    def _report(self, found: dict[str, Any], seconds: float, log: str) -> dict[str, Any]:
        hits, deaths = self._hits(), self._summed(Counts.deaths)
        requests = sum(seat.line.requests for seat in self.seats)
        faults = {fault: sum(seat.line.hits[fault] for seat in self.seats) for fault in FAULTS}
        return {
            "bench": "chaos", "seed": self.seed, "guard": self.has_guard, "seconds": round(seconds, 1), "servers": SERVERS, "desks": len(self.seats),
            "lives": sum(seat.lives for seat in self.seats), "kills": self.killed,
            "kills_at": {"points": sum(deaths.values()), "moments": self.killed - sum(deaths.values())},
            "requests": requests, "faults": faults, **found,
            "crashed": self.crashed, "unsettled": self.unsettled, "settling": {"rounds": self.rounds, "faults": dict(self.settling_faults)},
            "failpoints": hits, "died_at": deaths, "never_hit": [p for p, n in hits.items() if not n],
            "log": log[-2000:],
        }

    def _hits(self) -> dict[str, int]:
        return self._summed(Counts.hits)

    def _summed(self, counted: Callable[[Counts], dict[str, int]]) -> dict[str, int]:
        """Over all desks, for each failpoint."""
        total = dict.fromkeys(POINTS, 0)
        for seat in self.seats:
            with contextlib.closing(Counts(seat.folder / "counts")) as counts:
                for point, n in counted(counts).items():
                    total[point] += n
        return total


@contextlib.contextmanager
def _seat(n: int, user: str, folder: Path, ports: list[int], seed: int) -> Iterator[Seat]:
    own = folder / user
    own.mkdir()
    line = FaultyLine(ports, f"line {seed} {n}", 0.0)
    try:
        yield Seat(n, user, own, line)
    finally:
        line.close()


def _city(admin: KintoPlatform) -> list[str]:
    """Units to fight over, incidents that count, and what will be deleted (its ids); written by the administrator."""
    for n in range(UNITS):
        _put(admin, "units", name=f"消防{n + 101}", kind="fire", state="available", **PLACE)
    for n in range(COUNTERS):
        counter = {"title": COUNTER, "track": "emergency", "state": "queued", "type": "gas_leak", "priority": "low", "description": "0", **PLACE}
        _put(admin, "incidents", number=f"应000{n}A", **counter)
    return [_put(admin, "warnings", title="预警", colour="blue") for _ in range(DOOMED)]


def _put(admin: KintoPlatform, collection: str, **data: Any) -> str:
    """The id of a new record that officers may change."""
    record_id = str(uuid.uuid4())
    body = {"data": data, "permissions": {"write": [group("officer"), group("feed")]}}
    # With many writers the server now and then answers 409 and has written nothing.
    for _ in range(TRIES):
        answer = admin.http.send("PUT", f"{admin.url}/buckets/city/collections/{collection}/records/{record_id}", body=body)
        if answer.status != 409:
            break
    assert answer.status in (200, 201), answer.body
    return record_id
