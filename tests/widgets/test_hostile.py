"""The whole window over ten thousand hostile records: every model answers, every label is plain, no text becomes markup."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from PySide6.QtCore import QAbstractItemModel, QAbstractTableModel, Qt
from PySide6.QtGui import Qt as QtText
from PySide6.QtWidgets import QAbstractButton, QLabel, QTextBrowser, QTextEdit, QWidget

from tests import hostile
from tests.fake_desk import InlineRunner
from weihai_command.boards.clock import Clock
from weihai_command.boards.desk_boards import DeskBoards, make_boards
from weihai_command.domain.faults import Fault
from weihai_command.operations import queries, verbs
from weihai_command.operations.desk import Desk

ROLES = [role for role in Qt.ItemDataRole if role.value <= Qt.ItemDataRole.SizeHintRole.value]
#: What words.tip and our own fixed tooltips are made of.
OURS = {"qt", "br", "b", "table", "tr", "td"}


@pytest.fixture(scope="module")
def hostile_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    made, _ = hostile.desk(tmp_path_factory.mktemp("hostile"))
    yield made
    made.close()


@pytest.fixture
def boards(themed: None, hostile_desk: Desk, pump: Callable[[], None]) -> Iterator[DeskBoards]:
    made = make_boards(hostile_desk, InlineRunner(), queries, verbs, Clock(lambda: hostile.NOW))
    made.refresh()
    pump()
    yield made
    made.close()


@pytest.fixture
def troubles(boards: DeskBoards) -> list[Fault]:
    found: list[Fault] = []
    boards.bridge.failed.connect(found.append)
    return found


class Tags(HTMLParser):
    """The tags that Qt would see in a tooltip, and whether they ask for anything from elsewhere."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        self.attributes |= {name for name, _ in attrs}


def assert_tip(text: Any) -> None:
    if not isinstance(text, str) or not QtText.mightBeRichText(text):
        return
    tags = Tags(text)
    assert tags.seen <= OURS and not tags.attributes & {"href", "src", "onerror", "onload"}, text[:200]


def sweep(model: QAbstractItemModel) -> int:
    """Ask every cell of a model for every role; how many cells."""
    columns = model.columnCount() if isinstance(model, QAbstractTableModel) else 1
    for row in range(model.rowCount()):
        for column in range(columns):
            index = model.index(row, column)
            answers = {role: model.data(index, role) for role in ROLES}
            assert_tip(answers[Qt.ItemDataRole.ToolTipRole])
            shown = answers[Qt.ItemDataRole.DisplayRole]
            assert shown is None or len(str(shown)) <= 2000, "a megabyte on one line stops every paint"
    return model.rowCount() * columns


def sweep_widgets(top: QWidget) -> int:
    labels = [top, *top.findChildren(QWidget)]
    for widget in labels:
        assert_tip(widget.toolTip())
        if isinstance(widget, QLabel) and widget.text():
            assert widget.textFormat() == Qt.TextFormat.PlainText, (type(widget).__name__, widget.objectName(), widget.text()[:80])
        if isinstance(widget, QTextBrowser):
            assert not widget.openExternalLinks()
        if isinstance(widget, QTextEdit) and not widget.isReadOnly():
            assert not widget.acceptRichText()
    return len(labels)


def test_every_model_answers_every_role(boards: DeskBoards, troubles: list[Fault]) -> None:
    assert sweep(boards.incidents) > 5_000
    assert sweep(boards.units) > 500
    assert not troubles


def test_filters_chips_and_searches(boards: DeskBoards, pump: Callable[[], None], troubles: list[Fault]) -> None:
    from weihai_command.boards.incident_rows import CHIPS

    for word in ("<b>", "=1+1", "😀", "\u202e", "%", "\x00", "x" * 10_000, ""):
        boards.incidents.search(word)
        pump()
    for key, *_ in CHIPS:
        boards.incidents.show_chip(key)
        pump()
        sweep(boards.incidents)
    boards.incidents.show_chip("all")
    for column in range(boards.incidents.columnCount()):
        boards.incidents.order_by(column, is_falling=bool(column % 2))
        pump()
    assert not troubles


@pytest.fixture
def window(boards: DeskBoards, pump: Callable[[], None]) -> Iterator[Any]:
    from widgets.main_window import MainWindow

    middle = QWidget()
    middle.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    made = MainWindow(middle, boards)
    made.show()
    pump()
    yield made
    made.close()
    made.deleteLater()
    pump()


def test_the_whole_window_is_plain(window: Any, boards: DeskBoards, pump: Callable[[], None], troubles: list[Fault]) -> None:
    assert sweep_widgets(window) > 100
    wanted = [boards.incidents.row_at(at) for at in range(0, boards.incidents.rowCount(), max(1, boards.incidents.rowCount() // 60))]
    for row in wanted:
        window.open_incident(row.id)
        pump()
        boards.detail.facts()
        sweep(boards.timeline)
        sweep_widgets(window.detail)
        menu = window.detail.head.menu()
        assert all("&" not in action.text().replace("&&", "") for action in menu.actions())
        menu.deleteLater()
        window.grab()
    assert not troubles


def test_a_time_far_ahead_is_marked(boards: DeskBoards, pump: Callable[[], None]) -> None:
    rows = queries.rows(boards.bridge.desk, "incidents")
    far = next(row["id"] for row in rows if str(row.get("reported_at")).startswith("2099"))
    boards.detail.open(far)
    pump()
    reported = {name: word for name, word, _ in boards.detail.facts()}["接报"]
    assert reported.startswith("209") and reported.endswith("〔时间超前〕")


def test_panels_that_list_them_are_plain(window: Any, boards: DeskBoards, pump: Callable[[], None], troubles: list[Fault]) -> None:
    """Every panel and popup of the window opens over these records."""
    from PySide6.QtTest import QTest

    for key in (Qt.Key.Key_F2, Qt.Key.Key_F4, Qt.Key.Key_F9, Qt.Key.Key_F1):
        QTest.keyClick(window, key)
        pump()
        sweep_widgets(window)
        window.grab()
        QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_Escape)
        pump()
    for button in window.findChildren(QAbstractButton):
        assert_tip(button.toolTip())
    assert not troubles
