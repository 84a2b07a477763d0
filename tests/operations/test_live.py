from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weihai_command.domain.movers import AGE, FORGET_AFTER_S, LATE, LOST, TAIL, TAIL_STEP_S, VEHICLE
from weihai_command.operations.live import Live
from weihai_command.operations.live_columns import SPARE
from weihai_command.operations.live_load import Load, inject
from weihai_command.operations.live_rows import PointRows
from weihai_command.operations.live_sample import SampleFleet

NOW = 1_000_000.0


class Time:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def live(time: Time) -> Live:
    return Live(time)


def bring(live: Live, reports: list[tuple[str, float, float, float]], **more: Any) -> None:
    ids = [ident for ident, *_ in reports]
    lon, lat, at = (np.array([report[column] for report in reports], np.float64) for column in (1, 2, 3))
    live.positions(ids, lon, lat, 90.0, 5.0, at, **more)


REPORT = st.tuples(
    st.sampled_from("abcdef"),
    st.sampled_from([122.0, 122.5, 123.0, 37.0, float("nan"), 500.0]),
    st.sampled_from([36.5, 37.0, 37.5, 122.0]),
    st.floats(NOW - 50, NOW + 50),
)
#: Batches of positions; None = a frame is drawn.
STEPS = st.lists(st.one_of(st.lists(REPORT, max_size=8), st.none()), max_size=12)


@given(STEPS)
def test_what_the_frames_show_is_the_newest_of_every_mover(steps: list[Any]) -> None:
    live, truth, shown, ids, suspect = Live(Time()), {}, {}, [], 0

    def drain() -> None:
        frame = live.drain().movers
        ids.extend(frame.new)
        assert len(set(frame.rows.tolist())) == len(frame.rows)
        assert frame.count == len(ids)
        for row, lon, lat in zip(frame.rows.tolist(), frame.lon.tolist(), frame.lat.tolist(), strict=True):
            shown[ids[row]] = (lon, lat)

    for step in [*steps, None]:
        if step is None:
            drain()
            continue
        bring(live, step)
        for ident, lon, lat, at in step:
            if not 73 <= lon <= 136 or not 3 <= lat <= 54:
                suspect += 1
            elif min(at, NOW) >= truth.get(ident, (0, -np.inf))[1]:
                truth[ident] = ((lon, lat), min(at, NOW))
    assert shown == {ident: place for ident, (place, _) in truth.items()}
    counts = live.counts()
    assert counts["suspect"] == suspect
    assert (counts["came"], counts["forgotten"]) == (len(truth), 0)
    assert counts["received"] == counts["applied"] + counts["outdated"] + counts["suspect"] == sum(len(step) for step in steps if step)
    assert live.backlog == 0


@given(st.lists(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 6), st.floats(NOW - 9, NOW)), max_size=6), max_size=6))
def test_states_are_the_newest_of_each_point(batches: list[Any]) -> None:
    live, truth = Live(Time()), {}
    for batch in batches:
        live.states("sensors", [one[0] for one in batch], [one[1] for one in batch], [one[2] for one in batch])
        for ident, code, at in batch:
            if at >= truth.get(ident, (0, -np.inf))[1]:
                truth[ident] = (code, at)
    frame = live.drain().states.get("sensors")
    found = dict(zip([frame.new[row] for row in frame.rows], frame.codes.tolist(), strict=True)) if frame else {}
    assert found == {ident: code for ident, (code, _) in truth.items()}


def test_unbelievable_positions_are_counted_and_listed_and_leave_the_mover_where_it_was(live: Live) -> None:
    bring(live, [("a", 122.5, 37.0, NOW), ("b", 37.0, 122.5, NOW), ("c", float("nan"), 37.0, NOW)], source="AIS")
    bring(live, [("a", 0.0, 0.0, NOW)], source="AIS")
    assert [reason.split("：")[1] for _, _, reason in live.suspects()] == ["经纬度似乎颠倒", "经度或纬度缺失", "不在我国及近海范围内"]
    assert {source for _, source, _ in live.suspects()} == {"AIS"}
    frame = live.drain().movers
    assert (frame.new, frame.lon.tolist(), live.counts()["suspect"]) == (["a"], [122.5], 3)


def test_age_alone_makes_a_frame_by_the_movers_own_period(live: Live, time: Time) -> None:
    bring(live, [("fast", 122.5, 37.0, NOW)], period=10)
    bring(live, [("slow", 122.6, 37.0, NOW)], period=180)
    live.drain()
    assert live.drain().is_empty
    time.now += 21
    frame = live.drain().movers
    assert (frame.rows.tolist(), (frame.look & AGE).tolist()) == ([0], [LATE])
    time.now += 30
    assert (live.drain().movers.look & AGE).tolist() == [LOST]
    assert live.tally() == (2, 0, 1)
    assert live.sentence("fast").endswith("位置 51 秒前 · 失去信号")
    bring(live, [("fast", 122.5, 37.0, time.now)], period=10)
    assert (live.drain().movers.look & AGE).tolist() == [0]


def test_the_tail_keeps_the_last_places_with_time_between_them(live: Live, time: Time) -> None:
    for step in range(40):
        time.now = NOW + step * TAIL_STEP_S / 3
        bring(live, [("a", 122.0 + step / 1000, 37.0, time.now)])
    frame = live.drain().movers
    (tail,) = frame.tails
    steps = np.round((tail[:, 0] - 122.0) * 1000).astype(int)
    assert (frame.tailed.tolist(), len(steps)) == ([0], TAIL)
    assert set(np.diff(steps)) == {3}
    assert steps[-1] in {36, 37, 38}


def test_a_clock_that_runs_ahead_does_not_hold_back_what_follows(live: Live, time: Time) -> None:
    bring(live, [("a", 122.5, 37.0, NOW + 86_400)])
    time.now += 10
    bring(live, [("a", 122.6, 37.0, time.now)])
    assert live.drain().movers.lon.tolist() == [122.6]


def test_names_reach_a_mover_whether_they_come_before_or_after_it(live: Live) -> None:
    live.introduce({"a": "甲\n号", "ghost": "没有位置"})
    bring(live, [("a", 122.5, 37.0, NOW), ("b", 122.5, 37.1, NOW)])
    assert live.drain().movers.names == {0: "甲 号"}
    live.introduce({"b": "乙号"})
    assert live.drain().movers.names == {1: "乙号"}
    assert live.sentence("b").startswith("乙号 · 船舶 · 航向 090° · 航速 9.7 节 · 位置 0 秒前")
    assert live.sentence("ghost") == "这个目标没有位置"


def test_strange_kinds_and_codes_are_refused_whole(live: Live) -> None:
    with pytest.raises(KeyError):
        live.states("dragons", ["a"], [0], NOW)
    with pytest.raises(ValueError, match="no state 9"):
        live.states("sensors", ["a"], [9], NOW)
    assert live.counts()["received"] == 0


def test_wakes_once_until_it_is_drained(live: Live) -> None:
    woken: list[int] = []
    live.wake = lambda: woken.append(1)
    bring(live, [("a", 122.5, 37.0, NOW)])
    live.states("sensors", ["s"], [1], NOW)
    assert len(woken) == 1
    live.drain()
    bring(live, [("a", 122.5, 37.0, NOW)])
    assert len(woken) == 2


def test_many_threads_lose_nothing() -> None:
    live = Live(lambda: NOW)

    def work(number: int) -> None:
        for batch in range(50):
            bring(live, [(f"{number}-{batch}-{each}", 122.5, 37.0, NOW) for each in range(20)])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    seen = 0
    while any(thread.is_alive() for thread in threads):
        seen += len(live.drain().movers.rows)
    assert seen + len(live.drain().movers.rows) == 4_000


def test_who_is_silent_for_a_day_leaves_and_comes_back_as_new(live: Live, time: Time) -> None:
    live.introduce({"a": "甲号"})
    bring(live, [("a", 122.5, 37.0, NOW - TAIL_STEP_S), ("b", 122.6, 37.0, NOW)])
    bring(live, [("a", 122.5, 37.1, NOW)])
    assert live.drain().movers.tailed.tolist() == [0]
    time.now += FORGET_AFTER_S
    bring(live, [("b", 122.7, 37.0, time.now)])
    assert live.tally() == (2, 0, 1)
    live.drain()
    time.now += 1
    frame = live.drain().movers
    assert (frame.rows.tolist(), frame.owners, frame.names, frame.count) == ([0], {0: ""}, {0: ""}, 2)
    assert np.isnan([*frame.lon, *frame.lat]).all()
    assert np.isnan(frame.tails).all() and frame.tailed.tolist() == [0]
    assert (live.tally(), live.sentence("a")) == ((1, 0, 0), "这个目标没有位置")
    assert live.drain().is_empty
    bring(live, [("new", 122.8, 37.0, time.now), ("a", 122.9, 37.0, time.now)], period=7, kind="vehicle")
    frame = live.drain().movers
    assert (frame.rows.tolist(), frame.new, frame.owners, frame.names) == ([0, 2], ["a"], {0: "new"}, {0: "", 2: "甲号"})
    assert (frame.tailed.tolist(), frame.look.tolist()) == ([], [VEHICLE, VEHICLE])
    counts = live.counts()
    assert counts["came"] == live.tally()[0] + counts["forgotten"] == 4
    assert counts["received"] == counts["applied"] == 6


def test_a_report_that_is_older_than_the_memory_brings_nobody_back(live: Live) -> None:
    bring(live, [("a", 122.5, 37.0, NOW - FORGET_AFTER_S - 1), ("b", 122.5, 37.0, NOW - FORGET_AFTER_S + 1), ("c", 0.0, 0.0, NOW - 1e6)])
    assert live.drain().movers.new == ["b"]
    assert [live.counts()[name] for name in ("received", "applied", "outdated", "suspect")] == [3, 1, 1, 1]


def test_how_long_is_remembered_can_be_set(time: Time) -> None:
    live = Live(time, forget_after=600)
    bring(live, [("a", 122.5, 37.0, NOW)])
    time.now += 601
    assert live.drain().movers.count == 1
    assert (live.tally(), live.counts()["forgotten"]) == ((0, 0, 0), 1)


def test_ids_that_come_and_go_for_months_take_no_more_room(live: Live, time: Time) -> None:
    for generation in range(120):
        time.now += FORGET_AFTER_S + 1
        ids = [f"{generation}-{number}" for number in range(300)]
        live.introduce(dict.fromkeys(ids, "某号"))
        bring(live, [(ident, 122.5, 37.0, time.now) for ident in ids])
        frame = live.drain().movers
        assert (frame.count <= 600, live.tally()[0]) == (True, 300)
    columns = live._movers
    assert {len(getattr(columns, name)) for name in columns.EMPTY} == {1_024}
    assert (len(columns.ids), len(columns.row_of)) == (600, 300)
    assert live.counts()["forgotten"] == 119 * 300
    live.introduce({f"never-{number}": "某号" for number in range(SPARE + 500)})
    assert len(columns.names) == SPARE + 300


def test_rows_that_an_adapter_holds_are_never_given_to_another(live: Live, time: Time) -> None:
    rows = live.rows(["mine"])
    live.positions(rows, 122.5, 37.0, 90.0, 5.0, NOW)
    live.drain()
    time.now += FORGET_AFTER_S + 1
    live.drain()
    bring(live, [("other", 122.6, 37.0, time.now)])
    live.positions(rows, 122.7, 37.0, 90.0, 5.0, time.now)
    frame = live.drain().movers
    assert (frame.new, frame.owners, frame.lon.tolist()) == (["other"], {}, [122.7, 122.6])
    assert live.counts()["came"] == 3


def test_a_vehicle_is_called_one_and_told_by_the_road(live: Live) -> None:
    bring(live, [("a", 122.1, 37.3, NOW)], kind="vehicle")
    live.positions(["b"], 122.1, 37.3, float("nan"), 0.0, NOW, kind="vehicle")
    assert live.sentence("a") == "a · 车辆 · 方向 090° · 时速 18 公里 · 位置 0 秒前"
    assert live.sentence("b") == "b · 车辆 · 停放 · 位置 0 秒前"
    assert (live.drain().movers.look & VEHICLE).tolist() == [VEHICLE, VEHICLE]
    with pytest.raises(KeyError):
        bring(live, [("a", 122.1, 37.3, NOW)], kind="dragon")


def test_the_made_up_stream_keeps_its_rate_and_ends() -> None:
    live = Live()
    load = Load(live, 4_000, 0.6, 1, {"sensors": [f"s-{row}" for row in range(50)]}, movers=200)
    load.start()
    while load.is_running:
        live.drain()
    load.stop()
    assert live._movers.kind[:200].tolist() == [VEHICLE, 0, 0] * 66 + [VEHICLE, 0]
    assert live.counts()["received"] - 200 == pytest.approx(2_400, rel=0.15)
    assert live.counts()["applied"] == live.counts()["received"]
    assert next(inject(live, 10, 1, 1, movers=3)) > 0


def test_the_newest_report_of_a_kind_is_remembered(live: Live) -> None:
    assert live.last_report("movers") is live.last_report("sensors") is None
    bring(live, [("a", 122.1, 37.1, NOW - 30), ("b", 122.1, 37.1, NOW - 50)])
    live.states("sensors", ["s-1", "s-2"], [0, 1], [NOW - 9, NOW - 7])
    live.rows(["c"])
    assert (live.last_report("movers"), live.last_report("sensors"), live.last_report("video_points")) == (NOW - 30, NOW - 7, None)


def test_rows_are_found_by_id_in_any_order() -> None:
    ids = ["b", "a", "dd", "c"]
    assert PointRows(ids).find(["dd", "a", "x", "ddd", "b"]).tolist() == [2, 1, -1, -1, 0]
    assert PointRows(ids).find(["c"]).tolist() == [3]
    assert PointRows(sorted(ids)).find(["a", "dd"]).tolist() == [0, 3]
    assert PointRows([]).find(["a"]).tolist() == [-1]


def test_the_sample_fleet_comes_with_its_way_and_keeps_reporting(live: Live, time: Time) -> None:
    time.now = 1_780_000_000.0
    sample = SampleFleet(live)
    sample.tick()
    assert live.drain().is_empty
    live.wake = lambda: shown.append(live.drain().movers)
    shown: list[Any] = []
    sample.begin()
    old = [row for frame in shown for row in frame.rows[frame.look & AGE != 0].tolist()]
    assert old == [13, 33, 102], "but for the silent ones nobody is shown where he was minutes ago"
    live.wake = lambda: None
    live = Live(time)
    sample = SampleFleet(live)
    sample.begin()
    frame = live.drain().movers
    assert (frame.count, len(frame.names), len(frame.tailed)) == (108, 108, 108)
    assert int(np.count_nonzero(frame.look & VEHICLE)) == 22
    assert np.isfinite(frame.tails).all()
    assert live.tally() == (108, 0, 3)
    for _ in range(60):
        time.now += 1
        sample.tick()
    assert len(live.drain().movers.rows) > 50
    assert live.tally()[2] == 3
