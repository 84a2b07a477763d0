from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from widgets.choices import Choice

PAIRS = [("gas_leak", "燃气泄漏"), ("fire_house", "居民楼火情"), ("fire_factory", "厂房火情")]


@pytest.fixture
def form(themed, pump):
    page = QWidget()
    page.kind, page.after = Choice(PAIRS, page), QLineEdit(page)
    column = QVBoxLayout(page)
    column.addWidget(page.kind)
    column.addWidget(page.after)
    page.show()
    page.activateWindow()
    page.kind.setFocus()
    pump()
    yield page
    page.close()
    page.deleteLater()
    pump()


def type_in(field: Choice, text: str) -> None:
    """Letters by keys; Chinese as an input method commits it."""
    if text.isascii():
        QTest.keyClicks(field, text)
        return
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(field, event)


@pytest.mark.parametrize("typed", ["gas_leak", "gas", "燃气", "rqxl"])
def test_tab_takes_the_match_and_moves_on(form, typed, pump):
    type_in(form.kind, typed)
    assert form.kind.matches.isVisible()
    QTest.keyClick(form.kind, Qt.Key.Key_Tab)
    pump()
    assert not form.kind.matches.isVisible()
    assert form.kind.currentText() == "燃气泄漏" and form.kind.code() == "gas_leak"
    assert form.after.hasFocus()


def test_tab_takes_the_marked_one_of_several(form):
    type_in(form.kind, "火情")
    QTest.keyClick(form.kind, Qt.Key.Key_Down)
    QTest.keyClick(form.kind, Qt.Key.Key_Tab)
    assert form.kind.code() == "fire_factory"


def test_enter_takes_the_match_and_stays(form):
    type_in(form.kind, "fire_h")
    QTest.keyClick(form.kind, Qt.Key.Key_Return)
    assert form.kind.code() == "fire_house" and form.kind.hasFocus()


def test_what_means_nothing_stays_and_has_no_code(form):
    type_in(form.kind, "xyz")
    assert not form.kind.matches.isVisible()
    QTest.keyClick(form.kind, Qt.Key.Key_Tab)
    assert (form.kind.currentText(), form.kind.code()) == ("xyz", "")


def test_an_empty_field_is_left_empty(form):
    QTest.keyClick(form.kind, Qt.Key.Key_Tab)
    assert form.kind.currentText() == "" and form.after.hasFocus()
