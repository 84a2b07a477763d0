"""All boards of the desk in one hand, made in the right order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from weihai_command.operations.curves import CityReadings

from .act_board import ActBoard
from .alarm_board import AlarmBoard
from .bridge import Bridge, Runs
from .chart_board import ChartBoard
from .clock import Clock
from .command_board import CommandBoard
from .detail_board import DetailBoard
from .incident_board import IncidentBoard
from .intake_board import IntakeBoard
from .status_board import StatusBoard
from .supervision_board import SupervisionBoard
from .timeline_board import TimelineBoard
from .unit_acts import UnitActs
from .unit_board import UnitBoard


@dataclass(frozen=True, slots=True, weakref_slot=True)
class DeskBoards:
    """What the main window shows; `start` reads everything once, `close` before the window goes."""

    bridge: Bridge
    clock: Clock
    incidents: IncidentBoard
    units: UnitBoard
    detail: DetailBoard
    timeline: TimelineBoard
    status: StatusBoard
    acts: ActBoard
    commands: CommandBoard
    intake: IntakeBoard
    supervision: SupervisionBoard
    unit_acts: UnitActs
    alarms: AlarmBoard
    charts: ChartBoard

    def start(self) -> None:
        self.clock.start()
        self.refresh()

    def refresh(self) -> None:
        for board in (self.incidents, self.units, self.status, self.detail, self.alarms):
            board.refresh()
        if self.incidents.is_loaded:
            self.supervision.refresh()

    def close(self) -> None:
        self.bridge.close()


def make_boards(desk: Any, runner: Runs, queries: Any, acts: Any, clock: Clock | None = None) -> DeskBoards:
    """Boards over `desk`; `queries` and `acts` are the modules weihai_command.operations.queries and .acts."""
    clock = clock or Clock()
    bridge = Bridge(desk, runner, queries, acts)
    detail, incidents, units, acts_board = DetailBoard(bridge, clock), IncidentBoard(bridge, clock), UnitBoard(bridge, clock), ActBoard(bridge)
    boards = DeskBoards(
        bridge, clock, incidents, units, detail, TimelineBoard(detail, clock), StatusBoard(bridge, clock), acts_board,
        CommandBoard(bridge, clock, incidents, units, detail, acts_board), IntakeBoard(bridge, detail),
        SupervisionBoard(bridge, clock, detail), UnitActs(bridge, clock, units, acts_board), AlarmBoard(bridge, clock),
        ChartBoard(bridge, clock, lambda: CityReadings(desk)),
    )
    boards.acts.officer_changed.connect(boards.refresh)
    # It reads all incidents too: both at once take each other's time.
    incidents.loaded.connect(boards.supervision.refresh)
    units.worried.connect(incidents.show_worries)
    return boards
