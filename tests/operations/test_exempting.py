from __future__ import annotations

import pytest

from weihai_command.domain.faults import Refused
from weihai_command.operations import acts, queries, syncing
from weihai_command.operations.desk import Desk, Officer
from weihai_command.operations.exempting import exempt


@pytest.fixture
def case(desk: Desk) -> str:
    return acts.report(desk, title="路灯不亮", type="street_lamp", track="municipal").id


def test_an_appeal_takes_the_case_out_and_keeps_its_times(desk: Desk, case: str) -> None:
    desk.officer = Officer("officer", "刘晓东", "shift_leader")
    before = queries.record(desk, "incidents", case) or {}
    exempt(desk, case, " 非本部门责任 ", op_id="op-1")
    exempt(desk, case, "again", op_id="op-1")
    after = queries.record(desk, "incidents", case) or {}
    assert after["exempt"] == "非本部门责任" and after["history"][-1]["reason"] == "非本部门责任"
    assert {name: after[name] for name in ("state", "state_at", "due_at", "reported_at")} == {
        name: before[name] for name in ("state", "state_at", "due_at", "reported_at")
    }
    syncing.sync(desk)
    assert (queries.record(desk, "incidents", case) or {})["sync"] == "synced"
    with pytest.raises(Refused, match="已经免计"):
        exempt(desk, case, "noch einmal")


def test_who_may_and_what_it_needs(desk: Desk, case: str) -> None:
    with pytest.raises(Refused, match="值班长"):
        exempt(desk, case, "x")
    desk.officer = Officer("officer", "刘晓东", "shift_leader")
    with pytest.raises(Refused, match="原因"):
        exempt(desk, case, "  ")
    emergency = acts.report(desk, title="火情", type="fire_house").id
    with pytest.raises(Refused, match="不是市政案卷"):
        exempt(desk, emergency, "x")


def test_a_closed_case_may_still_be_taken_out(desk: Desk, case: str) -> None:
    desk.officer = Officer("officer", "刘晓东", "shift_leader")
    acts.transition(desk, case, "force_close", reason="重复")
    exempt(desk, case, "申诉成立")
    assert (queries.record(desk, "incidents", case) or {})["exempt"] == "申诉成立"


def test_it_is_offered_to_whom_it_is_open(desk: Desk, case: str) -> None:
    def offered() -> list[str]:
        return [each["act"] for each in queries.allowed(desk, queries.record(desk, "incidents", case) or {})]

    assert "exempt" not in offered()
    desk.officer = Officer("officer", "刘晓东", "shift_leader")
    assert "exempt" in offered()
    acts.transition(desk, case, "force_close", reason="重复")
    assert offered() == ["exempt"]
    exempt(desk, case, "申诉成立")
    assert offered() == []
