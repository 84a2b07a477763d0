"""A panel as a list of what stands on it: words, figures, lines, marks, each in its place. Nothing here paints; tests read the same list.

Lengths are those of the design at 1080 lines; `Type.scale` makes pixels of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

from PySide6.QtGui import QFont, QFontMetricsF

from widgets import theme

#: Of a font's size: what stands above and below the line that letters stand on.
ABOVE, BELOW = 0.88, 0.13
LEFT, RIGHT, CENTRE = "left", "right", "centre"
#: Steps of the wall's type, from resources/theme/tokens.json.
STEPS = {name: (int(entry["size"]), int(entry.get("weight", 400)) >= 700) for name, entry in theme.tokens()["font"]["wall"].items() if isinstance(entry, dict)}
#: Besides: figures of the narrow form, the character on a badge.
STEPS |= {"figure3": (34, True), "badge": (19, True)}


@lru_cache(maxsize=256)
def font(pixels: int, bold: bool) -> QFont:
    """The wall's font; digits all equally wide."""
    made = QFont(theme.tokens()["font"]["family"])
    made.setPixelSize(max(1, pixels))
    made.setBold(bold)
    if hasattr(QFont, "Tag"):
        made.setFeature(QFont.Tag("tnum"), 1)
    return made


@lru_cache(maxsize=1024)
def _width(text: str, pixels: int, bold: bool) -> float:
    return QFontMetricsF(font(pixels, bold)).horizontalAdvance(text)


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    w: float
    h: float

    @property
    def right(self) -> float:
        return self.x + self.w

    @property
    def bottom(self) -> float:
        return self.y + self.h

    def meets(self, other: Box, slack: float = 0.5) -> bool:
        """Whether the two share more than `slack` both ways."""
        return (min(self.right, other.right) - max(self.x, other.x) > slack) and (min(self.bottom, other.bottom) - max(self.y, other.y) > slack)

    def holds(self, other: Box, slack: float = 0.5) -> bool:
        return other.x >= self.x - slack and other.y >= self.y - slack and other.right <= self.right + slack and other.bottom <= self.bottom + slack


@dataclass(frozen=True, slots=True)
class Text:
    """Words on a line: `x` is their left, right or middle, `base` the line; `width` as drawn, `room` what they may take."""

    x: float
    base: float
    text: str
    size: int
    bold: bool
    colour: str
    align: str
    width: float
    room: float

    @property
    def box(self) -> Box:
        left = self.x - {LEFT: 0.0, RIGHT: self.width, CENTRE: self.width / 2}[self.align]
        return Box(left, self.base - ABOVE * self.size, self.width, (ABOVE + BELOW) * self.size)


@dataclass(frozen=True, slots=True)
class Icon:
    """A symbol of symbols.svg around a point; `size` of its 24 box."""

    name: str
    x: float
    y: float
    size: float

    @property
    def box(self) -> Box:
        return Box(self.x - self.size / 2, self.y - self.size / 2, self.size, self.size)


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a whole, 0 … 1; `mark` where the goal stands; `is_empty` a dashed frame for what does not work now.

    Colours besides the tokens: `hatch` is a sample of a warning's area, `heat` a cell as bright as its part.
    """

    box: Box
    part: float
    colour: str = "text2"
    mark: float | None = None
    track: bool = False
    is_empty: bool = False


@dataclass(frozen=True, slots=True)
class Spark:
    """A quiet line of values with a dot at the last; a gap where there is none. `goal` is drawn dashed."""

    box: Box
    values: tuple[float | None, ...]
    colour: str = "text2"
    goal: float | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A hairline; the map's scale is drawn in such lines of text's colour."""

    x0: float
    y0: float
    x1: float
    y1: float
    colour: str = "line"
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Clock:
    """The mark of late data."""

    x: float
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class Figure:
    """What can be opened: its name, where it stands, and what it says to who cannot see it."""

    name: str
    box: Box
    words: str


Item = Text | Icon | Bar | Spark | Rule | Clock


@dataclass(frozen=True, slots=True)
class Type:
    """Measures words as they will be drawn at this scale."""

    scale: float

    def pixels(self, size: float) -> int:
        return max(1, round(size * self.scale))

    def width(self, text: str, size: int, bold: bool = False) -> float:
        return _width(text, self.pixels(size), bold) / self.scale


@dataclass(slots=True)
class Sheet:
    """One panel, `width` × `height`; `is_late` hatches it and greys its words."""

    type: Type
    width: float
    height: float
    is_late: bool = False
    items: list[Item] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)

    def text(
        self, x: float, base: float, text: str, step: str = "body", colour: str = "text", *, align: str = LEFT, room: float | None = None, bold: bool | None = None,
    ) -> Text:
        """Words at a step of the wall's type; where they need more than `room` they are set smaller, and ended by … at the smallest.

        colour: a token; `lit` is that of text on a late panel too.
        """
        size, heavy = STEPS[step]
        is_bold = heavy if bold is None else bold
        free = room if room is not None else (self.width - x if align == LEFT else x)
        least = min(size, STEPS["small"][0])
        while self.type.width(text, size, is_bold) > free and size > least:
            size -= 1
        shown = self._cut(text, size, is_bold, free)
        tone = "stale" if self.is_late and colour in ("text", "text2", "orange") else "text" if colour == "lit" else colour
        made = Text(x, base, shown, size, is_bold, tone, align, self.type.width(shown, size, is_bold), free)
        self.items.append(made)
        return made

    def _cut(self, text: str, size: int, bold: bool, room: float) -> str:
        if self.type.width(text, size, bold) <= room:
            return text
        short = text
        while short and self.type.width(short + "…", size, bold) > room:
            short = short[:-1]
        return short + "…"

    def add(self, *items: Item) -> None:
        self.items.extend(items)

    def figure(self, name: str, box: Box, words: str) -> None:
        self.figures.append(Figure(name, box, words))

    @property
    def texts(self) -> list[Text]:
        return [item for item in self.items if isinstance(item, Text)]
