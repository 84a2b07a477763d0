"""An officer takes an act back while the push has it in hand: it is either gone for good or not taken back at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from weihai_command.domain.faults import Refused, Unreachable
from weihai_command.feeds.twin import TwinPlatform
from weihai_command.operations import acts, resolving, syncing
from weihai_command.operations.desk import Desk
from weihai_command.store import mirror, outbox
from weihai_command.sync import push as pushing

MakeDesk = Callable[..., Desk]
FIRE, GAS = "11111111-0000-4000-8000-000000000001", "22222222-0000-4000-8000-000000000001"


def push(desk: Desk) -> pushing.Pushed:
    return pushing.push(desk.store, desk.platforms.get, lambda: 0.0)


def writes(twin: TwinPlatform, op_id: str) -> list[str]:
    return [entry.action for entry in twin.history(op_id)]


def test_taken_back_just_before_it_goes_out_it_does_not_go_out(twin: TwinPlatform, make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = make_desk(twin)
    act = acts.transition(desk, GAS, "monitor", reason="观察")
    real = mirror.get

    def withdrawn_meanwhile(*args: Any) -> Any:
        monkeypatch.setattr(mirror, "get", real)
        resolving.withdraw(desk, act.op_id)
        return real(*args)

    monkeypatch.setattr(mirror, "get", withdrawn_meanwhile)
    assert push(desk).acts == 0
    assert writes(twin, act.op_id) == []
    assert outbox.get(desk.store, act.op_id).state == "withdrawn"  # type: ignore[union-attr]


def test_a_create_taken_back_just_before_it_goes_out_does_not_go_out(twin: TwinPlatform, make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = make_desk(twin)
    act = acts.note(desk, GAS, "写错了")
    real = outbox.mark_sending

    def withdrawn_meanwhile(store: Any, step: Any) -> bool:
        resolving.withdraw(desk, act.op_id)
        return real(store, step)

    monkeypatch.setattr(outbox, "mark_sending", withdrawn_meanwhile)
    push(desk)
    assert writes(twin, act.op_id) == []
    assert outbox.get(desk.store, act.op_id).state == "withdrawn"  # type: ignore[union-attr]


@pytest.mark.parametrize("answer", ["silence", "nothing there"])
def test_taken_back_while_the_platform_is_asked_it_stays_taken_back(
    twin: TwinPlatform, make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    desk = make_desk(twin)
    act = acts.transition(desk, GAS, "monitor", reason="观察")
    mirror.delete(desk.store, "incidents", [GAS])

    def asked(kind: str, record_id: str) -> None:
        resolving.withdraw(desk, act.op_id)
        if answer == "silence":
            raise Unreachable("平台连不上", code="timeout")

    monkeypatch.setattr(twin, "get", asked)
    push(desk)
    assert outbox.get(desk.store, act.op_id).state == "withdrawn"  # type: ignore[union-attr]
    assert [step.state for step in outbox.steps_of(desk.store, act.op_id)] == ["withdrawn"]


def test_taken_back_while_acts_before_it_are_sent_it_counts_as_nothing(twin: TwinPlatform, make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = make_desk(twin)
    acts.status(desk, FIRE, "unavailable", reason="检修")
    second = acts.transition(desk, GAS, "monitor", reason="观察")
    real = twin.patch

    def patched(*args: Any) -> Any:
        resolving.withdraw(desk, second.op_id)
        return real(*args)

    monkeypatch.setattr(twin, "patch", patched)
    assert push(desk).acts == 1
    assert writes(twin, second.op_id) == []


def test_what_has_just_arrived_is_not_taken_back(twin: TwinPlatform, make_desk: MakeDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = make_desk(twin)
    act = acts.transition(desk, GAS, "monitor", reason="观察")
    real = outbox.drop

    def sent_meanwhile(*args: Any, **more: Any) -> bool:
        monkeypatch.setattr(outbox, "drop", real)
        syncing.sync(desk)
        return real(*args, **more)

    monkeypatch.setattr(outbox, "drop", sent_meanwhile)
    with pytest.raises(Refused):
        resolving.withdraw(desk, act.op_id)
    assert outbox.get(desk.store, act.op_id).state == "done"  # type: ignore[union-attr]
