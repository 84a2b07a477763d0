"""Positions as columns: what is drawn, what is only listed, and a cache that never shows yesterday's city."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from weihai_command.domain.points import PointTable
from weihai_command.store import mirror, points
from weihai_command.store.points import Ids
from weihai_command.store.profile import Profile
from weihai_command.store.store import Store

Make = Callable[..., dict[str, Any]]


def camera(n: int, state: str = "online", **fields: Any) -> dict[str, Any]:
    return {"id": f"cam-{n}", "last_modified": 1, "name": f"摄像机{n}", "state": state, "lon": 122.0 + n / 1000, "lat": 37.5, **fields}


def same(one: PointTable, other: PointTable) -> bool:
    arrays = all(np.array_equal(getattr(one, name), getattr(other, name)) for name in ("lon", "lat", "symbol", "flags", "field"))
    return arrays and one.fields == other.fields and list(one.ids) == list(other.ids) and one.symbols == other.symbols and one.suspect == other.suspect


def test_columns_categories_and_flags(store: Store) -> None:
    mirror.bulk(store, "video_points", [camera(1), camera(2, "offline"), camera(3), {"id": "unplaced", "last_modified": 1, "name": "x"}])
    table = points.table(store, "video_points", lambda state: f"camera-{state}", lambda state: state == "offline")
    assert list(table.ids) == ["cam-1", "cam-2", "cam-3"] and len(table) == 3
    assert table.field.tolist() == [0, 0, 0] and table.fields == ("",)
    assert table.symbols == ("camera-online", "camera-offline") and table.symbol.tolist() == [0, 1, 0]
    assert table.flags.tolist() == [0, 1, 0] and table.symbol.dtype == table.flags.dtype == np.uint8
    assert table.lon.tolist() == [122.001, 122.002, 122.003] and table.suspect == [] and table.labels == {}
    assert points.table(store, "video_points", lambda _: "one").symbols == ("one",)


def test_an_empty_kind_is_an_empty_table(store: Store) -> None:
    for kind in points.CATEGORY:
        assert len(points.table(store, kind)) == 0
        assert len(points.table(store, kind)) == 0


def test_positions_that_cannot_be_true_are_listed_and_never_drawn(store: Store) -> None:
    wrong = {
        "swapped": {"lon": 37.5, "lat": 122.1}, "sea of zero": {"lon": 0.0, "lat": 0.0}, "half": {"lat": None}, "half too": {"lon": None},
        "too much": {"lon": 1222.0},
    }
    records = [{**camera(9), "id": "good"}, *({**camera(1), **fields, "id": name} for name, fields in wrong.items())]
    mirror.apply(store, "sensors", records, feed="f")
    for _ in range(2):
        table = points.table(store, "sensors")
        assert list(table.ids) == ["good"]
        reasons = {each: (source, why) for each, source, why in table.suspect}
        assert set(reasons) == set(wrong) and all(why.startswith("位置可疑") and source == "f" for source, why in reasons.values())
        assert "颠倒" in reasons["swapped"][1] and "只有" in reasons["half"][1] and "范围" in reasons["sea of zero"][1]


def test_the_cache_gives_back_the_same_and_follows_every_change(store: Store, profile: Profile) -> None:
    mirror.bulk(store, "video_points", [camera(n, lat=0.0 if n == 5 else 37.5) for n in range(20)])
    first = points.table(store, "video_points")
    assert (profile.cache / "points-video_points.bin").exists()
    assert same(first, points.table(store, "video_points"))
    mirror.put(store, "video_points", camera(3, "offline", last_modified=2))
    assert points.table(store, "video_points").symbol[3] == 1
    mirror.delete(store, "video_points", ["cam-0"])
    assert "cam-0" not in points.table(store, "video_points").ids


@pytest.mark.parametrize("harm", [b"", b"no json\n", b'{"key": 1}\n', None])
def test_a_harmed_cache_is_read_again_from_the_mirror(store: Store, profile: Profile, harm: bytes | None) -> None:
    mirror.bulk(store, "video_points", [camera(n) for n in range(20)])
    first = points.table(store, "video_points")
    file = profile.cache / "points-video_points.bin"
    file.write_bytes(file.read_bytes()[:-3] if harm is None else harm)
    assert same(first, points.table(store, "video_points"))


def test_a_mirror_begun_anew_does_not_meet_the_old_cache(store: Store, profile: Profile) -> None:
    mirror.bulk(store, "video_points", [camera(1)])
    points.table(store, "video_points")
    store.close()
    profile.mirror_db.unlink()
    again = Store.open(profile, ballast=False)
    mirror.bulk(again, "video_points", [camera(2)])
    assert list(points.table(again, "video_points").ids) == ["cam-2"]
    again.close()


def test_incidents_and_units_come_with_acts_and_labels(store: Store, incident: Make, act: Callable[..., Any]) -> None:
    mirror.apply(store, "incidents", [incident(1, lon=122.0, lat=37.5, grade=2), incident(2), incident(3, lon=37.5, lat=122.0)])
    act("op-1", "inc-1", {"state": "closed"})
    act("op-2", "mine", {"title": "新报", "track": "municipal", "state": "new", "lon": 122.1, "lat": 37.4}, method="create")
    table = points.table(store, "incidents")
    assert list(table.ids) == ["inc-1", "mine"] and table.symbols == ("emergency/2/closed", "municipal//new")
    assert table.labels == {0: "海滨路积水 1", 1: "新报"} and [each[0] for each in table.suspect] == ["inc-3"]


def test_more_categories_than_a_byte_names(store: Store) -> None:
    mirror.bulk(store, "video_points", [camera(n, f"s{n}") for n in range(400)])
    table = points.table(store, "video_points")
    assert len(table.symbols) == 256 and table.symbols[255] == points.OTHER
    assert table.symbols[table.symbol[10]] == "s10" and table.symbols[table.symbol[399]] == points.OTHER


def test_ids_are_a_sequence() -> None:
    ids = Ids(np.array([each.encode() for each in ("a", "bb", "号")]))
    assert list(ids) == ["a", "bb", "号"] and ids[-1] == "号" and ids[np.int64(1)] == "bb" and ids[1:] == ["bb", "号"]
    assert ids.index("号") == 2 and ids.index("bb", 1) == 1 and "a" in ids and "c" not in ids and 5 not in ids
    with pytest.raises(ValueError, match="zz"):
        ids.index("zz")


finite = st.one_of(
    st.floats(73, 136), st.floats(3, 54), st.floats(allow_nan=False, allow_infinity=False), st.sampled_from([73.0, 136.0, 3.0, 54.0, 0.0, None]),
)
odd_texts = st.one_of(st.sampled_from(["online", "offline", None]), st.text(st.characters(exclude_categories=("Cs",)), max_size=4))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(finite, finite, odd_texts, odd_texts), max_size=30), st.data())
def test_columns_hold_what_the_rows_hold_to_the_last_bit(store: Store, rows: list, data: st.DataObject) -> None:
    mirror.delete(store, "video_points", mirror.versions(store, "video_points"))
    ids = data.draw(st.one_of(
        st.just([f"cam-{at:04}" for at in range(len(rows))]),
        st.lists(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1), min_size=len(rows), max_size=len(rows), unique=True),
    ))
    mirror.bulk(store, "video_points", [
        {"id": each, "last_modified": 1, "name": "x", "lon": lon, "lat": lat, "state": state, "field": field}
        for each, (lon, lat, state, field) in zip(ids, rows, strict=True)
    ])
    expected, suspect = [], set()
    for each, (lon, lat, state, field) in zip(ids, rows, strict=True):
        if lon is not None and lat is not None and not points.doubt(lon, lat):
            expected.append((each, lon, lat, state or "", field or ""))
        elif lon is not None or lat is not None:
            suspect.add(each)
    for _ in range(2):
        table = points.table(store, "video_points")
        # A category may hold the sign between category and field: then what follows it is the field's.
        looks = [table.symbols[at] + "\x1f" + table.fields[code] for at, code in zip(table.symbol, table.field, strict=True)]
        assert looks == [f"{state}\x1f{field}" for _, _, _, state, field in expected]
        assert list(zip(table.ids, table.lon.tolist(), table.lat.tolist(), strict=True)) == [each[:3] for each in expected]
        assert {each for each, _, _ in table.suspect} == suspect


def test_the_field_of_a_point_comes_as_stored(store: Store) -> None:
    mirror.bulk(store, "sensors", [camera(n, field=field) for n, field in enumerate(("water", None, "a\nb", "water"))])
    for _ in range(2):
        table = points.table(store, "sensors")
        assert [table.fields[code] for code in table.field] == ["water", "", "a\nb", "water"] and table.field.dtype == np.uint8
    mirror.bulk(store, "facilities", [camera(n, field=f"f{n}") for n in range(300)])
    table = points.table(store, "facilities")
    assert table.fields[table.field[7]] == "f7" and table.fields[table.field[299]] == points.OTHER and len(table.fields) == 256


def test_a_kept_mass_is_not_read_again(store: Store, profile: Profile, monkeypatch: pytest.MonkeyPatch) -> None:
    mirror.bulk(store, "video_points", [camera(n) for n in range(20)])
    first = points.table(store, "video_points")
    mirror.put(store, "video_points", camera(3, "offline", last_modified=2))
    points.keep(store)
    assert sorted(file.name for file in profile.cache.iterdir()) == [f"points-{kind}.bin" for kind in sorted(points.MASSES)]
    monkeypatch.setattr(points, "read", lambda *_: pytest.fail("the columns were kept"))
    points.keep(store, ("incidents", "video_points"))
    assert not same(first, points.table(store, "video_points")) and points.table(store, "video_points").symbol[3] == 1


def test_two_that_want_the_same_mass_read_it_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    mirror.bulk(store, "video_points", [camera(n) for n in range(20)])
    real, begun, reads = points.read, threading.Event(), []

    def slow(*args: Any) -> Any:
        reads.append(args)
        begun.wait(0.2)
        return real(*args)

    monkeypatch.setattr(points, "read", slow)
    with ThreadPoolExecutor(2) as pool:
        tables = list(pool.map(lambda _: points.table(store, "video_points"), range(2)))
    assert same(*tables) and len(reads) == 1


@pytest.mark.slow
def test_350_000_cameras_are_kept_and_read_back_the_same(store: Store) -> None:
    rows = [camera(n, lon=122 + n % 900 / 1000, lat=36.8 + n % 700 / 1000, id=str(uuid.UUID(int=n * 7919 << 64))) for n in range(350_000)]
    assert mirror.bulk(store, "video_points", rows) == 350_000
    first = points.table(store, "video_points")
    again = points.table(store, "video_points")
    assert len(first) == 350_000 and same(first, again)
