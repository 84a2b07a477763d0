"""The map's side of what moves: frames go to the page's feed, their number to the panel."""

from __future__ import annotations

from PySide6.QtCore import QObject

from weihai_command.domain.movers import MoverFrame

from .field_tally import FieldTally
from .kinds import BY_KIND
from .mover_rows import KIND
from .page_feeds import PageFeeds
from .stage import Stage


class MapMovers(QObject):
    """The map's side of the frames: rows for the page, their number for the panel."""

    def __init__(self, feeds: PageFeeds, stage: Stage, by_field: FieldTally) -> None:
        super().__init__(stage)
        self._feeds, self._stage, self._by_field = feeds, stage, by_field
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
            self._told = placed, late, lost = tally
            self._by_field.note(KIND)
            self._stage.panel.show_counts(BY_KIND[KIND], placed, lost)
            self._stage.panel.show_remark(KIND, " · ".join(f"{word} {count:,}" for word, count in (("位置过期", late), ("失联", lost)) if count))
            self._stage.arrange()
