"""`situation`: the leaders' screen on a monitor of its own, full screen; Escape leaves. It reads the city and changes nothing."""

from __future__ import annotations

import argparse
import sys
from typing import Any

from .app import Program, run_program, wanted_theme
from .domain.faults import Usage
from .output import refuse
from .walls import place, remember, settings_of


class SituationProgram(Program):
    """The screen in place of the desk."""

    seat_module = "weihai_command.situation_seat"

    def make_map(self) -> Any:
        from layers.wall_map import WallMap

        return WallMap(wanted_theme(self.args), self.root / "cache")

    def web(self) -> Any:
        return self.map.view

    def make_seat(self) -> Any:
        from .situation_seat import SituationSeat

        return SituationSeat(self.opening.desk, self.map, settings_of(self.args))

    def show_window(self, window: Any) -> None:
        """On the named monitor, else on that of the program; a name that no monitor has ends it."""
        from PySide6.QtWidgets import QApplication

        try:
            place(window, getattr(self.args, "monitor", None))
        except Usage as fault:
            QApplication.exit(refuse(fault, self.args.json))
            return
        plan = window.plan
        if plan is not None and plan.is_smaller:
            print(f"按观看距离正文应为 {window.settings.body:.0f} 像素，这块屏放不下，用了 {plan.body:.0f} 像素", file=sys.stderr)


def run(args: argparse.Namespace) -> int:
    """The screen until Escape."""
    args.role = getattr(args, "role", None) or "leader"
    remember(args)
    return run_program(args, SituationProgram)
