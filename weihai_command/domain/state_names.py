"""What people call the states that a unit can be brought to, which of them can follow, and what becomes of a roll call. Pure."""

from __future__ import annotations

from .faults import Refused
from .names import Name, Names
from .roll_call import WORDS
from .unit import Unit
from .unit_lifecycle import advance
from .words import UNIT_STATES

#: In the order of the way, so that the usual next step stands first.
_SOUNDS = {
    "dispatched": "ypq", "en_route": "tz", "on_scene": "dc", "returning": "fh", "available": "kx", "assigned": "yzp", "unavailable": "bky",
}
#: What people also say of a state.
_ALSO = {"returning": ("离场", "lc"), "available": ("归队", "gd"), "dispatched": ("回执", "hz"), "unavailable": ("离岗", "lg")}
STATES = tuple(
    Name(code, UNIT_STATES[code], sounds=sounds, also=(code, *_ALSO.get(code, ()))) for code, sounds in _SOUNDS.items()
)
ALL_STATES = Names(STATES)
_ANSWERS = {"ok": "yd", "called": "hj", "missed": "wyd", "seen": "zxsl"}
#: What is said of a unit's roll call; without a word it has answered.
ANSWERS = Names(Name(code, WORDS[code], sounds=sounds, also=(code,)) for code, sounds in _ANSWERS.items())
ANSWERED = "ok"


def states_from(now: str) -> Names:
    """The states that lead on from `now`; all where it is not known."""
    return Names([each for each in STATES if _leads(now, each.code)] or STATES)


def _leads(now: str, target: str) -> bool:
    try:
        advance(Unit("", "", "", now), target, "", "", "-")
    except Refused:
        return False
    return True
