from __future__ import annotations

import time
from types import SimpleNamespace

import pytest

from weihai_command.boards.pacing import LONGEST_MS, Paced


class Bridge:
    """Keeps questions until they are answered."""

    def __init__(self) -> None:
        self.waiting, self.faults = [], []

    def ask(self, key, fn, done):
        self.waiting.append((fn, done))

    def fail(self, error):
        self.faults.append(error)

    def answer(self):
        fn, done = self.waiting.pop(0)
        done(fn())


@pytest.fixture
def bridge(qapp):
    return Bridge()


def test_news_during_an_answer_ask_once_more(bridge):
    told = []
    made = Paced(bridge, "k", lambda: len(told), told.append)
    for _ in range(5):
        made.ask()
    assert len(bridge.waiting) == 1
    bridge.answer()
    made.ask()
    assert told == [0] and bridge.waiting == []
    made._pause.stop()
    made._go()
    assert len(bridge.waiting) == 1


def test_a_long_answer_is_followed_by_a_long_pause(bridge, monkeypatch):
    seconds = iter((0.0, 0.1, 10.0, 15.0))
    monkeypatch.setattr(time, "perf_counter", lambda: next(seconds))
    made = Paced(bridge, "k", lambda: None, lambda _: None)
    for pause in (400, LONGEST_MS):
        made.ask()
        bridge.answer()
        assert made._pause.interval() == pytest.approx(pause, abs=1)
        made._pause.stop()


def test_who_failed_is_asked_again(bridge):
    def fails():
        raise ValueError("no")

    made = Paced(bridge, "k", fails, SimpleNamespace)
    made.ask()
    bridge.answer()
    made._pause.stop()
    made.ask()
    assert len(bridge.faults) == 1 and len(bridge.waiting) == 1
