"""XML from strangers as a small tree. Refused: DTDs, entities of their own, nesting, masses of elements, bytes that are not what they say.

Nothing is ever fetched: expat is given no way to another file.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

SIZE_CAP = 5 * 1024 * 1024
#: Nesting, elements and characters beyond these are no message of this world; CAP goes five deep.
MOST_DEEP, MOST_ELEMENTS = 32, 60_000
_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
#: These expat reads by itself, with or without a mark at the beginning.
_OWN = frozenset({"utf-8", "utf-16", "iso8859-1", "ascii", "utf-16-le", "utf-16-be"})


class BadXml(ValueError):
    """The document is not used: the element (or DOCTYPE, ENTITY, encoding) and the reason in Chinese."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}：{reason}")
        self.field = field
        self.reason = reason


@dataclass(slots=True)
class Node:
    """One element: `tag` without its prefix, `space` its namespace, `text` its own text, trimmed; `line` counts from 1."""

    tag: str
    space: str = ""
    text: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)
    line: int = 0

    def all(self, tag: str) -> list[Node]:
        """The children of that name and of this element's namespace, in order."""
        return [each for each in self.children if each.tag == tag and each.space == self.space]

    def first(self, tag: str) -> Node | None:
        return next(iter(self.all(tag)), None)

    def say(self, tag: str) -> str:
        """The text of the first child of that name, "" where there is none."""
        found = self.first(tag)
        return found.text if found else ""

    def walk(self) -> Iterator[Node]:
        yield self
        for each in self.children:
            yield from each.walk()


def parse(body: bytes) -> Node:
    """The root element of a document. Raises BadXml."""
    if len(body) > SIZE_CAP:
        raise BadXml("document", f"超过 {SIZE_CAP // 1024 // 1024} MB 上限")
    text, encoding = _decoded(body)
    reading = _Reading(encoding)
    try:
        reading.parser.Parse(text, True)
    except expat.ExpatError as error:
        raise BadXml(reading.here, f"第 {error.lineno} 行不完整或不是 XML（{expat.ErrorString(error.code)}）") from None
    assert reading.root is not None
    return reading.root


def _decoded(body: bytes) -> tuple[bytes, str | None]:
    """The document and the encoding that overrides what it says of itself: what expat cannot read is turned into UTF-8 first."""
    said = _DECLARED.match(body[:300].lstrip(codecs.BOM_UTF8))
    if said is None:
        return body, None
    name = said[1].decode().lower()
    # GB 2312 and GBK are written by machines that mean the greater one.
    name = "gb18030" if name in ("gb2312", "gbk", "gb_2312-80") else name
    try:
        if codecs.lookup(name).name in _OWN:
            return body, None
        return body.decode(name).encode("utf-8"), "utf-8"
    except LookupError:
        raise BadXml("encoding", f"不认识的编码 {name}") from None
    except UnicodeDecodeError as error:
        raise BadXml("encoding", f"第 {error.start + 1} 字节不是 {name}") from None


class _Reading:
    """Builds the tree; the handlers of what is not allowed raise."""

    def __init__(self, encoding: str | None) -> None:
        parser = self.parser = expat.ParserCreate(encoding, namespace_separator="\x1f")
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = self._start, self._end, self._say
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._entity
        parser.SkippedEntityHandler = self._skipped
        self.root: Node | None = None
        self._open: list[Node] = []
        self._texts: list[list[str]] = []
        self._count = 0

    @property
    def here(self) -> str:
        """The element that is being read."""
        return self._open[-1].tag if self._open else self.root.tag if self.root else "document"

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, tag = name.rpartition("\x1f")
        self._count += 1
        if self._count > MOST_ELEMENTS:
            raise BadXml(tag, f"元素超过 {MOST_ELEMENTS} 个")
        if len(self._open) >= MOST_DEEP:
            raise BadXml(tag, f"嵌套超过 {MOST_DEEP} 层")
        node = Node(tag, space, attributes=attributes, line=self.parser.CurrentLineNumber)
        if self._open:
            self._open[-1].children.append(node)
        else:
            self.root = node
        self._open.append(node)
        self._texts.append([])

    def _end(self, _: str) -> None:
        self._open.pop().text = "".join(self._texts.pop()).strip()

    def _say(self, text: str) -> None:
        self._texts[-1].append(text)

    def _doctype(self, *_: object) -> None:
        raise BadXml("DOCTYPE", "带有文档类型声明，已拒绝")

    def _entity(self, *_: object) -> None:
        raise BadXml("ENTITY", "带有自定义实体，已拒绝")

    def _skipped(self, name: str, _: object) -> None:
        raise BadXml(self.here, f"引用了没有声明的实体 &{name[:40]};")
