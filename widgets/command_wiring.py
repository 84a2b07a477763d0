"""The keyboard line joined to the window: what it says goes to the message bar, what only the window can do goes to its slots."""

from __future__ import annotations

from typing import Any


def connect_line(window: Any) -> None:
    """Called once, when all parts of `window` are there."""
    line, board, message = window.command, window.boards.commands, window.message
    line.said.connect(message.show_line)
    line.closed.connect(message.end_line)
    board.refused.connect(message.show_fault)
    board.wished.connect(lambda wish, values: _fulfil(window, wish, values))
    window.units.unit_chosen.connect(board.choose_unit)


def _fulfil(window: Any, wish: str, values: dict[str, Any]) -> None:
    if wish == "find":
        window.list.start_search()
        window.list.search.setText(values["text"])
    elif wish == "open":
        window.open_incident(values["incident"])
    elif wish == "show_commands":
        window.panels.open_alone(window.panels.keys)
        window.panels.keys.start()
        window.panels.keys.show_page(1)
    elif wish != "go":
        # Where things stand is the map's; it listens itself.
        (getattr(window.panels, wish, None) or getattr(window, wish))()
