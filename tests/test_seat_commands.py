from __future__ import annotations

from weihai_command.seat_commands import zoom_of


def test_a_place_is_shown_as_closely_as_it_is_known():
    assert [zoom_of(metres) for metres in (0, 10, 400, 800, 4000, 8000, 1e9)] == [15, 15, 15, 14, 12, 11, 10]
