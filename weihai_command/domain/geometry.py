"""Distances on the sphere, without a map library."""

from __future__ import annotations

from math import asin, cos, hypot, radians, sin, sqrt

EARTH_M = 6_371_008.8


def distance_m(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Great-circle metres between two WGS-84 positions in degrees (haversine; error below 0.5 % of the ellipsoid)."""
    half_lat, half_lon = radians(lat2 - lat1) / 2, radians(lon2 - lon1) / 2
    a = sin(half_lat) ** 2 + cos(radians(lat1)) * cos(radians(lat2)) * sin(half_lon) ** 2
    return 2 * EARTH_M * asin(min(1.0, sqrt(a)))


def flat_m(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Metres by the local plane: quick, good below 100 km."""
    east = radians(lon2 - lon1) * cos(radians((lat1 + lat2) / 2))
    return EARTH_M * hypot(east, radians(lat2 - lat1))


def is_plausible(lon: object, lat: object) -> bool:
    """True for a position that can stand on a map of China and its seas; NaN and swapped axes cannot."""
    return (
        isinstance(lon, (int, float)) and isinstance(lat, (int, float)) and 73.0 <= float(lon) <= 136.0 and 3.0 <= float(lat) <= 54.0
    )
