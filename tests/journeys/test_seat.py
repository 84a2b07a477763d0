"""The whole seat in this process before a real Kinto: report, send, close, with the line cut in between; and what the parts are told."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.journey, pytest.mark.window, pytest.mark.kinto]


def _module(name: str) -> ModuleType:
    full = f"weihai_tests_{name}"
    if full not in sys.modules:
        spec = importlib.util.spec_from_file_location(full, ROOT / "tests" / f"{name}.py")
        assert spec and spec.loader
        sys.modules[full] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[full])
    return sys.modules[full]


hub = _module("hubs").hub
FIRE = {"id": "10000000-0000-4000-8000-000000000001", "name": "消防101", "kind": "fire", "state": "available", "lon": 122.12, "lat": 37.5}


@pytest.fixture
def line(hub: Any) -> Iterator[Any]:
    hub.wipe()
    made = _module("breakers").Line(int(hub.url.split(":")[2].split("/")[0]))
    yield made
    made.close()


@pytest.fixture
def seat(qapp: Any, hub: Any, line: Any, tmp_path: Path) -> Iterator[Any]:
    from layers.map_view import MapView
    from weihai_command.operations import opening
    from weihai_command.seat import Seat

    admin = hub.login("admin")
    assert admin.create("units", dict(FIRE), "seed").status == "applied"
    admin.close()
    desk = opening.open_platform(tmp_path, line.url, "officer", hub.accounts["officer"])
    made = Seat(desk, MapView("dark", tmp_path / "cache"))
    made.window.resize(1366, 768)
    made.start()
    made.window.show()
    made.syncing.sync_now()
    yield made
    made.close()
    made.window.deleteLater()
    qapp.processEvents()


@pytest.mark.timeout(180)
def test_the_main_job_with_the_line_cut(seat: Any, hub: Any, line: Any, until: Callable[..., Any]) -> None:
    boards, acts = seat.boards, seat.boards.acts
    assert until(lambda: boards.units.all_units()), "units never came from the platform"
    line.down()
    acts.report({"title": "商铺燃气泄漏", "type": "gas_leak", "priority": "1", "lon": 122.13, "lat": 37.48})
    assert until(lambda: boards.detail.detail and boards.detail.detail.row.number)
    incident = boards.detail.incident_id
    acts.dispatch(incident, [FIRE["id"]])
    assert until(lambda: boards.detail.detail.assignments)
    acts.note(incident, "已电话通知燃气公司")
    assert until(lambda: boards.status.waiting == 3)
    assert boards.detail.detail.row.sync == "pending" and "3 待发" in boards.status.chip()[0]
    assert until(lambda: seat.desk.link.state == "offline")
    # No act waited for it, and there is a copy of desk.db soon all the same.
    assert seat.desk.has_quiet and until(lambda: list(seat.desk.profile.backups.glob("desk-*.db")))
    newest = max(seat.desk.profile.backups.glob("desk-*.db"))
    newest.unlink()
    seat._keep_house()
    assert until(lambda: list(seat.desk.profile.backups.glob("desk-*.db")))
    line.up()
    seat.syncing.sync_now(wake=True)
    assert until(lambda: boards.status.waiting == 0), boards.status.status
    server = hub.login("officer2")
    kept = server.get("incidents", incident)
    assert kept["state"] == "active" and kept["unit_ids"] == [FIRE["id"]]
    assert len(server.versions("log")) == 1 and len(server.versions("assignments")) == 1
    acts.set_unit_state(FIRE["id"], "returning")
    acts.perform("close", incident, {"outcome": "阀门已关，气体散尽"})
    assert until(lambda: server.get("incidents", incident)["state"] == "ended")
    server.close()


@pytest.mark.timeout(180)
def test_a_stranger_s_incident_appears_and_a_mark_opens_it(seat: Any, hub: Any, until: Callable[..., Any]) -> None:
    assert until(lambda: seat.boards.units.all_units())
    other = hub.login("officer2")
    strange = {
        "id": "20000000-0000-4000-8000-000000000001", "title": "渔船进水", "track": "emergency", "state": "new", "number": "应0009A",
        "lon": 122.2, "lat": 37.4, "history": [],
    }
    assert other.create("incidents", strange, "their-op").status == "applied"
    other.close()
    seat.syncing.sync_now()
    assert until(lambda: seat.boards.incidents.by_number("应0009A"))
    assert until(lambda: "incidents" in seat.map.feeds.index and len(seat.map.feeds.index["incidents"].table) == 1)
    seat.map.picked.emit("incidents", strange["id"])
    assert until(lambda: seat.boards.detail.detail and seat.boards.detail.detail.row.id == strange["id"])


@pytest.mark.timeout(180)
def test_the_next_officer_does_not_send_what_the_last_one_left(seat: Any, hub: Any, line: Any, until: Callable[..., Any]) -> None:
    boards, acts = seat.boards, seat.boards.acts
    assert until(lambda: boards.units.all_units())
    line.down()
    acts.report({"title": "树木倒伏", "type": "tree_fall", "lon": 122.1, "lat": 37.4})
    assert until(lambda: boards.status.waiting == 1)
    acts.sign_out()
    assert until(lambda: not boards.status.is_signed_in)
    line.up()
    acts.sign_in("officer2", hub.accounts["officer2"])
    assert until(lambda: boards.status.is_signed_in)
    seat.syncing.sync_now(wake=True)
    assert until(lambda: seat.desk.link.state == "synced")
    assert boards.status.waiting == 1
    acts.sign_in("officer", hub.accounts["officer"])
    assert until(lambda: boards.status.waiting == 0)


@pytest.mark.timeout(180)
def test_each_role_finds_its_own_layout(seat: Any, hub: Any, until: Callable[..., Any]) -> None:
    from PySide6.QtCore import Qt

    window, boards = seat.window, seat.boards
    window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, window.docks["list"])

    def side() -> Any:
        return window.dockWidgetArea(window.docks["list"])

    boards.acts.sign_in("leader", hub.accounts["leader"])
    assert until(lambda: boards.status.officer.endswith("领导") and side() == Qt.DockWidgetArea.LeftDockWidgetArea)
    boards.acts.sign_in("officer", hub.accounts["officer"])
    assert until(lambda: side() == Qt.DockWidgetArea.RightDockWidgetArea)


@pytest.mark.timeout(180)
def test_layers_say_how_old_they_are_while_the_line_is_cut(seat: Any, line: Any, until: Callable[..., Any]) -> None:
    from datetime import timedelta

    panel, board, clock = seat.map.stage.panel, seat.freshness, seat.desk.clock
    notes = panel.kinds.notes
    assert until(lambda: seat.desk.link.state == "synced") and until(lambda: seat.desk.link.last_ok)
    board.look()
    assert until(lambda: panel.kinds.boxes["units"].toolTip().startswith("平台 127.0.0.1")) and notes["units"].isHidden()
    line.down()
    assert until(lambda: seat.desk.link.state == "offline")
    seat.desk.clock = lambda: clock() + timedelta(seconds=200)
    board.look()
    assert until(lambda: notes["units"].note.text == notes["video_points"].note.text == "中断 3 分")
    assert notes["movers"].isHidden(), "ships do not come from the platform"
    seat.desk.clock = clock
    line.up()
    assert until(lambda: seat.desk.link.state == "synced")
    board.look()
    assert until(lambda: notes["units"].isHidden())
