from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPainter

from weihai_command.domain.unit import KINDS
from widgets import icons, theme


def painted(image: QImage) -> int:
    return sum(image.pixelColor(x, y).alpha() > 128 for x in range(image.width()) for y in range(image.height()))


def test_every_symbol_that_boards_name_is_there():
    wanted = {f"g{grade}" for grade in range(5)} | {"mu", "mo"} | {f"u-{kind}{end}" for kind in KINDS for end in ("", "-b", "-x", "-o")}
    assert wanted <= icons.names()


@pytest.mark.parametrize("name", ["g1", "g4", "mu", "u-fire", "u-sea-b", "u-gas-x"])
def test_a_symbol_is_drawn(qapp, name):
    pixmap = icons.pixmap(name, 20)
    assert pixmap.deviceIndependentSize().width() == 20
    assert painted(pixmap.toImage()) > 60


def test_a_screen_with_a_higher_ratio_gets_more_pixels(qapp):
    assert icons._pixmap("g1", 20, 2.0).width() == 40
    assert icons._pixmap("g1", 20, 2.0).deviceIndependentSize().width() == 20


def test_an_unknown_symbol_draws_nothing_and_harms_nothing(qapp):
    image = QImage(32, 32, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    icons.paint(painter, "u-dragons", QPointF(16, 16), 20)
    icons.paint_unsent(painter, QPointF(16, 16), theme.colour("text"))
    painter.end()
    assert 10 < painted(image) < 120
    with pytest.raises(KeyError):
        icons.pixmap("u-dragons", 20)
