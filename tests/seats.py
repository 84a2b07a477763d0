"""The real seat with its real page for tests, and its end without a leftover."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def seated(app: Any, folder: Path, desk: Any = None, size: tuple[int, int] = (1600, 900), *, is_shown: bool = True) -> Iterator[Any]:
    """A Seat on `desk` (the small sample city in `folder` without one); started and shown unless told otherwise, closed at the end."""
    from layers.map_view import MapView
    from weihai_command.operations import opening
    from weihai_command.seat import Seat

    made = Seat(desk or opening.open_sample(folder, "small"), MapView("dark", folder / "cache"))
    made.window.resize(*size)
    if is_shown:
        made.start()
        made.window.show()
    try:
        yield made
    finally:
        made.close()
        made.window.close()
        made.window.deleteLater()
        _sweep(app)


def _sweep(app: Any) -> None:
    """What is deleted later is deleted now, the page's own parts too."""
    from PySide6.QtCore import QCoreApplication, QEvent

    for _ in range(20):
        app.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        time.sleep(0.01)
