"""What the map draws of each kind: positions, symbols by state, which of them are abnormal, and the field that each belongs to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import numpy as np

from ..domain.dispatch import POSITION_LIFE_S
from ..domain.fields import FIELDS, field_of, unit_field
from ..domain.foreign import moment, one_line
from ..domain.incident import EMERGENCY, FINAL, Incident
from ..domain.points import ABNORMAL, CLOSED, PointTable
from ..domain.record import filled
from ..domain.unit import COMMITTED, KINDS, Unit
from ..store import points, view
from .desk import Desk
from .incident_list import Kept
from .incident_marks import LABEL, Marks, mark_of
from .live import STATES

#: Kinds that the map shows, the few and busy ones first.
PICTURED = ("incidents", "units", "sensors", "facilities", "video_points")
#: A hundred thousand records are read once; after that only what changed.
_open = Kept(mark_of, Marks)
#: A sensor's state -> its symbol; what is not listed here is normal.
_SENSOR = {"high": "sen-y", "low": "sen-y", "alarm": "sen-r", "fault": "sen-s", "stale": "sen-s", "lost": "sen-s"}
_FACILITY = {"hospital", "shelter", "store", "firestation", "policestation", "pump", "school", "station", "airport"}


def table(desk: Desk, kind: str) -> PointTable:
    """The points of a kind with the symbol names of resources/theme/symbols.svg (KeyError for a kind that is not pictured).

    Their `fields` are FIELDS of domain/fields.py, all of them, in that order.
    """
    if kind == "incidents":
        with _open.of(desk) as marks:
            return marks.table(desk.clock())
    if kind == "units":
        return _units(desk)
    if kind == "facilities":
        return _sorted_out(_facilities(desk))
    found = points.table(desk.store, kind, _SYMBOL[kind], _ABNORMAL.get(kind))
    # A state that nothing is in yet may be reported at any moment.
    found.symbols = tuple(dict.fromkeys((*found.symbols, *(_SYMBOL[kind](state) for state in STATES.get(kind, ())))))
    return _sorted_out(found)


def _sorted_out(table: PointTable) -> PointTable:
    """The same with the fields as stored turned into FIELDS."""
    # One entry more than codes, so that an empty table can be looked up too.
    codes = np.array([*(FIELDS.index(field_of(code)) for code in table.fields), 0], np.uint8)
    table.field, table.fields = codes[table.field], FIELDS
    return table


def _facilities(desk: Desk) -> PointTable:
    """A closed facility keeps the symbol of its kind; a flag says that it is closed."""
    found = points.table(desk.store, "facilities")
    told = [category.rpartition("/") if "/" in category else (category, "", "") for category in found.symbols]
    names = [_facility(kind) for kind, _, _ in told]
    symbols = tuple(dict.fromkeys(names))
    found.flags = np.array([*(CLOSED if state == "closed" else 0 for _, _, state in told), 0], np.uint8)[found.symbol]
    found.symbol = np.array([*(symbols.index(name) for name in names), 0], np.uint8)[found.symbol]
    found.symbols = symbols
    return found


def state_mark(kind: str, state: str) -> tuple[str, int]:
    """(symbol, flags) of a state of sensors or cameras."""
    is_abnormal = _ABNORMAL.get(kind)
    return _SYMBOL[kind](state), ABNORMAL if is_abnormal and is_abnormal(state) else 0


def _sensor(state: str) -> str:
    return _SENSOR.get(state, "sen")


def _camera(state: str) -> str:
    return "cam-x" if state == "offline" else "cam"


def _facility(kind: str) -> str:
    return f"f-{kind}" if kind in _FACILITY else "f-store"


_SYMBOL = {"sensors": _sensor, "video_points": _camera}
_ABNORMAL = {"sensors": lambda state: state in {"high", "low", "alarm"}}


def _units(desk: Desk) -> PointTable:
    now = desk.clock()
    found = []
    for raw in view.rows(desk.store, "units"):
        row = filled(Unit, raw)
        if row.get("lon") is None and row.get("home_lon") is not None:
            row |= {"lon": row["home_lon"], "lat": row.get("home_lat")}
        late = "（位置过期）" if row["state"] in COMMITTED and _is_stale(row, now) else ""
        found.append((row, _unit_symbol(row, now), row["state"] in COMMITTED, one_line(row.get("name"), LABEL) + late))
    return _table("units", found, lambda row: unit_field(row["kind"]))


def _unit_symbol(row: dict[str, Any], now: datetime) -> str:
    """As on the units board: hollow is available, dashed available with an old position, filled committed."""
    # A kind that this edition has no symbol for is drawn like the units board draws it.
    kind = row["kind"] if row["kind"] in KINDS else "rescue"
    if row["state"] == "unavailable":
        return f"u-{kind}-x"
    if row["state"] in COMMITTED or row["state"] == "returning":
        return f"u-{kind}-b"
    return f"u-{kind}-o" if _is_stale(row, now) else f"u-{kind}"


def _is_stale(row: dict[str, Any], now: datetime) -> bool:
    seen = moment(row.get("position_at"))
    return seen is None or abs((now - seen).total_seconds()) > POSITION_LIFE_S


def _table(kind: str, found: list[tuple[dict[str, Any], str, bool, str]], field: Callable[[dict[str, Any]], str]) -> PointTable:
    """Columns of (row, symbol, abnormal, label); positions in doubt are listed, not drawn, missing ones are neither."""
    suspect = []
    drawn = []
    for each in found:
        lon, lat = each[0].get("lon"), each[0].get("lat")
        if lon is None and lat is None:
            continue
        if doubt := points.doubt(lon, lat):
            suspect.append((str(each[0]["id"]), str(each[0].get("feed", "")), doubt))
        else:
            drawn.append(each)
    symbols = tuple(dict.fromkeys(symbol for _, symbol, _, _ in drawn))
    return PointTable(
        kind, [str(row["id"]) for row, *_ in drawn],
        np.array([row["lon"] for row, *_ in drawn], np.float64), np.array([row["lat"] for row, *_ in drawn], np.float64),
        np.array([symbols.index(symbol) for _, symbol, _, _ in drawn], np.uint8),
        np.array([ABNORMAL if abnormal else 0 for _, _, abnormal, _ in drawn], np.uint8),
        symbols, {at: label for at, (_, _, _, label) in enumerate(drawn)}, suspect,
        np.array([FIELDS.index(field(row)) for row, *_ in drawn], np.uint8), FIELDS,
    )


def links(desk: Desk, incident_id: str, recommended: int = 2) -> list[tuple[str, str, bool]]:
    """(unit id, label with the straight distance, committed) of units on their way and of the first recommended ones."""
    from .recommending import first

    raw = view.record(desk.store, "incidents", incident_id)
    incident = filled(Incident, raw) if raw else None
    if incident is None or incident.get("lon") is None or incident["state"] in FINAL.get(incident["track"], ()):
        return []
    found = [
        (str(unit["id"]), one_line(unit["name"], LABEL), True)
        for unit in view.rows(desk.store, "units", where={"incident_id": incident_id}) if unit.get("state") in COMMITTED - {"on_scene"}
    ]
    if incident["track"] == EMERGENCY:
        found += [
            (row["unit_id"], f"{one_line(row['name'], LABEL)} {row['distance_m'] / 1000:.1f} km", False)
            for row in first(desk, incident_id, recommended) if row["distance_m"] is not None
        ]
    return found
