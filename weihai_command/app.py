"""Open the desk: the city is read in a thread while Qt and the map's page start; trouble becomes a window with a sentence."""

from __future__ import annotations

import argparse
import json
import os
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import Any

from .domain.faults import Fault, Unauthorised
from .feeds.line import hang_up_all
from .qt_start import make_application, prepare_environment
from .stacks import Stacks

THEME = "dark"
THEMES = (THEME, "light")
#: Looks of 10 ms each before a window says that something is being opened.
SHOW_WAITING_AFTER = 40
#: For measurements and tests: print one JSON line when polled pixels show the desk, then leave (or stay).
REPORT, STAY = "WEIHAI_REPORT_PAINTED", "stay"


class Opening:
    """Opens the city off the window's thread; `desk` or `fault` is there when it is done.

    `ahead` reads the masses while the window is built; what it keeps is there when the map asks.
    """

    def __init__(self, args: argparse.Namespace) -> None:
        self.words = "正在打开城市数据…"
        self._pool = ThreadPoolExecutor(1, "opening")
        self._future = self._pool.submit(self._open, args)
        self.ahead = self._pool.submit(self._read_ahead)
        self._pool.shutdown(wait=False)

    def _open(self, args: argparse.Namespace) -> Any:
        from .cities import open_desk

        return open_desk(args, self._tell)

    def _read_ahead(self) -> None:
        # What fails here fails again where the map asks for it, and is told there.
        from .operations import upkeep

        if self.desk is not None:
            upkeep.keep_columns(self.desk)

    def _tell(self, words: str) -> None:
        self.words = words

    @property
    def is_done(self) -> bool:
        return self._future.done()

    @property
    def desk(self) -> Any:
        """The open desk, None where opening failed; waits for the end."""
        return None if self._future.exception() else self._future.result()

    @property
    def fault(self) -> Fault | None:
        """Why there is no desk, as a sentence; a bug is logged whole."""
        from .boards.bridge import as_fault

        error = self._future.exception() if self._future.done() else None
        return as_fault(error) if isinstance(error, Exception) else None


def wanted_theme(args: argparse.Namespace) -> str:
    """The look that was chosen last on this root, else dark."""
    from .store.profile import default_root, read_settings

    kept = read_settings(args.profile or default_root()).get("theme")
    return kept if kept in THEMES else THEME


def run(args: argparse.Namespace) -> int:
    """The desk until its window closes."""
    return run_program(args, Program)


def run_program(args: argparse.Namespace, kind: type[Program]) -> int:
    """A program of this kind until its window closes."""
    from .store.profile import default_root

    stacks = Stacks(args.profile or default_root())
    prepare_environment(offscreen=False)
    opening = Opening(args)
    app = make_application(wanted_theme(args))
    program = kind(args, opening)
    stacks.watch()
    program.begin()
    code = app.exec()
    program.end()
    stacks.leave()
    if program.seat is not None and program.seat.is_left:
        # A name that no server resolves, a disk that does not answer: Python would wait for that thread, and everything of ours is kept and closed.
        os._exit(code)
    return code


class Program:
    """From the first window to the last: waiting, trouble, seat."""

    seat_module = "weihai_command.seat"

    def __init__(self, args: argparse.Namespace, opening: Opening) -> None:
        from PySide6.QtCore import QTimer

        from .store.profile import default_root

        self.args, self.opening = args, opening
        self.root: Path = args.profile or default_root()
        self.size: tuple[int, int] | None = None
        self.seat: Any = None
        self.front: Any = None
        self._watch: Any = None
        self.map = self.make_map()
        self._timer = QTimer()
        self._timer.setInterval(10)
        self._timer.timeout.connect(self._look)
        self._showing = QTimer(singleShot=True, interval=0)
        self._showing.timeout.connect(self._show)
        self._waited = 0

    def make_map(self) -> Any:
        """The map's widget; its page starts while the city is read."""
        from layers.map_view import MapView

        return MapView(wanted_theme(self.args), self.root / "cache")

    def web(self) -> Any:
        """The view that shows the map's page."""
        return self.map.stage.web

    def make_seat(self) -> Any:
        """Whatever shows the city, when it is open."""
        from .seat import Seat

        return Seat(self.opening.desk, self.map)

    def show_window(self, window: Any) -> None:
        """As large as the screen."""
        # Without a window manager nobody maximizes it: then the screen's size is right as well.
        window.resize(window.screen().availableSize())
        window.showMaximized()

    def begin(self) -> None:
        """Look for the desk from now on; what the seat is made of is loaded meanwhile, in a turn of its own."""
        from PySide6.QtCore import QTimer

        QTimer.singleShot(0, lambda: import_module(self.seat_module))
        self._timer.start()

    def end(self) -> None:
        """Whatever is open is closed, also when the program ends before the desk was there."""
        self._timer.stop()
        self._showing.stop()
        if self.seat is not None:
            self.seat.close()
            return
        # Opening may be signing in at a server that says nothing.
        hang_up_all()
        if self.opening.desk is not None:
            self.opening.desk.close()
        self.map.close_page()

    def _look(self) -> None:
        if not self.opening.is_done:
            self._waited += 1
            if self._waited >= SHOW_WAITING_AFTER:
                self._show_front(self.opening.words, None)
            return
        self._timer.stop()
        if self.opening.fault is not None:
            self._show_front("", self.opening.fault)
        else:
            self.args.secret = None
            self._sit()

    def _sit(self) -> None:
        self.seat = self.make_seat()
        if self.size:
            self.seat.window.resize(*self.size)
        self.seat.start()
        # In a turn of its own: between the two the map's page gets what it asks for.
        self._showing.start()

    def _show(self) -> None:
        window = self.seat.window
        if self.size:
            window.show()
        else:
            self.show_window(window)
        if self.front is not None:
            self.front.close()
        if os.environ.get(REPORT):
            self._report_painted()

    def _report_painted(self) -> None:
        from PySide6.QtWidgets import QApplication

        from .painted import PaintedWatch

        def done(waited: float) -> None:
            print(json.dumps(self.seat.report()), flush=True)
            if os.environ[REPORT] != STAY:
                QApplication.quit()

        self._watch = PaintedWatch(self.seat, done, QApplication.quit)

    def _show_front(self, waiting: str, fault: Fault | None) -> None:
        """The window before the desk: what is being done, or what went wrong and what can be done."""
        from widgets.front_window import FrontWindow

        if self.front is None:
            self.front = FrontWindow()
            self.front.retried.connect(self._again)
            self.front.signed_in.connect(self._sign_in)
            self.front.sample_wanted.connect(self._sample)
            self.front.show()
        if fault is None:
            self.front.show_waiting(waiting)
        else:
            self.front.show_fault(fault, asks_password=isinstance(fault, Unauthorised), user=self.args.user or "")

    def _again(self) -> None:
        self.opening = Opening(self.args)
        self._waited = SHOW_WAITING_AFTER
        self._timer.start()

    def _sign_in(self, user: str, password: str) -> None:
        self.args.user = user
        # Not by the environment: the browser's processes would inherit it.
        self.args.secret = password
        self._again()

    def _sample(self) -> None:
        self.args.platform, self.args.user = None, None
        self._again()
