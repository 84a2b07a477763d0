"""The kinds of record, by the name of their collection on the platform. One table for store, sync, schemas and screens."""

from __future__ import annotations

from dataclasses import dataclass

from .city import Facility, Sensor, ServerMeta, VideoPoint
from .entries import LogEntry, Plan, Warning
from .incident import Incident
from .unit import Assignment, Unit


@dataclass(frozen=True, slots=True)
class Kind:
    """`columns` are the hot columns of the mirror besides id, version and raw; `text` the fields that search reads.

    `telemetry` are fields that machines report: a change in them alone is nobody's edit and conflicts with none.
    """

    name: str
    record: type
    word: str
    columns: tuple[str, ...]
    text: tuple[str, ...] = ()
    telemetry: tuple[str, ...] = ()
    placed: bool = False


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "incidents", Incident, "事件",
            ("number", "title", "track", "state", "type", "grade", "priority", "owner", "district", "reported_at", "lon", "lat"),
            ("number", "title", "place", "description"), placed=True,
        ),
        Kind("assignments", Assignment, "派遣", ("incident_id", "unit_id", "state")),
        Kind(
            "units", Unit, "力量", ("name", "kind", "state", "incident_id", "district", "lon", "lat"), ("name", "agency"),
            telemetry=("lon", "lat", "position_at", "heading", "speed"), placed=True,
        ),
        Kind("log", LogEntry, "日志", ("incident_id", "at", "by", "kind"), ("text",)),
        Kind("facilities", Facility, "设施", ("name", "kind", "field", "district", "state", "lon", "lat"), ("name",), placed=True),
        Kind("plans", Plan, "预案", ("title", "type"), ("title",)),
        Kind("warnings", Warning, "预警", ("title", "colour", "expires"), ("title",)),
        Kind(
            "sensors", Sensor, "传感器", ("name", "field", "quantity", "state", "district", "observed_at", "lon", "lat"), ("name",),
            telemetry=("value", "observed_at"), placed=True,
        ),
        Kind("video_points", VideoPoint, "摄像机", ("name", "field", "state", "district", "lon", "lat"), ("name",), placed=True),
        Kind("meta", ServerMeta, "平台", ()),
    )
}
#: Bookkeeping of sync inside a record: never compared between two desks, never shown as an edit.
TECHNICAL = frozenset({"id", "last_modified", "schema", "last_op", "ops"})
