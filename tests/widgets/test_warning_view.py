"""The list and the detail of a warning: plain text, keys, badges, what is hidden when there is nothing."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from tests.boards.test_warning_board import board as board
from weihai_command.operations.nearby import Group, Row
from widgets import warning_badge
from widgets.warning_detail import WarningDetail
from widgets.warning_list import WarningList


@pytest.fixture
def view(themed: Any, board: Any, pump: Any) -> Any:
    made = WarningList(board), WarningDetail(board)
    made[0].show_board()
    for each in made:
        each.resize(480, 900)
        each.show()
    pump()
    yield made
    for each in made:
        each.close()
        each.deleteLater()


def test_rows_are_walked_headings_are_not(view: Any, board: Any, pump: Any) -> None:
    rows, chosen = view[0], []
    rows.chosen.connect(chosen.append)
    assert rows.title.count.text() == "生效 2" and rows.list.currentIndex().row() == 0
    for _ in range(3):
        QTest.keyClick(rows.list, Qt.Key.Key_Down)
    assert chosen == ["b", "c"]


def test_enter_acts_and_the_space_bar_locates(view: Any) -> None:
    for pane, key in ((view[0], view[0].list), (view[1], view[1])):
        told: list[str] = []
        (pane.wanted if pane is view[0] else pane.act_wanted).connect(lambda told=told: told.append("act"))
        pane.located.connect(lambda told=told: told.append("place"))
        QTest.keyClick(key, Qt.Key.Key_Return)
        QTest.keyClick(key, Qt.Key.Key_Space)
        assert told == ["act", "place"]


def test_texts_from_outside_are_plain_and_whole(view: Any) -> None:
    detail = view[1]
    assert detail.headline.text() == "<b>暴雨</b>预警" and detail.headline.textFormat() == Qt.TextFormat.PlainText
    assert detail.button.text_shown() == "启动Ⅱ级响应" and detail.items.isVisible()
    assert [label.text() for _, label in detail.texts if label.isVisible()] == ["第一行\n第二行"]
    assert detail._scroll.horizontalScrollBar().maximum() == 0


def test_an_ended_warning_offers_nothing(view: Any, board: Any, pump: Any) -> None:
    board.open("c")
    pump()
    assert not view[1].button.isVisible() and not view[1].offer_title.isVisible() and not view[1].inside.isVisible()


def test_what_lies_inside_is_listed_by_kind(view: Any, board: Any, pump: Any) -> None:
    cameras = tuple(Row("video_points", str(n), f"路口{n}", float("nan"), "离线", "cam-x", True) for n in range(20))
    board.groups = (Group("towns", "镇街", 0, (), ()), Group("video_points", "摄像机", 1234, (("cam", "在线", 1200), ("cam-x", "离线", 34)), cameras))
    board.changed.emit()
    pump()
    section = view[1].inside
    QTest.mouseClick(section._chips["video_points"], Qt.MouseButton.LeftButton)
    pump()
    assert section._chips["video_points"].text() == "摄像机 1,234" and "在线 1,200 · 离线 34" in section.counts.text()
    assert [line.name.text() for line in section.lines if line.isVisible()] == [f"路口{n}" for n in range(12)]


def test_a_badge_has_colour_and_character(themed: Any) -> None:
    for colour in ("red", "orange", "yellow", "blue"):
        image = warning_badge.pixmap(colour, 40).toImage()
        tones = {QColor(image.pixel(x, y)).rgb() for x in range(12, 28) for y in range(12, 32)}
        assert len(tones) > 8, colour
    assert warning_badge.pixmap("pink", 40).toImage().pixelColor(20, 20).alpha() == 0


@pytest.mark.parametrize("width", [360, 480])
def test_nothing_is_cut_at_the_right(view: Any, board: Any, pump: Any, width: int) -> None:
    detail = view[1]
    detail.resize(width, 700)
    pump()
    assert detail._scroll.widget().width() <= detail._scroll.viewport().width()
    right = detail.button.mapTo(detail, detail.button.rect().topRight()).x()
    assert right <= width - 8
