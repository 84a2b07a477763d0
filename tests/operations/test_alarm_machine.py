"""Readings, officers, clocks, restarts and a second process in any order: one active alarm a sensor and kind, and no alarm is lost."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from weihai_command.domain.alarm import STANDINGS, Alarm
from weihai_command.domain.alarm_rules import AlarmRules, Rule, columns
from weihai_command.domain.detection import DetectionBook
from weihai_command.domain.faults import Refused
from weihai_command.operations import alarms
from weihai_command.operations.desk import City, Desk, Officer
from weihai_command.store.profile import Profile
from weihai_command.store.store import Store

START = datetime.fromisoformat("2026-07-16T08:00:00+08:00")
RULES = AlarmRules({"q": Rule("works", ((4.0, 3), (5.0, 1)), ((1.0, 2),), hysteresis=0.5)})
SENSORS: list[dict[str, Any]] = [{"id": f"s{n}", "name": f"传感器 {n}", "quantity": "q", "period_s": 60.0} for n in range(2)]
ROW_OF = {"s0": 0, "s1": 1}
WHICH, SEAT = st.integers(0, 1), st.integers(0, 1)
ACTS: dict[str, Callable[[Desk, str], Any]] = {
    "acknowledge": lambda desk, one: alarms.acknowledge(desk, one), "shelve": lambda desk, one: alarms.shelve(desk, one, "检修", 0.25),
    "unshelve": lambda desk, one: alarms.unshelve(desk, one), "dismiss": lambda desk, one: alarms.dismiss(desk, one, "误报"),
}


class Watch:
    """One process: a desk on the shared files with a book of its own."""

    def __init__(self, folder: Path, clock: Callable[[], datetime]) -> None:
        profile = Profile(folder, "platform-test")
        self.desk = Desk(profile, Store.open(profile, ballast=False), City("威海市", True, "http://127.0.0.1"), Officer("wang", "王", "officer"), clock=clock)
        self.book = DetectionBook(columns(SENSORS, RULES))
        alarms.recover(self.desk, self.book, ROW_OF)

    def take(self, sensor: int, value: float, at: float) -> None:
        alarms.apply(self.desk, SENSORS, self.book.take(np.array([sensor]), [value], [at]))

    def close(self) -> None:
        self.desk.store.close()


class Alarms(RuleBasedStateMachine):
    @initialize()
    def open(self) -> None:
        self.folder, self.seconds = Path(tempfile.mkdtemp(prefix="weihai-alarms-")), 0.0
        self.seats = [Watch(self.folder, self.clock) for _ in range(2)]
        self.known: dict[str, Alarm] = {}
        self.value = [2.0, 2.0]

    def clock(self) -> datetime:
        return START + timedelta(seconds=self.seconds)

    @rule(sensor=WHICH, value=st.sampled_from([0.5, 1.2, 2.0, 3.8, 4.5, 5.5]), after=st.sampled_from([1.0, 30.0, 700.0]), both=st.booleans())
    def read(self, sensor: int, value: float, after: float, both: bool) -> None:
        """One or both processes see a reading."""
        self.seconds += after
        for seat in self.seats if both else self.seats[:1]:
            seat.take(sensor, value, self.clock().timestamp())
        self.value[sensor] = value

    @rule(seat=SEAT, act=st.sampled_from(sorted(ACTS)), pick=st.integers(0, 9))
    def act(self, seat: int, act: str, pick: int) -> None:
        desk = self.seats[seat].desk
        listed = alarms.alarms(desk, tuple(STANDINGS))
        if not listed:
            return
        before, others = listed[pick % len(listed)], [each for each in listed if each.id != listed[pick % len(listed)].id]
        try:
            ACTS[act](desk, before.id)
        except Refused as refused:
            assert refused.kept == "没有改动" and alarms.alarm(desk, before.id) == before
        assert [each for each in alarms.alarms(desk, tuple(STANDINGS)) if each.id != before.id] == others, "the one that was chosen, never all"

    @rule(seat=SEAT, after=st.sampled_from([1.0, 200.0, 1000.0]))
    def tick(self, seat: int, after: float) -> None:
        self.seconds += after
        alarms.tick(self.seats[seat].desk)
        for each in alarms.alarms(self.seats[seat].desk, ("shelved",)):
            assert each.shelved_until is not None and each.shelved_until > self.clock().timestamp()

    @rule(seat=SEAT)
    def settle(self, seat: int) -> None:
        alarms.settle(self.seats[seat].desk, self.seats[seat].book, ROW_OF)

    @rule(seat=SEAT)
    def restart(self, seat: int) -> None:
        self.seats[seat].close()
        self.seats[seat] = Watch(self.folder, self.clock)

    @invariant()
    def one_active_of_a_kind(self) -> None:
        if not hasattr(self, "seats"):
            return
        found = alarms.alarms(self.seats[0].desk, tuple(STANDINGS))
        active = [(each.sensor_id, each.kind) for each in found if each.state == "active"]
        assert len(active) == len(set(active))
        for each in found:
            before = self.known.get(each.id)
            if before is not None:
                assert each.severity <= before.severity and each.count >= before.count and each.raised_at == before.raised_at
                if before.standing == "acked" and each.standing == "unacked":
                    assert each.severity < before.severity or each.count > before.count, "only what became worse, or came back, asks again"
        assert set(self.known) <= {each.id for each in found}, "nothing is lost"
        self.known = {each.id: each for each in found}

    @invariant()
    def what_the_first_process_saw_stands(self) -> None:
        """After it has settled, a value beyond its limits has an active alarm unless an officer ended it by hand since."""
        if not hasattr(self, "seats"):
            return
        seat = self.seats[0]
        alarms.settle(seat.desk, seat.book, ROW_OF)
        for row, kind in seat.book.raised():
            assert (f"s{row}", kind) in {(each.sensor_id, each.kind) for each in alarms.alarms(seat.desk, ("unacked", "acked", "shelved"))}

    def teardown(self) -> None:
        if hasattr(self, "seats"):
            for seat in self.seats:
                seat.close()
            shutil.rmtree(self.folder)


def test_alarms_under_anything() -> None:
    run_state_machine_as_test(Alarms, settings=settings(max_examples=15, stateful_step_count=25, deadline=None))
