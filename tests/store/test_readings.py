"""readings.db: what was put is what is read, however it comes, and what ages out lives on as trends."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from weihai_command.domain.faults import StoreFault
from weihai_command.store import audit
from weihai_command.store import readings as kept
from weihai_command.store.profile import Profile
from weihai_command.store.readings import Readings
from weihai_command.store.readings_migrations import READINGS_MIGRATIONS
from weihai_command.store.retention import Retention
from weihai_command.store.store import Store

NOW = 1_790_000_000.0
DAY = 86_400.0


@pytest.fixture
def readings(profile: Profile) -> Iterator[Readings]:
    opened = Readings.open(profile, [])
    yield opened
    opened.close()


def put(readings: Readings, *rows: tuple[str, float, float], sources: list[str] | None = None) -> kept.Put:
    return readings.put([row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows], sources)


def pairs(series: kept.Series) -> list[tuple[float, float | None]]:
    return [(at, None if value != value else value) for at, value in zip(series.at.tolist(), series.value.tolist(), strict=True)]


def test_the_steps_are_those_that_are_tested_here() -> None:
    assert [(each.number, each.name) for each in READINGS_MIGRATIONS] == [(1, "readings")]


def test_a_window_is_by_time_and_holds_both_ends(readings: Readings) -> None:
    put(readings, ("a", NOW + 2, 2.0), ("b", NOW + 1, 9.0), ("a", NOW, 0.5), ("a", NOW + 1, float("nan")), ("a", NOW + 3.001, 3.0))
    assert pairs(readings.window("a", NOW, NOW + 2)) == [(NOW, 0.5), (NOW + 1, None), (NOW + 2, 2.0)]
    assert pairs(readings.window("a", NOW + 3.001, NOW + 9)) == [(NOW + 3.001, 3.0)]
    assert len(readings.window("nobody", 0, NOW * 2)) == 0 and len(readings.window("a", float("-inf"), float("inf"))) == 4


def test_the_last_value_stands_in_the_order_of_the_question(readings: Readings) -> None:
    put(readings, ("a", NOW, 1.0), ("b", NOW + 5, 2.0), ("a", NOW - 5, 7.0))
    found = readings.last(["b", "nobody", "a", "b"])
    assert found.at.tolist()[0] == NOW + 5 and np.isnan(found.at[1]) and found.value.tolist()[2:] == [1.0, 2.0]


def test_what_came_twice_is_counted_and_the_first_counts(readings: Readings) -> None:
    assert put(readings, ("a", NOW, 1.0), ("a", NOW + 1, 2.0), sources=["f:1", "f:2"]) == kept.Put(2, 0)
    again = put(readings, ("a", NOW, 5.0), ("a", NOW + 1.5, 2.0), ("a", NOW + 2, 3.0), sources=["f:7", "f:2", "f:3"])
    assert again == kept.Put(1, 2)
    assert pairs(readings.window("a", NOW, NOW + 9)) == [(NOW, 1.0), (NOW + 1, 2.0), (NOW + 2, 3.0)]


def test_times_and_values_without_sense_break_nothing(readings: Readings) -> None:
    put(readings, ("a", 1e300, 1.0), ("a", -1e300, float("inf")))
    assert pairs(readings.window("a", -1e300, 1e300))[0][1] is None and len(readings.window("a", -1e300, 1e300)) == 2


def test_a_large_batch_is_many_short_writes(readings: Readings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "SLICE", 3)
    rows = [(f"s{n % 4}", NOW + n, float(n)) for n in range(20)]
    assert put(readings, *rows).stored == 20 and readings.count() == 20
    assert readings.window("s3", NOW, NOW + 20).value.tolist() == [3.0, 7.0, 11.0, 15.0, 19.0]


def test_judging_goes_on_behind_its_mark(profile: Profile) -> None:
    with closing(Readings.open(profile, [])) as first:
        put(first, ("a", NOW, 1.0), ("b", NOW, 2.0))
        first.mark(first.newest())
        put(first, ("c", NOW, 3.0), ("a", NOW + 1, 4.0))
    with closing(Readings.open(profile, [])) as second:
        batch = second.after(second.judged(), 10)
        assert (sorted(batch.sensors), sorted(batch.value.tolist())) == (["a", "c"], [3.0, 4.0])
        assert batch.seq == second.newest() and len(second.after(batch.seq, 10)) == 0 and len(second.after(0, 3)) == 3 and len(second.after(0, 9, 2)) == 2


def test_a_damaged_file_is_set_aside_and_told(profile: Profile, store: Store) -> None:
    with closing(Readings.open(profile, [])) as first:
        put(first, ("a", NOW, 1.0))
    profile.readings_db.write_bytes(b"this is no database" * 500)
    notes: list[str] = []
    with closing(Readings.open(profile, notes)) as second:
        assert len(second.window("a", 0, NOW * 2)) == 0 and put(second, ("a", NOW, 1.0)).stored == 1
    assert len(notes) == 1 and "readings.db.aside-1" in notes[0] and (profile.folder / "readings.db.aside-1").exists()
    assert [line.verb for line in audit.rows(store)] == ["renew_readings"]
    again: list[str] = []
    Readings.open(profile, again).close()
    assert again == []


def test_a_closed_store_says_so(profile: Profile) -> None:
    opened = Readings.open(profile, [])
    opened.close()
    with pytest.raises(StoreFault) as caught:
        opened.newest()
    assert caught.value.code == "Closed"


def test_readers_see_whole_batches_while_one_writes(readings: Readings) -> None:
    seen: list[int] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.append(len(readings.window("a", 0, NOW * 2)))

    reader = threading.Thread(target=read)
    reader.start()
    for turn in range(20):
        put(readings, *(("a", NOW + turn * 10 + n, 1.0) for n in range(10)))
    done.set()
    reader.join()
    assert all(each % 10 == 0 for each in seen) and seen == sorted(seen)


def test_old_readings_become_trends_and_the_newest_stays(profile: Profile) -> None:
    with closing(Readings.open(profile, [], Retention(raw_s=10 * DAY, trend_s=100 * DAY))) as readings:
        start = NOW - 50 * DAY - (NOW - 50 * DAY) % 900
        put(readings, *(("a", start + n * 60, float(n)) for n in range(30)), ("quiet", start, 7.0), ("a", NOW, 5.0), ("dead", NOW - 200 * DAY, 1.0))
        before = readings.trend("a", start, NOW)
        list(readings.thin(NOW))
        assert pairs(readings.window("a", 0, NOW)) == [(NOW, 5.0)] and readings.last(["quiet", "dead"]).value.tolist() == [7.0, 1.0]
        after = readings.trend("a", start, NOW)
        assert [each.tolist() for each in (after.start, after.n, after.low, after.mean, after.high)] == [
            each.tolist() for each in (before.start, before.n, before.low, before.mean, before.high)]
        assert after.n.tolist() == [15, 15, 1] and after.high.tolist() == [14.0, 29.0, 5.0]
        # What comes late to a bucket that has aged joins it.
        put(readings, ("a", start + 5, 100.0))
        list(readings.thin(NOW))
        assert (readings.trend("a", start, NOW).n[0], readings.trend("a", start, NOW).high[0]) == (16, 100.0)
        list(readings.thin(NOW + 60 * DAY))
        assert len(readings.trend("a", start, start + DAY)) == 0


def test_a_file_that_is_too_large_gives_up_the_oldest(profile: Profile) -> None:
    with closing(Readings.open(profile, [], Retention(size=600_000))) as readings:
        for day in range(40):
            put(readings, *((f"s{n}", NOW - (40 - day) * 3600 + n, float(day)) for n in range(500)))
        assert readings.size() > 600_000
        steps = list(readings.thin(NOW))
        assert readings.size() <= 600_000 and max(steps) <= kept.THINNED
        assert readings.last([f"s{n}" for n in range(500)]).value.tolist() == [39.0] * 500


MOMENTS = st.integers(0, 40).map(lambda n: NOW - n * 400.0)
ROWS = st.lists(st.tuples(st.sampled_from("abc"), MOMENTS, st.one_of(st.none(), st.integers(-50, 50).map(float))), max_size=30)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    batches=st.lists(ROWS, max_size=5), raw_s=st.sampled_from([0.0, 3_000.0, 9_000.0, 99_999.0]), since=MOMENTS, until=MOMENTS,
    thins=st.lists(st.booleans(), min_size=5, max_size=5),
)
def test_it_says_what_a_plain_list_says(
    tmp_path_factory: pytest.TempPathFactory, batches: list[list[tuple[str, float, float | None]]], raw_s: float, since: float, until: float, thins: list[bool]
) -> None:
    """Window, last and trends against a list that is searched; thinning in between may only move readings into trends."""
    plain: dict[tuple[str, float], float | None] = {}
    folder: Path = tmp_path_factory.mktemp("readings")
    with closing(Readings.open(Profile(folder, "x"), [], Retention(raw_s=raw_s))) as readings:
        aged: set[tuple[str, float]] = set()
        for batch, is_thinned in zip(batches, thins, strict=False):
            batch = [row for row in batch if row[:2] not in aged]
            new = {row[:2] for row in batch} - set(plain)
            found = readings.put([row[0] for row in batch], [row[1] for row in batch], [np.nan if row[2] is None else row[2] for row in batch])
            assert found == kept.Put(len(new), len(batch) - len(new))
            for who, at, value in batch:
                plain.setdefault((who, at), value)
            if is_thinned:
                list(readings.thin(NOW))
                last = {who: max(at for each, at in plain if each == who) for who, _ in plain}
                aged |= {(who, at) for who, at in plain if at < NOW - raw_s and at < last[who]}
        for who in "abc":
            expected = sorted((at, value) for (each, at), value in plain.items() if each == who and since <= at <= until and (each, at) not in aged)
            assert pairs(readings.window(who, since, until)) == expected
            own = {at: value for (each, at), value in plain.items() if each == who}
            newest = readings.last([who])
            assert pairs(newest) == [(max(own), own[max(own)])] if own else np.isnan(newest.at[0])
            _check_trend(readings.trend(who, 0, NOW * 2), own)


def _check_trend(trend: kept.Trend, own: dict[float, float | None]) -> None:
    buckets: dict[float, list[float]] = {}
    for at, value in own.items():
        if value is not None:
            buckets.setdefault(at // 900 * 900, []).append(value)
    assert trend.start.tolist() == sorted(buckets)
    for n, start in enumerate(sorted(buckets)):
        values = buckets[start]
        assert (trend.n[n], trend.low[n], trend.high[n]) == (len(values), min(values), max(values))
        assert trend.mean[n] == pytest.approx(sum(values) / len(values))
