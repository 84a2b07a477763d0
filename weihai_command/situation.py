"""`situation`: the leaders' screen on a monitor of its own, full screen; Escape leaves. It reads the city and changes nothing."""

from __future__ import annotations

import argparse
from typing import Any

from .app import Program, run_program, wanted_theme
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
        """On the named monitor, else on that of the program."""
        place(window, getattr(self.args, "monitor", None))


def run(args: argparse.Namespace) -> int:
    """The screen until Escape."""
    args.role = getattr(args, "role", None) or "leader"
    remember(args)
    return run_program(args, SituationProgram)
