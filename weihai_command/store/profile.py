"""Where a city's store lives on disk. Every city (sample, drill, each platform) has files of its own that never mix."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson


def default_root() -> Path:
    """The user's data folder of this program; nothing is created."""
    # Imported here: a start with --profile needs no platformdirs.
    from platformdirs import user_data_path

    return user_data_path("weihai-command")


@dataclass(frozen=True, slots=True)
class Profile:
    """`root` is the user's data folder, `city` one of sample-small, sample-city, platform-<id>, drill-<name>."""

    root: Path
    city: str

    @property
    def folder(self) -> Path:
        return self.root / self.city

    @property
    def desk_db(self) -> Path:
        """What only we have: outbox, audit, quarantine, accounts."""
        return self.folder / "desk.db"

    @property
    def mirror_db(self) -> Path:
        """What can be fetched again."""
        return self.folder / "mirror.db"

    @property
    def readings_db(self) -> Path:
        """What sensors measured; no act is in it."""
        return self.folder / "readings.db"

    @property
    def ballast(self) -> Path:
        """Space that is given up when the disk is full."""
        return self.folder / "ballast"

    @property
    def backups(self) -> Path:
        return self.folder / "backups"

    @property
    def cache(self) -> Path:
        return self.folder / "cache"

    @property
    def push_lock(self) -> Path:
        """Held by the one process that may push."""
        return self.folder / "push.lock"

    @property
    def open_lock(self) -> Path:
        """Held while a store is created, migrated or mended."""
        return self.folder / "open.lock"


def read_settings(root: Path) -> dict[str, Any]:
    """What the program remembers of this root (last city opened …); empty when there is nothing readable."""
    try:
        found = orjson.loads((root / "settings.json").read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_settings(root: Path, settings: dict[str, Any]) -> None:
    """Replace the remembered settings at once or not at all (OSError)."""
    root.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=root, prefix="settings-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(orjson.dumps(settings, option=orjson.OPT_INDENT_2))
        os.replace(name, root / "settings.json")
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
