"""readings.toml of the data folder: how long readings are kept."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..domain.faults import StoreFault
from ..store.retention import DAY_S, Retention
from . import user_toml

log = logging.getLogger(__name__)
NAME = "readings.toml"
#: What the file may say: field, its part of Retention, how much of that one unit is, and the least that makes sense.
_FIELDS = {"raw_days": ("raw_s", DAY_S, 1.0), "trend_days": ("trend_s", DAY_S, 1.0), "size_mb": ("size", 1_000_000, 50.0)}


def retention(root: Path | None) -> Retention:
    """What readings.toml of the data folder says; 30 days, 400 days of trends and 2,000 MB where it says nothing or is wrong."""
    file = root / NAME if root else None
    if file is None or not file.exists():
        return Retention()
    try:
        return user_toml.read(file, _parsed)
    except StoreFault as fault:
        log.warning("%s is left out: %s", NAME, fault.happened)
        return Retention()


def faults(root: Path) -> list[str]:
    """A sentence about a readings.toml that is wrong."""
    try:
        if (root / NAME).exists():
            user_toml.read(root / NAME, _parsed)
    except StoreFault as fault:
        return [fault.sentence()]
    return []


def _parsed(raw: Mapping[str, Any], name: str) -> Retention:
    found: dict[str, Any] = {}
    for field, value in raw.items():
        if field not in _FIELDS:
            raise _wrong(name, field, "不是已知的设置项")
        part, unit, least = _FIELDS[field]
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not least <= value <= 1e6:
            raise _wrong(name, field, f"应为 {least:g} 到 1000000 的数字")
        found[part] = value * unit if part != "size" else int(value * unit)
    return Retention(**found)


def _wrong(name: str, field: str, why: str) -> StoreFault:
    return StoreFault(f"文件 {name} 有误：{field} {why}", "没有改动，暂按程序自带的那一份", "请改好后重新打开", code="bad_file")
