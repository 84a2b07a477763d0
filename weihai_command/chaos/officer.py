"""An officer whose acts are drawn by lot: counters, notes, bursts on one incident, rivals for a unit, closing against dispatching."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from ..domain.faults import PlatformFault, Refused
from ..domain.unit import COMMITTED
from ..operations import acts, queries, resolving, syncing
from ..operations.desk import Desk
from ..store import view
from .journal import Journal

#: Titles by which the desks know the incidents that only count; nobody closes them.
COUNTER = "计数"
#: Open incidents that all desks crowd on.
HOT = 4
PLACE = {"lon": 122.12, "lat": 37.5}
_AHEAD = ("dispatched", "en_route", "on_scene", "returning", "available")


class Officer:
    """Works at `desk`, drawing from `lots`; everything that was kept stands in `journal` right after it was kept."""

    def __init__(self, desk: Desk, lots: random.Random, journal: Journal) -> None:
        self.desk, self.lots, self.journal = desk, lots, journal
        self.made = 0
        self._acts: tuple[tuple[int, Callable[[], None]], ...] = (
            (20, self.count), (14, self.note), (12, self.burst), (16, self.dispatch), (14, self.advance), (8, self.close), (5, self.move),
            (6, self.claim), (8, self.edit), (3, self.take_back),
        )

    def work(self, wanted: int) -> None:
        """Keep `wanted` acts or more, in spells with and without a line."""
        self.sync()
        self.decide()
        while self.made < wanted:
            for _ in range(self.lots.choice((1, 2, 2, 3, 5))):
                self.act()
            if self.lots.random() < 0.85:
                self.sync()
            self.decide()

    def settle(self, patience: int) -> bool:
        """Sync and decide until nothing waits and all was read; whether that was reached. What vanished he lets go."""
        for _ in range(patience):
            if self.sync(allow_vanish=True) and not queries.outbox(self.desk):
                return True
            self.decide()
        return False

    def act(self) -> None:
        """One draw; what the rules refuse is no act."""
        weights, choices = zip(*self._acts, strict=True)
        with suppress(Refused):
            self.lots.choices(choices, weights)[0]()

    def kept(self, outcome: Any, verb: str, **more: Any) -> None:
        self.made += 1
        self.journal.write("kept", outcome.op_id, verb=verb, **more)

    # -- acts ------------------------------------------------------------------------------------------------------------------

    def count(self, counter: str = "") -> None:
        """One more on a counter, as this desk sees it."""
        found = [row for row in self._open() if row["title"] == COUNTER and counter in ("", row["id"])]
        row = self.lots.choice(found)
        value = int(row.get("description") or 0) + 1
        self.kept(acts.edit(self.desk, row["id"], {"description": str(value)}), "count", record=row["id"], to=value)

    def note(self) -> None:
        self.kept(acts.note(self.desk, self._hot()["id"], self._word()), "note")

    def burst(self) -> None:
        """Several acts that wait on one new incident."""
        made = acts.report(self.desk, title=self._word(), type="gas_leak", priority="urgent", **PLACE)
        self.kept(made, "report")
        self.kept(acts.edit(self.desk, made.id, {"phone": self._word()}), "edit")
        self.kept(acts.claim(self.desk, made.id), "claim")
        self.kept(acts.transition(self.desk, made.id, "queue"), "queue")
        free = [row["id"] for row in view.rows(self.desk.store, "units", where={"state": "available"})]
        if free:
            self.kept(acts.dispatch(self.desk, made.id, [self.lots.choice(free)]), "dispatch")

    def dispatch(self) -> None:
        free = [row["id"] for row in view.rows(self.desk.store, "units", where={"state": "available"})]
        if free:
            units = self.lots.sample(free, min(len(free), self.lots.choice((1, 1, 2))))
            self.kept(acts.dispatch(self.desk, self._hot()["id"], units), "dispatch")

    def advance(self) -> None:
        busy = [row for row in view.rows(self.desk.store, "units") if row["state"] != "available"]
        if busy:
            unit = self.lots.choice(busy)
            self.kept(acts.status(self.desk, unit["id"], self.lots.choice(_AHEAD)), "status")

    def move(self) -> None:
        busy = [row for row in view.rows(self.desk.store, "units") if row["state"] in COMMITTED]
        if busy:
            self.kept(acts.move(self.desk, self.lots.choice(busy)["id"], self._hot()["id"]), "move")

    def close(self) -> None:
        self.kept(acts.transition(self.desk, self._hot()["id"], "close", outcome=self._word()), "close")

    def claim(self) -> None:
        self.kept(acts.claim(self.desk, self.lots.choice(self._open())["id"]), "claim")

    def edit(self) -> None:
        field = self.lots.choice(("phone", "reporter", "phone", "place"))
        value: dict[str, Any] = {"place": self._word(), **PLACE} if field == "place" else {field: self._word()}
        self.kept(acts.edit(self.desk, self.lots.choice(self._open())["id"], value), "edit")

    def take_back(self) -> None:
        rows = queries.outbox(self.desk)
        counters = {row["id"] for row in self._open() if row["title"] == COUNTER}
        # A count upon which another stands is not taken back alone: the other would then have counted two.
        last = {row["id"]: row["op_id"] for row in rows}
        waiting = [row for row in rows if row["state"] == "pending" and (row["id"] not in counters or last[row["id"]] == row["op_id"])]
        if waiting:
            self._drop(self.lots.choice(waiting)["op_id"])

    # -- the line, and what stopped --------------------------------------------------------------------------------------------

    def sync(self, *, allow_vanish: bool = False) -> bool:
        """Whether it came through and holds nothing back: otherwise the desk may lack what the others wrote."""
        try:
            report = syncing.sync(self.desk, wake=self.lots.random() < 0.9, allow_vanish=allow_vanish)
        except PlatformFault as fault:
            self.journal.write("fault", "", code=fault.code)
            return False
        return not report.held

    def decide(self) -> None:
        """Settle what stands in conflict, after it was shown; what the platform refuses is taken back."""
        for told in queries.conflicts(self.desk):
            self.journal.write("presented", told["op_id"], verb=told["verb"], kind=told["kind"], id=told["id"], fields=told["fields"])
            self._settle(told)
        for row in queries.outbox(self.desk):
            if row["state"] == "rejected":
                self.journal.write("presented", row["op_id"], verb=row["verb"], refused=row["error"])
                self._drop(row["op_id"])

    def _settle(self, told: dict[str, Any]) -> None:
        is_count = told["verb"] == "edit" and any(field["field"] == "description" for field in told["fields"])
        # Whoever counts adds to what stands there now; to insist on the old number would undo the other's count.
        if not is_count and self.lots.random() < 0.5 and self._resolve(told["op_id"], "mine"):
            return
        # While more of his own counts wait behind, one added now would rest on numbers that never were.
        if self._resolve(told["op_id"], "theirs") and is_count and not any(row["id"] == told["id"] for row in queries.outbox(self.desk)):
            with suppress(Refused):
                self.count(told["id"])

    def _resolve(self, op_id: str, take: str) -> bool:
        self.journal.write("deciding", op_id, take=take)
        try:
            resolving.resolve(self.desk, op_id, take)
        except Refused as refusal:
            self.journal.write("refused", op_id, take=take, code=refusal.code)
            return False
        self.journal.write("decided", op_id, take=take)
        return True

    def _drop(self, op_id: str) -> None:
        self.journal.write("deciding", op_id, take="back")
        try:
            resolving.withdraw(self.desk, op_id)
            self.journal.write("decided", op_id, take="back")
        except Refused as refusal:
            if refusal.code == "built_on":
                self._drop_behind(op_id, refusal.todo)

    def _drop_behind(self, op_id: str, told: str) -> None:
        """Those that he was told stand in the way go first, the last before the others; then he tries again."""
        behind = [row["op_id"] for row in queries.outbox(self.desk) if row["op_id"] in told]
        for each in reversed(behind):
            self._drop(each)
        if behind and not {row["op_id"] for row in queries.outbox(self.desk)} & set(behind):
            self._drop(op_id)

    # -- what he sees ----------------------------------------------------------------------------------------------------------

    def _open(self) -> list[dict[str, Any]]:
        return [row for row in view.incidents(self.desk.store, "9999") if row["state"] != "ended"]

    def _hot(self) -> dict[str, Any]:
        """One of the incidents that the others are busy with as well."""
        found = [row for row in self._open() if row["title"] != COUNTER]
        if len(found) < HOT:
            made = acts.report(self.desk, title=self._word(), type="gas_leak", priority="high", **PLACE)
            self.kept(made, "report")
            found = [row for row in self._open() if row["title"] != COUNTER]
        return self.lots.choice(sorted(found, key=lambda row: str(row["number"]))[:HOT])

    def _word(self) -> str:
        return f"{self.lots.randrange(10**9):09d} {time.monotonic_ns() % 10**6}"
