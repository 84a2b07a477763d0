"""Mirror and open acts as one picture, compared with a naive one."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from math import asin, cos, degrees, radians, sin
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weihai_command.domain.act import Act, Step
from weihai_command.domain.faults import Usage
from weihai_command.domain.geometry import EARTH_M, distance_m
from weihai_command.store import mirror, outbox, search, view
from weihai_command.store.mirror_migrations import REMEMBERED
from weihai_command.store.profile import Profile
from weihai_command.store.store import Store

Make = Callable[..., dict[str, Any]]
ORDER = ("synced", "pending", "sending", "conflict", "rejected")


def test_open_steps_lie_over_the_mirror_in_the_order_of_the_acts(store: Store, incident: Make, act: Callable[..., Step]) -> None:
    mirror.apply(store, "incidents", [incident(1, owner="a", priority="low"), incident(2)])
    act("op-b", "inc-1", {"state": "queued", "owner": "wang"})
    act("op-a", "inc-1", {"state": "assigned"}, state="sending")
    found = view.record(store, "incidents", "inc-1")
    assert found is not None
    assert (found["state"], found["owner"], found["priority"], found["sync"]) == ("assigned", "wang", "low", "sending")
    assert [row["sync"] for row in view.rows(store, "incidents")] == ["sending", "synced"]


def test_steps_of_one_act_are_applied_in_their_order(store: Store, incident: Make) -> None:
    mirror.apply(store, "incidents", [incident(1)])
    steps = [Step("op", n, "incidents", "inc-1", "patch", {"state": state}) for n, state in ((2, "last"), (1, "first"))]
    outbox.add(store, Act("op", "note", "incidents", "inc-1", "wang", "t"), steps, {})
    assert (view.record(store, "incidents", "inc-1") or {})["state"] == "last"


def test_only_a_create_makes_a_record_that_the_mirror_lacks(store: Store, act: Callable[..., Step]) -> None:
    act("op-1", "new", {"title": "火情", "state": "new"}, method="create")
    act("op-2", "new", {"state": "queued"})
    act("op-3", "gone", {"state": "closed"})
    assert view.rows(store, "incidents") == [{"id": "new", "title": "火情", "state": "queued", "sync": "pending"}]
    assert view.record(store, "incidents", "gone") is None


@pytest.mark.parametrize("state", ["done", "withdrawn"])
def test_what_is_done_or_withdrawn_lies_over_nothing(store: Store, incident: Make, act: Callable[..., Step], state: str) -> None:
    mirror.apply(store, "incidents", [incident(1)])
    act("op-1", "inc-1", {"state": "closed"}, state=state)
    act("op-2", "created", {"title": "x"}, method="create", state=state)
    assert [(row["state"], row["sync"]) for row in view.rows(store, "incidents")] == [("new", "synced")]


def test_conditions_ask_the_merged_record(store: Store, incident: Make, act: Callable[..., Step]) -> None:
    mirror.apply(store, "incidents", [incident(1), incident(2, unit_ids=["u1", "u2"], grade=2), incident(3, owner="li", lon=122.1)])
    act("op-1", "inc-1", {"state": "closed", "title": "改过的标题"})

    def ids(**where: str) -> list[str]:
        return [row["id"] for row in view.rows(store, "incidents", where=where)]

    assert ids(state="closed") == ["inc-1"] and ids(state="new") == ["inc-2", "inc-3"]
    assert ids(unit_ids="u2") == ["inc-2"] and ids(grade="2") == ["inc-2"] and ids(lon="122.1") == ["inc-3"]
    assert ids(owner="") == ["inc-1", "inc-2"] and ids(sync="pending") == ["inc-1"] and ids(id="inc-3") == ["inc-3"]
    assert [row["id"] for row in view.rows(store, "incidents", text="改过")] == ["inc-1"]
    assert [row["id"] for row in view.rows(store, "incidents", text="积水")] == ["inc-2", "inc-3"]


def test_a_wrong_question_is_wrong_usage(store: Store) -> None:
    for asked in ({"where": {"colour": "red"}}, {"where": {"state=''; --": "x"}}):
        with pytest.raises(Usage):
            view.rows(store, "incidents", **asked)
    for kind, asked in (("log", {"near": (122.0, 37.0, 10.0)}), ("assignments", {"text": "x"}), ("ghosts", {})):
        with pytest.raises(Usage):
            view.rows(store, kind, **asked)


def test_near_sorts_by_distance_and_sees_acts(store: Store, incident: Make, act: Callable[..., Step]) -> None:
    mirror.apply(store, "incidents", [incident(n, lon=122.0 + n / 1000, lat=37.5) for n in range(10)] + [incident(99)])
    act("op-1", "inc-9", {"lon": 122.0, "lat": 37.5})
    act("op-2", "inc-1", {"lon": 120.0})
    act("op-3", "mine", {"title": "x", "lon": 122.0021, "lat": 37.5}, method="create")
    found = [row["id"] for row in view.rows(store, "incidents", near=(122.0, 37.5, 300))]
    assert found == ["inc-0", "inc-9", "inc-2", "mine", "inc-3"]
    assert [row["id"] for row in view.rows(store, "incidents", near=(122.0, 37.5, 300), limit=2)] == ["inc-0", "inc-9"]
    assert view.rows(store, "incidents", near=(122.0, 37.5, 300), where={"state": "closed"}) == []


def test_the_edge_of_a_circle_is_in_the_box(store: Store, incident: Make) -> None:
    places = [(122.0 + dx / 50, 37.5 + dy / 50) for dx in range(-9, 10) for dy in range(-9, 10)]
    mirror.apply(store, "incidents", [incident(n, lon=lon, lat=lat) for n, (lon, lat) in enumerate(places)])
    for metres in (1_000, 5_000, 9_999, 17_000):
        expected = sum(distance_m(122.0, 37.5, lon, lat) <= metres for lon, lat in places)
        assert len(view.rows(store, "incidents", near=(122.0, 37.5, metres))) == expected


@pytest.mark.parametrize("metres", [1, 100, 10_000, 100_000])
def test_what_is_just_within_the_circle_is_found_on_every_side(store: Store, incident: Make, metres: float) -> None:
    north = degrees(metres * 0.9999 / EARTH_M)
    east = degrees(2 * asin(sin(radians(north) / 2) / cos(radians(37.5))))
    sides = [(122.0 + east, 37.5), (122.0 - east, 37.5), (122.0, 37.5 + north), (122.0, 37.5 - north)]
    mirror.apply(store, "incidents", [incident(n, lon=lon, lat=lat) for n, (lon, lat) in enumerate(sides)])
    assert len(view.rows(store, "incidents", near=(122.0, 37.5, metres))) == 4


def test_2000_incidents_are_listed_in_a_blink(store: Store, incident: Make, act: Callable[..., Step]) -> None:
    mirror.bulk(store, "incidents", [incident(n, description="积水" * 60, lon=122.1, lat=37.5) for n in range(2000)])
    for n in range(20):
        act(f"op-{n}", f"inc-{n * 50}", {"state": "closed"})
    times = []
    for _ in range(5):
        started = perf_counter()
        assert len(view.rows(store, "incidents")) == 2000
        times.append(perf_counter() - started)
    assert min(times) < 0.03


RECORDS = st.dictionaries(
    st.sampled_from(["r1", "r2", "r3", "r4"]),
    st.fixed_dictionaries(
        {}, optional={
            "state": st.sampled_from(["new", "queued", "", None]), "owner": st.sampled_from(["wang", None]),
            "grade": st.sampled_from([1, 2, None]), "title": st.sampled_from(["积水A", "燃气a", "Ａ级", ""]),
            "unit_ids": st.sampled_from([[], ["u1"], ["u1", "u2"]]),
        },
    ),
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["r1", "r2", "r3", "n1"]), st.sampled_from(["create", "patch", "patch"]),
        st.sampled_from(["pending", "sending", "conflict", "rejected", "done", "withdrawn"]),
        st.fixed_dictionaries({}, optional={"state": st.sampled_from(["new", "closed", None]), "title": st.sampled_from(["改a", "积水"])}),
    ),
    max_size=6,
)
WHERE = st.one_of(
    st.just({}),
    st.tuples(
        st.sampled_from(["state", "owner", "grade", "unit_ids", "sync"]), st.sampled_from(["new", "closed", "", "1", "u1", "pending"])
    ).map(lambda pair: dict([pair])),
)


def naive(records: dict[str, dict[str, Any]], steps: list[tuple[str, str, str, dict[str, Any]]]) -> dict[str, dict[str, Any]]:
    """The same picture by brute force."""
    picture = {each: {"id": each, "last_modified": 1, **fields, "sync": "synced"} for each, fields in records.items()}
    live = [step for step in steps if step[2] not in ("done", "withdrawn")]
    for each in {step[0] for step in live}:
        if each not in picture and not any(step[0] == each and step[1] == "create" for step in live):
            continue
        merged = picture.setdefault(each, {"id": each, "sync": "synced"})
        for target, _, state, patch in live:
            if target == each:
                merged.update(patch)
                merged["sync"] = max(merged["sync"], state, key=ORDER.index)
    return picture


def fits(row: dict[str, Any], where: dict[str, str], text: str) -> bool:
    for name, wanted in where.items():
        value = row.get(name)
        values = [str(each) for each in value] or [""] if isinstance(value, list) else ["" if value is None else str(value)]
        if wanted not in values:
            return False
    return text.lower() in str(row.get("title") or "").replace("Ａ", "A").lower()


@given(records=RECORDS, steps=STEPS, where=WHERE, text=st.sampled_from(["", "积水", "a", "改"]), indexed=st.booleans())
def test_the_picture_is_what_brute_force_says(
    records: dict[str, dict[str, Any]], steps: list[tuple[str, str, str, dict[str, Any]]], where: dict[str, str], text: str, indexed: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = _template(Path(folder))
        try:
            mirror.apply(store, "incidents", [{"id": each, "last_modified": 1, **fields} for each, fields in records.items()])
            for n, (record_id, method, state, patch) in enumerate(steps):
                step = Step(f"op-{n}", 1, "incidents", record_id, method, patch, state=state)
                outbox.add(store, Act(f"op-{n}", "note", "incidents", record_id, "wang", "t", state=state), [step], {})
            if indexed:
                search.index_dirty(store, 1000)
            expected = {each: row for each, row in naive(records, steps).items() if fits(row, where, text)}
            found = view.rows(store, "incidents", where=where, text=text)
            assert {row["id"]: row for row in found} == expected and len(found) == len(expected)
            assert len(view.rows(store, "incidents", where=where, text=text, limit=2)) == min(2, len(expected))
            for each in ("r1", "r4", "n1"):
                assert view.record(store, "incidents", each) == naive(records, steps).get(each)
        finally:
            store.close()


_made: dict[str, bytes] = {}


def _template(folder: Path) -> Store:
    """A store without the cost of making its schema every time."""
    profile = Profile(folder, "sample-small")
    profile.folder.mkdir()
    for name, content in _made.items():
        (profile.folder / name).write_bytes(content)
    store = Store.open(profile, ballast=False)
    if not _made:
        store.close()
        _made.update({file.name: file.read_bytes() for file in (profile.desk_db, profile.mirror_db)})
        store = Store.open(profile, ballast=False)
    return store


def changes(store: Store, mark: view.Mark | None = None) -> view.Changed[dict[str, Any]]:
    return view.incident_changes(store, lambda row: row, mark=mark)


def test_changes_since_a_mark_are_what_was_written_acted_on_or_removed(store: Store, incident: Make, act: Callable[..., Step]) -> None:
    mirror.apply(store, "incidents", [incident(n) for n in range(5)])
    first = changes(store)
    assert first.is_whole and len(first.rows) == 5
    nothing = changes(store, mark=first.mark)
    assert not nothing.is_whole and nothing.rows == [] and nothing.gone == set()
    # A version below the newest one known, as it comes by another way, is a change all the same.
    mirror.apply(store, "incidents", [incident(1, 2, owner="li")], [("inc-2", 9)])
    act("op-1", "inc-3", {"owner": "wang"})
    act("op-2", "new", {"title": "火情"}, method="create")
    second = changes(store, mark=first.mark)
    assert {row["id"]: row.get("owner") for row in second.rows} == {"inc-1": "li", "inc-3": "wang", "new": None} and second.gone == {"inc-2"}
    with store.desk_write() as db:
        db.execute("UPDATE steps SET state='withdrawn'")
    third = changes(store, mark=second.mark)
    assert [(row["id"], row["sync"]) for row in third.rows] == [("inc-3", "synced")] and third.gone == {"new"}


def test_a_mark_that_is_too_old_or_of_another_mirror_reads_everything(store: Store, incident: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    mirror.apply(store, "incidents", [incident(1)])
    old = changes(store).mark
    mirror.apply(store, "incidents", [incident(n, 2) for n in range(REMEMBERED + 5)])
    assert changes(store, mark=old).is_whole
    with store.mirror_read() as db:
        assert db.execute("SELECT COUNT(*) FROM touched_incidents").fetchone() == (REMEMBERED,)
    now = changes(store).mark
    assert not changes(store, mark=now).is_whole
    assert changes(store, mark=replace(now, mirror="another")).is_whole
