"""Two desks that see the same readings and act apart: after they have met, each alarm stands the same at both."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.operations.test_alarm_machine import ACTS
from tests.operations.test_alarms import SENSORS, START, raised
from weihai_command.domain.alarm import STANDINGS
from weihai_command.domain.faults import Refused
from weihai_command.feeds.twin import TwinPlatform
from weihai_command.operations import alarms, syncing
from weihai_command.operations.desk import City, Desk, Officer
from weihai_command.store.profile import Profile
from weihai_command.store.store import Store

USERS = ("wang", "li")
#: What is dismissed while its cause stands is the book's to raise again (test_alarm_machine); here there are none.
#: (seat, act), (seat, "sync"), or what both desks see of the sensor.
STEPS = st.lists(
    st.one_of(st.tuples(st.integers(0, 1), st.sampled_from(["acknowledge", "shelve", "sync"])), st.just((0, "worse")), st.just((0, "over")), st.just((0, "back"))),
    max_size=12,
)


@settings(max_examples=25, deadline=None)
@given(steps=STEPS)
def test_they_agree(steps: list[tuple[int, str]]) -> None:
    seconds = [0.0]
    twin = TwinPlatform()
    with tempfile.TemporaryDirectory(prefix="weihai-alarms-") as folder:
        desks = [_desk(Path(folder) / user, user, twin, seconds) for user in USERS]
        try:
            _see(desks, "back", 0.0)
            for n, (seat, act) in enumerate(steps, 1):
                seconds[0] = 10.0 * n
                if act in {"worse", "over", "back"}:
                    _see(desks, act, seconds[0])
                else:
                    _act(desks[seat], act)
            for desk in desks * 2:
                syncing.sync(desk)
            assert _stand(desks[0]) == _stand(desks[1])
        finally:
            for desk in desks:
                desk.store.close()
            twin.close()


def _desk(folder: Path, user: str, twin: TwinPlatform, seconds: list[float]) -> Desk:
    profile = Profile(folder, "platform-test")
    made = Desk(profile, Store.open(profile, ballast=False), City("威海市", True, "http://127.0.0.1"), Officer(user, user, "officer"), {user: twin},
                clock=lambda: START + timedelta(seconds=seconds[0]))
    syncing.sync(made)
    return made


def _see(desks: list[Desk], what: str, at: float) -> None:
    found = {"worse": raised(0, 1, at, "severity"), "over": raised(0, 2, at, "clear"), "back": raised(0, 2, at)}[what]
    for desk in desks:
        alarms.apply(desk, SENSORS, [found])


def _act(desk: Desk, act: str) -> None:
    if act == "sync":
        syncing.sync(desk)
        return
    for alarm in alarms.alarms(desk, tuple(STANDINGS), 1):
        try:
            ACTS[act](desk, alarm.id)
        except Refused:
            return


def _stand(desk: Desk) -> list[tuple[str, str, int, str | None, str | None]]:
    found = alarms.alarms(desk, tuple(STANDINGS))
    return sorted((each.id, each.standing, each.severity, each.acked_by if each.standing == "acked" else None, each.shelved_by) for each in found)
