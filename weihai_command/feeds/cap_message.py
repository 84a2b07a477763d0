"""One CAP message (1.1 or 1.2, and the Chinese profile of GB/T 35965) as a warning record. What is missing or wrong is named. No I/O."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from weihai_command.domain.warning import OF_SEVERITY, colour_rank

from .mapping import BadField
from .warning_words import described, exact_time, placed
from .xml_tree import Node

SPACES = ("urn:oasis:names:tc:emergency:cap:1.2", "urn:oasis:names:tc:emergency:cap:1.1")
STATUS = ("Actual", "Exercise", "System", "Test", "Draft")
TYPES = ("Alert", "Update", "Cancel", "Ack", "Error")
SCOPES = ("Public", "Restricted", "Private")
CATEGORIES = (
    "Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE", "Other",
)
URGENCY = ("Immediate", "Expected", "Future", "Past", "Unknown")
SEVERITY = ("Extreme", "Severe", "Moderate", "Minor", "Unknown")
CERTAINTY = ("Observed", "Likely", "Possible", "Unlikely", "Unknown", "Very Likely")
#: The Chinese profile says the colour in the place of the severity.
COLOURS = ("Red", "Orange", "Yellow", "Blue")
#: Messages between systems about messages: not for people.
ABOUT_MESSAGES = frozenset({"Ack", "Error"})
_OF_COLOUR = dict(zip(COLOURS, SEVERITY, strict=False))
_COLOUR_NAMES = frozenset({"color", "colour", "colorcode", "alertcolor", "awareness_level", "颜色", "预警颜色", "预警级别"})
#: Corners of a circle as it is drawn.
CORNERS = 48
_EARTH_KM = 6371.0088


def record_of(alert: Node) -> dict[str, Any]:
    """The fields of a warning without its id; `msg_type` may be one of ABOUT_MESSAGES. Raises BadField that names the element."""
    if alert.tag != "alert" or alert.space not in SPACES:
        raise BadField("alert", "不是 CAP 1.1 或 1.2 的 alert")
    identifier, sender = _need(alert, "identifier"), _need(alert, "sender")
    record: dict[str, Any] = {
        "identifier": identifier, "sender": sender, "sent": exact_time("sent", _need(alert, "sent")),
        "status": _of(alert, "status", STATUS), "msg_type": _of(alert, "msgType", TYPES),
    }
    scope = _of(alert, "scope", SCOPES)
    for tag, only in (("restriction", "Restricted"), ("addresses", "Private")):
        if scope == only:
            _need(alert, tag)
    record |= _references(alert, record["msg_type"])
    infos = [_Info(each) for each in alert.all("info")]
    if not infos and record["msg_type"] in ("Alert", "Update"):
        raise BadField("info", "缺少必填元素")
    return record | (_told(infos) if infos else {"title": alert.say("note") or f"{identifier} {record['msg_type']}"})


def _need(node: Node, tag: str) -> str:
    if text := node.say(tag):
        return text
    raise BadField(tag, "缺少必填元素" if node.first(tag) is None else "不能为空")


def _of(node: Node, tag: str, allowed: Iterable[str]) -> str:
    text = _need(node, tag)
    if text not in allowed:
        raise BadField(tag, f"“{text[:40]}”不在 CAP 的取值之内")
    return text


def _references(alert: Node, msg_type: str) -> dict[str, Any]:
    found = alert.first("references")
    if found is None:
        if msg_type in ("Update", "Cancel"):
            raise BadField("references", f"{msg_type} 没有写明它所指的消息")
        return {}
    names = found.text.split()
    if not names:
        raise BadField("references", "不能为空")
    for name in names:
        if len(name.split(",")) != 3 or not all(name.split(",")):
            raise BadField("references", f"“{name[:60]}”不是 sender,identifier,sent")
    return {"references": names}


class _Info:
    """One info block, checked as it is read."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.language = node.say("language").lower() or "en-us"
        categories = [each.text for each in node.all("category")]
        if not categories:
            raise BadField("category", "缺少必填元素")
        if wrong := next((each for each in categories if each not in CATEGORIES), None):
            raise BadField("category", f"“{wrong[:40]}”不在 CAP 的取值之内")
        self.category = categories[0]
        self.event = node.say("event") or node.say("eventType")
        if not self.event:
            raise BadField("event", "缺少必填元素")
        self.urgency = _of(node, "urgency", URGENCY)
        self.said_severity = _of(node, "severity", (*SEVERITY, *COLOURS, *map(str.upper, COLOURS)))
        self.severity = _OF_COLOUR.get(self.said_severity.title(), self.said_severity)
        self.certainty = _of(node, "certainty", CERTAINTY).replace("Very Likely", "Likely")
        self.times = {tag: exact_time(tag, node.say(tag)) for tag in ("effective", "onset", "expires") if node.say(tag)}
        self.codes = [self.event, *(value for _, value in _pairs(node, "eventCode"))]
        self.colours = [value for name, value in _pairs(node, "parameter") if name.strip().lower() in _COLOUR_NAMES]
        self.areas = [_Area(each) for each in node.all("area")]

    @property
    def rank(self) -> int:
        return colour_rank(OF_SEVERITY.get(self.severity.lower()))


def _pairs(node: Node, tag: str) -> list[tuple[str, str]]:
    """(valueName, value); a value may be empty, a name may not."""
    return [(_need(each, "valueName"), each.say("value")) for each in node.all(tag)]


def _told(infos: list[_Info]) -> dict[str, Any]:
    """The text of the worst block in the best language that there is; the areas of all blocks in that language."""
    language = min((each.language for each in infos), key=lambda code: (not code.startswith("zh"), not code.startswith("en")))
    chosen = [each for each in infos if each.language == language]
    main = min(chosen, key=lambda each: each.rank)
    areas = [area for each in chosen for area in each.areas]
    texts = list(dict.fromkeys(area.text for area in areas))
    headline = main.node.say("headline")
    said = {
        "title": headline or main.event, "headline": headline, "text": main.node.say("description"), "sender_name": main.node.say("senderName"),
        "instruction": main.node.say("instruction"), "category": main.category, "urgency": main.urgency, "severity": main.severity,
        "certainty": main.certainty, **main.times, "area": _geometry(areas), "area_text": "；".join(texts),
    }
    where = placed(" ".join((*texts, headline)), dict.fromkeys(code for area in areas for code in area.codes))
    what = described(headline, main.event, main.codes, main.colours, main.said_severity)
    return {name: value for name, value in said.items() if value} | what | where


class _Area:
    def __init__(self, node: Node) -> None:
        self.text = _need(node, "areaDesc")
        self.rings = [_ring(each.text) for each in node.all("polygon")] + [_circle(each.text) for each in node.all("circle")]
        self.codes = [value for _, value in _pairs(node, "geocode")]


def _geometry(areas: list[_Area]) -> dict[str, Any] | None:
    """All rings of the areas as GeoJSON; a circle without extent is a point, which only counts where there is nothing wider."""
    rings: list[list[list[float]]] = []
    for ring in (ring for area in areas for ring in area.rings):
        if ring not in rings:
            rings.append(ring)
    wide = [[ring] for ring in rings if len(ring) > 1]
    if wide:
        return {"type": "MultiPolygon", "coordinates": wide} if len(wide) > 1 else {"type": "Polygon", "coordinates": wide[0]}
    return {"type": "Point", "coordinates": rings[0][0]} if rings else None


def _ring(text: str) -> list[list[float]]:
    """`lat,lon lat,lon …`, closed, as GeoJSON wants it."""
    points = [_position("polygon", each) for each in text.split()]
    if len(points) < 4 or points[0] != points[-1]:
        raise BadField("polygon", "要有至少四个点，首尾相同")
    return points


def _position(tag: str, text: str) -> list[float]:
    try:
        lat, lon = (float(part) for part in text.split(","))
    except ValueError:
        raise BadField(tag, f"“{text[:40]}”不是 纬度,经度") from None
    if not (math.isfinite(lat) and math.isfinite(lon) and abs(lat) <= 90 and abs(lon) <= 180):
        raise BadField(tag, f"“{text[:40]}”超出经纬度范围")
    return [lon, lat]


def _circle(text: str) -> list[list[float]]:
    """`lat,lon radius` (km) as a ring of CORNERS; one point for a radius of zero."""
    middle, _, said = text.strip().partition(" ")
    lon, lat = _position("circle", middle)
    try:
        radius = float(said)
    except ValueError:
        raise BadField("circle", f"“{text[:40]}”没有半径") from None
    if not (math.isfinite(radius) and 0 <= radius <= 5000):
        raise BadField("circle", f"半径 {said[:20]} 超出范围")
    if radius == 0 or abs(lat) > 85:
        return [[lon, lat]]
    reach = math.degrees(radius / _EARTH_KM)
    turns = [2 * math.pi * step / CORNERS for step in range(CORNERS)]
    ring = [[lon + reach * math.sin(turn) / math.cos(math.radians(lat)), lat + reach * math.cos(turn)] for turn in turns]
    return [*ring, ring[0]]
