"""Handing over: the lists are of the city as it stands, counts stay right, two officers sign, and offline it is work like any other."""

from __future__ import annotations

import pytest

from tests.operations.conftest import FIRE, GAS
from weihai_command.domain.faults import Refused
from weihai_command.operations import acts, noting, queries, resolving, shifts, syncing
from weihai_command.operations.desk import Officer


def sit(desk, user, role="officer"):
    desk.officer = Officer(user, user, role)
    desk.platforms.setdefault(user, next(iter(desk.platforms.values())))


def test_the_lists_are_of_the_city(desk):
    acts.dispatch(desk, GAS, [FIRE])
    acts.note(desk, GAS, "关阀两处")
    made = queries.handover_summary(desk)
    assert made["counts"] | {} == {
        "open": 1, "suspended": 0, "monitored": 0, "unsent": 2, "conflicts": 0, "shelved": 0, "units": 1, "notes": 1, "feeds": 0, "quarantine": 0,
    }
    assert made["unsent_by"] == {"officer": 2} and made["units"][0]["number"] == "应0001A" and made["notes"][0]["text"] == "关阀两处"


def test_another_officer_signs_and_both_stay(desk):
    signed = shifts.hand_over(desk, "注意大风")
    assert syncing.sync(desk).pushed == 1
    (row,) = queries.handovers(desk)
    assert (row["text"], row["by"], row["waits"], row["sync"], queries.waiting_handovers(desk)) == ("注意大风", "officer", True, "synced", 1)
    with pytest.raises(Refused, match="不能接自己的班"):
        shifts.sign_handover(desk, signed.id)
    sit(desk, "officer2")
    shifts.sign_handover(desk, signed.id)
    (row,) = queries.handovers(desk)
    assert ([each["by"] for each in row["signed"]], row["state"], queries.waiting_handovers(desk)) == (["officer2"], "已接班", 0)
    sit(desk, "officer3")
    with pytest.raises(Refused, match="officer2 已经接班"):
        shifts.sign_handover(desk, signed.id)


def test_what_is_no_handover_is_not_signed_and_who_only_looks_does_not_sign(desk):
    noted = acts.note(desk, None, "大风")
    with pytest.raises(Refused, match="不是交班记录"):
        shifts.sign_handover(desk, noted.id)
    for role in ("leader", "department"):
        sit(desk, "other", role)
        with pytest.raises(Refused, match="值班员"):
            shifts.hand_over(desk)


def test_the_seat_of_an_exercise_plays_both(desk, monkeypatch):
    monkeypatch.setattr(type(desk), "role", property(lambda self: "exercise"))
    signed = shifts.hand_over(desk)
    shifts.sign_handover(desk, signed.id)
    assert queries.waiting_handovers(desk) == 0


def test_notes_are_those_since_the_last_handover(desk):
    acts.note(desk, None, "早班的")
    shifts.hand_over(desk)
    acts.note(desk, None, "晚班的")
    shifts.hand_over(desk)
    late, early = queries.handovers(desk)
    assert [[note["text"] for note in row["data"]["notes"]] for row in (early, late)] == [["早班的"], ["晚班的"]]
    assert late["data"]["since"] == early["at"]


def test_a_wrong_one_is_amended_and_the_first_stays(desk):
    signed = shifts.hand_over(desk, "无事")
    noting.amend(desk, signed.id, "泵站一台停机")
    (row,) = queries.handovers(desk)
    assert (row["text"], row["originals"][0]["text"], row["id"], queries.waiting_handovers(desk)) == ("泵站一台停机", "无事", signed.id, 1)
    sit(desk, "officer2")
    shifts.sign_handover(desk, signed.id)
    assert queries.handovers(desk)[0]["state"] == "已接班"


def test_the_outbox_of_who_left_waits_under_his_name(desk):
    claimed = acts.claim(desk, GAS)
    shifts.hand_over(desk)
    del desk.platforms["officer"]
    desk.officer = Officer("officer2", "officer2", "officer")
    rows = queries.outbox(desk)
    assert {(row["actor"], row["waiting"]) for row in rows} == {("officer", "等 officer 登录后以本人账号发出")}
    assert claimed.op_id in {row["op_id"] for row in rows} and queries.handover_summary(desk)["unsent_by"] == {"officer": 2}


def test_the_same_op_id_signs_once(desk):
    first = shifts.hand_over(desk, op_id="one")
    assert shifts.hand_over(desk, op_id="one").id == first.id and len(queries.handovers(desk)) == 1


def test_a_conflict_of_a_dispatch_of_two_tells_every_step(desk, twin):
    second = "33333333-0000-4000-8000-000000000001"
    twin.load([("units", {"id": second, "name": "消防102", "kind": "fire", "state": "available"})])
    syncing.sync(desk)
    acts.dispatch(desk, GAS, [FIRE, second])
    there = twin.get("units", second)
    twin.patch("units", second, {"state": "unavailable", "reason": "检修"}, there["last_modified"], "other")
    syncing.sync(desk)
    (told,) = queries.conflicts(desk)
    assert [(step["word"], step["state"]) for step in told["steps"]] == [
        ("消防101 → 派遣中", "done"), ("消防102 → 派遣中", "conflict"), ("应0001A → 处置中，加入 消防101、消防102", "pending"),
        ("派遣单 消防101", "pending"), ("派遣单 消防102", "pending"),
    ]
    assert told["steps"][0]["undo"] == "可撤回：恢复为空闲" and "消防102现在是“不可用”" in told["mine_refused"]
    resolving.resolve(desk, told["op_id"], "theirs")
    assert {row["name"]: row["state"] for row in queries.units(desk)} == {"消防101": "available", "消防102": "unavailable"}
