from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from tests.fake_desk import NOW, ago, incident
from weihai_command.boards import limit_words
from weihai_command.boards.incident_rows import row_of
from weihai_command.domain.calendar import CALENDAR, DAYS, HOURS, URGENT
from weihai_command.domain.clocks import STAGES
from weihai_command.operations import deadlines

#: Thursday, three in the afternoon in the city.
THREE = datetime.fromisoformat("2026-07-16T15:00:00+08:00")


@pytest.fixture(autouse=True)
def own_rules() -> Iterator[None]:
    deadlines.forget()
    yield


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-07-{text}:00+08:00")


@pytest.mark.parametrize(
    ("due", "unit", "shown"),
    [
        (THREE + timedelta(minutes=14), URGENT, ("剩 0:14", "plain")), (THREE + timedelta(minutes=10), URGENT, ("剩 0:10", "near")),
        (THREE, URGENT, ("剩 0:00", "near")), (THREE - timedelta(minutes=80), URGENT, ("超 1:20", "over")),
        (THREE - timedelta(days=3), DAYS, ("超 3 天", "over")), (at("21T15:00"), DAYS, ("剩 3 工作日", "plain")),
        (at("17T11:00"), DAYS, ("剩 6:00", "plain")), (at("16T18:00"), DAYS, ("剩 3:00", "near")),
        (at("17T11:00"), HOURS, ("剩 6:00", "plain")), (at("20T11:00"), HOURS, ("剩 14:00", "plain")),
        (at("18T16:00"), CALENDAR, ("剩 2 天", "plain")), (at("17T14:00"), CALENDAR, ("剩 23:00", "near")),
        (at("16T16:00"), HOURS, ("剩 1:00", "near")),
    ],
)
def test_a_limit_says_what_is_left_in_its_own_time(due: datetime, unit: str, shown: tuple[str, str]) -> None:
    assert limit_words.left(due, THREE, paused=False, unit=unit) == shown


def test_at_night_a_limit_of_the_night_is_not_zero() -> None:
    assert limit_words.left(at("16T22:00"), at("16T19:00"), paused=False, unit=HOURS) == ("剩 3:00", "plain")


def test_a_paused_limit_tells_what_was_left_then() -> None:
    since = THREE - timedelta(days=6)
    assert limit_words.left(since + timedelta(minutes=95), THREE, paused=True, since=since) == ("余 1:35", "still")
    assert limit_words.left(since - timedelta(minutes=5), THREE, paused=True, since=since) == ("超 0:05", "still")
    assert limit_words.left(THREE, THREE, paused=True) == ("挂账", "still")
    assert limit_words.left(None, THREE, paused=True) == ("挂账", "still")
    assert limit_words.left(None, THREE, paused=False) == ("—", "still")


def test_the_row_counts_in_the_time_of_its_stage() -> None:
    row = row_of(incident("案1", track="municipal", state="handling", type="pipe_burst", due_at=ago(-120)))
    assert row.unit == URGENT and row.left(NOW) == ("剩 2:00", "plain")
    assert row_of(incident("案1", track="municipal", state="handling", type="green_damage")).unit == DAYS
    assert row_of(incident("案1", track="municipal", state="suspended", before="handling", type="stray_dog")).unit == CALENDAR


def test_a_record_without_a_limit_gets_that_of_its_state() -> None:
    row = row_of(incident("案1", track="municipal", state="verifying", state_at=ago(10)))
    assert row.left(NOW) == ("剩 0:20", "plain")
    assert row_of(incident("案1", track="municipal", state="verifying", state_at=ago(50))).is_overdue(NOW)
    assert row_of(incident("应1", state="monitored")).left(NOW) == ("—", "still")
    assert row_of(incident("应1", state="ended", state_at=ago(5))).left(NOW) == ("—", "still")


def test_the_line_of_the_open_incident() -> None:
    line = limit_words.clock_line(incident("案1", track="municipal", state="verifying", state_at=ago(15), due_at=ago(-15)), NOW)
    assert line is not None and line.share == 0.5 and line.mood == "plain"
    assert line.text.startswith("核实时限 · 剩 0:15 · ") and line.text.endswith("到期 · 急，按钟点计")
    assert limit_words.clock_line(incident("案1", track="municipal", state="closed"), NOW) is None


def test_the_line_of_a_suspended_case_without_due_time_goes_by_its_history() -> None:
    case = incident("案1", track="municipal", state="suspended", before="handling", type="street_vendor", state_at=ago(30))
    line = limit_words.clock_line(case, NOW)
    assert line is not None and line.text == "处置时限 · 挂账，余 2:00 · 按工作时间计" and line.mood == "still" and line.share == 0.0


def test_every_clock_and_unit_has_its_word() -> None:
    found = deadlines.rules()
    assert set(STAGES) == set(found.stage)
    assert {each.unit for each in found.stage.values()} <= set(limit_words.UNITS)


@pytest.mark.parametrize("field", ["due_at", "state_at", "before", "type", "history", "frozen"])
@pytest.mark.parametrize("value", [5, [], {}, "x", ["x"], {"at": 1}, float("nan")])
def test_hostile_records_have_a_row_and_a_line(field: str, value: object) -> None:
    raw = incident("案1", **{"track": "municipal", "state": "handling", field: value})
    assert row_of(raw).left(NOW)[0]
    line = limit_words.clock_line({**raw, "state": "suspended"}, NOW)
    assert line is None or 0 <= line.share <= 1
