from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from weihai_command.domain.incident import Incident
from weihai_command.domain.similarity import THRESHOLD, compared, estimates, shared_bigrams, similar

CATEGORIES = {"gas_leak": "safety", "explosion": "safety", "noise": "environment", "fire_house": "fire"}
LEAK = Incident(
    "a", "皇冠街道商铺燃气泄漏", type="gas_leak", lon=122.1492, lat=37.4415, radius_m=20.0, reported_at="2026-07-16T08:00:00+08:00",
    description="后厨闻到浓烈燃气味",
)


def at(identity: str, metres: float = 0.0, minutes: int = 0, **changes: object) -> Incident:
    """LEAK again, so many metres to the north and minutes later."""
    told = {"reported_at": f"2026-07-16T{8 + minutes // 60:02d}:{minutes % 60:02d}:00+08:00", **changes}
    return replace(LEAK, id=identity, lat=37.4415 + metres / 111_195, **told)  # type: ignore[arg-type]


def test_the_same_leak_told_again_is_found_with_its_reasons() -> None:
    found, = similar(LEAK, [LEAK, at("b", 150, 9, title="皇冠街道沿街有燃气味", description=None)], CATEGORIES)
    assert found.incident_id == "b" and found.score > THRESHOLD and "同类型" in found.reasons and any("用词" in each for each in found.reasons)
    # The two radii of 20 m are taken off.
    assert found.distance_m == pytest.approx(110, abs=2) and found.apart_s == 540


@pytest.mark.parametrize("other", [
    at("far", 4_000), at("late", minutes=5, reported_at="2026-07-18T08:00:00+08:00"), at("ended", state="ended"),
    at("kind", 1_500, 200, type="noise", title="工地夜间施工声音大", description="睡不着"),
])
def test_what_is_far_late_ended_or_of_another_kind_is_not_offered(other: Incident) -> None:
    assert similar(LEAK, [other], CATEGORIES) == []


def test_the_likest_comes_first_and_only_so_many() -> None:
    rows = [at(f"{place}", place * 250.0, place * 10) for place in range(1, 8)]
    assert [each.incident_id for each in similar(LEAK, rows, CATEGORIES, most=3)] == ["1", "2", "3"]


def test_large_radii_count_into_the_distance_but_make_the_place_vague() -> None:
    exact, vague = compared(LEAK, at("b", 2_500), CATEGORIES), compared(LEAK, at("b", 2_500, radius_m=2_600.0), CATEGORIES)
    assert exact and vague and exact.distance_m == pytest.approx(2_460, abs=10) and vague.distance_m == 0.0
    assert "位置只知大概" in vague.reasons and vague.score < compared(LEAK, at("b"), CATEGORIES).score  # type: ignore[union-attr]


def test_without_a_place_only_the_same_kind_and_words_are_enough() -> None:
    nowhere = replace(LEAK, id="b", lon=None, lat=None)
    assert [each.distance_m for each in similar(LEAK, [nowhere], CATEGORIES)] == [None]
    assert similar(LEAK, [replace(nowhere, type="noise", title="别的事", description=None)], CATEGORIES) == []


def test_the_threshold_parts_the_same_from_the_neighbouring() -> None:
    """Another leak two kilometres and five hours away in other words lies below, the same street in the same hour above."""
    other = at("b", 2_000, 300, title="气瓶漏气", description=None)
    assert compared(LEAK, other, CATEGORIES).score < THRESHOLD < compared(LEAK, at("c", 300, 60, title="闻到燃气味", description=None), CATEGORIES).score  # type: ignore[union-attr]


@pytest.mark.parametrize(("metres", "minutes", "kind", "kin"), [(0, 0, "gas_leak", 1.0), (900, 300, "gas_leak", 1.0), (2_500, 30, "noise", 0.0), (4_000, 5, None, 0.5)])
def test_the_estimate_is_the_score_without_words(metres: float, minutes: int, kind: str | None, kin: float) -> None:
    other = at("b", metres, minutes, type=kind, title="", description=None, radius_m=None)
    subject = replace(LEAK, radius_m=None)
    found = estimates(np.array([float(metres)]), np.array([minutes * 60.0]), np.array([kin]))
    score = compared(subject, other, CATEGORIES)
    assert score is None or found[0] == pytest.approx(score.score, abs=0.001)
    assert estimates(None, np.array([86_401.0, np.nan]), np.array([kin, kin])).tolist() == [-1.0, pytest.approx(0.275 + 0.25 * kin)]


@pytest.mark.parametrize(("one", "other", "share"), [("燃气泄漏", "燃气泄漏", 1.0), ("燃气", "供水", 0.0), ("", "燃气", 0.0), ("燃 气！泄漏", "燃气", 1.0), ("气", "气", 0.0)])
def test_shared_bigrams(one: str, other: str, share: float) -> None:
    assert shared_bigrams(one, other) == share


def test_strange_times_and_places_are_survived() -> None:
    odd = replace(LEAK, id="b", reported_at="soon", occurred_at=None, radius_m=None)
    assert compared(LEAK, odd, CATEGORIES).apart_s is None  # type: ignore[union-attr]
