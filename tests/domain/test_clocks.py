from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weihai_command.domain.calendar import CALENDAR, DAYS, HOURS, URGENT, Calendar
from weihai_command.domain.clocks import CLOCKS, Limit, Rules, benchmarks_of, carried, legs, limits_of, share, standing
from weihai_command.domain.faults import StoreFault
from weihai_command.domain.incident import Incident
from weihai_command.domain.lifecycle import EMERGENCY_OPEN, MUNICIPAL_OPEN, Command, decide, evolve, opened

CITY = Calendar()
RULES = Rules(
    CITY,
    {"intake": Limit(0.25, URGENT), "verify": Limit(0.5, URGENT), "dispatch": Limit(0.25, URGENT), "accept": Limit(0.25, URGENT),
     "handle": Limit(3, DAYS), "check": Limit(4, HOURS), "send": Limit(0.05, URGENT), "triage": Limit(0.05, URGENT), "rescue": Limit(4, URGENT)},
    {"works": Limit(2, HOURS)}, {"manhole": Limit(5, CALENDAR)}, {"pipe": "works"},
)  # fmt: skip
#: A Thursday.
START = datetime.fromisoformat("2026-07-16T15:00:00+08:00")
KNOWN: dict[str, Any] = {"owner": "wang", "department": "water", "reason": "等配件", "until": "2026-08-01", "result": "好", "outcome": "好"}


class Case:
    """A municipal case to which acts happen at told minutes after START."""

    def __init__(self, kind: str = "pipe") -> None:
        case = Incident("i", "爆管", track="municipal", number="案1", type=kind, priority="high", lon=122.1, lat=37.5)
        self.now = carried(case, opened(case, "wang", "officer", "op", iso(0)), "report", iso(0), RULES)

    def does(self, minutes: float, *acts: str, **more: Any) -> Case:
        for act in acts:
            old = self.now
            role = "exercise"
            for event in decide(old, Command(act, "wang", role, "op", KNOWN | more), iso(minutes)):
                self.now = evolve(self.now, event)
            self.now = carried(old, self.now, act, iso(minutes), RULES)
        return self

    def handling(self) -> Case:
        return self.does(1, "verify", "register", "dispatch", "accept", "handle")


def iso(minutes: float) -> str:
    return (START + timedelta(minutes=minutes)).isoformat()


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def due(case: Case) -> float:
    """Minutes from START."""
    return (datetime.fromisoformat(case.now.due_at or "") - START).total_seconds() / 60


def test_every_stage_begins_its_own_clock() -> None:
    case = Case()
    found = [due(case)]
    for minutes, act in enumerate(("verify", "register", "dispatch", "accept", "handle", "finish", "check", "close"), start=1):
        found.append(due(case.does(minutes, act)))
    # handle: two working hours from 15:04; check: four of them from 15:06, of which the last hour falls on Friday morning.
    over_night = 24 * 60 - 7 * 60 + 6 + 60
    assert found == [15, 31, 17, 18, 124, 124, over_night, over_night, over_night]


def test_the_limit_follows_the_kind() -> None:
    assert due(Case("manhole").handling()) == 5 * 24 * 60 + 1
    assert due(Case("other").handling()) == 5 * 24 * 60 + 1  # three working days over a weekend


def test_a_suspension_gives_back_what_was_left_in_working_time() -> None:
    case = Case().handling().does(31, "suspend")
    assert standing(case.now, at(5000), RULES).left_s == 5400  # type: ignore[union-attr]
    # Resumed at night: an hour and a half of Friday morning.
    case.does(10 * 60, "resume")
    assert datetime.fromisoformat(case.now.due_at or "") == datetime.fromisoformat("2026-07-17T09:30:00+08:00")


def test_what_is_over_when_suspended_is_over_by_as_much_afterwards() -> None:
    case = Case().handling().does(151, "suspend")
    assert due(case.does(10_000, "resume")) == 10_000 - 30


def test_rework_begins_its_stage_anew() -> None:
    case = Case().handling().does(10, "finish", "check").does(20, "rework")
    assert due(case) == 140
    runs = legs(case.now, at(30), RULES)
    assert [each.clock for each in runs] == ["intake", "verify", "dispatch", "accept", "handle", "check", "handle"]
    assert runs[-1].spent_s == 600 and runs[-1].ended is None


def test_promotion_stops_the_municipal_clock_and_demotion_gives_it_back() -> None:
    case = Case().handling().does(31, "promote")
    assert case.now.state == "queued" and due(case) == 34
    case.does(91, "demote")
    assert case.now.state == "handling"
    assert CITY.seconds(at(91), datetime.fromisoformat(case.now.due_at or ""), HOURS) == 90 * 60


def test_a_promoted_suspension_stays_one() -> None:
    case = Case().handling().does(31, "suspend").does(60, "promote").does(500, "demote")
    assert case.now.state == "suspended"
    assert standing(case.now, at(9000), RULES).left_s == 5400  # type: ignore[union-attr]


def test_a_watched_emergency_has_no_limit() -> None:
    case = Case().does(1, "promote").does(2, "monitor")
    assert case.now.due_at is None and standing(case.now, at(3), RULES) is None


def test_the_share_counts_running_time_only() -> None:
    case = Case().handling()
    assert share(case.now, at(1), RULES) == 0.0 and share(case.now, at(61), RULES) == 0.5
    case.does(61, "suspend").does(62, "resume")
    assert share(case.now, at(62), RULES) == pytest.approx(0.5)
    assert share(case.now, at(9000), RULES) == 1.0
    assert share(case.does(70, "force_close").now, at(80), RULES) is None


def test_a_case_of_a_stranger_has_its_own_due_time_or_that_of_its_state() -> None:
    strange = Incident("i", "x", track="municipal", state="handling", type="pipe", state_at=iso(0))
    assert standing(strange, at(30), RULES).left_s == 5400  # type: ignore[union-attr]
    own = standing(replace(strange, due_at=iso(40)), at(30), RULES)
    assert own is not None and own.left_s == 600 and own.share == 0.75
    assert standing(replace(strange, state_at=None), at(30), RULES) is None


def test_what_is_over_is_over_by_the_wall_clock() -> None:
    night = Incident("i", "x", track="municipal", state="handling", type="pipe", state_at=iso(0), due_at=iso(180))
    assert standing(night, at(300), RULES).left_s == -7200  # type: ignore[union-attr]


hostile = st.one_of(st.none(), st.integers(), st.text(max_size=5), st.sampled_from([iso(0), iso(9), "2199-01-01T00:00:00+00:00", "1900-01-01T00:00:00+08:00"]))
lines = st.one_of(st.none(), st.dictionaries(st.sampled_from(["at", "act", "from", "to"]), st.one_of(hostile, st.sampled_from([*CLOCKS, "suspended", "promote"]))))


@given(
    state=st.sampled_from([*EMERGENCY_OPEN, *MUNICIPAL_OPEN]), history=st.lists(lines, max_size=6), due_at=hostile, state_at=hostile,
    frozen=st.one_of(st.none(), st.dictionaries(st.sampled_from(["left_s", "state"]), hostile)), act=st.sampled_from(["resume", "demote", "promote", "close"]),
)
def test_hostile_records_have_some_clock_or_none(state: str, history: list[Any], due_at: Any, state_at: Any, frozen: Any, act: str) -> None:
    track = "emergency" if state in EMERGENCY_OPEN else "municipal"
    case = Incident("i", "x", track=track, state=state, due_at=due_at, state_at=state_at, history=tuple(history), frozen=frozen, before="handling")
    found = standing(case, START, RULES)
    assert found is None or 0 <= found.share <= 1
    for new in (replace(case, track="municipal", state="handling"), replace(case, track="emergency", state="queued")):
        after = carried(case, new, act, iso(1), RULES).due_at
        assert after is None or isinstance(after, type(due_at)) or datetime.fromisoformat(after)


@pytest.mark.parametrize(
    ("raw", "said"),
    [({"stages": {}}, "stages"), ({"stage": 3}, "stage"), ({"stage": {"verify": 3}}, "amount"), ({"stage": {"verify": {"amount": 0, "unit": URGENT}}}, "大于 0"),
     ({"stage": {"verify": {"amount": float("nan"), "unit": URGENT}}}, "大于 0"), ({"type": {"pipe": {"amount": 1, "unit": "week"}}}, "unit")],
)
def test_broken_limits_say_what_is_wrong(raw: dict[str, Any], said: str) -> None:
    with pytest.raises(StoreFault) as caught:
        limits_of(raw, "deadlines.toml")
    assert said in caught.value.happened


@pytest.mark.parametrize("row", [3, {}, {"seconds": 60}, {"seconds": 60, "share": 2}, {"seconds": 0, "share": 0.9}, {"seconds": "60", "share": 0.9}])
def test_broken_benchmarks_say_what_is_wrong(row: Any) -> None:
    with pytest.raises(StoreFault, match="report_dispatch"):
        benchmarks_of({"benchmark": {"report_dispatch": row}}, "deadlines.toml")
