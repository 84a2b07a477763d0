"""Geometry of every panel at every size: no word is cut or runs into another, nothing stands outside its panel or on a seam."""

from __future__ import annotations

from itertools import combinations

import pytest

from tests.widgets.situation import wall_examples as examples
from weihai_command.domain.movers import LATE, LOST
from weihai_command.domain.situation import HotSpots, Situation
from widgets.situation import frame_sheets
from widgets.situation.plan import CLEAR, Plan, Wall, body_of, plan, usual_seams
from widgets.situation.screen import LAYS
from widgets.situation.sheet import Bar, Box, Icon, Sheet, Spark, Type

SIZES = ((1920, 1080), (3840, 1080), (5760, 2160), (2560, 1440), (3840, 2160))
CITIES = {"small": examples.situation(), "big": examples.situation(40), "empty": examples.empty(), "late": examples.late(LATE), "lost": examples.late(LOST, 3000)}


def _plan(width: int, height: int, *, is_exercise: bool = True, **more: object) -> tuple[Wall, Plan]:
    across, down = usual_seams(width, height)
    wall = Wall(width, height, across, down, is_exercise=is_exercise, **more)  # type: ignore[arg-type]
    return wall, plan(wall)


def _sheet(name: str, box: Box, scale: float, found: Situation) -> Sheet:
    return LAYS[name](Type(scale), box.w / scale, box.h / scale, found, examples.NOW)


def _assert_sound(sheet: Sheet, where: str) -> None:
    inside = Box(0, 0, sheet.width, sheet.height)
    for text in sheet.texts:
        assert text.width <= text.room + 1.0, (where, text)
        assert inside.holds(text.box, 1.0), (where, text)
    for one, other in combinations(sheet.texts, 2):
        # A badge bears its character and lets nobody else in.
        assert not one.box.meets(other.box, 1.0), (where, one.text, other.text)
    for text in sheet.texts:
        for item in sheet.items:
            if isinstance(item, (Icon, Spark, Bar)) and not (isinstance(item, Bar) and item.colour == "heat"):
                is_character = isinstance(item, Icon) and len(text.text) == 1 and item.box.holds(text.box, 4.0)
                assert is_character or not text.box.meets(item.box, 1.5), (where, text.text, item)
    for figure in sheet.figures:
        assert inside.holds(figure.box, 2.5) and figure.words.strip(), (where, figure)
    names = [figure.name for figure in sheet.figures]
    assert len(names) == len(set(names)), where


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("city", CITIES)
def test_no_word_is_cut_or_runs_into_another(qapp: object, size: tuple[int, int], city: str) -> None:
    found = CITIES[city]
    _, made = _plan(*size, fields=len(found.sensors) or 10)
    for name, box in made.panels.items():
        sheet = _sheet(name, box, made.scale, found)
        _assert_sound(sheet, f"{size} {city} {name}")
        assert not any("…" in text.text for text in sheet.texts), (size, city, name, [text.text for text in sheet.texts if "…" in text.text])


@pytest.mark.parametrize("size", SIZES)
def test_nothing_stands_on_a_seam(qapp: object, size: tuple[int, int]) -> None:
    wall, made = _plan(*size)
    for name, box in made.panels.items():
        for x in wall.seams_x:
            assert not box.x - CLEAR * made.scale < x < box.right + CLEAR * made.scale, (name, x)
        for y in wall.seams_y:
            assert box.bottom <= y - CLEAR * made.scale + 1.5 or box.y >= y + CLEAR * made.scale - 1.5, (name, y)
    seams = [(x - made.legend.x) / made.scale for x in wall.seams_x if made.legend.x < x < made.legend.right]
    legend = frame_sheets.legend(Type(made.scale), made.legend.w / made.scale, made.legend.h / made.scale, seams, frame_sheets.View(), False)
    header = frame_sheets.header(Type(made.scale), made.header.w / made.scale, made.header.h / made.scale, "威海市", "已同步 · 0 待发", "7月16日 周四", examples.NOW)
    _assert_sound(legend, f"legend {size}")
    _assert_sound(header, f"header {size}")
    assert any("示意底图" in text.text for text in legend.texts) and [figure.name for figure in legend.figures] == ["heat"]
    for sheet, left, marks in ((legend, made.legend.x, seams), (header, 0.0, [x / made.scale for x in wall.seams_x])):
        boxes = [text.box for text in sheet.texts] + [item.box for item in sheet.items if isinstance(item, (Icon, Bar))]
        assert not any(box.x < seam < box.right for box in boxes for seam in marks), (size, left)


@pytest.mark.parametrize("size", SIZES)
def test_panels_keep_apart_and_inside(size: tuple[int, int]) -> None:
    _, made = _plan(*size)
    assert len(made.panels) == 7 and made.body >= 14.0
    whole = Box(0, 0, *size)
    boxes = [*made.panels.values(), made.map, made.legend, made.header, *([made.band] if made.band else [])]
    assert all(whole.holds(box) for box in boxes)
    assert not any(one.meets(other) for one, other in combinations(boxes, 2))
    sides = {box.w for box in made.panels.values()}
    assert len(sides) == 1 and 0.2 <= sides.pop() / size[0] <= 0.25


def test_the_body_follows_distance_and_pitch_as_far_as_it_fits() -> None:
    assert body_of(2.0, 0.6) == pytest.approx(24.24, abs=0.01)
    asked = plan(Wall(3840, 1080, (1920.0,), (), body_of(1.5, 0.6)))
    assert asked.body == pytest.approx(18.18, abs=0.05) and not asked.is_smaller
    far = plan(Wall(3840, 1080, (1920.0,), (), body_of(8.0, 0.6)))
    assert far.is_smaller and far.body <= 24.0


def test_a_wall_is_scaled_never_stretched(qapp: object) -> None:
    """Twice the screen is the same sheet, twice as large."""
    one, two = plan(Wall(1920, 1080)), plan(Wall(3840, 2160))
    assert two.scale == pytest.approx(2 * one.scale, rel=0.03)
    for name in one.panels:
        small, large = (_sheet(name, made.panels[name], made.scale, CITIES["small"]) for made in (one, two))
        assert [text.text for text in small.texts] == [text.text for text in large.texts]


def test_a_panel_gives_way_to_a_seam_through_it() -> None:
    made = plan(Wall(3840, 1080, (900.0, 1920.0, 2940.0)))
    assert made.panels["open"].right <= 900 - CLEAR * made.scale + 1


def test_hours_are_sound(qapp: object) -> None:
    for hot in (CITIES["small"].hot, HotSpots()):
        _assert_sound(frame_sheets.hours(Type(1.0), 760, 256, hot), "hours")


def test_late_data_says_since_when_and_lost_data_is_named(qapp: object) -> None:
    for level, words in ((LATE, "数据停在 16:14 · 已过 28 分钟"), (LOST, "数据中断 · 停在 16:14 · 已过 28 分钟")):
        found = examples.late(level)
        _, made = _plan(3840, 1080)
        for name, box in made.panels.items():
            sheet = _sheet(name, box, made.scale, found)
            assert sheet.is_late and any(text.text == words for text in sheet.texts), name
            assert not any(text.colour in ("orange", "text2") for text in sheet.texts), name


def test_what_is_not_known_is_no_zero(qapp: object) -> None:
    _, made = _plan(3840, 1080)
    for name, box in made.panels.items():
        sheet = _sheet(name, box, made.scale, CITIES["empty"])
        texts = [text.text for text in sheet.texts]
        assert any("无数据" in text for text in texts), (name, texts)
        assert name == "open" or not any(text.startswith("0") for text in texts), (name, texts)
