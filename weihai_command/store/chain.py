"""The audit's chain of hashes inside a connection that somebody else holds: a line added, every break found."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

_ANCHOR = "audit_anchor"
_FIELDS = "seq, at, actor, verb, subject, detail, prev, hash"


def append(db: sqlite3.Connection, at: str, actor: str, verb: str, subject: str, detail: Mapping[str, Any]) -> int:
    """Add a line inside the caller's transaction; its number."""
    last = db.execute("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1").fetchone() or (0, "")
    seq = int(last[0]) + 1
    text = orjson.dumps(detail, default=str, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS).decode()
    line = (seq, at, actor, verb, subject, text, last[1])
    digest = _digest(line)
    db.execute(f"INSERT INTO audit({_FIELDS}) VALUES(?,?,?,?,?,?,?,?)", (*line, digest))
    # The chain alone cannot tell that its newest lines were cut off.
    db.execute(
        "INSERT INTO settings(key, value) VALUES(?, ?) ON CONFLICT(key) DO UPDATE SET value=excluded.value", (_ANCHOR, f"{seq}:{digest}")
    )
    return seq


def problems(db: sqlite3.Connection) -> list[str]:
    """Chinese sentences about every break of the chain; empty when it is whole."""
    found = []
    expected, prev = 1, ""
    for row in db.execute(f"SELECT {_FIELDS} FROM audit ORDER BY seq"):
        if row[0] != expected:
            found.append(f"审计记录缺少第 {expected} 至 {row[0] - 1} 条")
        elif row[6] != prev:
            found.append(f"审计记录第 {row[0]} 条与前一条接不上")
        if _digest(row[:7]) != row[7]:
            found.append(f"审计记录第 {row[0]} 条被改动过")
        expected, prev = row[0] + 1, row[7]
    anchor = db.execute("SELECT value FROM settings WHERE key=?", (_ANCHOR,)).fetchone()
    if (anchor[0] if anchor else "0:") != f"{expected - 1}:{prev}":
        found.append(f"审计记录的末尾不完整：应到 {anchor[0].split(':')[0] if anchor else '？'} 条，实有 {expected - 1} 条")
    return found


def _digest(line: Sequence[Any]) -> str:
    return hashlib.sha256(orjson.dumps(list(line))).hexdigest()
