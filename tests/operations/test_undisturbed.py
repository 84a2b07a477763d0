"""Who collects: the interpreter on any thread, or in a program with a window that thread alone, and nobody while a mass is read."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest

from weihai_command.operations import undisturbed as turns
from weihai_command.operations.undisturbed import undisturbed


class Part:
    """Something of a window that holds itself; `ends` gets the thread on which it dies."""

    def __init__(self, ends: list[threading.Thread]) -> None:
        self.ends, self.me = ends, self

    def __del__(self) -> None:
        self.ends.append(threading.current_thread())


@pytest.fixture(autouse=True)
def automatic() -> Iterator[None]:
    """As in a program without a window, whatever the tests before have opened."""
    was_ours = turns._turns.is_ours
    turns.give_back()
    yield
    if was_ours:
        turns.take_over()


@pytest.fixture
def ours() -> Iterator[None]:
    gc.collect()
    turns.take_over()
    yield
    turns.give_back()
    assert gc.isenabled()


def on_a_reader() -> list[list[int]]:
    """What makes the interpreter collect there: many new things that stay."""
    kept: list[list[int]] = []
    reader = threading.Thread(target=lambda: kept.extend([each] for each in range(200_000)))
    reader.start()
    reader.join()
    return kept


def test_a_part_of_the_window_dies_on_the_windows_thread(ours: None) -> None:
    ends: list[threading.Thread] = []
    Part(ends)
    kept = on_a_reader()
    assert kept and ends == []
    turns.collect()
    assert ends == [threading.main_thread()]


def test_without_a_window_the_interpreter_collects_by_itself() -> None:
    assert gc.isenabled()
    ends: list[threading.Thread] = []
    Part(ends)
    assert on_a_reader() and ends


def test_old_garbage_is_found_too_but_not_at_every_look(ours: None, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr(turns.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(turns._turns, "whole_at", now[0])
    ends: list[threading.Thread] = []
    part = Part(ends)
    for _ in range(3):
        gc.collect(1)
    del part
    kept: list[list[int]] = []
    for _ in range(200):
        kept.extend([each] for each in range(1_000))
        turns.collect()
    assert kept and ends == []
    now[0] += turns.WHOLE_S + 1
    turns.collect()
    assert len(ends) == 1


@pytest.mark.parametrize("is_ours", [False, True])
def test_nobody_collects_while_two_threads_read(is_ours: bool) -> None:
    if is_ours:
        turns.take_over()
    ends: list[threading.Thread] = []
    first, second = undisturbed(is_kept=False), undisturbed(is_kept=False)
    first.__enter__()
    second.__enter__()
    Part(ends)
    kept = on_a_reader()
    turns.collect()
    first.__exit__(None, None, None)
    # The end of one reading does not disturb the other.
    kept += on_a_reader()
    turns.collect()
    assert ends == []
    second.__exit__(None, None, None)
    assert gc.isenabled() is not is_ours
    if is_ours:
        turns.collect()
        turns.give_back()
    kept += on_a_reader()
    assert len(ends) == 1 and gc.isenabled()


def test_what_is_kept_is_not_looked_through_again(ours: None) -> None:
    before = gc.get_freeze_count()
    try:
        with undisturbed(is_kept=True):
            kept = [[each] for each in range(1_000)]
        assert kept and gc.get_freeze_count() >= before + 1_000
    finally:
        gc.unfreeze()
