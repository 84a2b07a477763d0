from __future__ import annotations

from collections.abc import Callable

from tests.fake_desk import FakeCity
from weihai_command.boards.asking import Asking
from weihai_command.boards.bridge import Bridge
from weihai_command.domain.faults import Refused


class Slow:
    """A runner whose answers are given when the test says so."""

    def __init__(self) -> None:
        self.listeners: list[Callable[..., None]] = []
        self.waiting: list[Callable[[], None]] = []

    def query(self, key, fn, done, failed) -> None:
        self.waiting.append(lambda: done(fn()))


def test_what_is_asked_meanwhile_is_asked_once_more(qapp, pump):
    city, runner, taken = FakeCity(), Slow(), []
    bridge = Bridge(city.desk, runner, city.queries, city.verbs)
    answers = iter(range(9))
    asking = Asking(bridge, "k", lambda: next(answers), taken.append)
    for _ in range(3):
        asking.ask()
    assert len(runner.waiting) == 1
    runner.waiting.pop()()
    pump()
    assert taken == [0] and len(runner.waiting) == 1, "the first answer counts, and one more is asked for"
    runner.waiting.pop()()
    pump()
    assert taken == [0, 1] and not runner.waiting


def test_who_failed_is_asked_again(qapp, pump):
    city, runner, taken, told = FakeCity(), Slow(), [], []
    bridge = Bridge(city.desk, runner, city.queries, city.verbs)
    bridge.failed.connect(told.append)
    faults = [Refused("不行", "原因")]

    def read() -> str:
        if faults:
            raise faults.pop()
        return "行"

    asking = Asking(bridge, "k", read, taken.append)
    for _ in range(2):
        asking.ask()
        runner.waiting.pop()()
        pump()
    assert taken == ["行"] and [each.happened for each in told] == ["不行"]
