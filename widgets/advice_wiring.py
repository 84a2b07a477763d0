"""Suggestions joined to the report, the open incident and the acts; and the keys that take them."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QKeySequence, QShortcut

from .advice_box import AdviceBox

#: What the keys of the table (keys.KEYS) press in the box that is open.
KEYS = {"Alt+Return": "press_take", "Alt+Enter": "press_take", "Alt+O": "press_open", "Alt+B": "press_join"}


def connect_advice(window: Any) -> None:
    """`window` is the main window; called once, when its panes and panels stand."""
    boards, detail, report = window.boards, window.detail, window.panels.report
    boards.intake.asked.connect(detail.advice.wait)
    boards.intake.advised.connect(detail.advice.show_advice)
    boards.intake.drafted.connect(report.show_advice)
    boards.intake.located.connect(report.show_place)
    report.narrated.connect(boards.intake.advise)
    report.repeated.connect(lambda known, text: _note(window, known, text))
    report.advice.opened.connect(window.open_incident)
    detail.advice.taken.connect(lambda fields: boards.acts.perform("edit", boards.detail.incident_id, fields))
    detail.advice.opened.connect(window.open_incident)
    detail.advice.join_wanted.connect(lambda parent: boards.acts.join(boards.detail.incident_id, parent))
    window.list.claim_wanted.connect(lambda incident_id: _claim(window, incident_id))
    for sequence, press in KEYS.items():
        QShortcut(QKeySequence(sequence), window).activated.connect(lambda press=press: getattr(_open_box(window), press)())


def _open_box(window: Any) -> AdviceBox:
    """The report's while it is being written, else the open incident's."""
    box: AdviceBox = window.detail.advice if window.panels.report.isHidden() else window.panels.report.advice
    return box


def _claim(window: Any, incident_id: str) -> None:
    """One key: the message is ours and open, with the keyboard on it."""
    window.open_incident(incident_id)
    window.boards.acts.perform("claim", incident_id, {})
    window.detail.setFocus()


def _note(window: Any, known: str, text: str) -> None:
    """What is known already gets a line instead of a second incident."""
    window.boards.acts.note(known, text)
    window.panels.report.finish()
    window.open_incident(known)
