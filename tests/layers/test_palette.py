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


def test_a_sensor_out_of_bounds_is_a_ring_in_the_colour_of_the_theme_and_no_badge_of_an_incident() -> None:
    for theme in ("dark", "light"):
        symbols = dict(re.findall(r'<symbol id="([^"]+)"(.*?)</symbol>', symbols_svg(theme)))
        for name, token in (("sen-y", "yellow"), ("sen-o", "orange"), ("sen-b", "blue")):
            assert f'fill="{palette(theme)["bg1"]}" stroke="{palette(theme)[token]}"' in symbols[name]
            radii = [float(radius) + float(width) / 2 for radius, width in re.findall(r' r="([\d.]+)"[^>]* stroke-width="([\d.]+)"', symbols[name])]
            assert len(radii) == 2 and max(radii) * 2 * 20 / 24 <= 14, "no more than 14 pixels with its halo at the size of the layer"
            assert palette(theme)["badge_yellow"] not in symbols[name]
        assert palette(theme)["badge_yellow"] in symbols["g3"]


def test_a_vehicle_has_all_the_states_that_a_vessel_has() -> None:
    names = set(re.findall(r'<symbol id="([^"]+)"', symbols_svg("light")))
    assert {f"{kind}{state}" for kind in ("ves", "veh") for state in ("", "-h", "-r", "-s")} <= names
