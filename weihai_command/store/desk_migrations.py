"""The schema of desk.db: what only this desk has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .migrations import Migration

if TYPE_CHECKING:
    from sqlite_utils import Database


def _outbox(db: Database) -> None:
    db.table("acts").create(
        {
            "seq": int, "op_id": str, "verb": str, "kind": str, "record_id": str, "number": str, "actor": str, "at": str,
            "offset_s": float, "state": str, "next_at": float, "error": str,
        },
        pk="seq", not_null={"op_id", "verb", "kind", "record_id", "actor", "at", "state"},
        defaults={"number": "", "next_at": 0.0}, strict=True,
    )
    db.table("acts").create_index(["op_id"], unique=True)
    db.table("acts").create_index(["state", "seq"])
    db.table("steps").create(
        {
            "op_id": str, "n": int, "kind": str, "record_id": str, "method": str, "patch": str, "base": str, "base_version": int,
            "mergeable": int, "state": str, "attempts": int, "error": str, "theirs": str, "produced_version": int,
        },
        pk=("op_id", "n"), not_null={"op_id", "n", "kind", "record_id", "method", "patch", "state"},
        defaults={"base": "{}", "mergeable": 0, "attempts": 0}, foreign_keys=[("op_id", "acts", "op_id")], strict=True,
    )
    db.table("steps").create_index(["state"])
    db.table("steps").create_index(["kind", "record_id"])
    # The overlay asks for the few open steps of a kind among all that were ever done.
    db.execute(
        "CREATE INDEX open_steps ON steps(kind, record_id) WHERE state IN ('pending','sending','conflict','rejected')"
    )


def _audit(db: Database) -> None:
    db.table("audit").create(
        {"seq": int, "at": str, "actor": str, "verb": str, "subject": str, "detail": str, "prev": str, "hash": str},
        pk="seq", not_null={"at", "actor", "verb", "subject", "detail", "prev", "hash"}, strict=True,
    )
    for verb in ("UPDATE", "DELETE"):
        db.execute(f"CREATE TRIGGER audit_no_{verb.lower()} BEFORE {verb} ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END")
    # INSERT OR REPLACE would otherwise remove a line without asking the DELETE trigger.
    db.execute(
        "CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit WHEN EXISTS(SELECT 1 FROM audit WHERE seq=NEW.seq)"
        " BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END"
    )


def _waiting(db: Database) -> None:
    db.table("quarantine").create(
        {"id": int, "at": str, "feed": str, "kind": str, "record_id": str, "field": str, "reason": str, "raw": str, "resolved": int},
        pk="id", not_null={"at", "feed", "kind", "record_id", "field", "reason", "raw", "resolved"}, defaults={"resolved": 0}, strict=True,
    )
    db.execute(
        "CREATE UNIQUE INDEX quarantine_once ON quarantine(feed, kind, record_id, field, reason) WHERE resolved=0"
    )
    db.table("holds").create(
        {"kind": str, "feed": str, "at": str, "vanished": int, "total": int, "detail": str},
        pk="kind", not_null={"feed", "at", "vanished", "total"}, defaults={"detail": ""}, strict=True,
    )


def _people_and_feeds(db: Database) -> None:
    db.table("accounts").create(
        {"user": str, "name": str, "role": str, "verifier": str, "verified_at": str},
        pk="user", not_null={"name", "role"}, strict=True,
    )
    db.table("feed_status").create(
        {"feed": str, "kind": str, "last_ok": str, "last_try": str, "error": str, "etag": str, "records": int},
        pk="feed", not_null={"kind", "records"}, defaults={"kind": "", "records": 0}, strict=True,
    )
    db.table("settings").create({"key": str, "value": str}, pk="key", not_null={"value"}, strict=True)


def _alarms(db: Database) -> None:
    db.table("alarms").create(
        {
            "id": str, "sensor_id": str, "kind": str, "severity": int, "raised_at": float, "state": str, "standing": str, "announced_at": float,
            "recent": str, "count": int, "is_chattering": int, "cleared_at": float, "value": float, "limit": float, "peak": float, "acked_at": float,
            "acked_by": str, "ack_reason": str, "shelved_until": float, "shelved_by": str, "shelf_reason": str, "escalations": int,
            "incident_id": str, "cause": str, "field": str, "quantity": str, "unit": str, "name": str, "district": str, "town": str, "lon": float,
            "lat": float,
        },
        pk="id", not_null={"sensor_id", "kind", "severity", "raised_at", "state", "standing", "recent", "count", "escalations"}, strict=True,
    )
    # Whatever two threads or two processes see at once: a cause is told by one alarm.
    db.execute("CREATE UNIQUE INDEX one_active ON alarms(sensor_id, kind) WHERE state='active'")
    db.table("alarms").create_index(["sensor_id", "kind", "raised_at"])
    db.table("alarms").create_index(["standing"])
    db.table("alarms").create_index(["announced_at"])
    db.execute("CREATE INDEX alarms_of_incident ON alarms(incident_id) WHERE incident_id IS NOT NULL")
    db.table("alarm_entries").create({"entry_id": str, "at": str}, pk="entry_id", not_null={"at"}, strict=True)


DESK_MIGRATIONS = (
    Migration(1, 1, 0, "outbox", _outbox),
    Migration(2, 1, 0, "audit", _audit),
    Migration(3, 1, 0, "quarantine and holds", _waiting),
    Migration(4, 1, 0, "accounts, feeds, settings", _people_and_feeds),
    Migration(5, 1, 1, "alarms", _alarms),
)
