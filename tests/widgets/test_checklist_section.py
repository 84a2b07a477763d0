"""Ticking by mouse and keyboard; a box shows what the store says; the section comes and goes with the plan."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from weihai_command.boards.checklist_rows import ChecklistRow, ChecklistView
from widgets.checklist_section import MOST
from widgets.incident_detail import TIMELINE_BESIDE_PLAN


def row(key: str, done: bool = False) -> ChecklistRow:
    return ChecklistRow(key, key, "公安 16:49 前", "still" if done else "plain", done, "synced", key)


ROWS = tuple(row(f"事项{number}", number < 2) for number in range(10))
VIEW = ChecklistView("预案 燃气泄漏", "2 / 10", ROWS, ROWS[2:4])


@pytest.fixture
def detail(window: Any, boards: Any, pump: Any) -> Any:
    boards.detail.open("i-应0417")
    pump()
    return window.detail


def visible(detail: Any) -> list[str]:
    return [line.key for line in detail.checklist.lines if not line.isHidden()]


def test_it_is_there_with_a_plan_only_and_unfolds(detail: Any, pump: Any) -> None:
    section = detail.checklist
    assert not section.isVisible()
    section.show_view(VIEW)
    pump()
    assert section.isVisible() and visible(detail) == ["事项2", "事项3"]
    QTest.mouseClick(section.unfold, Qt.MouseButton.LeftButton)
    pump()
    assert len(visible(detail)) == 10 and section._scroll.height() <= (MOST + 1) * 28 and detail.timeline.height() >= TIMELINE_BESIDE_PLAN
    section.show_view(ChecklistView())
    pump()
    assert not section.isVisible()


def test_a_tick_is_a_wish_until_the_store_has_it(detail: Any, pump: Any) -> None:
    section, told = detail.checklist, []
    section.ticked.connect(lambda key, done: told.append((key, done)))
    section.show_view(VIEW)
    pump()
    QTest.mouseClick(section.lines[0].box, Qt.MouseButton.LeftButton)
    section.lines[1].box.setFocus()
    QTest.keyClick(section.lines[1].box, Qt.Key.Key_Space)
    assert told == [("事项2", True), ("事项3", True)] and not section.lines[0].box.isChecked()
    section.show_view(replace(VIEW, short=(replace(ROWS[2], is_done=True),)))
    assert section.lines[0].box.isChecked()
    QTest.mouseClick(section.lines[0].box, Qt.MouseButton.LeftButton)
    assert told[-1] == ("事项2", False)


def test_the_keyboard_comes_to_what_is_next_or_to_the_start(detail: Any, window: Any, pump: Any) -> None:
    section = detail.checklist
    section.enter()
    section.show_view(VIEW)
    pump()
    section.enter()
    pump()
    assert section.lines[0].box.hasFocus()
    started: list[int] = []
    section.start_wanted.connect(lambda: started.append(1))
    section.show_view(ChecklistView("预案 燃气泄漏", "10 项，未启动", start="启动"))
    pump()
    section.enter()
    QTest.keyClick(section.start, Qt.Key.Key_Space)
    assert started == [1] and visible(detail) == []


def test_on_a_narrow_desk_it_stands_with_the_units(detail: Any, window: Any, pump: Any) -> None:
    window.resize(1366, 768)
    detail.checklist.show_view(VIEW)
    pump()
    assert not detail.checklist.isVisible()
    detail.checklist.enter()
    pump()
    assert detail.tabs.currentIndex() == 1 and detail.checklist.isVisible()
