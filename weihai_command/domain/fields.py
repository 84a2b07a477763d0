"""The fields (领域) of the city's work: which of them a thing on the map belongs to. Rules only."""

from __future__ import annotations

from .city import FIELDS as CITY

OTHER = "other"
#: In the order of the layer tree; whatever a record says that is none of the city's fields is the last one.
FIELDS = (*CITY, OTHER)

#: Units by kind: who drains works for the water, who saves lives for the emergency.
_UNITS = {
    "fire": "emergency", "rescue": "emergency", "medical": "emergency", "police": "police", "city": "municipal", "power": "municipal",
    "gas": "municipal", "drain": "water", "sea": "marine", "fish": "marine",
}
#: Incidents by the department of their type, where that department has a field of its own, …
_DEPARTMENTS = {
    "water": "water", "drain": "water", "weather": "weather", "traffic_police": "traffic", "transport": "traffic", "highway": "traffic",
    "maritime": "marine", "ocean": "marine", "ecology": "ecology",
}
#: … else by its category, …
_CATEGORIES = {
    "safety": "emergency", "fire": "emergency", "rescue": "emergency", "health": "emergency", "nature": "emergency", "traffic": "traffic",
    "marine": "marine", "order": "police", "ecology": "ecology", "environment": "ecology", "utility": "municipal", "municipal_works": "municipal",
    "greening": "municipal", "sanitation": "municipal", "street_order": "municipal", "livelihood": "municipal", "transport": "traffic",
    **dict.fromkeys(("housing", "labour", "education", "healthcare", "market"), "municipal"),
}
#: … else by the track that they are on.
_TRACKS = {"emergency": "emergency", "municipal": "municipal"}


def field_of(code: object) -> str:
    """A stored code as one of FIELDS."""
    return code if isinstance(code, str) and code in CITY else OTHER


def unit_field(kind: object) -> str:
    """The field that a kind of unit works for."""
    return _UNITS.get(str(kind), OTHER)


def incident_field(department: object, category: object, track: object) -> str:
    """The field of an incident by its type's department and category (codes); both are None for a type that is not known."""
    return _DEPARTMENTS.get(str(department)) or _CATEGORIES.get(str(category)) or _TRACKS.get(str(track), OTHER)
