"""What stands on the screen, read from its pixels at four zooms; each picture is written beside the test's output."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from weihai_command.domain.point_index import CELL_HEIGHT, CELL_WIDTH, PointIndex
from weihai_command.domain.points import ABNORMAL

PLACE = (122.10, 37.40)
#: Draws numbers as the chips do, alone; the answer is a picture.
DRAW = """((canvas, numbers) => { canvas.width = 90; canvas.height = 22 * numbers.length; const c = canvas.getContext('2d');
    c.fillStyle = app.sprites.colours.bg0; c.fillRect(0, 0, canvas.width, canvas.height);
    app.sprites.putCounts(c, numbers.map(([count, down], k) => ({ stamp: { ...app.sprites.count({ icon: 'none' }, { count, down }),
    ...app.sprites.stamp('empty', 1, 1, () => {}) }, box: [-26, 22 * k] }))); return canvas.toDataURL().split(',')[1]; })(document.createElement('canvas'), %s)"""


def grey(image: QImage) -> NDArray[np.float64]:
    """Brightness (rows, columns)."""
    plain = image.convertToFormat(QImage.Format.Format_Grayscale8)
    data = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return data[:, : plain.width()].astype(np.float64)


def likeness(seen: NDArray[np.float64], drawn: NDArray[np.float64]) -> float:
    return float(np.corrcoef(seen.ravel(), drawn.ravel())[0, 1])


def neighbours(count: int, down: int) -> list[tuple[int, int]]:
    """Numbers, and how many are down, that a careless map might show instead."""
    others = [(count + more, down) for more in (-100, -10, -1, 1, 10, 100)] + [(count * 10, down), (count // 10, down)]
    others += [(count, down + more) for more in (-10, -1, 1, 10)]
    return [(count, down), *((a, b) for a, b in others if a > 1 and b >= 0)]


def a_city(table: Callable[..., Any]) -> tuple[Any, Any]:
    """(8,000 cameras around three towns, 400 sensors, 12 of them abnormal)"""
    random = np.random.default_rng(4)
    towns = np.array([(122.05, 37.44), (122.16, 37.40), (122.10, 37.38)])
    cameras, sensors = (towns[random.integers(0, 3, n)] + random.normal(0, 0.03, (n, 2)) for n in (8000, 400))
    sensors[:12] = PLACE + np.array([(x, y) for x in (-0.12, -0.04, 0.0006, 0.12) for y in (-0.06, 0.0004, 0.06)])
    red = np.arange(400) < 12
    return (table("video_points", [tuple(each) for each in cameras.tolist()], ("cam", "cam-x"), symbol=random.random(8000) < 0.04),
            table("sensors", [tuple(each) for each in sensors.tolist()], ("sen", "sen-r"), flags=red * ABNORMAL, symbol=red))


def read_count(city_map: Any, screen: NDArray[np.float64], box: list[float], count: int, down: int) -> tuple[int, int]:
    """Which of two numbers and their neighbours the screen shows in a chip."""
    numbers = neighbours(count, down)
    picture = QImage.fromData(base64.b64decode(city_map.javascript(DRAW % [list(each) for each in numbers])), "PNG")
    left, top = round(box[0]) + 26, round(box[1])
    width = round(box[2]) - left - 4
    seen, drawn = screen[top + 3 : top + 19, left : left + width], grey(picture)
    # Numbers of another length than the chip would stick out of it.
    likes = [likeness(seen, drawn[22 * at + 3 : 22 * at + 19, :width]) for at in range(len(numbers))]
    assert max(likes) > 0.9, "no number at all"
    return numbers[int(np.argmax(likes))]


@pytest.mark.parametrize("zoom", [9, 11, 13, 18])
def test_the_screen_shows_the_counts_of_the_index_and_every_abnormal_point(
    city_map: Any, table: Callable[..., Any], tmp_path: Path, zoom: int
) -> None:
    cameras, sensors = a_city(table)
    index = PointIndex(cameras)
    city_map.feed(cameras, sensors)
    city_map.view.stage.toggle_panel()
    city_map.go(*PLACE, zoom)
    city_map.pause(0.6)
    image = city_map.image()
    assert image.save(str(tmp_path / f"zoom-{zoom}.png"))
    truth = index.clusters(zoom)
    scale, screen = 256 * 2.0**zoom, grey(image)
    chips = city_map.javascript("app.marks.chips.map(({box, entry}) => [box, entry.column, entry.row])")
    counts = {(c, r): n for c, r, n in zip(truth.column.tolist(), truth.row.tolist(), truth.count.tolist(), strict=True)}
    offline = np.bincount(truth.cell, np.asarray(cameras.symbol), len(truth.count)).astype(int)
    downs = {(c, r): n for c, r, n in zip(truth.column.tolist(), truth.row.tolist(), offline.tolist(), strict=True)}
    left, top = city_map.javascript("[map_city.getPixelBounds().min.x, map_city.getPixelBounds().min.y]")
    for box, column, row in chips:
        x, y = column * CELL_WIDTH - left, row * CELL_HEIGHT - top
        assert x <= box[0] and box[2] <= x + CELL_WIDTH and y <= box[1] and box[3] <= y + CELL_HEIGHT, "a chip stands in its cell"
        if box[0] >= 0 and box[1] >= 0 and box[2] <= image.width() and box[3] <= image.height():
            told = counts[column, row], downs[column, row]
            assert read_count(city_map, screen, box, *told) == told
    assert bool(chips) == truth.is_crowded == (zoom < 18)
    shown = sum(counts[column, row] for _, column, row in chips)
    visible = index.box(*(city_map.view.extent[at] for at in range(4)))
    assert not truth.is_crowded or shown > 0.8 * len(visible)
    for lon, lat in zip(sensors.lon[:12].tolist(), sensors.lat[:12].tolist(), strict=True):
        spot = city_map.at(lon, lat)
        if 10 < spot.x() < image.width() - 10 and 10 < spot.y() < image.height() - 10 and scale:
            assert city_map.sees(spot, "badge_red", reach=9), f"abnormal at {lon}, {lat}"
