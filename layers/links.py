"""Lines between a unit and its incident. Straight, and said to be so."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MapLink:
    """Both ends by id, found in the tables of kinds `units` and `incidents`; `label` stands at the unit (name and distance).

    committed: a solid line; else dashed, for a unit that is only recommended. A link with an unknown end is not drawn.
    """

    unit_id: str
    incident_id: str
    label: str
    committed: bool
