from __future__ import annotations

import threading

from PySide6.QtCore import QThread

from tests.fake_desk import FakeCity
from weihai_command.boards.bridge import Bridge, as_fault
from weihai_command.domain.faults import Refused
from weihai_command.operations.runner import Runner


def test_answers_of_worker_threads_arrive_in_the_windows_thread(qapp, pump):
    runner, city = Runner(), FakeCity()
    bridge = Bridge(city.desk, runner, city.queries, city.verbs)
    seen = []
    bridge.ask("k", threading.current_thread, lambda worker: seen.append((worker, QThread.currentThread())))
    for _ in range(40):
        if seen:
            break
        pump()
    runner.close()
    assert seen[0][0] is not threading.main_thread() and seen[0][1] is qapp.thread()


def test_changes_that_come_together_are_told_once(qapp, pump):
    city = FakeCity()
    bridge = Bridge(city.desk, city.runner, city.queries, city.verbs)
    heard = []
    bridge.changed.connect(heard.append)
    city.runner.announce({"incidents"})
    city.runner.announce({"units"})
    pump()
    assert heard == [frozenset({"incidents", "units"})]


def test_nobody_is_at_home_after_close(qapp, pump):
    city = FakeCity()
    bridge = Bridge(city.desk, city.runner, city.queries, city.verbs)
    seen = []
    bridge.ask("k", lambda: 1, seen.append)
    bridge.close()
    pump()
    assert seen == [] and city.runner.listeners == []


def test_a_failed_query_is_told_and_a_bug_is_said_in_short(qapp, pump, caplog):
    city = FakeCity()
    bridge = Bridge(city.desk, city.runner, city.queries, city.verbs)
    faults = []
    bridge.failed.connect(faults.append)
    bridge.ask("k", lambda: 1 // 0, print)
    pump()
    assert faults[0].code == "bug" and "ZeroDivisionError" in caplog.text
    refusal = Refused("不行")
    assert as_fault(refusal) is refusal
