"""From a foreign object to the fields of our record: paths, constants, tables of values, times, and numbers written as text. No I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from typing import Any

from weihai_command.domain.kinds import KINDS

#: A time without offset is taken to be the city's.
CITY_TIME = timezone(timedelta(hours=8))
_MILLISECONDS = 1e11
_MISSING = object()
_TIMES = frozenset({"at", "sent", "effective", "expires", "until", "onset"})


class BadField(ValueError):
    """A source's value that cannot become ours: the field and the reason in Chinese."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}：{reason}")
        self.field = field
        self.reason = reason


def find(source: Any, path: str) -> Any:
    """What stands at a dotted path (`properties.title`, `coordinates.0`); None where nothing does."""
    here = source
    for part in path.split("."):
        if isinstance(here, Mapping):
            here = here.get(part, _MISSING)
        elif isinstance(here, list) and part.isdigit() and int(part) < len(here):
            here = here[int(part)]
        else:
            return None
        if here is _MISSING:
            return None
    return here


def mapped(kind: str, source: Any, paths: Mapping[str, str], tables: Mapping[str, Mapping[str, object]]) -> dict[str, Any]:
    """Our fields of one foreign object; what it lacks is left out. Raises BadField."""
    record: dict[str, Any] = {}
    for name, path in paths.items():
        value = path[1:] if path.startswith("=") else find(source, path)
        if value is None or value == "":
            continue
        record[name] = fitted(kind, name, translated(value, tables.get(name)))
    return record


def translated(value: Any, table: Mapping[str, object] | None) -> Any:
    """Our word for the source's; `*` in the table stands for every other one."""
    if table is None:
        return value
    return table.get(str(value), table.get("*", value))


def fitted(kind: str, name: str, value: Any) -> Any:
    """The value in the shape that our field has."""
    if name in _TIMES or name.endswith("_at"):
        return time_of(name, value)
    shape = _shapes(kind).get(name, "")
    if isinstance(value, bool):
        return value
    if "float" in shape and isinstance(value, str):
        return _number(name, value)
    if shape.startswith("int") and isinstance(value, (str, float)):
        return _whole(name, value)
    if shape.startswith("str") and isinstance(value, (int, float)):
        return str(value)
    return value


@cache
def _shapes(kind: str) -> dict[str, str]:
    return {field.name: str(field.type) for field in fields(KINDS[kind].record)}


def _number(name: str, text: str) -> float:
    try:
        return float(text.strip())
    except ValueError:
        raise BadField(name, f"“{text[:40]}”不是数字") from None


def _whole(name: str, value: str | float) -> int:
    number = _number(name, value) if isinstance(value, str) else value
    if number != int(number):
        raise BadField(name, f"{number} 不是整数")
    return int(number)


def time_of(name: str, value: Any) -> str:
    """ISO 8601 with offset from ISO 8601 or from epoch seconds or milliseconds. Raises BadField."""
    try:
        if isinstance(value, str) and not value.strip().lstrip("-").replace(".", "", 1).isdigit():
            moment = datetime.fromisoformat(value.strip())
            return (moment if moment.tzinfo else moment.replace(tzinfo=CITY_TIME)).isoformat()
        number = float(value)
        seconds = number / 1000 if abs(number) >= _MILLISECONDS else number
        return datetime.fromtimestamp(seconds, UTC).astimezone(CITY_TIME).isoformat()
    except (ValueError, TypeError, OverflowError, OSError):
        raise BadField(name, f"“{str(value)[:40]}”不是可识别的时间") from None
