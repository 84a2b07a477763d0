"""What a desk's process writes down for the judge, one JSON line at a time: a killed process keeps every line that it wrote."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import orjson


class Journal:
    """Appends to `file`. Words used: kept, presented, deciding, decided, stopped, fault."""

    def __init__(self, file: Path) -> None:
        self._fd = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def write(self, what: str, op_id: str, **more: Any) -> None:
        """`what` happened to the act `op_id`. Handed to the system at once."""
        os.write(self._fd, orjson.dumps({"what": what, "op": op_id, **more}) + b"\n")

    def close(self) -> None:
        os.close(self._fd)


def lines(file: Path) -> list[dict[str, Any]]:
    """All lines, oldest first; [] before the first."""
    return [orjson.loads(line) for line in file.read_bytes().splitlines()] if file.exists() else []
