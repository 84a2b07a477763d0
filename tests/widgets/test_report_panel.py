"""F2: the typed place is told under its field, and the narrative stays in sight on the lowest screen."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from weihai_command.boards.advice import Advice, Option, Part, SimilarRow
from weihai_command.boards.place_words import PlaceWord
from widgets.report_panel import NARRATIVE


@pytest.fixture
def report(window, pump):
    window.panels.start_report()
    pump()
    return window.panels.report


def test_a_place_that_is_not_found_or_ambiguous_is_told_under_the_field(report, pump):
    assert report.place_word.isHidden()
    report.place_name.setText("火星")
    report.show_place(PlaceWord("火星", "没有找到这个地点", (), True))
    assert report.place_word.isVisible() and report.place_word.property("tone") == "near"
    report.place_name.setText("东北村")
    report.place_name.setFocus()
    report.show_place(PlaceWord("东北村", "有 2 处叫这个名字", ("文登区张家产镇东北村", "荣成市崖头街道东北村"), True))
    popup = report.place_name.completer().popup()
    assert popup.isVisible() and popup.model().rowCount() == 2
    popup.hide()


def test_an_answer_about_older_words_or_after_a_pick_is_dropped(report):
    report.place_name.setText("皇冠")
    report.show_place(PlaceWord("皇", "没有找到这个地点", (), True))
    assert report.place_word.isHidden()
    report.set_position(122.1, 37.5, "皇冠")
    report.show_place(PlaceWord("皇冠", "没有找到这个地点", (), True))
    assert report.place_word.isHidden()


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080)])
def test_nothing_is_squeezed_with_a_place_word_and_a_suggestion(window, report, city, pump, size):
    window.resize(*size)
    report.place_name.setText("火星")
    report.show_place(PlaceWord("火星", "没有找到这个地点", (), True))
    report._thinking.stop()
    parts = tuple(Part(name, name, (Option("燃气泄漏", "依据：闻到燃气", {}),)) for name in ("type", "grade", "priority", "place"))
    report.show_advice(Advice(parts, (SimilarRow("i1", "应0417", "燃气泄漏", "处置中", "相距 100 米"),)))
    pump()
    pump()
    fields = [report.name, report.type, report.priority, report.place_name, report.source, report.phone]
    assert all(field.height() >= 32 for field in fields) and report.text.height() >= NARRATIVE
    low = report.send.mapTo(report, QPoint(0, report.send.height())).y()
    assert low <= report.height() and report.text.geometry().bottom() < report.advice.geometry().top()
    assert report.type.y() == report.priority.y() and report.source.y() == report.phone.y()


def test_tab_goes_through_the_fields_as_they_are_read(window, report):
    order = [report.name, report.type, report.priority, report.place_name, report.pick, report.source, report.phone, report.text]
    for field, following in pairwise(order):
        assert field.hasFocus()
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        assert following.hasFocus(), following.accessibleName()
