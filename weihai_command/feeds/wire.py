"""Records at the border: one pydantic model per kind, made to agree with the domain's dataclasses. Unknown fields are allowed and kept.

A position out of range is no invalid record (it is kept and listed as 位置可疑); a position that is no number is.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

Text = Annotated[str, Field(min_length=1)]
Words = str | None
Number = Annotated[float, Field(allow_inf_nan=False)] | None
Whole = int | None
Object = dict[str, Any]


class Wire(BaseModel):
    """Strict: a number written as text is a fault of the sender, and is told so."""

    model_config = ConfigDict(extra="allow", strict=True)

    id: Text
    last_op: Words = None
    ops: list[str] | None = None


class Incident(Wire):
    title: Text
    track: Annotated[str, Field(pattern="^(emergency|municipal)$")] = "emergency"
    state: Text = "new"
    number: Words = ""
    type: Words = None
    grade: Annotated[int, Field(ge=1, le=4)] | None = None
    priority: Annotated[str, Field(pattern="^(urgent|high|normal|low)$")] | None = None
    alarm_level: Annotated[int, Field(ge=1, le=5)] | None = None
    lon: Number = None
    lat: Number = None
    place: Words = None
    radius_m: Number = None
    district: Words = None
    town: Words = None
    source: Words = None
    description: Words = None
    reporter: Words = None
    phone: Words = None
    owner: Words = None
    department: Words = None
    unit_ids: list[str] | None = None
    parent: Words = None
    reason: Words = None
    outcome: Words = None
    result: Words = None
    until: Words = None
    before: Words = None
    frozen: Object | None = None
    rework_count: Whole = 0
    exempt: Words = None
    occurred_at: Words = None
    reported_at: Words = None
    state_at: Words = None
    due_at: Words = None
    history: list[Object] | None = None


class Assignment(Wire):
    incident_id: Text
    unit_id: Text
    state: Text = "dispatching"
    by: Words = None
    created_at: Words = None
    ended_at: Words = None
    steps: list[Object] | None = None


class Unit(Wire):
    name: Text
    kind: Text
    state: Text = "available"
    state_at: Words = None
    assignment_id: Words = None
    incident_id: Words = None
    skills: list[str] | None = None
    crew: Whole = None
    agency: Words = None
    district: Words = None
    contact: Words = None
    lon: Number = None
    lat: Number = None
    position_at: Words = None
    home: Words = None
    home_lon: Number = None
    home_lat: Number = None
    reason: Words = None
    steps: list[Object] | None = None


class LogEntry(Wire):
    text: Text
    at: Text
    by: Text
    kind: Text = "note"
    incident_id: Words = None
    unit_id: Words = None
    amends: Words = None
    data: Object | None = None


class Warning(Wire):
    title: Text
    colour: Annotated[str, Field(pattern="^(red|orange|yellow|blue)$")] | None = None
    category: Words = None
    sender: Words = None
    sender_name: Words = None
    sent: Words = None
    effective: Words = None
    expires: Words = None
    urgency: Words = None
    severity: Words = None
    certainty: Words = None
    text: Words = None
    districts: list[str] | None = None
    area: Object | None = None
    kind: Words = None
    status: Words = "Actual"
    msg_type: Words = "Alert"
    identifier: Words = None
    references: list[str] | None = None
    onset: Words = None
    headline: Words = None
    instruction: Words = None
    criteria: Words = None
    geocodes: list[str] | None = None
    area_text: Words = None
    track: Object | None = None


class Plan(Wire):
    title: Text
    type: Words = None
    level: Whole = None
    items: list[Object] | None = None


class Sensor(Wire):
    name: Text
    field: Text
    quantity: Text
    state: Text = "normal"
    unit: Words = None
    period_s: Number = None
    low: Number = None
    high: Number = None
    value: Number = None
    observed_at: Words = None
    owner: Words = None
    district: Words = None
    town: Words = None
    lon: Number = None
    lat: Number = None


class VideoPoint(Wire):
    name: Text
    state: Text = "online"
    field: Words = None
    owner: Words = None
    district: Words = None
    town: Words = None
    changed_at: Words = None
    lon: Number = None
    lat: Number = None


class Facility(Wire):
    name: Text
    kind: Text
    field: Words = None
    state: Words = None
    capacity: Whole = None
    contact: Words = None
    owner: Words = None
    district: Words = None
    town: Words = None
    lon: Number = None
    lat: Number = None


class ServerMeta(Wire):
    """Kinto calls the record `server`, so who the server is stands in `server_id`."""

    server_id: Words = None
    epoch: Text
    exercise: bool = False
    durable: bool = True


MODELS: dict[str, type[Wire]] = {
    "incidents": Incident, "assignments": Assignment, "units": Unit, "log": LogEntry, "facilities": Facility, "plans": Plan,
    "warnings": Warning, "sensors": Sensor, "video_points": VideoPoint, "meta": ServerMeta,
}
_REASONS = {
    "missing": "缺少必填字段", "string_type": "应为文字", "string_too_short": "不能为空", "string_unicode": "不是有效的文字", "string_pattern_mismatch": "不在允许的取值之内",
    "float_type": "应为数字", "finite_number": "应为有限的数字", "int_type": "应为整数", "int_from_float": "应为整数",
    "bool_type": "应为是或否", "list_type": "应为列表", "dict_type": "应为对象", "greater_than_equal": "超出允许范围",
    "less_than_equal": "超出允许范围", "model_type": "不是一条记录", "model_attributes_type": "不是一条记录",
}


class Invalid(ValueError):
    """A record that nobody can use: the field that is wrong and why, in Chinese."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"字段 {field}：{reason}")
        self.field = field
        self.reason = reason


def validate(kind: str, raw: Any) -> dict[str, Any]:
    """The record itself, unknown fields and all; raises Invalid for the first thing that is wrong with it."""
    if not isinstance(raw, dict):
        raise Invalid("id", "不是一条记录")
    try:
        MODELS[kind].__pydantic_validator__.validate_python(raw)
    except ValidationError as error:
        raise _invalid(error.errors(include_url=False, include_input=False)[0]) from None
    return raw


def validate_all(kind: str, raws: Iterable[Any]) -> tuple[list[dict[str, Any]], list[tuple[Any, Invalid]]]:
    """The good records and, beside them, the bad ones with what is wrong. A list model would be slower, for it keeps what it reads."""
    good, bad = [], []
    for raw in raws:
        try:
            good.append(validate(kind, raw))
        except Invalid as invalid:
            bad.append((raw, invalid))
    return good, bad


def _invalid(entry: Any) -> Invalid:
    loc = [str(part) for part in entry["loc"]]
    return Invalid(loc[0] if loc else "id", _REASONS.get(entry["type"], entry["msg"]))
