"""CAP messages from a file, a folder of files, an address, or an Atom index with messages inside or behind its links.

A message that breaks CAP is put aside with the element that is wrong; so is a document that is no honest XML. The rest is used.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from weihai_command.domain.faults import PlatformFault
from weihai_command.domain.warning import REAL

from . import trouble
from .cap_message import ABOUT_MESSAGES, record_of
from .feed import FeedConfig, Memory
from .mapping import BadField
from .platform import Reject
from .warning_feed import Messages, WarningFeed
from .whole import Item, Source
from .wire import validate
from .xml_tree import SIZE_CAP, BadXml, Node, parse

ATOM = "http://www.w3.org/2005/Atom"
#: An index of more is no list of warnings in force; a folder of more is an archive.
MOST = 500
_ACCEPT = "application/cap+xml, application/atom+xml, application/xml;q=0.8, text/xml;q=0.8"
_NAMES = (".cap", ".xml")


class CapFeed(WarningFeed):
    """Records get ids that stay: of the feed's name and of sender, identifier and sent."""

    def __init__(self, config: FeedConfig, secret: str | None = None, *, now: Callable[[], float] = time.time) -> None:
        super().__init__(config, now=now)
        self.source = Source(config, secret, _ACCEPT, SIZE_CAP)
        self._path = None if self.source.http else config.folder / config.source

    def close(self) -> None:
        self.source.close()

    def _messages(self, memory: Memory) -> Messages | None:
        found = Messages()
        if self._path is not None and self._path.is_dir():
            for path in self._listed(self._path):
                self._take(found, path.name, partial(_read, path))
            return found
        got = self.source.fetch(memory)
        if got is None:
            return None
        body, found.etag, found.modified = got
        self._take(found, self.config.source, lambda: body)
        return found

    def _listed(self, folder: Path) -> list[Path]:
        try:
            names = sorted(each for each in folder.iterdir() if each.suffix.lower() in _NAMES and each.is_file())
        except OSError:
            raise trouble.missing_file(str(folder)) from None
        return names[:MOST]

    def _take(self, found: Messages, where: str, body: Callable[[], bytes], *, is_linked: bool = False) -> None:
        """The messages of one document; one that cannot be read might be any of those that were there before."""
        text = b""
        try:
            text = body()
            root = parse(text)
            if root.tag == "feed" and root.space == ATOM and not is_linked:
                self._take_index(found, root)
            else:
                self._add(found, root, text[:2000].decode("utf-8", "replace"))
        except (BadXml, BadField) as bad:
            found.nameless = True
            found.rejected.append(Reject(where[:200], bad.field, bad.reason, text[:2000].decode("utf-8", "replace")))

    def _take_index(self, found: Messages, index: Node) -> None:
        for entry in index.all("entry")[:MOST]:
            inside = next((node for node in entry.walk() if node.tag == "alert"), None)
            if inside is not None:
                self._add(found, inside, "")
            elif link := _link(entry):
                self._take(found, link, partial(self._follow, link), is_linked=True)
            else:
                found.nameless = True
                found.rejected.append(Reject(entry.say("id")[:200], "link", "既没有消息，也没有指向消息的链接", entry.say("title")))

    def _follow(self, link: str) -> bytes:
        """The document behind a link: of the same origin, or a file beside the index. Raises BadField."""
        if self._path is not None:
            target = (self._path.parent / link).resolve()
            if "://" in link or not target.is_relative_to(self._path.parent.resolve()):
                raise BadField("link", f"“{link[:80]}”不在数据源的文件夹里")
            return _read(target)
        url = urljoin(self.config.source, link)
        if urlsplit(url)[:2] != urlsplit(self.config.source)[:2]:
            raise BadField("link", f"“{link[:80]}”指向另一台主机")
        try:
            got = self.source.download(url)
        except PlatformFault as fault:
            if fault.code in ("refused", "too_large"):
                raise BadField("link", fault.happened) from None
            raise
        return got[0] if got else b""

    def _add(self, found: Messages, alert: Node, text: str) -> None:
        """One message: of those about other messages nothing is kept; of a broken one its name and the beginning of its document."""
        name = ",".join(alert.say(tag) for tag in ("sender", "identifier", "sent"))
        try:
            record = record_of(alert)
        except BadField as bad:
            if not all(alert.say(tag) for tag in ("sender", "identifier", "sent")):
                raise
            found.add(Item(self.id_of(name), _raising(bad), f"{name}\n{text}".strip()))
            return
        # Drafts and messages between machines are nobody's warning.
        if record["msg_type"] in ABOUT_MESSAGES or record["status"] in ("System", "Draft"):
            return
        id = self.id_of(name)
        found.add(Item(id, lambda: self._record(id, record), record))

    def _record(self, id: str, record: dict[str, Any]) -> dict[str, Any]:
        title = record["title"] if record["status"] == REAL else f"【{record['status']}】{record['title']}"
        return validate(self.kind, {**record, "title": title, "id": id, "feed": self.name})


def _raising(bad: BadField) -> Callable[[], dict[str, Any]]:
    def make() -> dict[str, Any]:
        raise bad

    return make


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > SIZE_CAP:
            raise BadXml("document", f"超过 {SIZE_CAP // 1024 // 1024} MB 上限")
        return path.read_bytes()
    except OSError:
        raise BadField("link", f"文件 {path.name} 不存在或无法读取") from None


def _link(entry: Node) -> str:
    """The link of an entry that leads to its message: the one that says so by its type, else the plain one."""
    links = list(_links(entry))
    return next((href for href, kind in links if "cap+xml" in kind), links[0][0] if links else "")


def _links(entry: Node) -> Iterator[tuple[str, str]]:
    for link in entry.all("link"):
        if link.attributes.get("href") and link.attributes.get("rel", "alternate") in ("alternate", "enclosure", "related"):
            yield link.attributes["href"], link.attributes.get("type", "")
