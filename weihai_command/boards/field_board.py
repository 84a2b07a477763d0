"""Counts by field for the layers panel, asked for when somebody looks."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from weihai_command.operations import by_field

from .bridge import Bridge


class FieldBoard(QObject):
    """`counted(kind, [(word, all, not well)])` after `ask(kind)`."""

    counted = Signal(str, list)

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge

    def ask(self, kind: str) -> None:
        """Count a kind off the window's thread; a kind without fields is not asked about."""
        if kind in by_field.KINDS:
            desk = self._bridge.desk
            self._bridge.ask(f"fields:{kind}", lambda: by_field.by_field(desk, kind), lambda found: self.counted.emit(kind, found))
