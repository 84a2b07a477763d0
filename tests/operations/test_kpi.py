from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from tests.operations.conftest import FIRE, GAS
from weihai_command.domain.faults import Usage
from weihai_command.operations import acts, kpi
from weihai_command.operations.desk import Desk, Officer
from weihai_command.operations.exempting import exempt

#: Monday of the week 2026-W29.
MONDAY = datetime.fromisoformat("2026-07-13T09:00:00+08:00")
GIVEN = {"owner": "officer", "department": "water", "result": "好", "outcome": "好", "reason": "等配件", "until": "2026-08-01", "lon": 122.1, "lat": 37.5}
WAY = ("verify", "register", "dispatch", "accept", "handle", "finish", "check", "close")


@pytest.fixture
def at(desk: Desk) -> Callable[[float], None]:
    """Set the desk's clock to so many hours after MONDAY."""
    desk.officer = Officer("officer", "王海宁", "exercise")

    def move(hours: float) -> None:
        now = MONDAY + timedelta(hours=hours)
        desk.clock = lambda: now

    return move


def case(desk: Desk, *ways: str) -> str:
    made = acts.report(desk, title="爆管", type="pipe_burst", track="municipal", district="环翠区").id
    go(desk, made, *ways)
    return made


def go(desk: Desk, made: str, *ways: str) -> None:
    for act in ways:
        acts.transition(desk, made, act, **({"department": "water"} if act == "dispatch" else {key: value for key, value in GIVEN.items() if key != "department"}))


def test_the_week_as_it_was_told(desk: Desk, at: Callable[[float], None]) -> None:
    at(0)
    case(desk)
    case(desk, "reject")
    good, late, back, open_one, out = (case(desk, *WAY[:5]) for _ in range(5))
    at(1)
    go(desk, good, *WAY[5:])
    go(desk, back, "finish", "check", "rework", *WAY[5:])
    go(desk, open_one, "suspend", "resume")
    exempt(desk, out, "申诉成立")
    at(30)
    go(desk, late, *WAY[5:])
    found = kpi.figures(desk, week="2026-W29", district="环翠区")
    assert found["counts"] == {
        "received": 6, "filed": 4, "dispatched": 4, "due": 4, "closed": 3, "in_time": 2, "rework": 1, "extended": 1, "to_handle": 4, "handled_in_time": 2,
    }
    assert {row["word"]: row["percent"] for row in found["rates"].values()} == {
        "立案率": "66.67", "派遣率": "100.00", "结案率": "75.00", "按期结案率": "50.00", "返工率": "25.00", "延期率": "25.00", "按期处置率": "50.00",
    }
    assert found["exempt"] == 1 and found["from"] == "2026-07-13T00:00:00+08:00" and found["to"] == "2026-07-20T00:00:00+08:00"


def test_a_week_or_district_without_cases_is_blank(desk: Desk, at: Callable[[float], None]) -> None:
    at(0)
    case(desk)
    for found in (kpi.figures(desk, week="2026-W30"), kpi.figures(desk, district="文登区")):
        assert {row["percent"] for row in found["rates"].values()} == {None}
    assert kpi.figures(desk)["week"] == "2026-W29"


def test_intervals_of_an_emergency(desk: Desk, at: Callable[[float], None]) -> None:
    at(0)
    fire = acts.report(desk, title="火情", type="fire_house", priority="urgent", lon=122.1, lat=37.5).id
    at(50 / 3600)
    acts.dispatch(desk, fire, [FIRE])
    acts.status(desk, FIRE, "dispatched")
    at(0.1)
    acts.status(desk, FIRE, "on_scene")
    found = kpi.figures(desk, week="2026-W29")["intervals"]
    assert found["report_dispatch"] == {
        "count": 1, "blank": 0, "median": 50.0, "p90": 50.0, "target_s": 60.0, "target_share": 0.9, "within": 1.0, "met": True,
    }
    assert found["dispatch_acknowledge"]["median"] == 0.0
    assert found["acknowledge_en_route"]["median"] is None and found["acknowledge_en_route"]["met"] is None
    assert found["en_route_on_scene"]["blank"] == 1 and found["report_on_scene"]["median"] == 360.0
    assert GAS not in str(found)


@pytest.mark.parametrize("week", ["2026", "2026-W60", "W29", "2026-Wx", "2026-W29-W2", "0-W1"])
def test_a_week_that_is_none_is_refused(desk: Desk, week: str) -> None:
    with pytest.raises(Usage, match="2026-W47"):
        kpi.figures(desk, week=week)
