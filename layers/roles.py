"""What a line of the base map is; the page knows the same numbers (resources/map/base.js)."""

from __future__ import annotations

from enum import IntEnum


class Role(IntEnum):
    """Numbers as they stand in base.bin."""

    REGION = 0
    LAND_OUT = 1
    LAND = 2
    COAST = 3
    DISTRICT = 4
    CITY = 5
    OVERVIEW = 6
    REGION_COAST = 7
