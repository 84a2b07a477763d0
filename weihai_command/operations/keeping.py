"""When desk.db is copied: soon after an act, at most once a minute, and never so that an act fails for it.

A window copies after each sync and in quiet moments, off the way of its acts; the command line with the act itself.
"""

from __future__ import annotations

import threading
import time

from ..domain.faults import StoreFault
from ..store import backup, ballast, copies, outbox, settings
from ..store.store import Store

#: Seconds between two copies while there is something new, and the acts after which there is one in any case.
PERIOD_S, ACTS = 60.0, 10
#: A file larger than this takes seconds to copy, and is copied once an hour.
LARGE_BYTES, LARGE_PERIOD_S = 50_000_000, 3600.0
_KEY = "kept_acts"
#: One copy at a time: whoever comes meanwhile has nothing to add.
_copying = threading.Lock()


def mind(store: Store) -> None:
    """Copy desk.db when it is time; trouble becomes a note (the disk may be full, and the act is kept all the same)."""
    if not _copying.acquire(blocking=False):
        return
    try:
        acts = outbox.last(store)
        if not _is_due(store, acts):
            return
        if ballast.free(store.profile.folder) < store.profile.desk_db.stat().st_size + ballast.PLENTY:
            _note(store, "磁盘空间不足")
            return
        settings.put(store, _KEY, str(acts))
        backup.rotate(store)
    except StoreFault as fault:
        _note(store, fault.happened)
    finally:
        _copying.release()


def _note(store: Store, why: str) -> None:
    note = f"暂时没有备份：{why}。已保存的操作都在，腾出至少 64 MB 空间后会再备份。"
    if note not in store.notes:
        store.notes.append(note)


def _is_due(store: Store, acts: int) -> bool:
    newest = next(iter(copies.all_copies(store.profile)), None)
    if newest is None:
        return acts > 0
    new = acts - int(settings.get(store, _KEY, "0"))
    if new <= 0:
        return False
    is_large = store.profile.desk_db.stat().st_size > LARGE_BYTES
    age = time.time() - newest.stat().st_mtime
    return not 0 <= age < (LARGE_PERIOD_S if is_large else PERIOD_S) or (new >= ACTS and not is_large)
