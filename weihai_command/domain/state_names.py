"""What people call the states that a unit can be brought to, and which of them can follow. Pure."""

from __future__ import annotations

from .faults import Refused
from .names import Name, Names
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


def states_from(now: str) -> Names:
    """The states that lead on from `now`; all where it is not known."""
    return Names([each for each in STATES if _leads(now, each.code)] or STATES)


def _leads(now: str, target: str) -> bool:
    try:
        advance(Unit("", "", "", now), target, "", "", "-")
    except Refused:
        return False
    return True
