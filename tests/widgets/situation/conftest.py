from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from tests.widgets.situation import wall_examples as examples
from weihai_command.boards.clock import Clock
from weihai_command.domain.situation import Listing, Situation
from widgets.situation.screen import Settings, SituationScreen


class FakeMap(QWidget):
    """A grey field that remembers what was asked of it."""

    def __init__(self) -> None:
        super().__init__()
        self.scales: list[tuple[float, list[float], list[float]]] = []
        self.returns = 0

    def set_scale(self, scale: float, seams_x: Any = (), seams_y: Any = ()) -> None:
        self.scales.append((scale, list(seams_x), list(seams_y)))

    def show_city(self) -> None:
        self.returns += 1


class FakeBoard(QObject):
    """A board whose city the test sets; rows are the figure's own name."""

    changed = Signal()
    listed = Signal(str, object)

    def __init__(self, found: Situation) -> None:
        super().__init__()
        self.time = examples.NOW
        self.clock = Clock(lambda: self.time)
        self.city, self.band = "威海市", "演练　威海市"
        self.asked: list[str] = []
        self.show(found)

    @property
    def now(self) -> datetime:
        return self.time

    def show(self, found: Situation) -> None:
        self.picture = SimpleNamespace(found=found, link="synced", pending=0)
        self.changed.emit()

    def pass_time(self, seconds: float) -> None:
        """The clock runs on; the board is not read anew."""
        self.time += timedelta(seconds=seconds)
        self.clock.ticked.emit()
        self.clock.aged.emit()

    def link_words(self) -> str:
        return "已同步 · 0 待发"

    def ask_rows(self, name: str) -> None:
        self.asked.append(name)
        self.listed.emit(name, Listing(name, ("编号", "标题"), tuple((f"应{row:04d}", "一起事件") for row in range(30)), ("公式 = 1 ÷ 2",), 30))


@pytest.fixture
def screen(themed: None, pump: Callable[[], None]) -> Iterator[Callable[..., SituationScreen]]:
    """Makes screens of a size over a city."""
    made: list[SituationScreen] = []

    def make(width: int = 3840, height: int = 1080, found: Situation | None = None, settings: Settings | None = None) -> SituationScreen:
        window = SituationScreen(FakeBoard(found or examples.situation()), FakeMap(), settings or Settings())  # type: ignore[arg-type]
        made.append(window)
        window.resize(width, height)
        window.show()
        pump()
        return window

    yield make
    for window in made:
        window.close()
        window.deleteLater()
    pump()
