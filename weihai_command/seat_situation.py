"""The leaders' screen opened from the desk: a window and a page of its own over the desk's city, on another monitor where there is one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from widgets.main_window import MainWindow
from widgets.views import View

from .boards.desk_boards import DeskBoards
from .operations.live import Live
from .store.profile import read_settings
from .walls import kept_settings, place

#: Kinds that report by themselves.
STREAMED = ("sensors", "video_points")


class SeatSituation(QObject):
    """Nothing of the screen is loaded before it is asked for; it goes when it is left."""

    def __init__(self, boards: DeskBoards, window: MainWindow, live: Live, root: Path) -> None:
        super().__init__(window)
        self._boards, self._window, self._live, self._root = boards, window, live, root
        self.view: Any = None
        window.views.join(View("situation", opens=self.open))
        window.top.add_view("situation", "态势", 2)

    def open(self) -> None:
        """Bring the screen, or bring it to the front."""
        if self.view is None:
            self._make()
        else:
            self.view.window.raise_()
        self.view.window.activateWindow()

    def _make(self) -> None:
        from layers.wall_map import WallMap
        from widgets import theme

        from .situation_seat import SituationView

        settings, monitor = kept_settings(read_settings(self._root).get("situation"))
        city_map = WallMap(theme.mode(), self._root / "cache")
        self.view = SituationView(self._boards.bridge, self._boards.clock, city_map, settings, self._reported)
        self.view.left.connect(self._gone)
        self.view.start()
        place(self.view.window, monitor if monitor in {screen.name() for screen in QGuiApplication.screens()} else self._other())

    def _other(self) -> str | None:
        """The monitor that the desk does not stand on, where there is one."""
        mine = self._window.screen()
        return next((screen.name() for screen in QGuiApplication.screens() if screen is not mine and screen.name()), None)

    def _reported(self) -> dict[str, float]:
        return {kind: at for kind in STREAMED if (at := self._live.last_report(kind)) is not None}

    def _gone(self) -> None:
        view, self.view = self.view, None
        if view is not None:
            view.window.deleteLater()
            view.deleteLater()
            self._window.activateWindow()

    def close(self) -> None:
        if self.view is not None:
            self.view.window.close()
