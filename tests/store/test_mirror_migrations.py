"""Each step of mirror.db, and that its frozen columns are those that the kinds have today."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from weihai_command.domain.kinds import KINDS
from weihai_command.store import mirror
from weihai_command.store.cells import column_cells, integer_cell, real_cell
from weihai_command.store.migrations import migrate
from weihai_command.store.mirror_migrations import MIRROR_MIGRATIONS
from weihai_command.store.pool import connect
from weihai_command.store.profile import Profile
from weihai_command.store.store import Store


def test_the_steps_are_those_that_are_tested_here() -> None:
    names = ["bookkeeping", "kinds", "search", "ended", "touched"]
    assert [(each.number, each.name) for each in MIRROR_MIGRATIONS] == list(enumerate(names, 1))


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


@pytest.mark.parametrize(("fields", "ended_on"), [
    ({"state": "ended", "state_at": "2026-07-16T08:00:00+08:00"}, "2026-07-16T08:00:00+08:00"), ({"state": "ended", "track": None}, ""),
    ({"state": "closed", "track": "municipal", "state_at": 5}, "5"), ({"state": "closed"}, None), ({"state": "ended", "track": "strange"}, None),
    ({"state": None}, None), ({"state": "cancelled", "track": "municipal", "deep": "x"}, ""),
])
def test_the_end_of_an_incident_is_a_column(
    store: Store, incident: Callable[..., dict[str, Any]], fields: dict[str, Any], ended_on: str | None
) -> None:
    mirror.apply(store, "incidents", [incident(1, **fields)])
    with store.mirror_read() as db:
        assert db.execute("SELECT ended_on FROM mirror_incidents").fetchone() == (ended_on,)


def test_a_mirror_of_before_learns_what_has_ended(tmp_path: Path) -> None:
    with closing(connect(tmp_path / "mirror.db", "NORMAL")) as db:
        migrate(db, tmp_path / "mirror.db", MIRROR_MIGRATIONS[:3], tmp_path)
        raw = '{"id":"a","state":"ended","state_at":"2026-01-01T08:00:00Z"}'
        db.execute("INSERT INTO mirror_incidents(id, version, state, raw) VALUES('a', 1, 'ended', ?)", (raw,))
        migrate(db, tmp_path / "mirror.db", MIRROR_MIGRATIONS, tmp_path)
        assert db.execute("SELECT ended_on FROM mirror_incidents").fetchone() == ("2026-01-01T08:00:00Z",)
        plan = db.execute("EXPLAIN QUERY PLAN SELECT row FROM mirror_incidents WHERE ended_on >= 'x'").fetchone()[3]
        assert "ended_incidents" in plan
