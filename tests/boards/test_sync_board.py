"""When the desk speaks to its platform: after an act, on its period, when another process wrote; and what it says of a lost line."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from weihai_command.boards.bridge import Bridge
from weihai_command.boards.feed_board import FeedBoard
from weihai_command.boards.sync_board import SyncBoard
from weihai_command.domain.faults import Refused, Unauthorised
from weihai_command.feeds.platform import UNAUTHORISED, Reply
from weihai_command.feeds.twin import TwinPlatform
from weihai_command.operations import acts, feeding, queries, verbs
from weihai_command.operations.desk import City, Desk, Officer
from weihai_command.operations.runner import Runner
from weihai_command.store import outbox
from weihai_command.store.profile import Profile
from weihai_command.store.store import Store


@pytest.fixture
def twin() -> Iterator[TwinPlatform]:
    platform = TwinPlatform()
    yield platform
    platform.close()


@pytest.fixture
def desk(tmp_path: Path, twin: TwinPlatform) -> Iterator[Desk]:
    profile = Profile(tmp_path, "platform-test")
    made = Desk(
        profile, Store.open(profile, ballast=False), City("威海市", True, "http://127.0.0.1"), Officer("officer", "officer", "officer"),
        {"officer": twin}, root=tmp_path,
    )
    yield made
    made.store.close()


@pytest.fixture
def runner() -> Iterator[Runner]:
    made = Runner()
    yield made
    made.close()


@pytest.fixture
def bridge(qapp: object, desk: Desk, runner: Runner) -> Iterator[Bridge]:
    made = Bridge(desk, runner, queries, verbs)
    yield made
    made.close()


@pytest.fixture
def board(bridge: Bridge, runner: Runner) -> Iterator[SyncBoard]:
    made = SyncBoard(bridge, runner)
    yield made
    made.stop()


@pytest.fixture
def until(qapp: object) -> Callable[..., Any]:
    from PySide6.QtTest import QTest

    def wait(test: Callable[[], Any], seconds: float = 10.0) -> Any:
        for _ in range(int(seconds * 50)):
            if found := test():
                return found
            QTest.qWait(20)
        return test()

    return wait


def test_an_act_goes_out_and_the_kinds_are_told(board: SyncBoard, bridge: Bridge, desk: Desk, twin: TwinPlatform, until: Any) -> None:
    told: set[str] = set()
    bridge.changed.connect(told.update)
    acts.report(desk, title="树木倒伏", type="tree_fall", lon=122.1, lat=37.4)
    board.sync_now()
    assert until(lambda: len(twin.versions("incidents")) == 1 and "incidents" in told and "outbox" in told)
    assert outbox.counts(desk.store)["pending"] == 0


def test_a_lost_platform_is_said_once_and_its_return_once(board: SyncBoard, twin: TwinPlatform, desk: Desk, until: Any) -> None:
    lost: list[object] = []
    found: list[bool] = []
    board.lost.connect(lost.append)
    board.found.connect(lambda: found.append(True))
    board.sync_now()
    assert until(lambda: desk.link.state == "synced")
    twin.offline = True
    for _ in range(3):
        board.sync_now(wake=True)
        assert until(lambda: desk.link.state == "offline" and not board._running)
    assert len(lost) == 1
    twin.offline = False
    board.sync_now(wake=True)
    assert until(lambda: found) and desk.link.state == "synced"
    assert (len(lost), len(found)) == (1, 1)


def test_an_officer_whose_account_is_refused_is_told_once(
    board: SyncBoard, desk: Desk, twin: TwinPlatform, until: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost: list[Any] = []
    board.lost.connect(lost.append)
    acts.report(desk, title="树木倒伏")
    monkeypatch.setattr(twin, "create", lambda *_: Reply(UNAUTHORISED, error="密码"))
    for _ in range(2):
        board.sync_now(wake=True)
        assert until(lambda: not board._running)
    assert [type(fault) for fault in lost] == [Unauthorised] and desk.link.state == "paused"


def test_a_refused_agreement_is_no_loss_of_the_platform(board: SyncBoard, desk: Desk, twin: TwinPlatform, until: Any) -> None:
    said: list[tuple[str, Any]] = []
    board.lost.connect(lambda fault: said.append(("lost", fault)))
    board.found.connect(lambda: said.append(("found", None)))
    board.refused.connect(lambda fault: said.append(("refused", fault)))
    desk.officer = Officer("leader", "leader", "leader")
    board.accept_vanished("incidents")
    assert until(lambda: said)
    board.sync_now()
    assert until(lambda: desk.link.state == "synced" and not board._running)
    assert [(word, type(fault)) for word, fault in said] == [("refused", Refused)]
    # What fails for the line's sake is answered as well, and then its return is said.
    desk.officer, twin.offline = Officer("officer", "officer", "officer"), True
    board.accept_vanished("incidents")
    assert until(lambda: len(said) == 2)
    twin.offline = False
    board.sync_now()
    assert until(lambda: len(said) == 3)
    assert [word for word, _ in said] == ["refused", "refused", "found"]


def test_another_process_s_act_is_noticed_and_sent(board: SyncBoard, desk: Desk, twin: TwinPlatform, until: Any) -> None:
    board.start()
    assert until(lambda: desk.link.state == "synced")
    beside = Desk(desk.profile, Store.open(desk.profile, ballast=False), desk.city, desk.officer, {"officer": twin})
    try:
        acts.report(beside, title="井盖缺失", type="manhole_missing", lon=122.1, lat=37.4)
    finally:
        beside.store.close()
    assert until(lambda: len(twin.versions("incidents")) == 1)


def test_a_slow_neighbour_holds_up_no_act(
    board: SyncBoard, bridge: Bridge, runner: Runner, desk: Desk, twin: TwinPlatform, until: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, answered = threading.Event(), threading.Event()
    feeds = FeedBoard(bridge, runner)
    monkeypatch.setattr(feeding, "pull_due", lambda desk: asked.set() or (answered.wait(20) and feeding.Due()))
    try:
        feeds._look()
        assert asked.wait(5)
        acts.report(desk, title="树木倒伏", type="tree_fall", lon=122.1, lat=37.4)
        board.sync_now()
        assert until(lambda: len(twin.versions("incidents")) == 1, 5)
    finally:
        answered.set()
    assert until(lambda: not feeds._running)


def test_a_declared_feed_is_read_and_a_broken_list_is_said_once(
    bridge: Bridge, runner: Runner, desk: Desk, tmp_path: Path, until: Any
) -> None:
    board = FeedBoard(bridge, runner)
    lost: list[Any] = []
    board.lost.connect(lost.append)
    (tmp_path / "feeds.toml").write_text("[[feed]\n", "utf-8")
    for _ in range(2):
        board._look()
        assert until(lambda: not board._running)
    assert len(lost) == 1 and "feeds.toml" in lost[0].sentence()
    place = {"type": "Point", "coordinates": [122.1, 37.4]}
    station = {"type": "Feature", "id": str(uuid.uuid4()), "properties": {"name": "威海站"}, "geometry": place}
    (tmp_path / "stations.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [station]}), "utf-8")
    (tmp_path / "feeds.toml").write_text(
        '[[feed]]\nname = "stations"\nadapter = "geojson"\nsource = "stations.geojson"\nkind = "facilities"\nevery = "60 s"\n'
        '[feed.fields]\nname = "properties.name"\nkind = "=station"\n', "utf-8",
    )
    board._look()
    assert until(lambda: [row["name"] for row in queries.rows(desk, "facilities")] == ["威海站"])
    assert until(lambda: not board._running)
