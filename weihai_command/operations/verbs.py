"""Every change that a screen may ask for, under one roof: acts, what becomes of them, and who is signed in."""

from __future__ import annotations

from .acts import claim, dispatch, edit, move, note, report, status, transition
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
    "amend", "export_csv", "export_text", "hand_over", "sign_handover",
    "exempt",
    "respond", "tick",
    "assign", "roll_call", "unassign", "write_lapsed",
    "claim", "dispatch", "edit", "join", "move", "note", "report", "resolve", "retry", "sign_in", "sign_out", "status", "take", "transition", "withdraw",
]
