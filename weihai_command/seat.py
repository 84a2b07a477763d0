"""One officer's seat: desk, boards, map and window joined. It knows everyone and decides nothing."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer

from layers.links import MapLink
from layers.map_view import MapView
from widgets.main_window import MainWindow

from .boards.desk_boards import make_boards
from .boards.feed_board import FeedBoard
from .boards.field_board import FieldBoard
from .boards.freshness_board import FreshnessBoard
from .boards.live_board import LiveBoard
from .boards.map_board import MapBoard
from .boards.sync_board import SyncBoard
from .domain.faults import Fault, Refused
from .operations import queries, upkeep, verbs
from .operations.desk import Desk
from .operations.runner import Runner
from .qt_start import runs_as_root
from .seat_alarms import SeatAlarms
from .seat_commands import SeatCommands
from .seat_nearby import SeatNearby
from .seat_readings import SeatReadings
from .seat_situation import SeatSituation
from .seat_warnings import SeatWarnings
from .seat_where import SeatWhere
from .store.profile import read_settings, write_settings

#: Housekeeping (indexes, backups, checkpoints) runs when the officer is not waiting for anything.
UPKEEP_MS = 20_000
#: The first sync waits for the first picture, but not longer than this.
FIRST_SYNC_MS, AFTER_PICTURE_MS = 4_000, 400
#: So many of a stack's marks are asked for by name.
MOST_NAMED = 500
#: What moves comes when the first picture stands.
FIRST_MOVE_MS = 800


class Seat(QObject):
    """Owns everything of an open desk; `close` leaves no page and no open file behind, and no thread unless it `is_left`."""

    def __init__(self, desk: Desk, map_view: MapView) -> None:
        super().__init__()
        self.desk, self.map = desk, map_view
        desk.has_quiet = True
        self.runner = Runner()
        self.boards = make_boards(desk, self.runner, queries, verbs)
        self.picture = MapBoard(self.boards.bridge, self.boards.detail, self.boards.incidents)
        self.syncing = SyncBoard(self.boards.bridge, self.runner)
        self.feeding = FeedBoard(self.boards.bridge, self.runner)
        self.living = LiveBoard(self.boards.bridge)
        self.readings = SeatReadings(self.boards, self.living, self.runner)
        self.fields = FieldBoard(self.boards.bridge)
        self.freshness = FreshnessBoard(self.boards.bridge, self.living.live)
        self.window = MainWindow(map_view, self.boards)
        self.nearby = SeatNearby(self.boards, map_view, self.window)
        self.where = SeatWhere(map_view, self.boards.bridge, self.window)
        self.alarms = SeatAlarms(self.boards, map_view, self.window, self.nearby.board)
        self.warnings = SeatWarnings(self.boards, map_view, self.window)
        self.situation = SeatSituation(self.boards, self.window, self.living.live, desk.profile.root)
        self.commands = SeatCommands(self.boards, map_view, self.window, lambda: read_settings(self._root()), self._remember)
        self._fed: set[str] = set()
        self._closed = False
        #: Whether something on another thread did not end in time when the seat was closed.
        self.is_left = False
        self._role = self._role_now()
        self._upkeep = QTimer(self, interval=UPKEEP_MS)
        self._upkeep.timeout.connect(self._keep_house)
        self._join_map()
        self._join_live()
        self._join_sync()
        self.window.closing.connect(self.close)

    def start(self) -> None:
        """Read the store and begin to sync; the window may be shown before or after."""
        self._restore_layout()
        self.boards.start()
        self.picture.start()
        self.syncing.start(FIRST_SYNC_MS)
        self.feeding.start()
        self.freshness.start()
        self.warnings.start()
        self.alarms.start()
        self.readings.start()
        self._upkeep.start()
        self._tell_notes()

    def is_painted(self) -> bool:
        """Map and marks are on the screen and the list has rows."""
        has_rows = self.boards.incidents.rowCount() > 0
        return has_rows and {"incidents", "units", "video_points"} <= self._fed and self.map.is_painted()

    def report(self) -> dict[str, Any]:
        """What stands on the screen and what the page asked for: {points: {kind: n}, requests: [url], refused: [url], rows}."""
        return {
            "points": {kind: len(index.table) for kind, index in self.map.feeds.index.items()},
            "rows": self.boards.incidents.rowCount(),
            "requests": list(self.map.web.scheme.requests), "refused": list(self.map.web.refused),
        }

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        self._keep_layout()
        self._upkeep.stop()
        self._first_move.stop()
        self.syncing.stop()
        self.feeding.stop()
        self.freshness.stop()
        self.warnings.stop()
        self.alarms.stop()
        self.readings.stop()
        self.living.stop()
        self.situation.close()
        self.boards.close()
        self.desk.hang_up()
        self.is_left = not self.runner.close()
        self.map.close_page()
        self.desk.close()

    def _join_map(self) -> None:
        window, city_map = self.window, self.map
        self.picture.pictured.connect(city_map.set_points)
        self.picture.linked.connect(self._show_links)
        city_map.fed.connect(self._fed.add)
        panel = city_map.stage.panel
        panel.looked_into.connect(self.fields.ask)
        self.fields.counted.connect(panel.show_fields)
        self.freshness.told.connect(panel.show_freshness)
        city_map.views.changed.connect(lambda views: self._remember(f"views-{self._role}", views))
        city_map.picked.connect(self._open_mark)
        city_map.place_clicked.connect(self._take_place)
        city_map.fanned_out.connect(self._name_marks)
        city_map.renderer_restarted.connect(lambda: window.message.show_done("地图进程曾中断，已自动恢复，数据没有影响"))
        window.incident_selected.connect(lambda incident: city_map.select("incidents", incident or None))
        window.unit_selected.connect(lambda unit: city_map.select("units", unit or None))
        window.place_pick_requested.connect(city_map.start_picking)

    def _join_live(self) -> None:
        city_map, living = self.map, self.living
        living.moved.connect(city_map.movers.update)
        living.restated.connect(city_map.update_points)
        living.doubted.connect(city_map.movers.show_suspects)
        self.nearby.board.follow(living)
        city_map.fed.connect(living.painted)
        self.picture.pictured.connect(lambda table, _: living.know(table))
        self._first_move = QTimer(self, singleShot=True, interval=FIRST_MOVE_MS)
        city = self.desk.city
        self._first_move.timeout.connect(lambda: living.start(has_sample=city.embedded and city.exercise))
        self._first_move.timeout.connect(self.readings.hurry)
        if city_map.paint.is_drawn:
            self._first_move.start()
        else:
            city_map.ready.connect(self._first_move.start)

    def _join_sync(self) -> None:
        acts, message = self.boards.acts, self.window.message
        acts.done.connect(lambda *_: self.syncing.sync_now(wake=True))
        acts.officer_changed.connect(lambda: self.syncing.sync_now(wake=True))
        acts.officer_changed.connect(self._change_seat)
        self.window.theme_changed.connect(self._change_theme)
        self.map.ready.connect(lambda: self.syncing.start(AFTER_PICTURE_MS))
        self.syncing.lost.connect(message.show_fault)
        self.syncing.refused.connect(message.show_fault)
        self.syncing.found.connect(lambda: message.show_done("平台已恢复连接，待发的操作按原来的顺序续发"))
        self.feeding.lost.connect(message.show_fault)
        self.feeding.found.connect(message.show_done)
        self.readings.lost.connect(message.show_fault)
        self.readings.found.connect(message.show_done)
        self.window.vanish_allowed.connect(self.syncing.accept_vanished)

    def _show_links(self, found: list[tuple[str, str, bool]]) -> None:
        incident = self.boards.detail.incident_id
        self.map.set_links([MapLink(unit, incident, label, committed) for unit, label, committed in found])

    def _open_mark(self, kind: str, record_id: str) -> None:
        """A click on a mark: incidents and units open on their boards, the others say who they are."""
        if kind == "incidents":
            self.window.open_incident(record_id)
        elif kind == "units":
            self.window.select_unit(record_id)
            self.map.select("units", record_id)
        elif kind == "movers":
            self.map.select(kind, record_id)
            self.window.message.show_done(self.living.live.sentence(record_id))
        else:
            self.map.select(kind, record_id)
            ask = self.boards.bridge.ask
            now = self.living.shown().now
            more = " · 再点一次或 Ctrl+R 看曲线" if kind == "sensors" else ""
            ask("mark", lambda: upkeep.opened_mark(self.desk, kind, record_id, now) + more, self.window.message.show_done)

    def _name_marks(self, marks: list[tuple[str, str]]) -> None:
        self.boards.bridge.ask("names", lambda: upkeep.mark_names(self.desk, marks[:MOST_NAMED]), self.map.fan.name)

    def _take_place(self, lon: float, lat: float) -> None:
        self.map.stop_picking()
        self.boards.bridge.ask("place", lambda: upkeep.place_name(lon, lat), lambda name: self.window.place_picked(lon, lat, name))

    def _tell_notes(self) -> None:
        """What happened to the store when it was opened, and that root has no browser sandbox."""
        notes = list(self.desk.store.notes)
        if runs_as_root():
            self.window.message.set_mark("⚠ 浏览器沙箱已关闭", "以 root 运行。地图页面只加载本机内容；日常值班请用普通账号")
            notes.append("以 root 运行：地图的浏览器沙箱已关闭（页面只加载本机内容）。日常值班请用普通账号")
        if notes:
            self.window.message.show_fault(Refused("；".join(notes)) if len(notes) > 1 else Fault(notes[0]))

    def _keep_house(self) -> None:
        self.runner.change(lambda: upkeep.tidy(self.desk), lambda _: None, self.boards.bridge.fail)
        self.boards.bridge.ask("copy", lambda: upkeep.copy(self.desk), lambda _: None)

    def _role_now(self) -> str:
        return self.desk.officer.role if self.desk.officer else "officer"

    def _change_seat(self) -> None:
        """Another role sits down: the old one's layout is kept, its own is laid out. An empty seat stays as it is."""
        if self.desk.officer is None or self._role_now() == self._role:
            return
        self._keep_layout()
        self._role = self._role_now()
        self.window.restore_standard()
        self._restore_layout()

    def _change_theme(self, name: str) -> None:
        self.map.set_theme(name)
        self._remember("theme", name)

    def _restore_layout(self) -> None:
        settings = read_settings(self._root())
        kept = settings.get(f"layout-{self._role}")
        if isinstance(kept, str):
            self.window.set_layout_state(base64.b64decode(kept, validate=False))
        self.map.stage.panel.set_look(settings.get(f"layers-{self._role}"))
        self.boards.incidents.set_sorting(settings.get(f"sorting-{self._role}"))
        # Views of an edition that kept them for all roles together.
        self.map.views.load(settings.get(f"views-{self._role}", settings.get("views")))

    def _keep_layout(self) -> None:
        self._remember(f"layers-{self._role}", self.map.stage.panel.look())
        self._remember(f"sorting-{self._role}", self.boards.incidents.sorting)
        self._remember(f"layout-{self._role}", base64.b64encode(self.window.layout_state()).decode())

    def _remember(self, name: str, value: Any) -> None:
        root = self._root()
        try:
            write_settings(root, {**read_settings(root), name: value})
        except OSError:
            # A full disk must not keep the window open; the look is the least of what is kept.
            return

    def _root(self) -> Path:
        return self.desk.profile.root
