"""The standing things of the sample city as wire records: cameras, sensors, facilities. Made in columns, given one by one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .sample_city_ground import Floats, Ground, Ints, ground, ids, moved, on_land, rng, scatter, words

#: field → (share, owner, where such a camera looks)
CAMERAS: dict[str, tuple[float, str, tuple[str, ...]]] = {
    "police": (0.52, "公安", ("路口", "小区东门", "小区北门", "商业街", "广场", "村口", "市场", "停车场")),
    "traffic": (0.2, "交警", ("路口", "卡口", "路段", "隧道口", "立交", "公交站")),
    "municipal": (0.1, "城管", ("背街", "公园", "垃圾站", "农贸市场", "广场")),
    "water": (0.05, "水务", ("河道", "水库", "泵站", "闸口")),
    "emergency": (0.06, "应急", ("林火瞭望", "山口", "企业大门", "仓库")),
    "ecology": (0.03, "生态环境", ("排口", "河口", "监测站")),
    "marine": (0.04, "海洋", ("渔港", "码头", "岸线", "浴场")),
}
#: kind → (name ending, how many for one town of the big city, capacity from, to, field, owner)
FACILITIES: dict[str, tuple[str, int, int, int, str, str]] = {
    "hospital": ("医院", 2, 40, 600, "emergency", "卫健"),
    "shelter": ("避难场所", 8, 300, 6000, "emergency", "应急"),
    "store": ("应急物资库", 1, 200, 3000, "emergency", "应急"),
    "firestation": ("消防站", 1, 12, 45, "emergency", "消防"),
    "policestation": ("派出所", 1, 10, 60, "police", "公安"),
    "pump": ("泵站", 2, 2, 12, "water", "排水公司"),
    "school": ("学校", 10, 300, 2400, "municipal", "教育"),
}
SMALL_FACILITIES = {"hospital": 8, "shelter": 12, "store": 6, "firestation": 8, "policestation": 8, "pump": 6, "school": 9}
#: Readings beyond their limits that the first incidents of the city speak of: quantity, town, value, seconds ago.
TOLD = (("pump_level", "凤林街道", 4.62, 20), ("gas_concentration", "皇冠街道", 0.9, 40), ("road_water", "羊亭镇", 18.0, 120))


def iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def numbered(group: Ints) -> Ints:
    """1, 2, 3 … within equal values of `group`, in order."""
    order = np.argsort(group, kind="stable")
    ordered = group[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(group) else np.empty(0, dtype=np.int64)
    runs = np.diff(np.r_[starts, len(group)])
    result = np.empty(len(group), dtype=np.int64)
    result[order] = np.arange(len(group)) - np.repeat(starts, runs) + 1
    return result


def _spread(part: str, count: int) -> Ints:
    """Index of the village for each of `count` things, by the villages' shares, in the order of the gazetteer."""
    made = ground()
    return np.repeat(np.arange(len(made.villages)), rng(part).multinomial(count, made.share))


def _columns(made: Ground, village: Ints) -> tuple[list[str], list[str], list[str]]:
    """(district, town, village name) of each index."""
    towns = [made.towns[index] for index in made.town[village].tolist()]
    return [town.district for town in towns], [town.name for town in towns], [made.villages[index] for index in village.tolist()]


def _camera_fields(made: Ground, village: Ints) -> Ints:
    """Index into CAMERAS; cameras of the sea's shore only in coastal towns."""
    random = rng("camera fields")
    shares = [share for share, _, _ in CAMERAS.values()]
    field = random.choice(len(CAMERAS), len(village), p=np.array(shares) / sum(shares)).astype(np.int64)
    coastal = np.array([town.name in {berth["town"] for berth in made.berths} for town in made.towns])
    names = list(CAMERAS)
    field[(field == names.index("marine")) & ~coastal[made.town[village]]] = names.index("police")
    return field


def cameras(count: int, now: datetime) -> Iterator[dict[str, Any]]:
    """`count` video points; about 3 % are offline since some hours."""
    made, village = ground(), _spread("cameras", count)
    lon, lat = scatter(village, "camera places")
    field, random = _camera_fields(made, village), rng("camera states")
    offline = random.random(count) < 0.03
    hours = np.where(offline, random.integers(1, 96, count), random.integers(96, 800, count))
    since = [iso(now - timedelta(hours=hour)) for hour in range(801)]
    spot = random.integers(0, 1 << 30, count)
    names = [(name, owner, spots, len(spots)) for name, (_, owner, spots) in CAMERAS.items()]
    district, town, place = _columns(made, village)
    columns = zip(
        ids("video_points", count), district, town, place, numbered(village).tolist(), field.tolist(), spot.tolist(), offline.tolist(),
        hours.tolist(), lon.tolist(), lat.tolist(), strict=True,
    )
    for ident, area, street, near, number, kind, where, off, hour, x, y in columns:
        name, owner, spots, choices = names[kind]
        yield {
            "id": ident, "name": f"{street} {near} {number:02d} {spots[where % choices]}", "state": "offline" if off else "online", "field": name,
            "owner": owner, "district": area, "town": street, "changed_at": since[hour], "lon": x, "lat": y,
        }  # fmt: skip


def _quantity_of(count: int, table: dict[str, dict[str, Any]]) -> Ints:
    """Index of the quantity for each sensor, in the shares of the table, mixed."""
    share = np.array([float(each["share"]) for each in table.values()])
    whole = np.floor(count * share / share.sum()).astype(np.int64)
    whole[: count - whole.sum()] += 1
    return rng("sensor quantities").permutation(np.repeat(np.arange(len(table)), whole))


def _readings(count: int, table: dict[str, dict[str, Any]], quantity: Ints) -> tuple[Floats, NDArray[np.str_], Floats]:
    """(value, state, age in seconds): normal values keep off the limits, some stand beyond, some are faulty, some stale."""
    random, rules = rng("sensor readings"), list(table.values())
    column = {key: np.array([float(each.get(key, np.nan)) for each in rules])[quantity] for key in ("low", "high", "typical", "spread", "period_s")}
    low, high, spread = column["low"], column["high"], column["spread"]
    value = column["typical"] + spread * np.clip(random.normal(size=count), -2.5, 2.5)
    value = np.fmax(value, np.where(np.isnan(low), 0.0, low + 0.3 * spread))
    value = np.fmin(value, high - 0.3 * spread)
    chance = random.random(count)
    beyond = random.uniform(1.04, 1.25, count)
    state = np.full(count, "normal", dtype="<U6")
    is_high = (chance < 0.02) & ~np.isnan(high)
    is_low = (chance > 0.985) & ~np.isnan(low)
    value[is_high], state[is_high] = (high * beyond)[is_high], "high"
    value[is_low], state[is_low] = (low / beyond)[is_low], "low"
    state[(chance > 0.5) & (chance < 0.51)] = "fault"
    periods = np.where((chance > 0.6) & (chance < 0.63), random.uniform(2.2, 9.0, count), random.uniform(0.05, 1.0, count))
    return np.round(value, 3), state, column["period_s"] * periods


def _sensor_places(made: Ground, table: dict[str, dict[str, Any]], quantity: Ints) -> tuple[Ints, Floats, Floats]:
    """(village, or a berth as -1-index; lon; lat): sensors of the sea stand around the berths, in the water."""
    count = len(quantity)
    village = rng("sensors").permutation(_spread("sensors", count))
    lon, lat = scatter(village, "sensor places")
    sea = np.flatnonzero(np.array([each.get("at") == "sea" for each in table.values()])[quantity])
    berth = np.arange(len(sea)) % len(made.berths)
    x, y = np.array([each["lon"] for each in made.berths])[berth], np.array([each["lat"] for each in made.berths])[berth]
    away = rng("sensors at sea").uniform(-0.25, 0.25, (2, len(sea)))
    near_x, near_y = moved(x, y, away[0], away[1])
    wet = ~on_land(near_x, near_y)
    village[sea], lon[sea], lat[sea] = -1 - berth, np.where(wet, near_x, x), np.where(wet, near_y, y)
    return village, lon, lat


def sensors(count: int, now: datetime) -> Iterator[dict[str, Any]]:
    """`count` sensors; the first of a told quantity stands in the told town with the told reading."""
    made, table = ground(), words("quantities.toml")
    quantity = _quantity_of(count, table)
    value, state, age = _readings(count, table, quantity)
    village, lon, lat = _sensor_places(made, table, quantity)
    codes, number = list(table), numbered(quantity)
    told = _told(made, codes, quantity, village)
    for row, (town_index, seen, ago) in told.items():
        village[row] = town_index
        value[row], state[row], age[row] = seen, "high", ago
        lon[row], lat[row] = made.lon[town_index], made.lat[town_index]
    for row, ident in enumerate(ids("sensors", count)):
        code = codes[quantity[row]]
        rule, where = table[code], int(village[row])
        place, town = _place(made, where)
        made_row = {
            "id": ident, "name": f"{place} {rule['name']} {number[row]:02d}", "field": rule["field"], "quantity": code, "state": str(state[row]),
            "unit": rule["unit"], "period_s": rule["period_s"], "low": rule.get("low"), "high": rule.get("high"),
            "value": None if state[row] == "fault" else float(value[row]), "observed_at": iso(now - timedelta(seconds=float(age[row]))),
            "owner": rule["owner"], "district": town.district, "town": town.name, "lon": float(lon[row]), "lat": float(lat[row]),
        }  # fmt: skip
        yield {key: given for key, given in made_row.items() if given is not None}


def _told(made: Ground, codes: list[str], quantity: Ints, village: Ints) -> dict[int, tuple[int, float, int]]:
    """Row → (village, value, age): the first sensor of each told quantity."""
    told = {}
    for code, town, value, ago in TOLD:
        row = int(np.flatnonzero(quantity == codes.index(code))[0])
        told[row] = (int(made.villages_of(town)[0]), value, ago)
    return told


def _place(made: Ground, where: int) -> tuple[str, Any]:
    """(words, town) of a village index, or of a berth given as -1-index."""
    if where < 0:
        berth = made.berths[-1 - where]
        return berth["name"], made.town_named(berth["town"])
    town = made.towns[int(made.town[where])]
    return f"{town.name} {made.villages[where]}", town


def _facility_towns(scale: str) -> list[tuple[str, int]]:
    """(kind, index of the town), every town in the big city, the heaviest in the small."""
    made = ground()
    by_weight = sorted(range(len(made.towns)), key=lambda index: -made.towns[index].weight)
    if scale == "small":
        return [(kind, by_weight[number % len(by_weight)]) for kind, count in SMALL_FACILITIES.items() for number in range(count)]
    return [(kind, index) for kind, rule in FACILITIES.items() for index in by_weight for _ in range(rule[1])]


def facilities(scale: str) -> Iterator[dict[str, Any]]:
    """Made-up facilities in towns, then the stations and the airport, which are real."""
    made, listed = ground(), _facility_towns(scale)
    random = rng("facilities")
    village = np.array([int(random.choice(made.villages_of(made.towns[town].name))) for _, town in listed], dtype=np.int64)
    lon, lat = scatter(village, "facility places")
    kinds = list(FACILITIES)
    number = numbered(np.array([kinds.index(kind) * 1000 + town for kind, town in listed], dtype=np.int64))
    for row, (ident, (kind, town)) in enumerate(zip(ids("facilities", len(listed)), listed, strict=True)):
        ending, every, low, high, field, owner = FACILITIES[kind]
        here = made.towns[town]
        which = "" if every == 1 or scale == "small" else f"第{number[row]}"
        yield {
            "id": ident, "name": f"{here.name}{which}{ending}", "kind": kind, "field": field, "state": "open",
            "capacity": int(random.integers(low, high)), "contact": f"000-{5200000 + row}", "owner": owner, "district": here.district,
            "town": here.name, "lon": float(lon[row]), "lat": float(lat[row]),
        }  # fmt: skip
    yield from _facts(made)


def _facts(made: Ground) -> Iterator[dict[str, Any]]:
    real = [row for row in made.landmarks if row["source"] == "osm"]
    for ident, row in zip(ids("landmarks", len(real)), real, strict=True):
        near = min(made.towns, key=lambda town: (town.lon - row["lon"]) ** 2 * 0.635 + (town.lat - row["lat"]) ** 2)
        yield {
            "id": ident, "name": row["name"], "kind": "airport" if "机场" in row["name"] else "station", "field": "traffic", "state": "open",
            "district": near.district, "town": near.name, "lon": row["lon"], "lat": row["lat"],
        }  # fmt: skip
