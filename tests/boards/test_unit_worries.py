"""A unit that is lost, should be called or has an old position marks its incident, with a sentence."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import Qt

from tests.fake_desk import NOW, ago, unit
from weihai_command.boards.incident_board import STATE
from weihai_command.boards.unit_rows import unit_row
from weihai_command.boards.unit_worries import worries_of
from weihai_command.domain.roll_call import Call, Rules


def told(*raws):
    return worries_of([unit_row(raw, NOW) for raw in raws], {raw["id"]: raw for raw in raws}, NOW)


def on(name, heard=1.0, calls=(), **fields):
    watch = {"limit": None, "rules": Rules(), "heard": NOW - timedelta(minutes=heard), "calls": tuple(calls)}
    return unit(name, "on_scene", **{"incident_id": "i1", "watch": watch, **fields})


def missed(*minutes):
    return [Call(NOW - timedelta(minutes=each), "missed", n) for n, each in enumerate(minutes, 1)]


def test_who_was_heard_of_is_no_worry():
    assert told(on("a"), on("b", position_at=None), unit("c", position_at=ago(60)), on("d", incident_id="")) == {}


def test_an_old_position_a_due_call_and_a_lost_unit():
    assert told(on("a", position_at=ago(95))) == {"i1": ("near", "a 位置 1:35 未更新")}
    assert told(on("a", heard=25)) == {"i1": ("near", "a 该点名了")}
    assert told(on("a", heard=25, position_at=ago(31)), on("b", 25, missed(3, 2))) == {"i1": ("over", "b 点名没有应答，失联；a 该点名了，位置 0:31 未更新")}
    assert told(on("b", 25, [*missed(3, 2), Call(NOW, "seen")])) == {"i1": ("near", "b 失联，已有人知悉")}


def test_the_list_marks_the_incident_and_its_tip_says_why(boards, city, pump):
    board = boards.incidents
    assert board.worries == {}
    painted = []
    board.dataChanged.connect(lambda first, last, *_: painted.append((first.column(), last.column())))
    city.unit_rows[0]["position_at"] = ago(40)
    city.runner.announce({"units"})
    pump()
    assert painted == [(STATE, STATE)] and board.worries == {"i-应0417": ("near", "消防101 位置 0:40 未更新")}
    cell = board.index(board.row_of_id("i-应0417"), STATE)
    assert "位置 0:40 未更新" in cell.data(Qt.ItemDataRole.ToolTipRole) and cell.data(Qt.ItemDataRole.AccessibleTextRole).endswith("未更新")
    city.unit_rows[0]["position_at"] = ago(1)
    city.runner.announce({"units"})
    pump()
    assert board.worries == {}


def test_a_position_grows_old_by_the_clock_alone(boards, city):
    boards.clock.now = lambda: NOW + timedelta(minutes=31)
    city.runner.asked.clear()
    boards.clock.aged.emit()
    assert "位置 0:32 未更新" in boards.incidents.worries["i-应0417"][1] and "units" not in city.runner.asked
