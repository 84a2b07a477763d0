"""Whether what a desk knows of its units is as new as the list of an incident: pulls break off between the two, replies of a push bring lists alone."""

from __future__ import annotations

from .store import Store

#: Stands among the cursors, and goes with the mirror whose writes it counts.
_NAME = "lists"


def newest(store: Store) -> int:
    """The number of the last write of an incident here, 0 before the first."""
    with store.mirror_read() as db:
        return int(db.execute("SELECT COALESCE(MAX(seq), 0) FROM touched_incidents").fetchone()[0])


def units_read(store: Store, since: int) -> None:
    """All units were asked for after the write `since` of an incident, and are in; the same again costs nothing."""
    with store.mirror_read() as db:
        known = db.execute("SELECT 1 FROM cursors WHERE feed='' AND kind=? AND etag=?", (_NAME, since)).fetchone()
    if known is None:
        with store.mirror_write() as db:
            sql = "INSERT INTO cursors(feed, kind, etag) VALUES('', ?, ?) ON CONFLICT(feed, kind) DO UPDATE SET etag=excluded.etag"
            db.execute(sql, (_NAME, since))


def is_older(store: Store, incident_id: str) -> bool:
    """Whether the incident was written here after the units were last read: whom it lists may have been sent since. False before any pull."""
    with store.mirror_read() as db:
        sql = "SELECT 1 FROM touched_incidents WHERE id=? AND seq > (SELECT etag FROM cursors WHERE feed='' AND kind=?) LIMIT 1"
        return db.execute(sql, (incident_id, _NAME)).fetchone() is not None
