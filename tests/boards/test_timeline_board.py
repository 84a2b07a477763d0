from __future__ import annotations

from weihai_command.boards.incident_board import ROW


def test_lines_are_masked_and_say_what_is_unsent(boards, pump):
    boards.detail.open("i-应0417")
    pump()
    at, text, sync, _ = boards.timeline.index(0, 0).data(ROW)
    assert text == "<b>到场</b> 电话 138****5678 — 王海宁"
    assert sync == "待发送" and at
    assert boards.timeline.index(5, 0).data(ROW) is None
