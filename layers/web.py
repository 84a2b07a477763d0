"""The browser around the page: profile, scheme, gate, channel, and a page that comes back when its renderer dies."""

from __future__ import annotations

import logging
from pathlib import Path
from time import monotonic

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QColor
from PySide6.QtWebChannel import QWebChannel
from PySide6.QtWebEngineCore import QWebEngineProfile, QWebEngineSettings
from PySide6.QtWebEngineWidgets import QWebEngineView

from .bridge import Bridge, CityPage
from .page import cached_page
from .page_feeds import PageFeeds
from .scheme import PAGE, Gate, MapScheme

_log = logging.getLogger(__name__)
#: A renderer that dies again at once is given longer and longer pauses (seconds), up to the last.
_PAUSES = (0.0, 0.0, 1.0, 5.0, 20.0)
_CALM = 60.0


class MapWeb(QObject):
    """Owns the browser's parts in the order in which they may die: page before profile."""

    renderer_died = Signal()

    def __init__(self, feeds: PageFeeds, view: QWebEngineView, cache_dir: Path | None, background: str) -> None:
        super().__init__(view)
        self.view = view
        self.bridge = Bridge(self)
        self.profile = QWebEngineProfile(self)
        self.scheme = MapScheme(lambda: cached_page(cache_dir), feeds.answer, self)
        self.gate = Gate(self)
        self.profile.installUrlSchemeHandler(b"weihai", self.scheme)
        self.profile.setUrlRequestInterceptor(self.gate)
        self.page: CityPage | None = CityPage(self.profile, self)
        self._channel = QWebChannel(self)
        self._channel.registerObject("bridge", self.bridge)
        self._deaths: list[float] = []
        self._pause = QTimer(self, singleShot=True)
        self._pause.timeout.connect(self._reload)
        feeds.ticked.connect(self.bridge.tick)
        self._open(self.page, background)

    def _open(self, page: CityPage, background: str) -> None:
        settings = page.settings()
        settings.setAttribute(QWebEngineSettings.WebAttribute.ShowScrollBars, False)
        settings.setAttribute(QWebEngineSettings.WebAttribute.FocusOnNavigationEnabled, False)
        page.setBackgroundColor(QColor(background))
        page.setWebChannel(self._channel)
        page.renderProcessTerminated.connect(self._on_terminated)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.view.setPage(page)
        page.load(PAGE)

    def _on_terminated(self, status: object, code: int) -> None:
        """A killed renderer leaves a grey view: load the page again, it fetches everything anew."""
        if self.page is None:
            return
        now = monotonic()
        self._deaths = [death for death in self._deaths if now - death < _CALM] + [now]
        pause = _PAUSES[min(len(self._deaths), len(_PAUSES)) - 1]
        _log.warning("map renderer ended (%s, %s); loading again in %s s", status, code, pause)
        self.renderer_died.emit()
        self._pause.start(round(pause * 1000))

    def _reload(self) -> None:
        if self.page is not None:
            self.page.load(PAGE)

    @property
    def refused(self) -> list[str]:
        """Every address that was asked for and not given."""
        return self.gate.refused + self.scheme.refused + (self.page.refused if self.page else [])

    def close(self) -> None:
        """Take the page away before the profile goes; afterwards the view is empty."""
        if self.page is None:
            return
        page, self.page = self.page, None
        self.view.setPage(None)  # type: ignore[arg-type]
        page.deleteLater()
