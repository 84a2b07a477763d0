"""Every change that a screen may ask for, under one roof: acts, what becomes of them, and who is signed in."""

from __future__ import annotations

from .acts import claim, dispatch, edit, move, note, report, status, transition
from .alarm_desk import raise_incident as alarm_incident
from .alarm_desk import take_back as take_alarm_incident_back
from .alarms import acknowledge as ack_alarm
from .alarms import dismiss as dismiss_alarm
from .alarms import shelve as shelve_alarm
from .alarms import unshelve as unshelve_alarm
from .assigning import assign, unassign
from .exempting import exempt
from .exporting import export_csv, export_text
from .intake import join, take
from .noting import amend
from .resolving import resolve, retry, withdraw
from .responding import respond, tick
from .roll_calls import roll_call, write_lapsed
from .session import sign_in, sign_out
from .shifts import hand_over, sign_handover

__all__ = [
    "ack_alarm", "alarm_incident", "dismiss_alarm", "shelve_alarm", "take_alarm_incident_back", "unshelve_alarm",
    "amend", "export_csv", "export_text", "hand_over", "sign_handover",
    "exempt",
    "respond", "tick",
    "assign", "roll_call", "unassign", "write_lapsed",
    "claim", "dispatch", "edit", "join", "move", "note", "report", "resolve", "retry", "sign_in", "sign_out", "status", "take", "transition", "withdraw",
]
