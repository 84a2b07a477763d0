"""The units board joined to its acts: roll calls, the chooser of another incident, taking the last step back."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt

from .move_panel import MovePanel, targets


def connect_units(window: Any) -> None:
    """`window` is the main window; called once, when its panes and panels stand."""
    boards, units, panel = window.boards, window.units, MovePanel(window)
    window.panels.adopt(panel, Qt.Corner.BottomLeftCorner)
    units.call_requested.connect(boards.unit_acts.roll_call)
    units.undo_wanted.connect(lambda: _undo(window))
    units.move_wanted.connect(lambda unit_id: _choose(window, panel, unit_id))
    panel.move_requested.connect(boards.acts.move)
    panel.closed.connect(lambda: units.table.setFocus(Qt.FocusReason.ShortcutFocusReason))
    boards.acts.done.connect(lambda act, _: panel.finish() if act == "move" else None)


def _undo(window: Any) -> None:
    if (refused := window.boards.unit_acts.undo()) is not None:
        window.message.show_fault(refused)


def _choose(window: Any, panel: MovePanel, unit_id: str) -> None:
    row = window.boards.units.unit(unit_id)
    if row is not None:
        window.panels.open_alone(panel)
        panel.start(row.id, row.name, targets(window.boards.incidents.newest.rows, row.incident_id), window.boards.clock.now())
