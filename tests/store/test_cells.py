"""Every record that came through the border fits a row, however odd its fields are."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weihai_command.domain.faults import Usage
from weihai_command.domain.kinds import KINDS
from weihai_command.store import mirror
from weihai_command.store.cells import fold, kind_of, real_cell, row_of, word
from weihai_command.store.store import Store

ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2), max_leaves=4,
)


@given(record=st.dictionaries(st.sampled_from(["title", "number", "lon", "lat", "grade", "place", "extra"]), ANY))
def test_any_json_becomes_a_row_that_can_be_read_back(record: dict[str, Any]) -> None:
    row = row_of(KINDS["incidents"], {"id": "x", "last_modified": 1, **record}, "")
    for cell in row:
        assert cell is None or isinstance(cell, (int, float, str))
        if isinstance(cell, str):
            cell.encode()
    assert set(orjson.loads(row[-1])) == {"id", "last_modified", *record}


def test_odd_records_are_stored(store: Store) -> None:
    odd = {"id": "x", "last_modified": 1, "title": "半个\ud83d字", "extra": {"n": 2**70, "f": float("nan")}, "grade": 2**65, "lon": True}
    assert mirror.apply(store, "incidents", [odd]).inserted == 1
    found = mirror.get(store, "incidents", "x") or {}
    assert found["title"] == "半个?字" and found["extra"]["f"] is None


@pytest.mark.parametrize(
    ("value", "cell"), [("122.5", 122.5), (3, 3.0), ("", None), ("nan", None), (True, None), ([1], None), (10**400, None)]
)
def test_real_cells(value: Any, cell: float | None) -> None:
    assert real_cell(value) == cell


def test_words_for_conditions() -> None:
    assert [word(each) for each in (None, True, 2, 122.1, "x")] == ["", "true", "2", "122.1", "x"]
    assert fold("ＡＢ１　Straße") == "ab1 strasse"


def test_an_unknown_kind_names_those_there_are() -> None:
    with pytest.raises(Usage, match="incidents"):
        kind_of("incident")
