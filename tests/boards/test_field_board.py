from __future__ import annotations

from weihai_command.boards import field_board
from weihai_command.boards.field_board import FieldBoard


def test_a_kind_with_fields_is_counted_when_somebody_looks(boards, pump, monkeypatch):
    monkeypatch.setattr(field_board.by_field, "by_field", lambda desk, kind: [("水务", 3, 1)])
    board, heard = FieldBoard(boards.bridge), []
    board.counted.connect(lambda *told: heard.append(told))
    board.ask("units")
    board.ask("sensors")
    pump()
    assert heard == [("sensors", [("水务", 3, 1)])]
