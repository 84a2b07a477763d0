"""A reserve of disk space: on a full disk even DELETE fails, until something is given up."""

from __future__ import annotations

import os
from pathlib import Path

SIZE = 16 * 1024 * 1024
#: Below this much free space a write might not fit.
LOW = 4 * 1024 * 1024
#: The reserve is laid down again when at least this much is free.
PLENTY = 4 * SIZE


def free(folder: Path) -> int:
    """Bytes that this user may still write in `folder`."""
    state = os.statvfs(folder) if hasattr(os, "statvfs") else None
    return state.f_bavail * state.f_frsize if state else PLENTY


def lay(file: Path) -> bool:
    """Make the reserve when there is plenty of room; True when it stands."""
    if file.exists():
        return True
    if free(file.parent) < PLENTY:
        return False
    part = file.with_suffix(".part")
    try:
        with part.open("wb") as handle:
            # Random bytes take real space on every file system, also on those that compress or keep holes.
            for _ in range(SIZE // 1_048_576):
                handle.write(os.urandom(1_048_576))
        part.replace(file)
    except OSError:
        part.unlink(missing_ok=True)
        return False
    return True


def give_up(file: Path) -> bool:
    """True when the reserve was there and is free space now."""
    try:
        # A file system without room may refuse to unlink, but not to cut to nothing.
        os.truncate(file, 0)
        file.unlink()
    except OSError:
        return False
    return True
