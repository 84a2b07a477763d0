"""What push does with every answer that is not a plain yes, against the fast twin and a real Kinto alike."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from weihai_command.domain.faults import PlatformFault, Refused
from weihai_command.feeds.platform import REJECTED, TRANSIENT, UNAUTHORISED, Reply
from weihai_command.operations import acts, queries, resolving, syncing
from weihai_command.operations.desk import Desk, Officer
from weihai_command.store import backup, mirror, outbox
from weihai_command.sync import push as pushing

FIRE, GAS = "11111111-0000-4000-8000-000000000001", "22222222-0000-4000-8000-000000000001"
MakeDesk = Callable[..., Desk]


def try_sync(desk: Desk, **more: Any) -> None:
    try:
        syncing.sync(desk, **more)
    except PlatformFault:
        pass


def states(desk: Desk) -> list[tuple[str, str]]:
    """(verb, state) of what waits."""
    return [(row["verb"], row["state"]) for row in queries.outbox(desk)]


def times_applied(server: Any, op_id: str, kind: str) -> int:
    return sum(entry.kind == kind for entry in server.history(op_id))


def test_offline_nothing_is_in_doubt(server: Any, make_desk: MakeDesk) -> None:
    desk = make_desk(server)
    server.offline = True
    act = acts.dispatch(desk, GAS, [FIRE])
    try_sync(desk)
    assert states(desk) == [("dispatch", "pending")]
    assert {row["sync"] for row in queries.units(desk) if row["id"] == FIRE} == {"pending"}
    resolving.withdraw(desk, act.op_id)
    server.offline = False
    assert syncing.sync(desk).pushed == 0 and not server.history(act.op_id)


def test_once_in_doubt_no_later_failure_takes_the_doubt_away(server: Any, make_desk: MakeDesk) -> None:
    desk = make_desk(server)
    act = acts.edit(desk, GAS, {"phone": "1"})
    server.lose_reply()
    syncing.sync(desk)
    assert states(desk) == [("edit", "sending")]
    server.offline = True
    try_sync(desk, wake=True)
    assert states(desk) == [("edit", "sending")]
    with pytest.raises(Refused, match="可能已经到达"):
        resolving.withdraw(desk, act.op_id)
    server.offline = False
    server.answer(Reply(UNAUTHORISED, error="密码"))
    try_sync(desk, wake=True)
    desk.refused.clear()
    assert syncing.sync(desk, wake=True).pending == 0 and times_applied(server, act.op_id, "incidents") == 1


def test_a_request_that_never_arrived_goes_out_again(server: Any, make_desk: MakeDesk) -> None:
    desk = make_desk(server)
    act = acts.edit(desk, GAS, {"phone": "1"})
    made = acts.report(desk, title="积水")
    server.drop_request(2)
    syncing.sync(desk)
    syncing.sync(desk, wake=True)
    assert syncing.sync(desk, wake=True).pending == 0
    assert times_applied(server, act.op_id, "incidents") == times_applied(server, made.op_id, "incidents") == 1


def test_a_change_in_doubt_whose_record_was_deleted_counts_as_done(server: Any, make_desk: MakeDesk) -> None:
    desk = make_desk(server)
    acts.edit(desk, GAS, {"phone": "1"})
    server.lose_reply()
    syncing.sync(desk)
    server.delete("incidents", GAS)
    report = syncing.sync(desk, wake=True)
    assert (report.pending, report.rejected) == (0, 0) and queries.rows(desk, "incidents") == []


def test_a_create_in_doubt_asks_the_history_and_raises_no_dead(server: Any, make_desk: MakeDesk) -> None:
    desk = make_desk(server)
    made = acts.report(desk, title="误报")
    server.lose_reply()
    syncing.sync(desk)
    server.delete("incidents", made.id)
    assert syncing.sync(desk, wake=True).pending == 0
    assert server.get("incidents", made.id) is None and mirror.get(desk.store, "incidents", made.id) is None


def test_a_rival_behind_a_lost_reply_is_no_conflict_of_ours(server: Any, make_desk: MakeDesk) -> None:
    desk, rival = make_desk(server), make_desk(server, "officer2")
    act = acts.edit(desk, GAS, {"phone": "ours"})
    server.lose_reply()
    syncing.sync(desk)
    syncing.sync(rival)
    acts.edit(rival, GAS, {"phone": "theirs"})
    syncing.sync(rival)
    report = syncing.sync(desk, wake=True)
    assert (report.pending, report.conflicts) == (0, 0)
    assert server.get("incidents", GAS)["phone"] == "theirs" and times_applied(server, act.op_id, "incidents") == 1


def test_the_history_knows_a_change_whose_trace_a_stranger_wiped(server: Any, make_desk: MakeDesk) -> None:
    desk = make_desk(server)
    act = acts.edit(desk, GAS, {"phone": "ours"})
    server.lose_reply()
    syncing.sync(desk)
    # As a PUT of somebody else's program would: the field as it was, and no op ids left.
    server.stranger("incidents", GAS, phone=None, ops=[])
    assert syncing.sync(desk, wake=True).pending == 0
    assert server.get("incidents", GAS)["phone"] is None and times_applied(server, act.op_id, "incidents") == 1


def test_a_later_act_chains_onto_what_a_lost_reply_produced(server: Any, make_desk: MakeDesk) -> None:
    desk = make_desk(server)
    acts.edit(desk, GAS, {"phone": "1"})
    acts.claim(desk, GAS)
    acts.edit(desk, GAS, {"phone": "2"})
    for _ in range(3):
        server.lose_reply()
        syncing.sync(desk, wake=True)
    assert syncing.sync(desk, wake=True).conflicts == 0
    there = server.get("incidents", GAS)
    assert (there["phone"], there["owner"]) == ("2", "officer")


def test_a_wrong_password_pauses_and_keeps(server: Any, make_desk: MakeDesk) -> None:
    desk = make_desk(server)
    acts.edit(desk, GAS, {"phone": "1"})
    acts.report(desk, title="积水")
    server.answer(Reply(UNAUTHORISED, error="平台不接受"))
    told = syncing.sync(desk).refused
    assert told is not None and "重新登录" in told.sentence() and desk.link.state == "paused"
    assert states(desk) == [("edit", "pending"), ("report", "pending")]
    # Nothing goes out under this account before it has signed in again; he is told once.
    again = syncing.sync(desk, wake=True)
    assert (again.pushed, again.refused, desk.link.state) == (0, None, "paused")
    desk.refused.clear()
    assert syncing.sync(desk).pushed == 2 and desk.link.state == "synced"


def test_one_account_refused_stops_neither_the_others_nor_the_pull(server: Any, make_desk: MakeDesk) -> None:
    desk = make_desk(server)
    acts.edit(desk, GAS, {"phone": "1"})
    acts.note(desk, None, "交班")
    desk.officer, desk.platforms["officer2"] = Officer("officer2", "officer2", "officer"), server.seat("officer2")
    acts.report(desk, title="积水")
    server.stranger("units", FIRE, contact="strange")
    server.answer(Reply(UNAUTHORISED, error="平台不接受账号“officer”"))
    report = syncing.sync(desk)
    assert (report.pushed, report.pending, report.refused, desk.link.state) == (1, 2, None, "synced")
    assert report.pulled["units"] == 1 and {row["contact"] for row in queries.units(desk) if row["id"] == FIRE} == {"strange"}
    assert {(row["actor"], row["error"]) for row in queries.outbox(desk)} == {("officer", "平台不接受账号“officer”")}
    assert all("重新登录" in row["waiting"] for row in queries.outbox(desk))
    # When he himself sits there again he reads under the account that is still accepted, and knows that he is waited for.
    desk.officer = Officer("officer", "officer", "officer")
    assert desk.platform() is desk.platforms["officer2"]
    assert syncing.sync(desk).pushed == 0 and desk.link.state == "paused"


def test_patience_for_one_record_does_not_hold_up_the_others(server: Any, make_desk: MakeDesk) -> None:
    """Kinto's 409 errno 122 names its Retry-After: that record waits, the rest goes."""
    desk = make_desk(server)
    acts.edit(desk, GAS, {"phone": "1"})
    acts.claim(desk, GAS)
    acts.report(desk, title="积水")
    server.answer(Reply(TRANSIENT, error="409", retry_after=3.0))
    report = syncing.sync(desk)
    assert report.pushed == 1 and states(desk) == [("edit", "sending"), ("claim", "pending")]
    (act, _) = outbox.acts(desk.store)
    assert act.next_at >= desk.epoch() + 2
    assert syncing.sync(desk).pushed == 0
    assert syncing.sync(desk, wake=True).pushed == 2


def test_silence_ends_the_whole_push(server: Any, make_desk: MakeDesk) -> None:
    desk = make_desk(server)
    acts.edit(desk, GAS, {"phone": "1"})
    acts.report(desk, title="积水")
    server.drop_request()
    assert syncing.sync(desk).pushed == 0
    assert states(desk) == [("edit", "sending"), ("report", "pending")]


def test_waiting_grows_with_every_try(server: Any, make_desk: MakeDesk) -> None:
    desk = make_desk(server)
    acts.edit(desk, GAS, {"phone": "1"})
    waits = []
    for _ in range(9):
        server.drop_request()
        syncing.sync(desk, wake=True)
        waits.append(outbox.acts(desk.store)[0].next_at - desk.epoch())
    assert all(wait <= 1.2 * pushing.BACK_OFF_S[-1] for wait in waits) and waits[-1] > waits[2] > waits[0] > 0
    assert syncing.sync(desk).pushed == 0
    assert syncing.sync(desk, wake=True).pushed == 1


def test_what_the_platform_refuses_stays_visible_and_may_be_sent_again(server: Any, make_desk: MakeDesk) -> None:
    desk = make_desk(server)
    act = acts.edit(desk, GAS, {"phone": "1"})
    behind = acts.claim(desk, GAS)
    server.answer(Reply(REJECTED, error="phone：应为文字", field="phone"))
    report = syncing.sync(desk)
    assert (report.rejected, report.pending) == (1, 1)
    assert states(desk) == [("edit", "rejected"), ("claim", "pending")]
    assert "应为文字" in queries.outbox(desk)[0]["waiting"]
    # Nothing passes it on the same record, and nothing sends it by itself.
    assert syncing.sync(desk, wake=True).pushed == 0
    resolving.retry(desk, act.op_id)
    assert syncing.sync(desk).pushed == 2 and times_applied(server, behind.op_id, "incidents") == 1


def test_a_record_under_constant_change_is_tried_again_later(server: Any, make_desk: MakeDesk) -> None:
    desk = make_desk(server)
    act = acts.dispatch(desk, GAS, [FIRE])
    count = 0
    seat = desk.platforms["officer"]

    def moving(kind: str, id: str, patch: dict[str, Any], version: int, op_id: str) -> Reply:
        nonlocal count
        count += 1
        server.stranger("units", FIRE, lon=122.0 + count / 100)
        reply: Reply = seat.platform.patch(kind, id, patch, version, op_id)
        return reply

    seat.patch = moving
    syncing.sync(desk)
    assert count == pushing.TRIES and states(desk) == [("dispatch", "pending")]
    del seat.patch
    assert syncing.sync(desk, wake=True).pushed == 1 and times_applied(server, act.op_id, "units") == 1


def test_an_act_stopped_in_its_midst_goes_on_where_it_stopped(server: Any, make_desk: MakeDesk) -> None:
    desk = make_desk(server)
    act = acts.dispatch(desk, GAS, [FIRE])
    server.stranger("incidents", GAS, phone="stranger")
    assert syncing.sync(desk).conflicts == 1
    (told,) = queries.conflicts(desk)
    assert told["kind"] == "incidents" and told["done_steps"] == ["力量 消防101"]
    resolving.resolve(desk, act.op_id, "mine")
    assert syncing.sync(desk).conflicts == 0
    there = server.get("incidents", GAS)
    assert (there["phone"], there["unit_ids"]) == ("stranger", [FIRE])
    assert [times_applied(server, act.op_id, kind) for kind in ("units", "incidents", "assignments")] == [1, 1, 1]
    assert [row["verb"] for row in queries.audit(desk)] == ["resolve", "dispatch"]


def test_an_act_from_a_restored_copy_raises_no_dead(server: Any, make_desk: MakeDesk, tmp_path: Path) -> None:
    desk = make_desk(server)
    note = acts.note(desk, GAS, "到场")
    backup.backup(desk.store, tmp_path / "copy.db")
    syncing.sync(desk)
    server.delete("log", note.id)
    backup.restore(desk.profile, tmp_path / "copy.db")
    assert outbox.counts(desk.store)["pending"] == 1
    syncing.sync(desk)
    assert server.get("log", note.id) is None and outbox.counts(desk.store)["done"] == 1
