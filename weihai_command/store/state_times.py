"""Since when a record's state holds, as its source says: what decides between the store and a report that came by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from ..domain.foreign import moment
from .cells import kind_of
from .store import Store

#: Kind -> the field of its records that says it.
FIELD = {"sensors": "observed_at", "video_points": "changed_at"}
_BATCH = 5_000


def state_times(store: Store, kind: str, ids: Sequence[str]) -> NDArray[np.float64]:
    """Epoch seconds (n,) of the mirror's records, -inf where there is none (KeyError: a kind without states that are reported).

    A record that does not say it counts from the platform's version of it. Some 12 µs a record: off the window's thread.
    """
    said = FIELD[kind] if FIELD[kind] in kind_of(kind).columns else f"json_extract(raw, '$.{FIELD[kind]}')"
    sql = f"SELECT id, {said}, version FROM mirror_{kind} WHERE id IN (SELECT value FROM json_each(?))"
    found: dict[str, float] = {}
    with store.mirror_read() as db:
        for at in range(0, len(ids), _BATCH):
            batch = orjson.dumps(list(ids[at : at + _BATCH])).decode()
            found |= {ident: _seconds(text, version) for ident, text, version in db.execute(sql, (batch,))}
    return np.fromiter((found.get(ident, -np.inf) for ident in ids), np.float64, len(ids))


def state_time(kind: str, record: Mapping[str, Any]) -> float:
    """The same of one record."""
    return _seconds(record.get(FIELD[kind]), record.get("last_modified"))


def _seconds(text: object, version: object) -> float:
    said = moment(text) if text is not None else None
    if said is not None:
        return said.timestamp()
    return version / 1000 if isinstance(version, int) else -np.inf
