from __future__ import annotations

import pytest
from PySide6.QtGui import QFontMetrics

from widgets import theme

#: What the widgets put on what, beyond the pairs of the token file.
TEXT_PAIRS = {
    "dark": (("on_text", "text"), ("on_drill", "drill"), ("red_text", "bg2"), ("text2", "bg3"), ("stale", "bg1"), ("yellow", "bg2"), ("orange", "bg0")),
    "light": (("on_text", "text"), ("on_drill", "drill"), ("red_text", "bg2"), ("text2", "bg3"), ("stale", "bg1"), ("yellow", "bg2"), ("orange", "bg0")),
}


def pairs(mode: str, kind: str):
    return [(name.split(" on "), ratio) for name, ratio in theme.tokens()["contrast"][mode][kind].items()]


@pytest.mark.parametrize("mode", theme.MODES)
@pytest.mark.parametrize("kind", ["text", "mark"])
def test_the_contrast_of_every_pair_is_computed_and_enough(mode, kind):
    floor = theme.tokens()["contrast"]["floor"][kind]
    for (front, back), stated in pairs(mode, kind):
        ratio = theme.contrast(theme.colours(mode)[front], theme.colours(mode)[back])
        assert ratio >= floor, f"{front} on {back}: {ratio:.2f}"
        assert abs(ratio - stated) < 0.02, f"{front} on {back}: {ratio:.2f}, stated {stated}"


@pytest.mark.parametrize("mode", theme.MODES)
def test_what_the_widgets_use_besides_reads_as_well(mode):
    of = theme.colours(mode)
    for front, back in TEXT_PAIRS[mode]:
        assert theme.contrast(of[front], of[back]) >= 4.5, f"{front} on {back}"


def test_the_contrast_of_black_on_white():
    assert theme.contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert theme.contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("mode", theme.MODES)
def test_the_style_sheet_is_filled_and_understood(qapp, mode, qt_messages):
    assert "$" not in theme.stylesheet(mode)
    theme.apply(qapp, mode)
    assert theme.mode() == mode and theme.colour("bg1").name().upper() == theme.colours(mode)["bg1"].upper()
    theme.apply(qapp, "dark")
    qapp.setStyleSheet("")


def test_all_digits_are_equally_wide(qapp):
    for bold in (False, True):
        metrics = QFontMetrics(theme.font(bold=bold))
        assert len({metrics.horizontalAdvance(digit) for digit in "0123456789"}) == 1
