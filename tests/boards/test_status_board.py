from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ({"connection": "synced"}, ("已同步 · 0 待发", "plain")),
        ({"connection": "offline", "pending": 2, "sending": 1}, ("离线 · 3 待发", "near")),
        ({"connection": "syncing", "pending": 2}, ("同步中 · 2 待发", "plain")),
        ({"connection": "synced", "conflicts": 1, "rejected": 2}, ("已同步 · 0 待发 · 1 冲突 · 2 被拒", "over")),
        ({"connection": "local", "pending": 1}, ("本机数据 · 不发平台", "plain")),
    ],
)
def test_the_chip(boards, city, pump, status, expected):
    city.status_now = status
    city.runner.announce({"outbox"})
    pump()
    assert boards.status.chip() == expected


@pytest.mark.parametrize(("number", "mood"), [(0, "plain"), (2, "plain"), (3, "near"), (10, "near"), (11, "over")])
def test_alarms_of_ten_minutes(boards, number, mood):
    boards.status.status["alarms_10min"] = number
    assert boards.status.alarms() == (number, mood)


def test_a_held_mass_deletion_is_asked(boards):
    boards.status.status["holds"] = [{"kind": "incidents", "vanished": 30, "total": 40}]
    boards.status.status["quarantined"] = 2
    assert [hold["kind"] for hold, _ in boards.status.holds()] == ["incidents"]
    assert boards.status.chip()[0].endswith("1 待核对") and boards.status.chip()[1] == "over"
    assert any("隔离" in note for note in boards.status.notes())


def test_the_officer_or_nobody(boards, city):
    assert boards.status.officer == "王海宁 · 值班员"
    city.desk.officer = None
    assert boards.status.officer == "未登录"


def test_outbox_rows(boards, city, pump):
    city.outbox_rows = [{"op_id": "o", "verb": "claim", "verb_word": "认领", "number": "", "at": None, "actor": "li", "state": "pending",
                         "error": None, "waiting": "等 li 登录"}]
    city.runner.announce({"outbox"})
    pump()
    board = boards.status.outbox
    assert [board.index(0, column).data() for column in range(6)] == ["认领", "—", "", "li", "待发送", "等 li 登录"]


def test_an_embedded_city_claims_no_platform(boards):
    boards.status.status.update(connection="local", last_ok=boards.status.clock.now().isoformat())
    assert not any("平台核对" in note for note in boards.status.notes())
    boards.status.status["connection"] = "online"
    assert any("上次与平台核对" in note for note in boards.status.notes())
