"""Where a named place is: districts, towns, villages, landmarks, offsets and raw positions. Pure; rows are handed in.

Nothing is guessed silently: a place that is known only roughly says so by its radius and note, a name that fits several is
Ambiguous, an unknown one Refused. There are no town boundaries here: what a position belongs to is 示意, never jurisdiction.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import atan2, cos, degrees, hypot, radians

import numpy as np
from numpy.typing import NDArray

from .faults import Ambiguous, Refused
from .geometry import EARTH_M, flat_m
from .place_text import Offset, normalised, position, split_offset

Ring = NDArray[np.float64]
TOWN_RADIUS_M = (1000.0, 4000.0)
VILLAGE_RADIUS_M = (2000.0, 8000.0)
DISTRICT_RADIUS_M = 8000.0
#: A position farther from every town than this is nobody's sea.
NEAR_M = 60_000.0
COMPASS = ("北", "东北", "东", "东南", "南", "西南", "西", "西北")
#: Endings by which a name is surely meant as a place even within a longer sentence.
FORMAL = ("街道", "镇", "村", "社区", "村委会", "居委会", "委员会", "区", "市", "站", "机场", "岛", "头", "办事处")


@dataclass(frozen=True, slots=True)
class Place:
    """WGS-84 degrees; `radius_m` is the stated error in metres; `note` says in Chinese what is rough about it ("" = nothing).

    `level` is what the position was taken from: position, landmark, town, village (its town's point) or district.
    """

    lon: float
    lat: float
    radius_m: float
    name: str
    district: str | None = None
    town: str | None = None
    level: str = "position"
    note: str = ""


@dataclass(frozen=True, slots=True)
class District:
    """`aliases` are what people say; `within` the district whose polygon holds it; `rings` (n, 2) closed lines, even-odd."""

    name: str
    aliases: tuple[str, ...] = ()
    within: str | None = None
    rings: tuple[Ring, ...] = ()

    @property
    def area(self) -> str:
        return self.within or self.name


@dataclass(frozen=True, slots=True)
class Town:
    """`lon`/`lat` None: no position is known for it."""

    name: str
    district: str
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True)
class Village:
    """`name` as people say it (东北村), `aliases` its other forms (东北村居委会)."""

    name: str
    town: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Landmark:
    """A single place whose position is a fact."""

    name: str
    lon: float
    lat: float
    radius_m: float
    aliases: tuple[str, ...] = ()


Named = District | Town | Village | Landmark


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to read a text: the innermost thing named, how many characters of names it explains, and what is left over."""

    thing: Named
    explained: int
    rest: str


class Gazetteer:
    """Names and positions of one city. Built in some 10 ms from 73 towns and 2,768 villages; answers in well under 1 ms."""

    def __init__(
        self, districts: Sequence[District], towns: Sequence[Town], villages: Iterable[Village], landmarks: Sequence[Landmark] = ()
    ) -> None:
        self.districts = {each.name: each for each in districts}
        self.towns = {each.name: each for each in towns}
        self._names: dict[str, list[Named]] = {}
        things: list[Named] = [*districts, *towns, *landmarks, *villages]
        for thing in things:
            for alias in dict.fromkeys(normalised(name, keep=True) for name in (thing.name, *_aliases(thing))):
                self._names.setdefault(alias, []).append(thing)
        self._longest = max((len(name) for name in self._names), default=0)
        self._placed = [each for each in towns if each.lon is not None and each.lat is not None]
        self._points = np.array([(each.lon, each.lat) for each in self._placed], dtype=np.float64).reshape(-1, 2)

    def resolve(self, text: str) -> Place:
        """The place that `text` names: "皇冠街道", "文登区张村", "威海站北侧200米", "122.12,37.51".

        Raises Ambiguous with the candidates, Refused for a name that is not known.
        """
        wanted = normalised(text)
        if not wanted:
            raise Refused("没有写地点", "没有改动", "请写镇街、村居或经纬度", code="unknown_place")
        if (found := position(wanted)) is not None:
            return self._at(*found)
        base, offset = split_offset(wanted)
        place = self._named(base, text.strip())
        return _shifted(place, offset) if offset else place

    def town_at(self, lon: float, lat: float) -> Place:
        """A label (示意) for a position: the nearest town of the district that it lies in; at sea how far from which town.

        `district` and `town` are None at sea and outside the city; `radius_m` is 0, for the position itself is exact.
        """
        district = self.district_at(lon, lat)
        inside = [index for index, town in enumerate(self._placed) if district and self.districts[town.district].area == district]
        if district is None or not inside:
            return Place(lon, lat, 0.0, self._off_town(lon, lat), note="不在区市范围内")
        town = self._placed[min(inside, key=lambda index: self._away(index, lon, lat))]
        return Place(lon, lat, 0.0, town.name, town.district, town.name, note="按最近镇街标注，示意")

    def district_at(self, lon: float, lat: float) -> str | None:
        """The district whose polygon holds the position (bays and flats included); a development zone counts as what it lies in."""
        return next((each.name for each in self.districts.values() if each.rings and _holds(each.rings, lon, lat)), None)

    def chains(self, text: str, start: int) -> dict[tuple[int, int], list[Named]]:
        """Chains of names, each within the one before, from `start` of `text`: (where it ends, how many names) → what the last may be."""
        found: dict[tuple[int, int], list[Named]] = {}
        self._chain(text, start, None, 1, found)
        return found

    def full_name(self, thing: Named) -> str:
        """The name of `thing` with its district and town, by which resolve finds it again."""
        return self._full(thing)

    def area_of(self, district: str | None) -> str | None:
        """The district whose polygon holds `district` (a development zone lies in another one)."""
        return self.districts[district].area if district in self.districts else None

    def _chain(self, text: str, start: int, outer: Named | None, links: int, found: dict[tuple[int, int], list[Named]]) -> None:
        for length in range(2, min(self._longest, len(text) - start) + 1):
            for thing in self._names.get(text[start : start + length], ()):
                if outer is None or self._lies_in(thing, outer):
                    found.setdefault((start + length, links), []).append(thing)
                    if isinstance(thing, (District, Town)):
                        self._chain(text, start + length, thing, links + 1, found)

    def _at(self, lon: float, lat: float) -> Place:
        index = self._nearest(lon, lat)
        if index is None or self._away(index, lon, lat) > NEAR_M * 4:
            raise Refused(f"位置 {lon:.4f},{lat:.4f} 离本市太远", "没有改动", "请核对经纬度是否写反", code="unknown_place")
        label = self.town_at(lon, lat)
        return replace(label, radius_m=10.0, name=f"{lon:.4f},{lat:.4f} {label.name}")

    def _named(self, text: str, whole: str) -> Place:
        readings = self._best(text)
        if not readings:
            raise Refused(f"地名库里没有“{whole}”", "没有改动", "请写镇街或村居的名字，或给出经纬度、在地图上点选", code="unknown_place")
        if len(readings) > 1:
            names = [(self._full(each.thing), self._full(each.thing)) for each in readings]
            raise Ambiguous(f"“{whole}”对应 {len(readings)} 个地方", names)
        place = self._place(readings[0].thing)
        rest = readings[0].rest
        if not rest:
            return place
        note = f"“{rest}”不在地名库，按{place.name}给出"
        return replace(place, name=text, note=f"{note}；{place.note}" if place.note else note)

    def _best(self, text: str) -> list[_Reading]:
        """The readings that explain most of `text`; several only where different things explain equally much."""
        for start in range(len(text)):
            found = [each for each in self._readings(text[start:], None, 0) if start == 0 or each.explained >= 3]
            if found:
                most = max(each.explained for each in found)
                return list({id(each.thing): each for each in found if each.explained == most}.values())
        return []

    def _readings(self, text: str, outer: Named | None, explained: int) -> list[_Reading]:
        """All chains of names, each within the one before it, from the start of `text`."""
        found: list[_Reading] = []
        for length in range(2, min(self._longest, len(text)) + 1):
            name, rest = text[:length], text[length:]
            for thing in self._names.get(name, ()):
                if (outer is None or self._lies_in(thing, outer)) and (not rest or self._may_go_on(name, rest, thing)):
                    found.append(_Reading(thing, explained + length, rest))
                    if rest and not isinstance(thing, (Village, Landmark)):
                        found.extend(self._readings(rest, thing, explained + length))
        return found

    def _may_go_on(self, name: str, rest: str, thing: Named) -> bool:
        """A short form (张村, 文登) followed by more text is a name only when another name follows."""
        return name.endswith(FORMAL) or (not isinstance(thing, (Village, Landmark)) and bool(self._readings(rest, thing, 0)))

    def _lies_in(self, thing: Named, outer: Named) -> bool:
        """True where `outer` is a district or town that holds `thing`."""
        if isinstance(thing, Town) and isinstance(outer, District):
            return outer.name in {thing.district, self.districts[thing.district].area}
        if isinstance(thing, Village) and isinstance(outer, Town):
            return thing.town == outer.name
        if isinstance(thing, Village) and isinstance(outer, District):
            return self._lies_in(self.towns[thing.town], outer)
        # 环翠区高区: people name the district and then the zone within it.
        return isinstance(thing, District) and isinstance(outer, District) and thing.within == outer.name

    def _full(self, thing: Named) -> str:
        if isinstance(thing, Village):
            return f"{self.towns[thing.town].district}{thing.town}{thing.name}"
        return f"{thing.district}{thing.name}" if isinstance(thing, Town) else thing.name

    def _place(self, thing: Named) -> Place:
        if isinstance(thing, Landmark):
            near = self.town_at(thing.lon, thing.lat)
            return Place(thing.lon, thing.lat, thing.radius_m, thing.name, near.district, near.town, "landmark")
        if isinstance(thing, District):
            return self._of_district(thing)
        if isinstance(thing, Town):
            return self._of_town(thing)
        place = self._of_town(self.towns[thing.town])
        if place.level == "district":
            return replace(place, name=f"{thing.town}{thing.name}")
        radius = max(place.radius_m, float(np.clip(self._spacing(place.lon, place.lat), *VILLAGE_RADIUS_M)))
        note = f"{thing.name}无坐标，按{thing.town}位置给出" + (f"；{place.note}" if place.note else "")
        return replace(place, name=f"{thing.town}{thing.name}", radius_m=round(radius, -2), level="village", note=note)

    def _of_town(self, town: Town) -> Place:
        if town.lon is None or town.lat is None:
            place = self._of_district(self.districts[town.district])
            return replace(place, name=town.name, town=town.name, note=f"{town.name}无坐标，按{town.district}中心给出")
        held = self.district_at(town.lon, town.lat)
        doubtful = held is not None and held != self.districts[town.district].area
        radius = DISTRICT_RADIUS_M if doubtful else float(np.clip(self._spacing(town.lon, town.lat) / 2, *TOWN_RADIUS_M))
        note = f"坐标存疑：落在{held}" if doubtful else ""
        return Place(town.lon, town.lat, round(radius, -2), town.name, town.district, town.name, "town", note)

    def _of_district(self, district: District) -> Place:
        """The middle of the district's towns, with a radius that reaches all of them."""
        own = [town for town in self._placed if district.name == town.district] or [
            town for town in self._placed if self.districts[town.district].area == district.area
        ]
        if not own:
            raise Refused(f"{district.name}没有坐标", "没有改动", "请在地图上点选", code="unknown_place")
        points = np.array([(town.lon, town.lat) for town in own], dtype=np.float64)
        lon, lat = (float(each) for each in points.mean(axis=0))
        reach = max(flat_m(lon, lat, float(x), float(y)) for x, y in points)
        radius = round(max(reach, DISTRICT_RADIUS_M), -2)
        return Place(round(lon, 5), round(lat, 5), radius, district.name, district.name, None, "district", "按区市中心给出")

    def _nearest(self, lon: float, lat: float) -> int | None:
        if not len(self._points):
            return None
        return int(np.hypot((self._points[:, 0] - lon) * cos(radians(lat)), self._points[:, 1] - lat).argmin())

    def _away(self, index: int, lon: float, lat: float) -> float:
        return flat_m(float(self._points[index, 0]), float(self._points[index, 1]), lon, lat)

    def _spacing(self, lon: float, lat: float) -> float:
        """Metres from a town's point to the next one."""
        away = np.sort(np.hypot((self._points[:, 0] - lon) * cos(radians(lat)), self._points[:, 1] - lat))
        return float(radians(away[1]) * EARTH_M) if len(away) > 1 else VILLAGE_RADIUS_M[1]

    def _off_town(self, lon: float, lat: float) -> str:
        """Words for a position outside the districts: 港湾街道东南 4.1 公里."""
        index = self._nearest(lon, lat)
        if index is None or self._away(index, lon, lat) > NEAR_M:
            return "本市以外"
        way = bearing(float(self._points[index, 0]), float(self._points[index, 1]), lon, lat)
        return f"{self._placed[index].name}{way} {self._away(index, lon, lat) / 1000:.1f} 公里"


def _aliases(thing: Named) -> tuple[str, ...]:
    """Other forms of a name: a town without 街道 or 镇, a village without 村 or 社区 (never below two characters)."""
    if isinstance(thing, Town):
        bare = re.sub(r"(街道|镇)$", "", thing.name)
        office = (f"{bare}街道办事处", f"{bare}街道办", f"{bare}办事处") if thing.name.endswith("街道") else (f"{thing.name}政府",)
        return (bare, *office) if len(bare) >= 2 else office
    if isinstance(thing, Village):
        bare = re.sub(r"(社区|村)$", "", thing.name)
        return (*thing.aliases, *((bare,) if len(bare) >= 2 else ()))
    return thing.aliases


def _holds(rings: Sequence[Ring], lon: float, lat: float) -> bool:
    """Even-odd over all rings."""
    inside = False
    for ring in rings:
        x0, y0, x1, y1 = ring[:-1, 0], ring[:-1, 1], ring[1:, 0], ring[1:, 1]
        crosses = (y0 > lat) != (y1 > lat)
        at = x0[crosses] + (lat - y0[crosses]) / (y1[crosses] - y0[crosses]) * (x1[crosses] - x0[crosses])
        inside ^= bool(np.count_nonzero(at > lon) % 2)
    return inside


def _shifted(place: Place, offset: Offset) -> Place:
    """`place` moved; a tenth of the way is added to the error, for directions are spoken, not measured."""
    lat = place.lat + degrees(offset.north_m / EARTH_M)
    lon = place.lon + degrees(offset.east_m / (EARTH_M * cos(radians(place.lat))))
    radius = round(place.radius_m + 0.1 * hypot(offset.east_m, offset.north_m))
    return replace(place, lon=round(lon, 6), lat=round(lat, 6), radius_m=float(radius), name=f"{place.name}{offset.words}")


def bearing(lon0: float, lat0: float, lon1: float, lat1: float) -> str:
    """The eighth of the compass from the first position to the second, in Chinese."""
    angle = degrees(atan2((lon1 - lon0) * cos(radians(lat0)), lat1 - lat0))
    return COMPASS[round(angle / 45) % 8]

