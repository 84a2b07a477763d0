"""Work off the window's thread: it is waited for when the desk closes, but not for ever."""

from __future__ import annotations

import queue
import threading

import pytest

from weihai_command.operations.runner import Runner


def nothing(_: object) -> None:
    """Nobody listens."""


def test_closing_waits_for_an_act_that_is_being_written() -> None:
    runner, begun, may_end, kept = Runner(), threading.Event(), threading.Event(), []

    def write() -> None:
        begun.set()
        assert may_end.wait(30)
        kept.append("written")

    runner.change(write, nothing, nothing)
    assert begun.wait(30)
    threading.Timer(0.2, may_end.set).start()
    assert runner.close(patience_s=30) and kept == ["written"]


@pytest.mark.parametrize("ask", ["query", "sync", "feed"])
def test_closing_leaves_what_does_not_end_and_it_calls_nobody(ask: str) -> None:
    runner, begun, may_end = Runner(), threading.Event(), threading.Event()
    heard: list[object] = []

    def hangs() -> bool:
        begun.set()
        return may_end.wait(60)

    words = ("key",) if ask == "query" else ()
    getattr(runner, ask)(*words, hangs, heard.append, heard.append)
    assert begun.wait(30)
    try:
        assert runner.close(patience_s=0.1) is False
    finally:
        may_end.set()
    assert runner.close(patience_s=30) is True and heard == []


def test_what_waits_is_dropped_and_nothing_is_taken_any_more() -> None:
    runner, may_end = Runner(), threading.Event()
    done: list[int] = []
    runner.change(lambda: may_end.wait(30), nothing, nothing)
    runner.change(lambda: 1, done.append, nothing)
    may_end.set()
    assert runner.close(patience_s=30)
    runner.change(lambda: 2, done.append, nothing)
    assert 2 not in done


def test_what_is_waited_for_stands_behind_no_long_reading_and_what_was_overtaken_is_not_read() -> None:
    runner, gate, first = Runner(readers=1), threading.Event(), threading.Event()
    answers: queue.SimpleQueue[object] = queue.SimpleQueue()
    read: list[str] = []
    try:
        runner.query("long", lambda: gate.wait(30), answers.put, answers.put)
        runner.query("detail", lambda: first.wait(30), answers.put, answers.put)
        for name in ("overtaken", "wanted"):
            runner.query("detail", lambda name=name: read.append(name) or name, answers.put, answers.put)
        first.set()
        assert answers.get(timeout=30) == "wanted" and read == ["wanted"]
    finally:
        gate.set()
        runner.close()
