"""Every change that a screen may ask for, under one roof: acts, what becomes of them, and who is signed in."""

from __future__ import annotations

from .acts import claim, dispatch, edit, move, note, report, status, transition
from .exempting import exempt
from .intake import join, take
from .exporting import export_csv, export_text
from .noting import amend
from .resolving import resolve, retry, withdraw
from .session import sign_in, sign_out
from .shifts import hand_over, sign_handover

__all__ = [
    "amend", "export_csv", "export_text", "hand_over", "sign_handover",
    "exempt",
    "claim", "dispatch", "edit", "join", "move", "note", "report", "resolve", "retry", "sign_in", "sign_out", "status", "take", "transition", "withdraw",
]
