"""Each step of mirror.db, and that its frozen columns are those that the kinds have today."""

from __future__ import annotations

import pytest

from weihai_command.domain.kinds import KINDS
from weihai_command.store import mirror
from weihai_command.store.cells import column_cells, integer_cell, real_cell
from weihai_command.store.mirror_migrations import MIRROR_MIGRATIONS
from weihai_command.store.profile import Profile
from weihai_command.store.store import Store


def test_the_steps_are_those_that_are_tested_here() -> None:
    assert [(each.number, each.name) for each in MIRROR_MIGRATIONS] == [(1, "bookkeeping"), (2, "kinds"), (3, "search")]


def test_bookkeeping_gives_every_mirror_an_identity(store: Store, profile: Profile) -> None:
    first = mirror.stamp(store, "units")[0]
    store.close()
    profile.mirror_db.unlink()
    again = Store.open(profile, ballast=False)
    assert len(first) == 32 and mirror.stamp(again, "units")[0] != first
    again.close()


@pytest.mark.parametrize("kind", list(KINDS))
def test_a_kind_has_the_columns_and_types_of_its_record(store: Store, kind: str) -> None:
    types = {real_cell: "REAL", integer_cell: "INTEGER"}
    hot = [(name, types.get(cell, "TEXT")) for name, cell in column_cells(kind)]
    expected = [("row", "INTEGER"), ("id", "TEXT"), ("version", "INTEGER"), ("feed", "TEXT"), *hot, ("words", "TEXT"), ("raw", "TEXT")]
    with store.mirror_read() as db:
        assert [(row[1], row[2]) for row in db.execute(f"PRAGMA table_info(mirror_{kind})")] == expected, "a new column needs a migration"
        indexes = {row[1] for row in db.execute(f"PRAGMA index_list(mirror_{kind})")}
        assert (f"place_{kind}" in indexes) == KINDS[kind].placed


@pytest.mark.parametrize("kind", [each.name for each in KINDS.values() if each.text])
def test_a_kind_with_texts_has_a_word_index(store: Store, kind: str) -> None:
    with store.mirror_read() as db:
        assert db.execute("SELECT upto FROM indexed WHERE name=?", (f"words_{kind}",)).fetchone() == (0,)
        assert db.execute(f"SELECT COUNT(*) FROM words_{kind}").fetchone() == (0,)
