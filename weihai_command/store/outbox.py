"""The outbox: acts with ordered steps, kept in one transaction with their audit line. The open steps are the overlay."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import orjson

from ..domain.act import OPEN, Act, Step
from . import audit
from .store import Store

_ACT = "op_id, verb, kind, record_id, actor, at, number, offset_s, state, seq, next_at, error"
_STEP = (
    "op_id, n, kind, record_id, method, patch, base, base_version, mergeable, state, attempts, error, theirs, produced_version"
)
_OPEN = ",".join(f"'{state}'" for state in OPEN)


def add(store: Store, act: Act, steps: Sequence[Step], detail: dict[str, Any]) -> Act:
    """Keep an act, its steps and its audit line at once; the same op id twice gives back the first act unchanged."""

    return store.desk_change(lambda db: _find(db, act.op_id) or _insert(db, act, steps, detail))


def _insert(db: sqlite3.Connection, act: Act, steps: Sequence[Step], detail: dict[str, Any]) -> Act:
    seq = db.execute("SELECT COALESCE(MAX(seq), 0) + 1 FROM acts").fetchone()[0]
    db.execute(
        f"INSERT INTO acts({_ACT}) VALUES(?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            act.op_id, act.verb, act.kind, act.record_id, act.actor, act.at, act.number, act.offset_s, act.state, seq, act.next_at,
            act.error,
        ),
    )
    db.executemany(f"INSERT INTO steps({_STEP}) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?)", [_step_row(step) for step in steps])
    audit.append(db, act.at, act.actor, act.verb, act.number or act.record_id, {"op": act.op_id, **detail})
    return replace(act, seq=seq)


def get(store: Store, op_id: str) -> Act | None:
    with store.desk_read() as db:
        return _find(db, op_id)


def steps_of(store: Store, op_id: str) -> list[Step]:
    with store.desk_read() as db:
        return _steps(db, "op_id = ? ORDER BY n", (op_id,))


def acts(store: Store, states: Iterable[str] = OPEN) -> list[Act]:
    """Acts in the order they were done."""
    marks = ",".join(f"'{state}'" for state in states)
    with store.desk_read() as db:
        return [_act(row) for row in db.execute(f"SELECT {_ACT} FROM acts WHERE state IN ({marks}) ORDER BY seq")]


def recent(store: Store, limit: int = 200) -> list[Act]:
    """The newest acts of any state, newest first."""
    with store.desk_read() as db:
        return [_act(row) for row in db.execute(f"SELECT {_ACT} FROM acts ORDER BY seq DESC LIMIT ?", (limit,))]


def last(store: Store) -> int:
    """The number of the newest act, 0 before the first."""
    with store.desk_read() as db:
        return int(db.execute("SELECT COALESCE(MAX(seq), 0) FROM acts").fetchone()[0])


def counts(store: Store) -> dict[str, int]:
    """state -> number of acts, open states always present."""
    with store.desk_read() as db:
        found = dict(db.execute("SELECT state, COUNT(*) FROM acts GROUP BY state").fetchall())
    return {state: int(found.get(state, 0)) for state in (*OPEN, "done", "withdrawn")}


def open_steps(store: Store) -> list[tuple[int, Step]]:
    """(act seq, step) of all steps that the platform does not have, in order."""
    with store.desk_read() as db:
        columns = ", ".join("s." + name.strip() for name in _STEP.split(","))
        rows = db.execute(
            f"SELECT a.seq, {columns} FROM steps s JOIN acts a USING(op_id) WHERE s.state IN ({_OPEN}) ORDER BY a.seq, s.n"
        ).fetchall()
    return [(row[0], _step(row[1:])) for row in rows]


def listed(store: Store, last: int) -> list[str]:
    """Incidents whose list of units this desk has written, not emptied, in its `last` acts."""
    with store.desk_read() as db:
        sql = (
            "SELECT DISTINCT s.record_id FROM steps s JOIN acts a USING(op_id) WHERE a.seq > (SELECT MAX(seq) FROM acts) - ?"
            " AND s.kind='incidents' AND s.state='done' AND json_array_length(s.patch, '$.unit_ids') > 0"
        )
        return [row[0] for row in db.execute(sql, (last,))]


def sent(store: Store, last: int) -> list[tuple[str, str]]:
    """(unit, assignment) of the units that this desk has put onto an assignment in its `last` acts."""
    with store.desk_read() as db:
        sql = (
            "SELECT DISTINCT s.record_id, json_extract(s.patch, '$.assignment_id') FROM steps s JOIN acts a USING(op_id)"
            " WHERE a.seq > (SELECT MAX(seq) FROM acts) - ? AND s.kind='units' AND s.state='done' AND json_extract(s.patch, '$.assignment_id') IS NOT NULL"
        )
        return [(row[0], row[1]) for row in db.execute(sql, (last,))]


def mark_sending(store: Store, step: Step) -> bool:
    """Commit before the request leaves: from here on its outcome is unknown until a reply says otherwise.

    False when an officer has taken the step back since it was read: then it must not go out.
    """
    with store.desk_write() as db:
        sql = "UPDATE steps SET state='sending', attempts=attempts+1 WHERE op_id=? AND n=? AND state IN ('pending','sending')"
        if not db.execute(sql, (step.op_id, step.n)).rowcount:
            return False
        db.execute("UPDATE acts SET state='sending', error=NULL WHERE op_id=?", (step.op_id,))
    return True


def put_onto(store: Store, step: Step, patch: dict[str, Any], base: dict[str, Any]) -> Step:
    """The step as it reads on what the platform has now, before it goes out; what an officer took back stays as it is."""
    with store.desk_write() as db:
        sql = "UPDATE steps SET patch=?, base=?, base_version=NULL WHERE op_id=? AND n=? AND state IN ('pending','sending')"
        db.execute(sql, (_dump(patch), _dump(base), step.op_id, step.n))
    return replace(step, patch=patch, base=base, base_version=None)


def mark_done(store: Store, step: Step, version: int | None) -> None:
    """The platform has the step; the act is done with its last step."""
    with store.desk_write() as db:
        db.execute(
            "UPDATE steps SET state='done', error=NULL, theirs=NULL, produced_version=? WHERE op_id=? AND n=?",
            (version, step.op_id, step.n),
        )
        db.execute(
            "UPDATE steps SET base_version=? WHERE base_version IS NULL AND method='patch' AND kind=? AND record_id=? AND state='pending'",
            (version, step.kind, step.record_id),
        )
        _settle_act(db, step.op_id)


def mark_pending(store: Store, step: Step, error: str, next_at: float, *, maybe_arrived: bool) -> None:
    """Nothing is decided; try again at `next_at` (epoch seconds). A step that may have arrived stays `sending` (待确认)."""
    with store.desk_write() as db:
        state = "sending" if maybe_arrived else "pending"
        # What an officer took back while the platform was asked stays taken back.
        if db.execute(f"UPDATE steps SET state=?, error=? WHERE op_id=? AND n=? AND state IN ({_OPEN})", (state, error, step.op_id, step.n)).rowcount:
            db.execute("UPDATE acts SET state=?, error=?, next_at=? WHERE op_id=?", (state, error, next_at, step.op_id))


def mark_stopped(store: Store, step: Step, state: str, error: str, theirs: dict[str, Any] | None = None) -> None:
    """`conflict` or `rejected`: the act stops here and waits for an officer; its later steps stay pending behind it."""
    with store.desk_write() as db:
        sql = f"UPDATE steps SET state=?, error=?, theirs=? WHERE op_id=? AND n=? AND state IN ({_OPEN})"
        if db.execute(sql, (state, error, _dump(theirs), step.op_id, step.n)).rowcount:
            db.execute("UPDATE acts SET state=?, error=? WHERE op_id=?", (state, error, step.op_id))


def rebase(
    store: Store, step: Step, patch: dict[str, Any], base: dict[str, Any], version: int, at: str, actor: str, behind: Sequence[Step] = ()
) -> None:
    """Put a step in conflict onto what the platform has now, as `actor` decided; it goes out again.

    `behind`: later steps on the same record with the patch and base that they have on top of it; one that is no longer pending stays as it is.
    """
    with store.desk_write() as db:
        taken = db.execute(
            "UPDATE steps SET state='pending', attempts=0, error=NULL, theirs=NULL, patch=?, base=?, base_version=?"
            " WHERE op_id=? AND n=? AND state='conflict'",
            (_dump(patch), _dump(base), version, step.op_id, step.n),
        ).rowcount
        if not taken:
            return
        db.execute("UPDATE acts SET state='pending', error=NULL, next_at=0 WHERE op_id=?", (step.op_id,))
        _put_behind(db, behind)
        audit.append(db, at, actor, "resolve", step.op_id, {"take": "mine", "kind": step.kind, "id": step.record_id, "onto": version})


def _put_behind(db: sqlite3.Connection, behind: Sequence[Step]) -> None:
    sql = "UPDATE steps SET patch=?, base=?, base_version=? WHERE op_id=? AND n=? AND state='pending'"
    db.executemany(sql, [(_dump(each.patch), _dump(each.base), each.base_version, each.op_id, each.n) for each in behind])


def retry(store: Store, op_id: str, at: str, actor: str) -> None:
    """Send a rejected or waiting act again as it is, without waiting for its time."""
    with store.desk_write() as db:
        audit.append(db, at, actor, "retry", op_id, {})
        db.execute("UPDATE steps SET state='pending', error=NULL WHERE op_id=? AND state='rejected'", (op_id,))
        db.execute("UPDATE acts SET state='pending', error=NULL, next_at=0 WHERE op_id=? AND state='rejected'", (op_id,))
        db.execute("UPDATE acts SET next_at=0 WHERE op_id=? AND state IN ('pending','sending')", (op_id,))


def drop(
    store: Store, op_id: str, at: str, actor: str, why: str, *, done: int = 0, undo: tuple[Act, Sequence[Step], dict[str, Any]] | None = None,
    behind: Sequence[Step] = (),
) -> bool:
    """Take back what has not arrived, and keep at once the act that undoes the `done` steps which have; `behind` as in `rebase`.

    False, and nothing changed, when a step may be on its way, none is left, or more are done than the caller has seen.
    """
    with store.desk_write() as db:
        states = [row[0] for row in db.execute("SELECT state FROM steps WHERE op_id=?", (op_id,))]
        if states.count("done") != done or "sending" in states or not set(states) & set(OPEN):
            return False
        db.execute(f"UPDATE steps SET state='withdrawn' WHERE op_id=? AND state IN ({_OPEN})", (op_id,))
        db.execute("UPDATE acts SET state='withdrawn', error=? WHERE op_id=?", (why, op_id))
        _put_behind(db, behind)
        audit.append(db, at, actor, "withdraw", op_id, {"why": why})
        if undo is not None:
            _insert(db, *undo)
    return True


def is_given_up(store: Store, kind: str, record_id: str) -> bool:
    """Whether this desk would have created the record, and took that back before the platform had it."""
    with store.desk_read() as db:
        sql = "SELECT 1 FROM steps WHERE kind=? AND record_id=? AND method='create' AND state='withdrawn'"
        return db.execute(sql, (kind, record_id)).fetchone() is not None


def hold_back(store: Store, act: Act) -> None:
    """All that this act's officer has waiting, waits for the reason that this act was given."""
    with store.desk_write() as db:
        sql = "UPDATE acts SET error=(SELECT error FROM acts WHERE op_id=?) WHERE actor=? AND state IN ('pending','sending')"
        db.execute(sql, (act.op_id, act.actor))


def wake(store: Store) -> None:
    """Forget all back-off: the platform is there again, or an officer asks for it."""
    with store.desk_write() as db:
        db.execute("UPDATE acts SET next_at=0 WHERE state IN ('pending','sending')")


def _settle_act(db: sqlite3.Connection, op_id: str) -> None:
    left = db.execute(f"SELECT COUNT(*) FROM steps WHERE op_id=? AND state IN ({_OPEN})", (op_id,)).fetchone()[0]
    db.execute("UPDATE acts SET state=?, error=NULL, next_at=0 WHERE op_id=?", ("pending" if left else "done", op_id))


def _find(db: sqlite3.Connection, op_id: str) -> Act | None:
    row = db.execute(f"SELECT {_ACT} FROM acts WHERE op_id=?", (op_id,)).fetchone()
    return _act(row) if row else None


def _steps(db: sqlite3.Connection, where: str, values: Sequence[Any]) -> list[Step]:
    return [_step(row) for row in db.execute(f"SELECT {_STEP} FROM steps WHERE {where}", values)]


def _act(row: Sequence[Any]) -> Act:
    return Act(*row)


def _step_row(step: Step) -> tuple[Any, ...]:
    return (
        step.op_id, step.n, step.kind, step.record_id, step.method, _dump(step.patch), _dump(step.base), step.base_version,
        int(step.mergeable), step.state, step.attempts, step.error, _dump(step.theirs), step.produced_version,
    )


def _step(row: Sequence[Any]) -> Step:
    patch, base, theirs = (orjson.loads(row[i]) if row[i] else None for i in (5, 6, 12))
    op_id, n, kind, record_id, method = row[:5]
    state, attempts, error = row[9:12]
    return Step(op_id, n, kind, record_id, method, patch or {}, base or {}, row[7], bool(row[8]), state, attempts, error, theirs, row[13])


def _dump(value: dict[str, Any] | None) -> str | None:
    return None if value is None else orjson.dumps(value).decode()
