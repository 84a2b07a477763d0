"""`shot SCREEN OUT.png`: the real screen, drawn offscreen, saved after polled pixels show it painted."""

from __future__ import annotations

import argparse
import re
from typing import Any

from .domain.faults import Fault, StoreFault, Usage
from .output import emit, refuse
from .qt_start import make_application, prepare_environment

#: After the last paint the boards may still settle (ages, links): one more look costs little.
SETTLE_MS = 700
#: So often at most.
LOOKS = 40
#: Between two looks at the map while it settles, and how often it is looked at at most.
LOOK_MS, LOOKS = 300, 40
#: From the start to the seat; making the big city takes most of it. After that the watch has a patience of its own.
OPENING_MS = 180_000


def run(args: argparse.Namespace) -> int:
    """Save one screen; JSON {"screen", "size", "file"}."""
    width, height = _size(args.size)
    prepare_environment(offscreen=True)
    from .app import Opening, Program, wanted_theme
    from .situation import SituationProgram
    from .walls import settings_of

    kind: type[Program] = SituationProgram if args.screen == "situation" else Program
    settings_of(args)
    opening = Opening(args)
    app = make_application(wanted_theme(args))
    program = kind(args, opening)
    program.size = (width, height)
    shot = _Shot(args, program)
    program.begin()
    shot.begin()
    app.exec()
    program.end()
    if isinstance(shot.outcome, Fault):
        return refuse(shot.outcome, args.json)
    found = {"screen": args.screen, "size": f"{width}x{height}", "file": str(args.out)}
    emit(found, args.json, f"{args.screen} {width}x{height} → {args.out}")
    return 0


def _size(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{3,5})x(\d{3,5})", text)
    if not match:
        raise Usage(f"--size 要写成 宽x高：{text}")
    return int(match[1]), int(match[2])


class _Shot:
    """Waits for the seat, then for its paint, then saves."""

    def __init__(self, args: argparse.Namespace, program: Any) -> None:
        from PySide6.QtCore import QTimer

        self.args, self.program = args, program
        self.outcome: Fault | None = None
        self._left = LOOKS
        self._watch: Any = None
        self._seen: Any = None
        self._looks = LOOKS
        self._timer = QTimer()
        self._timer.setInterval(20)
        self._timer.timeout.connect(self._look)
        # A seat that could not be built leaves neither a desk nor a fault, and nobody sits before this screen.
        self._patience = QTimer(singleShot=True, interval=OPENING_MS)
        self._patience.timeout.connect(self._late)

    def begin(self) -> None:
        self._timer.start()
        self._patience.start()

    def _look(self) -> None:
        from .painted import PaintedWatch

        if self.program.opening.fault is not None:
            self._end(self.program.opening.fault)
        elif self.program.seat is not None:
            self._timer.stop()
            self._patience.stop()
            self._watch = PaintedWatch(self.program.seat, lambda _: self._painted(), self._late)

    def _painted(self) -> None:
        from PySide6.QtCore import QTimer

        if self.args.select and self.args.screen == "desk":
            row = self.program.seat.boards.incidents.by_number(self.args.select)
            if row:
                self.program.seat.window.open_incident(row.id)
        if self.args.screen == "warnings":
            self.program.seat.window.views.show("warnings")
        QTimer.singleShot(SETTLE_MS, self._save_settled)

    def _save_settled(self) -> None:
        """What the words of a message suggest is asked off the window's thread; the picture is to show it."""
        from PySide6.QtCore import QTimer

        self._left -= 1
        is_behind = bool(self.args.select) and self.args.screen == "desk" and (self.program.seat.boards.detail.is_behind or self.program.seat.boards.intake.is_thinking)
        is_behind |= self.program.seat.readings.is_behind
        if is_behind and self._left > 0:
            QTimer.singleShot(SETTLE_MS, self._save_settled)
        else:
            self._ask_page()

    def _ask_page(self) -> None:
        """Marks whose bitmaps the page is still reading are not on the picture yet."""
        self.program.map.web.page.runJavaScript("app.sprites.reading", self._compare)

    def _compare(self, reading: Any) -> None:
        """Save as soon as the page reads nothing and the map looks the same twice: pixels come after the page's word."""
        from PySide6.QtCore import QTimer

        before, self._seen = self._seen, self.program.web().grab().toImage()
        self._looks -= 1
        if (reading == 0 and before == self._seen) or self._looks <= 0:
            self._save()
        else:
            QTimer.singleShot(LOOK_MS, self._ask_page)

    def _save(self) -> None:
        if self.args.screen == "desk":
            self.program.seat.window.alarms.hold_still()
        saved = self.program.seat.window.grab().save(str(self.args.out), "PNG")
        self._end(None if saved else StoreFault(f"图片写不进去：{self.args.out}", "城市数据没有改动", "请检查文件夹和磁盘空间"))

    def _late(self) -> None:
        self._end(StoreFault("画面没有画完", "城市数据没有改动", "请运行 weihai-command doctor"))

    def _end(self, outcome: Fault | None) -> None:
        from PySide6.QtWidgets import QApplication

        self._timer.stop()
        self._patience.stop()
        self.outcome = outcome
        QApplication.quit()
