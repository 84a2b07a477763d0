"""Who did what, as a chain of hashes: a line that was changed, removed or cut off at the end is noticed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from .chain import append as append
from .chain import problems as problems
from .store import Store


@dataclass(frozen=True, slots=True)
class AuditLine:
    """`detail` is what the act carried; `hash` covers all fields and the line before."""

    seq: int
    at: str
    actor: str
    verb: str
    subject: str
    detail: dict[str, Any]
    hash: str


def note(store: Store, at: str, actor: str, verb: str, subject: str, detail: Mapping[str, Any]) -> None:
    """Add a line in a transaction of its own (StoreFault)."""
    store.desk_change(lambda db: append(db, at, actor, verb, subject, detail))


def verify(store: Store) -> list[str]:
    """Chinese sentences about every break of the chain; empty when it is whole."""
    with store.desk_read() as db:
        return problems(db)


def rows(store: Store, limit: int = 200) -> list[AuditLine]:
    """The newest lines, newest first."""
    sql = "SELECT seq, at, actor, verb, subject, detail, hash FROM audit ORDER BY seq DESC LIMIT ?"
    with store.desk_read() as db:
        found = db.execute(sql, (limit,)).fetchall()
    return [_line(*line) for line in found]


def chosen(store: Store, verbs: Sequence[str], limit: int) -> list[AuditLine]:
    """The newest lines of these verbs, newest first."""
    sql = f"SELECT seq, at, actor, verb, subject, detail, hash FROM audit WHERE verb IN ({','.join('?' * len(verbs))}) ORDER BY seq DESC LIMIT ?"
    with store.desk_read() as db:
        found = db.execute(sql, (*verbs, limit)).fetchall()
    return [_line(*line) for line in found]


def _line(seq: int, at: str, actor: str, verb: str, subject: str, detail: str, digest: str) -> AuditLine:
    return AuditLine(seq, at, actor, verb, subject, orjson.loads(detail), digest)
