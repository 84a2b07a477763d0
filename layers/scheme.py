"""The custom scheme weihai://: the page's only world. Serves the page, its assets and binary feeds; refuses all else.

Call `register()` before a QApplication exists. Answers are given later than asked, for the handler runs on the window's thread.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QFile, QIODevice, QObject, QTimer, QUrl, QUrlQuery
from PySide6.QtWebEngineCore import (
    QWebEngineUrlRequestInfo,
    QWebEngineUrlRequestInterceptor,
    QWebEngineUrlRequestJob,
    QWebEngineUrlScheme,
    QWebEngineUrlSchemeHandler,
)
from shiboken6 import isValid

from .palette import symbols_svg

NAME = b"weihai"
HOST = "map"
PAGE = QUrl("weihai://map/page")


def register() -> None:
    """Make weihai:// known to the browser; once is enough, more does no harm."""
    if QWebEngineUrlScheme.schemeByName(NAME).name() == NAME:
        return
    scheme = QWebEngineUrlScheme(NAME)
    scheme.setSyntax(QWebEngineUrlScheme.Syntax.Host)
    flags = QWebEngineUrlScheme.Flag
    wanted = flags.SecureScheme | flags.CorsEnabled
    if hasattr(flags, "FetchApiAllowed"):
        wanted |= flags.FetchApiAllowed
    scheme.setFlags(wanted)
    QWebEngineUrlScheme.registerScheme(scheme)


def inside(folder: Path, name: str) -> Path | None:
    """The file `name` of `folder`, or None where it is missing or, links followed, lies outside."""
    try:
        target = (folder / name.lstrip("/")).resolve()
        return target if target.is_relative_to(folder.resolve()) and target.is_file() else None
    except (OSError, ValueError):
        return None


def leaflet_folder() -> Path:
    """Where xstatic-leaflet keeps Leaflet's files."""
    from xstatic.pkg import leaflet

    return Path(leaflet.BASE_DIR)


def _channel_script() -> bytes:
    script = QFile(":/qtwebchannel/qwebchannel.js")
    script.open(QIODevice.OpenModeFlag.ReadOnly)
    return bytes(script.readAll().data())


class MapScheme(QWebEngineUrlSchemeHandler):
    """Answers requests for weihai://map/…; `requests` and `refused` keep the addresses, for tests and for `doctor`."""

    def __init__(self, page: Callable[[], str], feed: Callable[[str, int], bytes | None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.requests: list[str] = []
        self.refused: list[str] = []
        self._waiting: list[QWebEngineUrlRequestJob] = []
        self._turn = QTimer(self, singleShot=True, interval=0)
        self._turn.timeout.connect(self._reply_all)
        self._page = page
        self._feed = feed
        self._folders = {"leaflet": leaflet_folder(), "map": Path(str(files("resources") / "map"))}

    def requestStarted(self, job: QWebEngineUrlRequestJob) -> None:
        """Qt's entry: note the request, answer it when the window's thread is free."""
        note(self.requests, job.requestUrl().toString())
        self._waiting.append(job)
        self._turn.start()

    def _reply_all(self) -> None:
        jobs, self._waiting = self._waiting, []
        for job in jobs:
            self._reply(job)

    def _reply(self, job: QWebEngineUrlRequestJob) -> None:
        if not isValid(job):
            return
        url = job.requestUrl()
        answer = self.answer(url) if bytes(job.requestMethod().data()) == b"GET" else None
        if answer is None:
            note(self.refused, url.toString())
            job.fail(QWebEngineUrlRequestJob.Error.UrlNotFound)
            return
        mime, data = answer
        buffer = QBuffer(job)
        buffer.setData(QByteArray(data))
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        job.reply(mime.encode(), buffer)

    def answer(self, url: QUrl) -> tuple[str, bytes] | None:
        """(mime type, bytes) of an address, or None for what is not served."""
        if url.scheme().encode() != NAME or url.host() != HOST:
            return None
        first, _, rest = url.path(QUrl.ComponentFormattingOption.FullyDecoded).lstrip("/").partition("/")
        query = QUrlQuery(url)
        if first in self._folders:
            return self._file(self._folders[first], rest)
        if first == "feed":
            have = query.queryItemValue("have")
            data = self._feed(rest, int(have)) if have.isdecimal() else None
            return None if data is None else ("application/octet-stream", data)
        return self._made(first, query) if not rest else None

    def _made(self, name: str, query: QUrlQuery) -> tuple[str, bytes] | None:
        if name == "page":
            return "text/html", self._page().encode()
        if name == "qwebchannel.js":
            return "text/javascript", _channel_script()
        if name == "symbols.svg":
            return "image/svg+xml", symbols_svg(query.queryItemValue("theme") or "dark").encode()
        return None

    @staticmethod
    def _file(folder: Path, name: str) -> tuple[str, bytes] | None:
        found = inside(folder, name)
        if found is None:
            return None
        mime = "text/javascript" if found.suffix == ".js" else mimetypes.guess_type(found.name)[0]
        return mime or "application/octet-stream", found.read_bytes()


def note(log: list[str], entry: str) -> None:
    """Append to a log that never grows without end: a desk runs for months."""
    log.append(entry)
    if len(log) > 5000:
        del log[:2500]


class Gate(QWebEngineUrlRequestInterceptor):
    """Lets only weihai:// pass and remembers what it refused."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.refused: list[str] = []

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        """Qt's entry for every request of the profile, from a thread of the browser's choosing."""
        url = info.requestUrl()
        # A data: address carries its own content; nothing leaves the machine for it.
        if url.scheme() in {"weihai", "data"}:
            return
        note(self.refused, url.toString())
        info.block(True)
