"""Symbols as Qt pixmaps, from the same drawings as the page's."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from .palette import palette, symbols_svg


@cache
def _symbols(theme: str) -> dict[str, str]:
    return dict(re.findall(r'<symbol id="([^"]+)"[^>]*>(.*?)</symbol>', symbols_svg(theme), re.DOTALL))


@cache
def _controls() -> dict[str, str]:
    text = (files("resources") / "map" / "controls.svg").read_text(encoding="utf-8")
    return dict(re.findall(r'<symbol id="([^"]+)"[^>]*>(.*?)</symbol>', text, re.DOTALL))


def symbol(name: str, size: int, theme: str, ratio: float = 1.0) -> QPixmap:
    """A map symbol whose 24-box is `size` pixels, with room for what stands out of the box."""
    return _drawn(_symbols(theme)[name], "-3 -3 30 30", round(size * 30 / 24), ratio)


def control(name: str, theme: str, ratio: float = 1.0) -> QIcon:
    """The icon of a map control (plus, minus, ruler, locate)."""
    inner = _controls()[name].replace("currentColor", palette(theme)["text"])
    return QIcon(_drawn(inner, "0 0 24 24", 20, ratio))


def _drawn(inner: str, box: str, side: int, ratio: float) -> QPixmap:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}">{inner}</svg>'
    pixmap = QPixmap(round(side * ratio), round(side * ratio))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(pixmap.rect()))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
