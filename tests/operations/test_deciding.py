"""Who may decide about a stopped act, what of it is written down, and what is put back of what had been done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from weihai_command.domain.faults import Refused
from weihai_command.feeds.twin import TwinPlatform
from weihai_command.operations import acts, queries, resolving, session, syncing
from weihai_command.operations.desk import Desk
from weihai_command.operations.draft import Outcome
from weihai_command.store import audit, outbox

FIRE, GAS = "11111111-0000-4000-8000-000000000001", "22222222-0000-4000-8000-000000000001"
DECISIONS: list[Callable[[Desk, str], Any]] = [
    lambda desk, op: resolving.resolve(desk, op, "mine"), lambda desk, op: resolving.resolve(desk, op, "theirs"), resolving.withdraw, resolving.retry,
]


def stranger(twin: TwinPlatform, kind: str, record_id: str, **fields: Any) -> None:
    there = twin.get(kind, record_id)
    assert there
    assert twin.patch(kind, record_id, fields, there["last_modified"], "stranger").status == "applied"


def half_done(desk: Desk, twin: TwinPlatform) -> Outcome:
    """A dispatch whose unit has gone out and whose incident met a stranger's edit."""
    act = acts.dispatch(desk, GAS, [FIRE])
    stranger(twin, "incidents", GAS, phone="x")
    assert syncing.sync(desk).conflicts == 1
    return act


@pytest.mark.parametrize("decide", DECISIONS)
@pytest.mark.parametrize("who", ["nobody", "leader"])
def test_only_an_officer_decides(desk: Desk, twin: TwinPlatform, decide: Callable[[Desk, str], Any], who: str) -> None:
    act = half_done(desk, twin)
    before = audit.rows(desk.store)
    if who == "nobody":
        session.sign_out(desk)
    else:
        assert desk.officer
        desk.officer = replace(desk.officer, role="leader")
    with pytest.raises(Refused) as told:
        decide(desk, act.op_id)
    assert told.value.code in {"signed_out", "wrong_role"}
    assert outbox.get(desk.store, act.op_id).state == "conflict"  # type: ignore[union-attr]
    assert [line for line in audit.rows(desk.store) if line.verb != "sign_out"] == before


def test_a_leader_writes_no_notes(desk: Desk) -> None:
    assert desk.officer
    desk.officer = replace(desk.officer, role="leader")
    with pytest.raises(Refused, match="只能看"):
        acts.note(desk, GAS, "看一看")
    assert queries.outbox(desk) == []


def test_sending_again_is_written_down(desk: Desk) -> None:
    act = acts.note(desk, GAS, "到场")
    resolving.retry(desk, act.op_id)
    line = audit.rows(desk.store)[0]
    assert (line.actor, line.verb, line.subject) == ("officer", "retry", act.op_id) and audit.verify(desk.store) == []


def test_a_unit_that_went_on_is_released_by_the_rules(desk: Desk, twin: TwinPlatform) -> None:
    act = half_done(desk, twin)
    stranger(twin, "units", FIRE, state="en_route")
    syncing.sync(desk)
    resolving.withdraw(desk, act.op_id)
    syncing.sync(desk)
    unit = twin.get("units", FIRE)
    assert unit and (unit["state"], unit["assignment_id"], unit["incident_id"]) == ("returning", None, None)


def test_a_unit_that_somebody_else_sent_since_is_left_alone(desk: Desk, twin: TwinPlatform) -> None:
    act = half_done(desk, twin)
    stranger(twin, "units", FIRE, state="dispatching", assignment_id="theirs", incident_id="other")
    syncing.sync(desk)
    resolving.withdraw(desk, act.op_id)
    assert queries.outbox(desk) == [] and syncing.sync(desk).pending == 0
    unit = twin.get("units", FIRE)
    assert unit and (unit["state"], unit["assignment_id"], unit["incident_id"]) == ("dispatching", "theirs", "other")


def test_a_unit_that_was_deleted_since_holds_nothing_up(desk: Desk, twin: TwinPlatform) -> None:
    act = half_done(desk, twin)
    twin.delete("units", FIRE)
    syncing.sync(desk)
    resolving.resolve(desk, act.op_id, "theirs")
    assert outbox.get(desk.store, act.op_id).state == "withdrawn"  # type: ignore[union-attr]


def test_taking_back_and_undoing_are_kept_together_or_not_at_all(desk: Desk, twin: TwinPlatform, monkeypatch: pytest.MonkeyPatch) -> None:
    act = half_done(desk, twin)

    def broken(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "_insert", broken)
        with pytest.raises(KeyboardInterrupt):
            resolving.withdraw(desk, act.op_id)
    assert outbox.get(desk.store, act.op_id).state == "conflict"  # type: ignore[union-attr]
    resolving.withdraw(desk, act.op_id)
    assert [row["verb"] for row in queries.outbox(desk)] == ["undo"]


def test_facts_that_go_with_an_act_are_refused_or_kept_with_it(desk: Desk, twin: TwinPlatform) -> None:
    made = acts.report(desk, title="气味")
    with pytest.raises(Refused, match="优先级"):
        acts.transition(desk, made.id, "queue", type="gas_leak", place="皇冠街道")
    assert (queries.record(desk, "incidents", made.id) or {}).get("type") is None
    done = acts.transition(desk, made.id, "queue", type="gas_leak", priority="1", place="皇冠街道", title="燃气味")
    assert [row["verb"] for row in queries.outbox(desk)] == ["report", "queue"]
    row = queries.record(desk, "incidents", made.id) or {}
    assert (row["state"], row["type"], row["priority"], row["title"]) == ("queued", "gas_leak", "urgent", "燃气味") and row["radius_m"] > 0
    # Decided again after another desk's change, all of the facts go along.
    twin.offline = True
    (step,) = outbox.steps_of(desk.store, done.op_id)
    theirs = {**step.base, "id": made.id, "phone": "x", "last_modified": 7}
    act = outbox.get(desk.store, done.op_id)
    assert act
    again = resolving.remade(desk, act, step, theirs)
    assert {name: again[name] for name in ("radius_m", "town", "title")} == {name: row[name] for name in ("radius_m", "town", "title")}
