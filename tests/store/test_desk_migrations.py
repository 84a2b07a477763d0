"""Each step of desk.db: the tables it makes, and what they refuse."""

from __future__ import annotations

import sqlite3

import pytest

from weihai_command.store import audit
from weihai_command.store.desk_migrations import DESK_MIGRATIONS
from weihai_command.store.store import Store

#: What each numbered step must leave; a step that has shipped never changes.
MADE = {
    1: {
        "acts": "seq op_id verb kind record_id number actor at offset_s state next_at error",
        "steps": "op_id n kind record_id method patch base base_version mergeable state attempts error theirs produced_version",
    },
    2: {"audit": "seq at actor verb subject detail prev hash"},
    3: {"quarantine": "id at feed kind record_id field reason raw resolved", "holds": "kind feed at vanished total detail"},
    4: {
        "accounts": "user name role verifier verified_at", "feed_status": "feed kind last_ok last_try error etag records",
        "settings": "key value",
    },
    5: {
        "alarms": "id sensor_id kind severity raised_at state standing announced_at recent count is_chattering cleared_at value limit peak acked_at"
                  " acked_by ack_reason shelved_until shelved_by shelf_reason escalations incident_id cause field quantity unit name district town"
                  " lon lat",
        "alarm_entries": "entry_id at",
    },
}


def test_every_step_has_its_test() -> None:
    assert [each.number for each in DESK_MIGRATIONS] == sorted(MADE)


@pytest.mark.parametrize("number", sorted(MADE))
def test_a_step_makes_its_tables(number: int, store: Store) -> None:
    with store.desk_read() as db:
        for table, columns in MADE[number].items():
            assert [row[1] for row in db.execute(f"PRAGMA table_info({table})")] == columns.split()


def test_a_step_without_its_act_is_refused(store: Store) -> None:
    sql = "INSERT INTO steps(op_id, n, kind, record_id, method, patch, state) VALUES('nobody', 1, 'units', 'u', 'patch', '{}', 'pending')"
    with pytest.raises(sqlite3.IntegrityError), store.desk_write() as db:
        db.execute(sql)


def test_acts_number_themselves_and_an_op_id_is_there_once(store: Store) -> None:
    sql = "INSERT INTO acts(op_id, verb, kind, record_id, actor, at, state) VALUES(?, 'v', 'k', 'r', 'a', 't', 'pending')"
    with store.desk_write() as db:
        db.execute(sql, ("one",))
        db.execute(sql, ("two",))
        assert db.execute("SELECT seq, op_id FROM acts ORDER BY seq").fetchall() == [(1, "one"), (2, "two")]
        with pytest.raises(sqlite3.IntegrityError):
            db.execute(sql, ("one",))


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit SET actor='other'",
        "DELETE FROM audit",
        "INSERT OR REPLACE INTO audit SELECT seq, at, 'other', verb, subject, detail, prev, hash FROM audit",
    ],
)
def test_the_audit_table_only_grows(store: Store, sql: str) -> None:
    with store.desk_write() as db:
        audit.append(db, "t", "wang", "close", "1", {})
    with pytest.raises(sqlite3.IntegrityError), store.desk_write() as db:
        db.execute(sql)
    # A stranger's connection has none of our pragmas; the file itself must refuse.
    stranger = sqlite3.connect(store.profile.desk_db)
    with pytest.raises(sqlite3.IntegrityError):
        stranger.execute(sql)
    stranger.close()
    assert audit.rows(store)[0].actor == "wang"


def test_a_cause_is_told_by_one_active_alarm(store: Store) -> None:
    sql = "INSERT INTO alarms(id, sensor_id, kind, severity, raised_at, state, standing, recent, count, escalations) VALUES(?,'s','high',2,?,?,?,'[]',1,0)"
    with store.desk_write() as db:
        db.execute(sql, ("a", 1.0, "cleared", "closed"))
        db.execute(sql, ("b", 2.0, "active", "unacked"))
    with pytest.raises(sqlite3.IntegrityError), store.desk_write() as db:
        db.execute(sql, ("c", 3.0, "active", "acked"))
