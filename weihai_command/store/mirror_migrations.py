"""The schema of mirror.db: what can be fetched again. One table a kind, its search index, its bookkeeping."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .migrations import Migration

if TYPE_CHECKING:
    from sqlite_utils import Database

#: As of migration 1, and so never edited: a kind that gains a column gains a migration. s text, i integer, r real.
_COLUMNS = {
    "incidents": "number:s title:s track:s state:s type:s grade:i priority:s owner:s district:s reported_at:s lon:r lat:r",
    "assignments": "incident_id:s unit_id:s state:s",
    "units": "name:s kind:s state:s incident_id:s district:s lon:r lat:r",
    "log": "incident_id:s at:s by:s kind:s",
    "facilities": "name:s kind:s field:s district:s state:s lon:r lat:r",
    "plans": "title:s type:s",
    "warnings": "title:s colour:s expires:s",
    "sensors": "name:s field:s quantity:s state:s district:s observed_at:s lon:r lat:r",
    "video_points": "name:s field:s state:s district:s lon:r lat:r",
    "meta": "",
}
_INDEXES = {
    "incidents": (("state",), ("number",), ("reported_at",)),
    "assignments": (("incident_id",), ("unit_id",)),
    "units": (("incident_id",),),
    "log": (("incident_id", "at"),),
}
_SEARCHED = ("incidents", "units", "log", "facilities", "plans", "warnings", "sensors", "video_points")
_PLACED = ("incidents", "units", "facilities", "sensors", "video_points")
_TYPES = {"s": str, "i": int, "r": float}


def _bookkeeping(db: Database) -> None:
    # `etag` is the platform's version (milliseconds), or the text that another server calls its ETag.
    db.execute(
        "CREATE TABLE cursors(feed TEXT NOT NULL, kind TEXT NOT NULL, etag ANY, server_time REAL, PRIMARY KEY(feed, kind)) STRICT"
    )
    db.table("stamps").create({"kind": str, "n": int}, pk="kind", not_null={"n"}, strict=True)
    db.table("indexed").create({"name": str, "upto": int}, pk="name", not_null={"upto"}, strict=True)
    db.table("identity").create({"id": str}, strict=True)
    # A rebuilt mirror counts its stamps from zero again: caches made from the old one must not fit it.
    db.execute("INSERT INTO identity VALUES(lower(hex(randomblob(16))))")


def _kinds(db: Database) -> None:
    for kind, columns in _COLUMNS.items():
        table = f"mirror_{kind}"
        hot = {name: _TYPES[letter] for name, letter in (each.split(":") for each in columns.split())}
        db.table(table).create(
            {"row": int, "id": str, "version": int, "feed": str, **hot, "words": str, "raw": str},
            pk="row", not_null={"id", "version", "feed", "words", "raw"}, defaults={"feed": "", "words": ""}, strict=True,
        )
        db.table(table).create_index(["id"], unique=True)
        for index in _INDEXES.get(kind, ()):
            db.table(table).create_index(list(index))
        if kind in _PLACED:
            db.execute(f"CREATE INDEX place_{kind} ON {table}(lon, lat)")
        db.table("stamps").insert({"kind": kind, "n": 0})


def _search(db: Database) -> None:
    for kind in _SEARCHED:
        # The words hold bigrams made by us; `ascii` leaves every other character to us.
        db.execute(f"CREATE VIRTUAL TABLE words_{kind} USING fts5(grams, tokenize='ascii', detail=none, columnsize=0, prefix='1')")
        _dirty_marks(db, f"words_{kind}", kind)


def _dirty_marks(db: Database, name: str, kind: str) -> None:
    """Rows above `upto` are not indexed yet and need no mark; below it a change of words or a removal leaves one."""
    db.table(f"dirty_{name}").create({"row": int}, pk="row", strict=True)
    db.table("indexed").insert({"name": name, "upto": 0})
    was_indexed = f"OLD.row <= (SELECT upto FROM indexed WHERE name='{name}')"
    for verb, when in (("UPDATE", f"OLD.words IS NOT NEW.words AND {was_indexed}"), ("DELETE", was_indexed)):
        db.execute(
            f"CREATE TRIGGER {name}_{verb.lower()} AFTER {verb} ON mirror_{kind} WHEN {when}"
            f" BEGIN INSERT OR IGNORE INTO dirty_{name} VALUES(OLD.row); END"
        )


def _ended(db: Database) -> None:
    """Ended incidents pile up for ever: with the text of the time of their end in an index nobody has to read them."""
    # A record that SQLite's JSON cannot read (nested too deep) is as good as without a time.
    db.execute(
        "ALTER TABLE mirror_incidents ADD COLUMN ended_on TEXT GENERATED ALWAYS AS (CASE WHEN"
        " (COALESCE(track,'emergency')='emergency' AND state='ended')"
        " OR (track='municipal' AND state IN ('rejected','closed','force_closed','cancelled'))"
        " THEN CASE WHEN json_valid(raw) THEN COALESCE(CAST(json_extract(raw,'$.state_at') AS TEXT),'') ELSE '' END END) VIRTUAL"
    )
    db.execute("CREATE INDEX ended_incidents ON mirror_incidents(ended_on)")


#: Writes of incidents that are remembered: whoever last looked before them reads everything again.
REMEMBERED = 10_000


def _touched(db: Database) -> None:
    """Which incidents were written last, in order, also by another process: a list of 100,000 then reads only those."""
    db.table("touched_incidents").create({"seq": int, "id": str}, pk="seq", not_null={"id"}, strict=True)
    for verb, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
        db.execute(
            f"CREATE TRIGGER touched_{verb.lower()} AFTER {verb} ON mirror_incidents BEGIN"
            f" INSERT INTO touched_incidents(id) VALUES({row}.id);"
            f" DELETE FROM touched_incidents WHERE seq <= (SELECT MAX(seq) FROM touched_incidents) - {REMEMBERED}; END"
        )


MIRROR_MIGRATIONS = (
    Migration(1, 1, 0, "bookkeeping", _bookkeeping),
    Migration(2, 1, 0, "kinds", _kinds),
    Migration(3, 1, 0, "search", _search),
    Migration(4, 1, 1, "ended", _ended),
    Migration(5, 1, 2, "touched", _touched),
)
