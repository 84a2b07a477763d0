from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.operations.conftest import FIRE, GAS
from weihai_command.domain.faults import Refused, Usage
from weihai_command.domain.roll_call import standing
from weihai_command.operations import acts, assigning, noting, queries, roll_calls, syncing
from weihai_command.operations.desk import Desk, Officer


def pass_time(desk: Desk, seconds: float) -> None:
    now = desk.clock() + timedelta(seconds=seconds)
    desk.clock = lambda: now


@pytest.fixture
def sent(desk: Desk) -> Desk:
    pass_time(desk, 0)
    acts.dispatch(desk, GAS, [FIRE])
    return desk


def watch(desk: Desk) -> dict[str, Any]:
    (row,) = (row for row in queries.units(desk) if row["id"] == FIRE)
    return dict(row["watch"])


def state(desk: Desk) -> tuple[str, int]:
    known = watch(desk)
    found = standing([known["heard"]], known["calls"], desk.clock(), known["rules"])
    return found.state, found.n


def lines(desk: Desk) -> list[dict[str, Any]]:
    return [row for row in queries.rows(desk, "log") if row.get("kind") == "roll_call"]


def test_a_call_its_miss_and_the_escalation_are_lines_of_the_incident(sent: Desk) -> None:
    pass_time(sent, 1200)
    assert state(sent) == ("due", 0)
    roll_calls.roll_call(sent, FIRE, "called")
    assert state(sent) == ("called", 1)
    with pytest.raises(Refused, match="正在点名"):
        roll_calls.roll_call(sent, FIRE, "called")
    roll_calls.roll_call(sent, FIRE, "missed")
    assert state(sent) == ("due", 1)
    pass_time(sent, 10)
    roll_calls.roll_call(sent, FIRE, "missed")
    assert state(sent) == ("escalated", 2)
    assert [row["text"] for row in lines(sent)] == ["点名 消防101：第 1 次，限 60 秒应答", "点名 消防101：第 1 次未应答", "点名 消防101：第 2 次未应答，失联升级"]
    assert all((row["incident_id"], row["unit_id"]) == (GAS, FIRE) for row in lines(sent)) and lines(sent)[-1]["data"]["escalated"]
    with pytest.raises(Refused, match="知悉"):
        roll_calls.roll_call(sent, FIRE, "called")
    roll_calls.roll_call(sent, FIRE, "seen")
    assert state(sent) == ("seen", 0)
    syncing.sync(sent)
    assert state(sent) == ("seen", 0) and {row["sync"] for row in lines(sent)} == {"synced"}


def test_an_answer_is_one_act_and_one_line(sent: Desk) -> None:
    pass_time(sent, 1300)
    first = roll_calls.roll_call(sent, FIRE, op_id="op-1")
    assert roll_calls.roll_call(sent, FIRE, op_id="op-1") == first and first.number == "消防101"
    assert len(lines(sent)) == 1 and state(sent) == ("quiet", 0)


def test_what_was_heard_by_radio_counts(sent: Desk) -> None:
    pass_time(sent, 1300)
    noting.note(sent, GAS, "到路口了", kind="radio", party="消防101")
    assert state(sent) == ("quiet", 0)
    pass_time(sent, 1300)
    noting.note(sent, GAS, "没有听到")
    assert state(sent) == ("due", 0)
    acts.status(sent, FIRE, "on_scene")
    assert watch(sent)["heard"] == sent.clock()


def test_a_call_that_ran_out_is_written_once_by_its_caller(sent: Desk) -> None:
    pass_time(sent, 1200)
    roll_calls.roll_call(sent, FIRE, "called")
    assert roll_calls.write_lapsed(sent) == 0
    pass_time(sent, 61)
    officer, sent.officer = sent.officer, Officer("li", "李", "officer")
    assert roll_calls.write_lapsed(sent) == 0
    sent.officer = officer
    assert [roll_calls.write_lapsed(sent) for _ in range(2)] == [1, 0]
    assert lines(sent)[-1]["text"] == "点名 消防101：第 1 次未应答" and state(sent) == ("due", 1)


def test_what_makes_no_sense_is_refused(desk: Desk) -> None:
    with pytest.raises(Refused, match="不用点名"):
        roll_calls.roll_call(desk, FIRE)
    with pytest.raises(Usage, match="没有这种结果"):
        roll_calls.roll_call(desk, FIRE, "perhaps")
    acts.dispatch(desk, GAS, [FIRE])
    with pytest.raises(Refused, match="没有失联"):
        roll_calls.roll_call(desk, FIRE, "seen")
    desk.officer = Officer("leader", "领导", "leader")
    with pytest.raises(Refused, match="只能看"):
        roll_calls.roll_call(desk, FIRE)
    assert lines(desk) == []


def test_limits_come_from_the_data_folder(tmp_path: Path) -> None:
    assert roll_calls.limits(tmp_path).limit("on_scene", "fire").seconds == 7200  # type: ignore[union-attr]
    own, wrong = tmp_path / "own", tmp_path / "wrong"
    for folder, text in ((own, '[state]\non_scene = { seconds = 60, word = "久" }\n'), (wrong, "[state\n")):
        folder.mkdir()
        (folder / roll_calls.FILE).write_text(text, "utf-8")
    assert roll_calls.limits(own).limit("on_scene", "fire").seconds == 60  # type: ignore[union-attr]
    assert roll_calls.limits(wrong).limit("on_scene", "fire").seconds == 7200  # type: ignore[union-attr]


def test_assigning_is_not_dispatching(desk: Desk) -> None:
    assigning.assign(desk, FIRE, GAS)
    row = queries.record(desk, "units", FIRE) or {}
    assert (row["state"], row.get("incident_id"), row["reason"]) == ("assigned", None, "应0001A")
    assert not (queries.record(desk, "incidents", GAS) or {}).get("unit_ids")
    assert any(line["text"] == "消防101 已指派（应0001A）" for line in queries.timeline(desk, GAS))
    with pytest.raises(Refused):
        assigning.assign(desk, FIRE, GAS)
    assigning.unassign(desk, FIRE)
    row = queries.record(desk, "units", FIRE) or {}
    assert (row["state"], row["reason"]) == ("available", None)
    with pytest.raises(Refused, match="没有被指派"):
        assigning.unassign(desk, FIRE)
    assigning.assign(desk, FIRE)
    acts.dispatch(desk, GAS, [FIRE])
    assert (queries.record(desk, "units", FIRE) or {})["state"] == "dispatching"
