"""What a run card asks for, who fills it, and that every pick, every one passed over and every gap has its reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from weihai_command.domain.coast import Coast
from weihai_command.domain.dispatch import Scene
from weihai_command.domain.incident import Incident
from weihai_command.domain.run_card import Card, Plan, Role, choose, plan
from weihai_command.domain.unit import Unit
from weihai_command.domain.unit_lifecycle import can_dispatch

NOW = datetime.fromisoformat("2026-07-16T16:00:00+08:00")
GAS = Incident("i", "燃气泄漏", type="gas_leak", lon=122.1, lat=37.5)
#: Land up to 122.2 E; an island from 122.3 on.
SEA = Coast.of([
    [(121.0, 36.0), (122.2, 36.0), (122.2, 38.0), (121.0, 38.0), (121.0, 36.0)],
    [(122.3, 36.0), (122.4, 36.0), (122.4, 38.0), (122.3, 38.0), (122.3, 36.0)],
])
SCENE = Scene(NOW, SEA, {"fire": "消防", "medical": "医疗", "drain": "排水", "sea": "海事", "fish": "渔政", "rescue": "救援"}, {"x": "应0409"})
CARD = Card("gas_leak", roles=(
    Role(("fire",), count=2), Role(("medical",)), Role(("fire",), level=2), Role(("fire",), "登高", level=2), Role((), "抽排", level=3),
))


def unit(name: str, kind: str = "fire", lon: float = 122.1, age_s: float = 60, **more: Any) -> Unit:
    at = (NOW - timedelta(seconds=age_s)).isoformat()
    return Unit(name, name, kind, lon=lon, lat=37.5, position_at=at, **{"home_lon": lon, "home_lat": 37.5, **more})


def taken(made: Plan) -> list[tuple[str, str]]:
    return [(each.unit.name, each.role.code) for each in made.picks]


def test_levels_add_up_and_the_same_roles_are_one() -> None:
    assert [(role.code, role.count) for role in CARD.at(1)] == [("fire", 2), ("medical", 1)]
    assert [(role.code, role.count) for role in CARD.at(3)] == [("fire", 3), ("medical", 1), ("fire/登高", 1), ("*/抽排", 1)]
    assert CARD.levels == 3 and CARD.kinds() == ("fire", "medical")


def test_the_card_of_the_type_before_its_category_and_the_priority_before_any() -> None:
    cards = [Card("safety"), Card("safety", "low"), Card("gas_leak"), Card("gas_leak", "low")]
    asked = [choose(cards, kind, "safety", priority) for kind, priority in (("gas_leak", "low"), ("gas_leak", "high"), ("explosion", "low"), (None, None))]
    assert [(card.code, card.priority) for card in asked if card] == [("gas_leak", "low"), ("gas_leak", ""), ("safety", "low"), ("safety", "")]
    assert choose(cards, "fire_house", "fire", "low") is None
    assert choose([*cards, Card("other")], "fire_house", "fire", "low") == Card("other") and choose([Card("other")], None, None, "low") is None


def test_the_nearest_free_fill_the_roles_and_gaps_say_why() -> None:
    units = [
        unit("far", lon=122.19), unit("near", lon=122.12), unit("mid", lon=122.15), unit("busy", state="on_scene", incident_id="x", lon=122.11),
        unit("off", state="unavailable", reason="检修"), unit("island", lon=122.35), unit("medic", "medical", lon=122.16),
    ]
    made = plan(GAS, units, CARD, 1, SCENE)
    assert taken(made) == [("near", "fire"), ("mid", "fire"), ("medic", "medical")] and made.shortfalls == ()
    assert "直线" in made.picks[0].reason and "估算" in made.picks[0].reason and "空闲" in made.picks[0].reason
    assert [why for *_, why in made.passed] == ["off 更近（0.0 km）未选：不可用（检修）", "busy 更近（0.9 km）未选：忙（应0409）"]
    short = plan(GAS, units, CARD, 3, SCENE).shortfalls
    assert [(each.role.code, each.missing) for each in short] == [("fire/登高", 1), ("*/抽排", 1)]
    assert "far 无登高技能" not in short[0].why.split("：")[0] and "无登高技能" in short[0].why and short[1].why == "空闲 0，缺 1：没有更多这类力量"
    gap = plan(GAS, units[3:], CARD, 1, SCENE).shortfalls[0]
    assert (gap.role.code, gap.missing) == ("fire", 2) and gap.why == "空闲 1，缺 2：off 不可用（检修）、busy 忙（应0409）、island 隔海"
    assert [each.name for each in gap.busy] == ["busy"]


def test_who_is_there_counts_and_a_higher_level_asks_only_for_the_rest() -> None:
    here = [unit("a", state="on_scene", incident_id="i"), unit("b", state="en_route", incident_id="i", skills=("登高",))]
    free = [unit("c"), unit("d"), unit("medic", "medical")]
    made = plan(GAS, here + free, CARD, 1, SCENE)
    assert taken(made) == [("medic", "medical")] and {each.name for each, _ in made.held} == {"a", "b"}
    made = plan(GAS, here + free, CARD, 2, SCENE)
    # The one with the ladder is needed for it: another takes its place among the rest.
    assert ("b", "fire/登高") in [(each.name, role.code) for each, role in made.held]
    assert taken(made) == [("c", "fire"), ("d", "fire"), ("medic", "medical")] and not made.shortfalls


def test_skills_rest_coverage_and_crew_have_their_say() -> None:
    one = Card("gas_leak", roles=(Role(("fire",), crew=5),), skills=("侦检",))
    skilled, plain = unit("skilled", lon=122.12, skills=("侦检",), crew=6), unit("plain", lon=122.11, crew=6)
    made = plan(GAS, [skilled, plain, unit("few", crew=3)], one, 1, SCENE)
    assert taken(made) == [("skilled", "fire")] and "有侦检技能" in made.picks[0].reason
    assert [why for *_, why in made.passed] == ["few 更近（0.0 km）未选：3 人，少于 5 人", "plain 更近（0.9 km）未选：所选的skilled有侦检技能"]
    last, two = unit("last", lon=122.11, district="高区"), [unit("e", lon=122.14, district="经区"), unit("f", lon=122.19, district="经区")]
    made = plan(GAS, [last, *two], one, 1, SCENE)
    assert taken(made) == [("e", "fire")] and [why for *_, why in made.passed] == ["last 更近（0.9 km）未选：派出后高区无空闲消防"]
    made = plan(GAS, [last, *two], Card("x", roles=(Role(("fire",), count=2),)), 1, SCENE)
    # Two of the same district would leave it bare as well.
    assert taken(made) == [("last", "fire"), ("e", "fire")] and "派出后高区无空闲消防" in made.picks[0].reason and "无空闲" not in made.picks[1].reason


def test_at_sea_a_land_crew_waits_ashore_only_where_the_card_says_so() -> None:
    wreck = replace(GAS, lon=122.25)
    card = Card("vessel_flooding", roles=(Role(("sea", "fish")), Role(("rescue",)), Role(("medical",), shore=True)))
    made = plan(wreck, [unit("boat", "sea", lon=122.28), unit("crew", "rescue"), unit("medic", "medical")], card, 1, SCENE)
    assert taken(made) == [("boat", "sea|fish"), ("medic", "medical")] and "在岸边待命" in made.picks[1].reason
    assert "未计绕行" in made.picks[0].reason and made.shortfalls[0].why == "空闲 1，缺 1：crew 隔海"


NAMES = st.integers(0, 99).map(lambda n: f"u{n:02d}")
UNITS = st.lists(
    st.builds(
        lambda name, kind, lon, state, crew, skills, district, age: unit(
            name, kind, lon, age, state=state, crew=crew, skills=tuple(skills), district=district,
            incident_id=None if state in {"available", "assigned", "unavailable", "returning"} else "x" if age % 2 else "i",
        ),
        NAMES, st.sampled_from(["fire", "medical", "sea", "drain"]), st.sampled_from([122.05, 122.1, 122.14, 122.19, 122.35]),
        st.sampled_from(["available", "available", "assigned", "on_scene", "returning", "unavailable"]), st.sampled_from([None, 2, 6]),
        st.sets(st.sampled_from(["登高", "抽排"])), st.sampled_from([None, "高区", "经区"]), st.sampled_from([60, 61, 2400, 2401]),
    ),
    max_size=9, unique_by=lambda each: each.id,
)


def missing(made: Plan) -> int:
    return sum(each.missing for each in made.shortfalls)


@given(UNITS, st.integers(1, 3), st.randoms())
def test_no_unit_twice_none_unfit_and_the_sums_are_right(units: list[Unit], level: int, random: Any) -> None:
    made = plan(GAS, units, CARD, level, SCENE)
    used = [each.unit.id for each in made.picks] + [each.id for each, _ in made.held]
    assert len(used) == len(set(used))
    for each in made.picks:
        assert can_dispatch(each.unit) and each.role.unfit(each.unit) is None and each.reason and each.unit.lon != 122.35
    assert all(each.is_committed and each.incident_id == "i" for each, _ in made.held)
    assert len(used) + missing(made) == sum(role.count for role in CARD.at(level))
    assert all(each.why for each in made.shortfalls) and all(why for *_, why in made.passed)
    shuffled = list(units)
    random.shuffle(shuffled)
    assert plan(GAS, shuffled, CARD, level, SCENE) == made


@given(UNITS, st.integers(1, 3), UNITS)
def test_more_units_never_leave_more_missing(units: list[Unit], level: int, more: list[Unit]) -> None:
    known = {each.id for each in units}
    added = [*units, *(each for each in more if each.id not in known)]
    assert missing(plan(GAS, added, CARD, level, SCENE)) <= missing(plan(GAS, units, CARD, level, SCENE))


@given(UNITS)
def test_what_the_plan_sends_is_what_the_next_plan_holds(units: list[Unit]) -> None:
    made = plan(GAS, units, CARD, 2, SCENE)
    picked = {each.unit.id for each in made.picks}
    sent = [replace(each, state="dispatching", incident_id="i") if each.id in picked else each for each in units]
    after = plan(GAS, sent, CARD, 2, SCENE)
    assert after.picks == () and missing(after) == missing(made) and len(after.held) == len(made.held) + len(made.picks)
