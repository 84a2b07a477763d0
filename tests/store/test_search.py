"""Search finds exactly what a substring search by hand finds, with the index behind, half done or ready."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weihai_command.store import mirror, search, view
from weihai_command.store.cells import fold
from weihai_command.store.profile import Profile
from weihai_command.store.store import Store

Make = Callable[..., dict[str, Any]]
PIECES = [
    "环翠区", "文登", "海滨北路", "12号", "２０２４", "ＡＢ", "ab", "燃气-泄漏", "（东）", "𠮷野", "café", "100%", "_x_", "威 海",
    "'", '"', "*", "积",
]
QUERIES = [
    "海", "海滨", "滨北路", "12", "2024", "2", "ab", "AB", "Ab1", "-", "泄漏", "气-泄", "（", "(东)", "𠮷", "野", "É", "0%", "%", "_",
    "威 海", "威海", "'", '"', "*", "路 区", "不存在", "积积", "\x1f", "NOT", "ab OR cd", "\ud800", "",
]


def brute(records: list[dict[str, Any]], text: str) -> set[str]:
    words = fold(text).split()
    return {
        each["id"] for each in records
        if all(any(word in fold(each.get(name) or "") for name in ("number", "title", "place", "description")) for word in words)
    }


@pytest.mark.parametrize("indexed", ["not", "half", "wholly"])
def test_search_is_exact(store: Store, indexed: str) -> None:
    rng = random.Random(7)

    def text() -> str:
        return "".join(rng.choices(PIECES, k=rng.randint(0, 4)))

    records = [{"id": f"i{n}", "last_modified": 1, "title": text(), "place": text(), "number": f"应{n:04d}A"} for n in range(1200)]
    mirror.apply(store, "incidents", records[:700] if indexed == "half" else records)
    if indexed != "not":
        assert search.index_dirty(store, 10_000)
    mirror.apply(store, "incidents", records)
    for query in QUERIES:
        if "\ud800" in query:
            assert view.rows(store, "incidents", text=query) == []
        else:
            assert {row["id"] for row in view.rows(store, "incidents", text=query)} == brute(records, query), query


_LETTERS = st.sampled_from([*"海滨路积水燃气12１aAＡé（- \u3000'\"*%", "😀", "𠮷", "ﬁ"])
_TEXTS = st.text(_LETTERS, max_size=8)
_STEPS = st.lists(st.tuples(st.integers(0, 9), st.one_of(st.none(), _TEXTS), st.booleans()), max_size=14)


@settings(max_examples=30, deadline=None)
@given(steps=_STEPS, queries=st.lists(st.one_of(_TEXTS, st.text(max_size=6)), min_size=1, max_size=6))
def test_search_stays_a_scan_after_any_changes_and_removals(steps: list[tuple[int, str | None, bool]], queries: list[str]) -> None:
    """Each step writes (None: removes) one of ten records and may let the index catch up."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Profile(Path(folder), "sample-small"), ballast=False)
        try:
            known: dict[str, dict[str, Any]] = {}
            for version, (number, title, indexes) in enumerate(steps, 1):
                ident = f"i{number}"
                if title is None:
                    known.pop(ident, None)
                    mirror.apply(store, "incidents", [], [(ident, version)])
                else:
                    known[ident] = {"id": ident, "last_modified": version, "title": title, "number": f"应{number}"}
                    mirror.apply(store, "incidents", [known[ident]])
                if indexes:
                    search.index_dirty(store, 1_000)
            for query in queries:
                assert {row["id"] for row in view.rows(store, "incidents", text=query)} == brute(list(known.values()), query), query
        finally:
            store.close()


def test_the_index_follows_changes_removals_and_numbers_used_again(store: Store, incident: Make) -> None:
    mirror.apply(store, "incidents", [incident(n, title=f"题目{n}号") for n in range(5)])
    assert search.index_dirty(store, 1000) and search.waiting(store, "incidents") == 0
    mirror.apply(store, "incidents", [incident(1, 2, title="改名")], [("inc-4", 9), ("inc-0", 9)])
    assert search.waiting(store, "incidents") == 3
    for _ in range(2):
        assert [row["id"] for row in view.rows(store, "incidents", text="题目")] == ["inc-2", "inc-3"]
        assert [row["id"] for row in view.rows(store, "incidents", text="改名")] == ["inc-1"]
        assert search.index_dirty(store, 1000)
    # The removed last row's number goes to the next record, before or after the index saw the removal.
    mirror.apply(store, "incidents", [incident(7, title="题目七")], [("inc-3", 9)])
    assert [row["id"] for row in view.rows(store, "incidents", text="题目七")] == ["inc-7"]
    mirror.apply(store, "incidents", [], [("inc-7", 9)])
    mirror.apply(store, "incidents", [incident(8, title="题目八")])
    for _ in range(2):
        assert [row["id"] for row in view.rows(store, "incidents", text="题目")] == ["inc-2", "inc-8"]
        assert search.index_dirty(store, 1000)
    with store.mirror_read() as db:
        assert db.execute("SELECT COUNT(*) FROM words_incidents").fetchone() == (3,)


def test_questions_to_the_index() -> None:
    assert search.grams("海滨路-1a 2") == "海滨 滨路 路 1a a 2"
    assert search.query(["海"]) == '"海"*' and search.query(["海滨路", "1"]) == '"海滨" AND "滨路" AND "1"*'
    assert search.query(["-", "'"]) == "" and search.query([]) == ""


def test_a_change_without_new_words_leaves_the_index_alone(store: Store, incident: Make) -> None:
    mirror.apply(store, "incidents", [incident(1)])
    search.index_dirty(store, 1000)
    mirror.apply(store, "incidents", [incident(1, 2, state="closed", lon=122.0)])
    assert search.waiting(store, "incidents") == 0


def test_indexing_stops_when_its_time_is_used_and_goes_on_later(store: Store, incident: Make) -> None:
    mirror.bulk(store, "incidents", [incident(n, description="海滨路" * 30) for n in range(4000)])
    assert not search.index_dirty(store, 1)
    rounds = 1
    while not search.index_dirty(store, 20):
        rounds += 1
        assert rounds < 1000
    assert search.waiting(store, "incidents") == 0 and rounds > 1


def test_a_table_that_is_far_ahead_of_its_index_is_read_itself(store: Store, incident: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "_LAGGING", 3)
    mirror.apply(store, "incidents", [incident(n) for n in range(5)])
    with store.mirror_read() as db:
        assert search.candidates(db, "incidents", ["积水"]).condition == "1"
    assert len(view.rows(store, "incidents", text="积水")) == 5
    search.index_dirty(store, 1000)
    with store.mirror_read() as db:
        assert "MATCH" in search.candidates(db, "incidents", ["积水"]).condition
    assert len(view.rows(store, "incidents", text="积水")) == 5
