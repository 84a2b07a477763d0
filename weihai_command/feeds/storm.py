"""The track and the forecast of a storm as QWeather writes them: fixes with wind radii by quadrant, never as circles. No I/O."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from .mapping import BadField
from .warning_words import exact_time

GRADES = {"TD": "热带低压", "TS": "热带风暴", "STS": "强热带风暴", "TY": "台风", "STY": "强台风", "SuperTY": "超强台风"}
#: Corners of a quarter of the wind's outline.
STEPS = 12
_WINDS = {"30": "windRadius30", "50": "windRadius50", "64": "windRadius64"}
_QUARTERS = ("neRadius", "seRadius", "swRadius", "nwRadius")
#: Kilometres of a degree of latitude.
_DEGREE_KM = 111.195
_MOST = 2000


def storm_record(document: Mapping[str, Any]) -> dict[str, Any]:
    """A warning without colour that holds the track; the area is the outline of the 30 kt wind where the storm is. Raises BadField."""
    is_forecast = "forecast" in document
    raws = document["forecast"] if is_forecast else document["track"]
    if not isinstance(raws, list) or not raws or len(raws) > _MOST:
        raise BadField("forecast" if is_forecast else "track", "没有路径点")
    points = [_point(raw, "fxTime" if is_forecast else "time") for raw in raws]
    now = document.get("now")
    here = _point(now, "pubTime") if isinstance(now, Mapping) else points[0 if is_forecast else -1]
    updated = exact_time("updateTime", str(document.get("updateTime") or ""))
    is_active = is_forecast or document.get("isActive") == "1"
    word = GRADES.get(str(here["kind"]), str(here["kind"]) or "台风")
    title = f"{word}{'预报路径' if is_forecast else '实况路径'}，风速 {here['wind_ms']:.0f} m/s" if here["wind_ms"] is not None else f"{word}路径"
    outline = _outline(here)
    return {
        "title": title, "kind": "typhoon", "status": "Actual", "msg_type": "Alert" if is_active else "Cancel", "identifier": "storm", "sent": updated,
        "sender": "qweather", "sender_name": "和风天气", "track": {"active": is_active, "now": here, "points": points},
        **({"expires": points[-1]["at"]} if is_forecast else {}), **({"area": outline} if outline else {}),
    }


def _point(raw: Any, time_field: str) -> dict[str, Any]:
    if not isinstance(raw, Mapping):
        raise BadField("track", "路径点不是对象")
    lon, lat = _number(raw, "lon"), _number(raw, "lat")
    if lon is None or lat is None or abs(lon) > 180 or abs(lat) > 90:
        raise BadField("lon" if lon is None or abs(lon) > 180 else "lat", "不是经纬度")
    radii = {knots: found for knots, field in _WINDS.items() if (found := _radii(raw.get(field)))}
    return {
        "at": exact_time(time_field, str(raw.get(time_field) or "")), "lon": lon, "lat": lat, "kind": str(raw.get("type") or ""),
        "wind_ms": _number(raw, "windSpeed"), "hpa": _number(raw, "pressure"), **({"radii": radii} if radii else {}),
    }


def _radii(raw: Any) -> list[float] | None:
    """[north-east, south-east, south-west, north-west] in km."""
    if not isinstance(raw, Mapping):
        return None
    found = [_number(raw, field) for field in _QUARTERS]
    return [each or 0.0 for each in found] if any(found) else None


def _number(raw: Mapping[str, Any], field: str) -> float | None:
    value = raw.get(field)
    if value in (None, "", "null"):
        return None
    try:
        number = float(str(value))
    except ValueError:
        raise BadField(field, f"“{str(value)[:40]}”不是数字") from None
    if not math.isfinite(number):
        raise BadField(field, "不是有限的数字")
    return number


def _outline(here: Mapping[str, Any]) -> dict[str, Any] | None:
    """The quarters of the weakest wind that is told, as a polygon."""
    radii = next(iter(here.get("radii", {}).values()), None)
    if radii is None:
        return None
    lon, lat = here["lon"], here["lat"]
    ring = []
    for quarter, radius in enumerate(radii):
        for step in range(STEPS + 1):
            turn = math.radians(90 * quarter + 90 * step / STEPS)
            north, east = radius * math.cos(turn) / _DEGREE_KM, radius * math.sin(turn) / _DEGREE_KM
            ring.append([lon + east / max(0.1, math.cos(math.radians(lat))), lat + north])
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
