from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from weihai_command.domain.hotspots import KM_LAT, by_hour, density

BOX = (121.0, 36.5, 123.0, 38.0)


def test_each_time_falls_on_its_weekday_and_hour() -> None:
    table = by_hour([datetime(2026, 7, 13, 0, 5, tzinfo=UTC), datetime(2026, 7, 13, 0, 55, tzinfo=UTC), datetime(2026, 7, 19, 23, tzinfo=UTC)])
    assert table.shape == (7, 24) and table[0, 0] == 2 and table[6, 23] == 1 and table.sum() == 3


def test_density_is_a_bell_around_each_incident() -> None:
    lon, lat = np.array([122.0, 122.3]), np.array([37.2, 37.0])
    found = density(lon, lat, BOX, 160, 3.0)
    wide = 2.0 * KM_LAT * np.cos(np.radians(37.25)) / 160
    plain = np.zeros(found.shape)
    for row in range(found.shape[0]):
        for column in range(found.shape[1]):
            for x, y in zip((lon - 121.0) / 2.0 * 160 - 0.5, (38.0 - lat) / 1.5 * found.shape[0] - 0.5, strict=True):
                away = ((column - x) ** 2 + (row - y) ** 2) * wide**2 / 3.0**2
                plain[row, column] += np.exp(-0.5 * away) * wide**2 / (2 * np.pi * 3.0**2)
    assert found == pytest.approx(plain) and found.sum() == pytest.approx(2.0, abs=1e-3)


def test_what_lies_outside_the_box_is_not_drawn_into_it() -> None:
    assert density(np.array([130.0]), np.array([37.0]), BOX, 100, 2.0).sum() == pytest.approx(0.0, abs=1e-9)
