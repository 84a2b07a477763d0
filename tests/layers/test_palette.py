from __future__ import annotations

import re

from layers.palette import palette, symbols_svg


def test_every_token_of_the_dark_theme_has_a_colour_in_the_light_one() -> None:
    assert set(palette("light")) == set(palette("dark"))
    assert palette("light")["sea"] != palette("dark")["sea"]
    assert palette("no such theme") == palette("dark")


def test_light_symbols_lose_the_dark_halo_and_keep_the_ink_on_badges() -> None:
    dark, light = symbols_svg("dark"), symbols_svg("light")
    assert re.findall(r'<symbol id="([^"]+)', dark) == re.findall(r'<symbol id="([^"]+)', light)
    assert not re.search(r'#14181D" stroke-width="4"', light)
    orange = re.search(r'<symbol id="g2".*?</symbol>', light)
    assert orange and "#FF8A1F" in orange[0] and 'stroke="#14181D" stroke-width="1.7"' in orange[0]
    assert "#E6EAEE" not in light
