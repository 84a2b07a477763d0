"""The city's tables of words and places: incident types, names of codes, the gazetteer. Read once, when first asked for."""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from weihai_command.domain import words as fixed
from weihai_command.domain.faults import Ambiguous, Usage
from weihai_command.domain.places import District, Gazetteer, Landmark, Town, Village
from weihai_command.domain.suggestion import Rules

#: Words that belong to the rules live in domain.words; the rest in resources/words.
_FIXED: dict[str, Mapping[Any, str]] = {
    "track": fixed.TRACKS, "state": fixed.STATES, "stage": fixed.STAGES, "unit_state": fixed.UNIT_STATES, "act": fixed.ACTS, "role": fixed.ROLES,
    "need": fixed.NEEDS, "grade": fixed.GRADES, "priority": fixed.PRIORITIES, "sync": fixed.SYNC, "source": fixed.SOURCES,
    "record_field": fixed.FIELDS,
}  # fmt: skip
_ZONES = {"威海火炬高技术产业开发区": "高区", "威海经济技术开发区": "经区", "威海临港经济技术开发区": "临港区"}
_SAID = {
    "环翠区": ("环翠",), "文登区": ("文登", "文登市"), "荣成市": ("荣成",), "乳山市": ("乳山",),
    "高区": ("火炬高技术产业开发区", "火炬高新区", "高新区", "高技术区", *list(_ZONES)[:1]),
    "经区": ("经济技术开发区", "经开区", "经技区", *list(_ZONES)[1:2]), "临港区": ("临港经济技术开发区", "临港", *list(_ZONES)[2:]),
}  # fmt: skip
_COMMITTEE = re.compile(r"(社区居民委员会|社区居委会|社区居委|居民委员会|村民委员会|村委会|居委会)$")


@dataclass(frozen=True, slots=True)
class IncidentType:
    """`track` and `department` (a code of words.toml) are what a new incident of this type starts with."""

    code: str
    name: str
    track: str
    department: str
    category: str


@cache
def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((files("resources") / "words" / name).read_text(encoding="utf-8"))


@cache
def incident_types() -> dict[str, IncidentType]:
    """Code → type, in the order of resources/words/types.toml."""
    return {code: IncidentType(code, **row) for code, row in _table("types.toml").items()}


def type_of(text: str) -> str:
    """The code that `text` means: a code, a Chinese name, or a beginning that only one of them has (Ambiguous, Usage)."""
    wanted, types = text.strip(), incident_types()
    for each in types.values():
        if wanted in (each.code, each.name):
            return each.code
    fits = [each for each in types.values() if wanted and (each.name.startswith(wanted) or each.code.startswith(wanted.lower()))]
    if not fits:
        raise Usage(f"没有这个事件类型：{text}", "没有改动", "例如 gas_leak 燃气泄漏、fire_house 居民楼火情")
    if len(fits) > 1:
        raise Ambiguous(f"“{text}”对应 {len(fits)} 个类型", [(each.code, f"{each.name} {each.code}") for each in fits])
    return fits[0].code


def words(group: str) -> dict[str, str]:
    """Code → Chinese word of a group (unit_kind, facility_kind, field, quantity, type, department, state …); KeyError: no such group."""
    if group in _FIXED:
        return {str(code): word for code, word in _FIXED[group].items()}
    if group == "type":
        return {each.code: each.name for each in incident_types().values()}
    rows = _table("quantities.toml") if group == "quantity" else _table("words.toml")[group]
    return {code: row["name"] if isinstance(row, dict) else row for code, row in rows.items()}


def quantity(code: str) -> dict[str, Any]:
    """The row of quantities.toml of what a sensor measures: name, unit, period_s, low, high; empty for one that is not known."""
    found: dict[str, Any] = _table("quantities.toml").get(code, {})
    return found


def word(group: str, code: object) -> str:
    """The Chinese word of a code; a code that is not known stands for itself, for a platform may be newer than this desk."""
    return words(group).get(str(code), str(code)) if code is not None else ""


def department_name(code: str, district: str | None) -> str:
    """A department as the district calls it: 城管 of 环翠区 is 环翠城管; unknown codes and names stand for themselves."""
    row = _table("words.toml")["department"].get(code)
    if row is None:
        return code
    return f"{_table('words.toml')['district_short'].get(district, '')}{row['name']}" if row["local"] else str(row["name"])


@cache
def _area_codes() -> dict[tuple[str, str], str]:
    """(district, town) → the town's administrative code, (district, "") → the district's."""
    found: dict[tuple[str, str], str] = {}
    for row in _rows("gazetteer_villages.csv"):
        for district in (row["district"], _ZONES.get(row["district"], row["district"])):
            found[district, row["street"]] = row["street_code"]
            found.setdefault((district, ""), row["district_code"])
    return found


def area_code(district: str | None, town: str | None) -> str:
    """The administrative code of a town (9 digits) or else its district (6); "" where neither is known."""
    codes = _area_codes()
    return codes.get((district or "", town or "")) or codes.get((district or "", ""), "")


@cache
def gazetteer() -> Gazetteer:
    """The city's names and places from resources/geo; some 40 ms when first asked for, so nothing of it costs at the start."""
    listed = _rows("gazetteer_villages.csv")
    points = {each["properties"]["name"]: each["geometry"]["coordinates"] for each in _features("towns_points.geojson")}
    towns = {row["street"]: _ZONES.get(row["district"], row["district"]) for row in listed}
    villages = [_village(row["village"], row["street"]) for row in listed]
    marks = [
        Landmark(row["name"], float(row["lon"]), float(row["lat"]), float(row["radius_m"]), tuple(row["aliases"].split()))
        for row in _rows("landmarks.csv")
    ]
    return Gazetteer(_districts(), [Town(name, district, *points.get(name, ())) for name, district in towns.items()], villages, marks)


@cache
def place_names() -> list[tuple[str, str, str]]:
    """(the name that resolve takes for this place alone, its own name, where it lies) of districts, towns, landmarks and villages, in this order."""
    towns = gazetteer().towns
    found = [(name, name, "") for name in gazetteer().districts]
    found += [(f"{each.district}{each.name}", each.name, each.district) for each in towns.values()]
    found += [(row["name"], row["name"], "地标") for row in _rows("landmarks.csv")]
    for row in _rows("gazetteer_villages.csv"):
        village, town = _village(row["village"], row["street"]), towns[row["street"]]
        found.append((f"{town.district}{town.name}{village.name}", village.name, f"{town.district}{town.name}"))
    return list(dict.fromkeys(found))


def _districts() -> list[District]:
    rings = {each["properties"]["name"]: _rings(each["geometry"]["coordinates"]) for each in _features("districts_wgs84.geojson")}
    real = [District(name, _SAID[name], None, rings[name]) for name in _SAID if name in rings]
    return [*real, *(District(name, _SAID[name], "环翠区") for name in _SAID if name not in rings)]


def _rings(polygons: list[Any]) -> tuple[Any, ...]:
    return tuple(np.array(ring, dtype=np.float64)[:, :2] for polygon in polygons for ring in polygon)


def _village(name: str, town: str) -> Village:
    """东北村居委会 → 东北村; 皇冠花园社区居委会 → 皇冠花园社区; 竹园村委会 → 竹园村."""
    tail = _COMMITTEE.search(name)
    if tail is None:
        return Village(name, town)
    base, ending = name[: tail.start()], tail[0]
    keep = "社区" if ending.startswith("社区") else "村" if ending.startswith("村") else ""
    short = base if not keep or base.endswith(("村", keep)) else base + keep
    return Village(short, town, (name,))


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((files("resources") / "geo" / name).read_text(encoding="utf-8"))))


def _features(name: str) -> list[dict[str, Any]]:
    return list(json.loads((files("resources") / "geo" / name).read_text(encoding="utf-8"))["features"])


@cache
def suggest_rules() -> Rules:
    """The rules by which a narrative suggests type, grade and priority; compiled in some 20 ms when first asked for."""
    return Rules(_table("suggest.toml"), {code: each.track for code, each in incident_types().items()})
