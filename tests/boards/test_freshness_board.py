from __future__ import annotations

from weihai_command.boards import freshness_board
from weihai_command.boards.freshness_board import FreshnessBoard
from weihai_command.domain.freshness import Freshness
from weihai_command.domain.movers import LATE
from weihai_command.operations.live import Live


def test_what_changed_is_told_and_the_rest_is_known(boards, pump, monkeypatch):
    answers = [
        {"units": Freshness(lines=("平台",)), "sensors": Freshness(lines=("平台",))},
        {"units": Freshness(lines=("平台",)), "sensors": Freshness(LATE, "过期 3 分", ("平台",))},
    ]
    asked = []

    def answer(desk, reported):
        asked.append(reported)
        return answers[len(asked) - 1]

    monkeypatch.setattr(freshness_board.reading, "freshness", answer)
    live = Live(lambda: 100.0)
    live.states("sensors", ["s-1"], [0], 90.0)
    board, heard = FreshnessBoard(boards.bridge, live), []
    board.told.connect(lambda kind, each: heard.append((kind, each.words)))
    assert board.freshness("sensors") == (0, "")
    board.start()
    pump()
    board.look()
    pump()
    board.stop()
    assert asked == [{"sensors": 90.0}] * 2
    assert heard == [("units", ""), ("sensors", ""), ("sensors", "过期 3 分")]
    assert board.freshness("sensors") == (LATE, "过期 3 分")
