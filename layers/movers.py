"""The map's side of what moves: frames go to the page's feed, their number to the panel."""

from __future__ import annotations

from PySide6.QtCore import QObject

from weihai_command.domain.movers import MoverFrame

from .kinds import BY_KIND
from .mover_rows import KIND
from .page_feeds import PageFeeds
from .stage import Stage


class MapMovers(QObject):
    """The map's side of the frames: rows for the page, their number for the panel."""

    def __init__(self, feeds: PageFeeds, stage: Stage) -> None:
        super().__init__(stage)
        self._feeds, self._stage = feeds, stage
        self._told = (0, 0, 0)

    def show_suspects(self, suspects: list[tuple[str, str, str]]) -> None:
        """(id, source, reason) of movers whose position cannot be true: listed in the panel, not drawn."""
        self._stage.panel.show_suspects(KIND, suspects)
        self._stage.arrange()

    def update(self, frame: MoverFrame) -> None:
        """Show a frame. Nothing but the movers is fetched or drawn anew."""
        self._feeds.update_movers(frame)
        tally = self._feeds.movers.tally()
        if tally != self._told:
            self._told = tally
            self._stage.panel.show_counts(BY_KIND[KIND], tally[0], tally[2])
            self._stage.arrange()
