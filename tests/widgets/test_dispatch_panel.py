from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from weihai_command.boards.candidate_board import Candidate, CandidateBoard
from widgets.dispatch_panel import DispatchPanel


def row(name, state="空闲", *, busy=False, committed=False, told=""):
    return Candidate(f"u-{name}", name, "fire", state, "4.6 km", f"直线 4.6 km（估算），{told}", busy, told, committed)


@pytest.fixture
def panel(themed):
    board = CandidateBoard()
    made = DispatchPanel(board)
    rows = [row("消防203", told="消防 · 有侦检技能"), row("巡警12"), row("救援07", "途中", busy=True, committed=True, told="正在应0409")]
    board.take(rows, fresh=True, picked=["u-消防203", "u-巡警12"])
    made.resize(720, 600)
    made.show_gaps(["缺救援 1：空闲 0，缺 1：救援07 忙（应0409）"])
    made.start("i-应0417", "应0417")
    yield made
    made.close()
    made.deleteLater()


def heard(signal):
    got = []
    signal.connect(lambda *args: got.append(args))
    return got


def text(label):
    return label.text().replace("\u2060", "")


def test_the_plan_is_checked_and_goes_by_one_enter(panel):
    sent = heard(panel.submitted)
    assert text(panel.picked) == "将派 消防203、巡警12" and "有侦检技能" in panel.why.text() and panel.gaps.isVisible()
    QTest.keyClick(panel.table, Qt.Key.Key_Return)
    assert sent == [("i-应0417", ["u-消防203", "u-巡警12"])]


def test_delete_checks_none_and_space_one(panel):
    QTest.keyClick(panel.table, Qt.Key.Key_Delete)
    QTest.keyClick(panel.table, Qt.Key.Key_Down)
    QTest.keyClick(panel.table, Qt.Key.Key_Space)
    assert text(panel.picked) == "将派 巡警12"


def test_a_busy_unit_is_moved_only_after_the_line_that_says_from_where(panel):
    sent, moved, closed = heard(panel.submitted), heard(panel.move_requested), heard(panel.closed)
    panel.board.toggle(2)
    QTest.keyClick(panel.table, Qt.Key.Key_Return)
    assert sent == moved == [] and panel.confirm.isVisible() and text(panel.picked) == "将派 消防203、巡警12；改派 救援07"
    assert text(panel.confirm) == "改派 救援07（途中，正在应0409）：再按 Enter 确认，Esc 不改派"
    QTest.keyClick(panel.table, Qt.Key.Key_Escape)
    assert not panel.confirm.isVisible() and panel.isVisible() and closed == []
    QTest.keyClick(panel.table, Qt.Key.Key_Return)
    assert panel.confirm.isVisible() and moved == []
    # Another choice is another question.
    panel.board.toggle(0)
    assert panel.confirm.isVisible()
    panel.board.toggle(2)
    assert not panel.confirm.isVisible()
    panel.board.toggle(2)
    QTest.keyClick(panel.table, Qt.Key.Key_Return)
    QTest.keyClick(panel.table, Qt.Key.Key_Return)
    assert sent == [("i-应0417", ["u-巡警12"])] and moved == [("u-救援07", "i-应0417")] and not panel.confirm.isVisible()
    QTest.keyClick(panel.table, Qt.Key.Key_Escape)
    assert closed == [()]


def test_who_filters_sends_who_is_found(panel):
    panel.filter.setText("巡警")
    assert text(panel.picked) == "将派 巡警12"
    panel.filter.setText("没有")
    assert not panel.send.isEnabled() and panel.why.text() == ""
