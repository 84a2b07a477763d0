"""Every change that a screen may ask for, under one roof: acts, what becomes of them, and who is signed in."""

from __future__ import annotations

from .acts import claim, dispatch, edit, move, note, report, status, transition
from .exempting import exempt
from .intake import join, take
from .resolving import resolve, retry, withdraw
from .session import sign_in, sign_out

__all__ = [
    "exempt",
    "claim", "dispatch", "edit", "join", "move", "note", "report", "resolve", "retry", "sign_in", "sign_out", "status", "take", "transition", "withdraw",
]
