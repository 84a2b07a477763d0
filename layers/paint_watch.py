"""What the page said it painted: first paint, rows, and its return after a renderer died."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from .page_feeds import PageFeeds


class PaintWatch(QObject):
    """`is_drawn`: the base map stands in the page's frame. Pixels follow a moment later; whoever needs them polls."""

    ready = Signal()
    restarted = Signal()
    fed = Signal(str)

    def __init__(self, feeds: PageFeeds, parent: QObject) -> None:
        super().__init__(parent)
        self.is_drawn = False
        self._feeds = feeds
        self._was_ready = False

    def note(self, feed: str, version: int) -> None:
        """The page drew a version of a feed; "base" is the base map."""
        if feed == "base":
            self._note_base()
        elif version == self._feeds.version(feed):
            self.fed.emit(feed)

    def lose(self) -> None:
        """The renderer died."""
        self.is_drawn = False

    def _note_base(self) -> None:
        self.is_drawn = True
        (self.restarted if self._was_ready else self.ready).emit()
        self._was_ready = True
