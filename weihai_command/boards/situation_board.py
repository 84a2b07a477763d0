"""The leaders' screen as a model: the picture of the city, looked at again when something changed and every ten seconds. Read-only."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from weihai_command.domain.freshness import level
from weihai_command.domain.movers import FRESH, LOST
from weihai_command.domain.points import PointTable
from weihai_command.domain.situation import Listing, Situation
from weihai_command.operations import situation, situation_map, situation_rows
from weihai_command.operations.situation_map import WarningArea

from . import words
from .bridge import Bridge
from .clock import Clock

log = logging.getLogger(__name__)
#: Changes that follow each other are looked at together.
GATHER_MS = 1_000
#: How often the store is read at least, with some patience for a busy machine (seconds).
PERIOD_S = 15.0
_KINDS = frozenset({"incidents", "assignments", "units", "warnings", "sensors", "video_points", "alarms"})


@dataclass(frozen=True, slots=True)
class Picture:
    """One reading of the store: the figures, and what the map shows with them."""

    found: Situation
    incidents: PointTable
    units: PointTable
    areas: list[WarningArea]
    link: str
    pending: int


class SituationBoard(QObject):
    """`changed()` after each reading: `picture` is the newest. `listed(name, Listing)` answers `ask_rows(name)`."""

    changed = Signal()
    listed = Signal(str, object)

    def __init__(self, bridge: Bridge, clock: Clock, reported: Callable[[], Mapping[str, float]] = dict, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge, self.clock, self._reported = bridge, clock, reported
        self.picture: Picture | None = None
        self._lost: set[str] = set()
        self._is_reading = self._is_wanted = self._has_failed = False
        self._is_open = True
        self._gather = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._gather.timeout.connect(self.refresh)
        bridge.changed.connect(self._note)
        clock.aged.connect(self.refresh)

    @property
    def is_behind(self) -> bool:
        """Whether something changed that was not read yet."""
        return self._gather.isActive() or self._is_reading

    @property
    def city(self) -> str:
        return str(self._bridge.desk.city.name)

    @property
    def band(self) -> str:
        """The words of the band of an exercise, "" for a real city."""
        city = self._bridge.desk.city
        return "" if not city.exercise else f"演练　{city.name} · {'内置演练城市' if city.embedded else '平台声明为演练'}"

    @property
    def now(self) -> datetime:
        """The time of the wall, in its own zone."""
        return self.clock.now().astimezone()

    def link_words(self) -> str:
        """已同步 · 0 待发."""
        if self.picture is None:
            return ""
        word = words.CONNECTIONS.get(self.picture.link, self.picture.link)
        return word if self.picture.link == "local" else f"{word} · {self.picture.pending} 待发"

    def refresh(self) -> None:
        """Look at the store again, off the window's thread; after the look that is under way, for one that is overtaken is never answered."""
        self._grow_old()
        if not self._is_open:
            return
        self._gather.stop()
        if self._is_reading:
            self._is_wanted = True
            return
        self._is_reading, self._is_wanted = True, False
        self._bridge.ask("situation", self._tried, self._settle)

    def close(self) -> None:
        """Answers that are still on their way find nobody at home."""
        self._is_open = False
        self._gather.stop()

    def ask_rows(self, name: str) -> None:
        """The rows that a figure counts."""
        desk = self._bridge.desk
        self._bridge.ask("situation-rows", lambda: situation_rows.rows(desk, name), lambda found: self._list(name, found))

    def _list(self, name: str, found: Listing) -> None:
        if self._is_open:
            self.listed.emit(name, found)

    def _note(self, kinds: frozenset[str]) -> None:
        if self._is_open and kinds & _KINDS and not self._gather.isActive():
            self._gather.start()

    def _read(self) -> Picture:
        desk = self._bridge.desk
        found = situation.situation(desk, self._reported())
        status: dict[str, Any] = self._bridge.queries.status(desk)
        return Picture(found, situation_map.incidents(desk), situation_map.units(desk), situation_map.areas(desk), str(status["connection"]),
                       int(status["pending"]) + int(status["sending"]))

    def _tried(self) -> Picture | Exception:
        try:
            return self._read()
        except Exception as error:  # noqa: BLE001 - the wall says how old its figures are, and looks again
            return error

    def _settle(self, answer: Picture | Exception) -> None:
        self._is_reading = False
        if not self._is_open:
            return
        if isinstance(answer, Exception):
            if not self._has_failed:
                log.error("situation: the store was not read", exc_info=answer)
            self._has_failed = True
            return
        if self._has_failed:
            log.warning("situation: the store is read again")
        self._has_failed = False
        # The first reading is spared what takes long (situation_trends).
        if self._is_wanted or self.picture is None:
            self._gather.start()
        self._take(answer)

    def _take(self, picture: Picture) -> None:
        self.picture = picture
        self._tell_lost(picture.found)
        self.changed.emit()

    def _grow_old(self) -> None:
        """Figures that could not be read again are as old as their reading, however fresh their sources were then."""
        picture = self.picture
        if picture is None:
            return
        found = picture.found
        old = level((self._bridge.desk.clock() - found.now).total_seconds(), PERIOD_S)
        if old != FRESH:
            stamps = {panel: replace(stamp, at=min(stamp.at or found.now, found.now), level=max(stamp.level, old)) for panel, stamp in found.stamps.items()}
            self.picture = replace(picture, found=replace(found, stamps=stamps))

    def _tell_lost(self, found: Situation) -> None:
        """One line when a panel's source falls silent, one when it is back."""
        lost = {panel for panel, stamp in found.stamps.items() if stamp.level == LOST}
        for panel in sorted(lost - self._lost):
            log.warning("situation: %s is lost (%s)", panel, found.stamps[panel].source)
        for panel in sorted(self._lost - lost):
            log.warning("situation: %s is back", panel)
        self._lost = lost
