"""What the page said it painted: first paint, rows, and its return after a renderer died."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from .page_feeds import PageFeeds
from .palette import palette


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


def shows_base(web: QWidget, theme: str) -> bool:
    """Whether pixels in the middle of the page have the colours of the base map."""
    middle = web.rect().center()
    image = web.grab(QRect(middle.x() - 120, middle.y() - 80, 240, 160)).toImage()
    wanted = {QColor(palette(theme)[name]).rgb() for name in ("sea", "land", "land_out")}
    spots = [(x, y) for x in range(2, image.width(), 12) for y in range(2, image.height(), 12)]
    return any(image.pixel(x, y) in wanted for x, y in spots)
