"""Who sits at a desk and how many work beside it: offline sign-in, successors, two processes on one store."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from weihai_command.domain.faults import Unreachable
from weihai_command.operations import acts, opening, queries, syncing
from weihai_command.store import locks

pytestmark = [pytest.mark.kinto, pytest.mark.journey]
SeatOf = Callable[..., Any]


def test_offline_the_password_is_checked_against_what_was_kept(city: Any, seat: SeatOf, line: Any) -> None:
    incident = city.incident("应0001A")
    desk, stranger = seat(), seat("officer2", synced=False, folder="officer")
    line.down()
    assert desk.row("incidents", incident)["title"] == "燃气泄漏"
    assert desk.do("note", incident, "到场")["kind"] == "log"
    right, desk.password = desk.password, "wrong"
    refused = desk.do("note", incident, "冒名", code=3)
    assert "核对" in refused["error"] and "没有动" in refused["error"]
    # An account that was never here cannot be checked either.
    assert "officer2" in stranger.do("note", incident, "冒名", code=3)["error"]
    desk.password = right
    assert [row["verb"] for row in desk.rows("outbox")] == ["note"]
    kept = (desk.folder / next(each.name for each in desk.folder.glob("platform-*")) / "desk.db").read_bytes()
    assert right.encode() not in kept and b"$argon2id$" in kept


def test_a_first_visit_needs_the_platform(seat: SeatOf, line: Any) -> None:
    desk = seat(synced=False)
    line.down()
    refused = desk.do("report", "--title", "x", code=3)
    assert "无法连接平台" in refused["error"] and not list(desk.folder.glob("platform-*"))


def test_a_successor_does_not_send_the_predecessors_acts(city: Any, seat: SeatOf) -> None:
    incident = city.incident("应0002A")
    first = seat("officer", folder="desk")
    act = first.do("claim", incident)
    second = seat("officer2", folder="desk")
    noted = second.do("note", incident, "接班")
    report = second.sync()
    assert (report["pushed"], report["pending"]) == (1, 1)
    assert city.writes_of(act["op_id"]) == 0 and city.writes_of(noted["op_id"]) == 1
    (row,) = second.rows("outbox")
    assert row["actor"] == "officer" and "officer 登录后" in row["waiting"]
    assert first.sync()["pushed"] == 1
    # It went out under the account of the officer who did it: the server's history names him.
    path = f'/buckets/city/history?target.data.last_op="{act["op_id"]}"'
    (entry,) = city.hub.send("admin", "GET", path).json()["data"]
    assert entry["user_id"] == "account:officer" and city.get("incidents", incident)["owner"] == "officer"


def test_acts_and_syncs_work_beside_an_open_desk(city: Any, seat: SeatOf, hub: Any, line: Any) -> None:
    incident = city.incident("应0003A")
    shell = seat()
    desk = opening.open_platform(shell.folder, line.url, "officer", hub.accounts["officer"])
    try:
        syncing.sync(desk)
        before = desk.store.generation()
        act = shell.do("note", incident, "旁路写入")
        assert desk.store.generation() != before
        with locks.push_right(desk.profile) as ours:
            assert ours
            # The other process has the right to push: it pushes nothing, pulls all the same, and says what waits.
            assert syncing.sync(desk).pushed == 0
            city.incident("应0004A")
            report = shell.sync()
            assert (report["pushed"], report["pending"], report["pulled"]) == (0, 1, {"incidents": 1})
        assert shell.sync()["pushed"] == 1 and city.writes_of(act["op_id"]) == 1
        assert syncing.sync(desk).pending == 0
    finally:
        desk.close()


def test_a_line_that_goes_down_under_an_open_desk_leaves_no_doubt(city: Any, seat: SeatOf, hub: Any, line: Any) -> None:
    incident = city.incident("应0006A")
    desk = opening.open_platform(seat(synced=False).folder, line.url, "officer", hub.accounts["officer"])
    try:
        syncing.sync(desk)
        act = acts.note(desk, incident, "到场")
        line.down()
        with pytest.raises(Unreachable):
            syncing.sync(desk)
        # The push met a refused connection: not a byte has left, and the act may still be withdrawn.
        assert [(row["state"], row["word"]) for row in queries.outbox(desk)] == [("pending", "待发送")]
        assert (desk.link.state, queries.rows(desk, "log")[0]["sync"]) == ("offline", "pending")
        line.up()
        line.lose_replies = 1
        syncing.sync(desk, wake=True)
        assert [(row["state"], row["word"]) for row in queries.outbox(desk)] == [("sending", "待确认")]
        assert syncing.sync(desk, wake=True).pending == 0 and city.writes_of(act.op_id) == 1
    finally:
        desk.close()


def test_two_processes_push_at_once_and_each_act_arrives_once(city: Any, seat: SeatOf, line: Any, hub: Any) -> None:
    incident = city.incident("应0005A")
    shell = seat()
    made = [shell.do("note", incident, f"第 {n} 条") for n in range(4)]
    line.delay = 0.05
    desk = opening.open_platform(shell.folder, line.url, "officer", hub.accounts["officer"], ask=False)
    try:
        processes = [_start(shell) for _ in range(2)]
        syncing.sync(desk, wake=True)
        assert [process.wait(60) for process in processes] == [0, 0]
    finally:
        desk.close()
        for process in processes:
            process.stdout.close()
    assert [city.writes_of(act["op_id"]) for act in made] == [1, 1, 1, 1]
    assert shell.rows("outbox") == [] and len(city.all("log")) == 4


def _start(shell: Any) -> Any:
    import os
    import subprocess
    import sys

    command = [sys.executable, "-m", "weihai_command", "--profile", str(shell.folder), "sync", "--platform", shell.url, "--user", shell.user]
    return subprocess.Popen(
        command, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={**os.environ, "WEIHAI_PASSWORD": shell.password}
    )
