"""A chain that shows every tampering, also by someone who first removes the triggers."""

from __future__ import annotations

import pytest

from weihai_command.store import audit
from weihai_command.store.store import Store


@pytest.fixture
def written(store: Store) -> Store:
    for n in range(5):
        with store.desk_write() as db:
            assert audit.append(db, f"2026-01-0{n + 1}T08:00:00+08:00", "wang", "close", f"应000{n}A", {"op": n, "by": ("a", "b")}) == n + 1
    return store


def test_a_whole_chain_has_no_problems(written: Store) -> None:
    assert audit.verify(written) == []
    newest = audit.rows(written, 2)
    assert [line.seq for line in newest] == [5, 4] and newest[0].detail == {"op": 4, "by": ["a", "b"]} and len(newest[0].hash) == 64


def test_an_empty_chain_is_whole(store: Store) -> None:
    assert audit.verify(store) == [] and audit.rows(store) == []


@pytest.mark.parametrize(
    ("sql", "word"),
    [
        *((f"UPDATE audit SET {field}='{{}}' WHERE seq=3", "改动") for field in ("at", "actor", "verb", "subject", "detail", "hash")),
        ("UPDATE audit SET prev='' WHERE seq=3", "接不上"),
        ("DELETE FROM audit WHERE seq=3", "缺少第 3"),
        ("DELETE FROM audit WHERE seq=1", "缺少第 1"),
        ("DELETE FROM audit WHERE seq=5", "末尾"),
        ("DELETE FROM audit", "末尾"),
        ("DELETE FROM settings", "末尾"),
    ],
)
def test_tampering_is_noticed(written: Store, sql: str, word: str) -> None:
    with written.desk_write() as db:
        for name in ("audit_no_update", "audit_no_delete"):
            db.execute(f"DROP TRIGGER {name}")
        db.execute(sql)
    assert any(word in problem for problem in audit.verify(written))


def test_a_write_that_fails_leaves_no_line(written: Store) -> None:
    with pytest.raises(ZeroDivisionError), written.desk_write() as db:
        audit.append(db, "t", "wang", "close", "x", {})
        _ = 1 / 0
    assert audit.verify(written) == [] and len(audit.rows(written)) == 5
