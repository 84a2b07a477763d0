from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QWidget

from layers.field_model import COUNT, NOTE, ODD
from layers.field_tree import INDENT, FieldTree
from layers.note_line import HEIGHT, Note
from weihai_command.domain.movers import LATE, LOST

COUNTS = {
    "sensors": {"other": (4, 1, 0), "water": (1_564, 52, 3)}, "incidents": {"water": (3, 2, 0)}, "video_points": {"municipal": (350_000, 0, 9)},
    "movers": {"marine": (86, 0, 2)},
}


class Switchboard:
    """Keeps what is switched, as the panel does."""

    def __init__(self, tree: FieldTree) -> None:
        self.on: dict[str, bool] = {}
        self.told: list[tuple[str, bool]] = []
        tree.fields.watch(self.on)
        tree.fields.switched.connect(self.take)

    def take(self, key: str, is_on: bool) -> None:
        self.on[key] = is_on
        self.told.append((key, is_on))


@pytest.fixture
def tree(qapp):
    stage = QWidget()
    stage.resize(240, 600)
    made = FieldTree(stage)
    made.resize(230, 590)
    for kind, counts in COUNTS.items():
        made.fields.take(kind, counts)
    stage.show()
    yield made
    stage.close()
    stage.deleteLater()


@pytest.fixture
def board(tree):
    return Switchboard(tree)


def at(tree, row, kid=None):
    top = tree.fields.index(row, 0)
    return top if kid is None else tree.fields.index(kid, 0, top)


def state(index):
    return Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole))


def test_the_model_keeps_qts_rules(tree):
    QAbstractItemModelTester(tree.fields, QAbstractItemModelTester.FailureReportingMode.Fatal)
    tree.fields.take("units", {"police": (4, 1, 0)})
    tree.fields.take("units", {})


def test_fields_stand_in_their_order_with_what_they_have(tree):
    fields = tree.fields
    assert [at(tree, row).data() for row in range(fields.rowCount())] == ["市政", "水务", "海洋渔业", "其他"]
    assert [at(tree, 1, kid).data() for kid in range(fields.rowCount(at(tree, 1)))] == ["事件", "传感器"]
    assert at(tree, 0).data(COUNT) == "350,000" and at(tree, 1).data(COUNT) == "1,567"
    # An emergency is no wrong reading.
    assert (at(tree, 1).data(ODD), at(tree, 1, 0).data(ODD), at(tree, 1, 1).data(ODD)) == ("异常 52", "", "异常 52")
    assert at(tree, 1).data(Qt.ItemDataRole.AccessibleTextRole) == "水务，1,567，异常 52"
    fields.take("movers", {})
    assert [at(tree, row).data() for row in range(fields.rowCount())] == ["市政", "水务", "其他"]


def test_new_numbers_leave_the_fold_and_the_place_alone(tree):
    tree.set_open(["water"])
    tree.setCurrentIndex(at(tree, 1, 1))
    tree.fields.take("sensors", {"water": (7, 0, 0), "other": (4, 1, 0)})
    assert tree.currentIndex().data() == "传感器" and at(tree, 1, 1).data(COUNT) == "7"
    tree.fields.take("units", {"police": (1, 0, 0)})
    assert tree.isExpanded(at(tree, 1)) and tree.open_fields() == ["water"]


def test_a_field_switches_all_that_it_has_and_shows_a_dash_for_some(tree, board):
    assert state(at(tree, 1)) == Qt.CheckState.Checked
    board.on["sensors@water"] = False
    assert state(at(tree, 1)) == Qt.CheckState.PartiallyChecked and state(at(tree, 1, 1)) == Qt.CheckState.Unchecked
    tree.setCurrentIndex(at(tree, 1))
    QTest.keyClick(tree, Qt.Key.Key_Space)
    assert state(at(tree, 1)) == Qt.CheckState.Checked
    QTest.keyClick(tree, Qt.Key.Key_Space)
    assert state(at(tree, 1)) == Qt.CheckState.Unchecked
    assert board.told[-2:] == [("incidents@water", False), ("sensors@water", False)]
    assert state(at(tree, 3)) == Qt.CheckState.Checked


def test_a_kind_that_is_off_shows_in_every_field(tree, board):
    board.on["sensors"] = False
    assert state(at(tree, 1)) == Qt.CheckState.PartiallyChecked and state(at(tree, 3)) == Qt.CheckState.Unchecked
    tree.setCurrentIndex(at(tree, 3))
    QTest.keyClick(tree, Qt.Key.Key_Space)
    assert board.on["sensors"] and board.on["sensors@other"] and not board.on["sensors@water"]


def test_keys_walk_and_fold_and_a_click_switches_but_the_arrow_folds(tree, board):
    tree.setCurrentIndex(at(tree, 1))
    QTest.keyClick(tree, Qt.Key.Key_Right)
    assert tree.open_fields() == ["water"]
    QTest.keyClick(tree, Qt.Key.Key_Down)
    assert tree.currentIndex() == at(tree, 1, 0)
    QTest.keyClick(tree, Qt.Key.Key_Left)
    QTest.keyClick(tree, Qt.Key.Key_Left)
    assert tree.open_fields() == [] and board.told == []
    box = tree.visualRect(at(tree, 0))
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(tree.viewport(), left, none, QPoint(INDENT // 2, box.center().y()))
    assert tree.open_fields() == ["municipal"] and board.told == []
    QTest.mouseClick(tree.viewport(), left, none, QPoint(box.left() + 60, box.top() + 8))
    assert board.told == [("video_points@municipal", False)]


def test_an_age_stands_under_the_kind_and_under_its_field_while_that_is_folded(tree):
    low = tree.wanted_height()
    tree.fields.note("sensors", Note(LATE, "过期 12 分"), "水文站 · 16:30:00")
    tree.fields.note("incidents", Note(LOST, "中断 1 时"), "平台")
    assert tree.wanted_height() == low + 2 * HEIGHT
    assert at(tree, 1).data(NOTE).chip == "中断 1 时" and at(tree, 3).data(NOTE).chip == "过期 12 分"
    assert "传感器：水文站 · 16:30:00" in at(tree, 1).data(Qt.ItemDataRole.ToolTipRole)
    folded = tree.wanted_height()
    tree.set_open(["water"])
    assert tree.note(at(tree, 1)) is None and tree.wanted_height() == folded - HEIGHT + 2 * tree.row_height(at(tree, 1, 0))
    QTest.qWait(1)
    assert tree.visualRect(at(tree, 1)).height() == tree.row_height(at(tree, 1))
    tree.set_open(["marine"])
    assert at(tree, 2, 0).data(NOTE).words == "失联 2"


def test_a_dash_looks_neither_checked_nor_empty(tree, board):
    def picture() -> QImage:
        return tree.viewport().grab(tree.visualRect(at(tree, 1))).toImage()

    whole = picture()
    board.on["sensors@water"] = False
    some = picture()
    board.on["incidents@water"] = False
    assert whole != some != picture() != whole
