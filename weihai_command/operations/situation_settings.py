"""What the leaders' screen is measured by, from resources/words/situation.toml and the file of the same name in the data folder."""

from __future__ import annotations

import logging
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from ..domain.intervals import Benchmark

log = logging.getLogger(__name__)
NAME = "situation.toml"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of sensors: its quantities, and the season in which it works (month, day), none for all the year."""

    key: str
    name: str
    quantities: tuple[str, ...]
    season: tuple[tuple[int, int], tuple[int, int]] | None
    rest: str

    def rests(self, today: date) -> bool:
        """Whether the field does not work on this day."""
        if self.season is None:
            return False
        first, last = self.season
        now = (today.month, today.day)
        return not (first <= now <= last) if first <= last else last < now < first


@dataclass(frozen=True, slots=True)
class Goal:
    """What a rate should reach, in per cent."""

    percent: float
    is_at_most: bool


@dataclass(frozen=True, slots=True)
class Settings:
    """`groups`: (key, name, kinds of unit)."""

    fields: tuple[Field, ...]
    groups: tuple[tuple[str, str, frozenset[str]], ...]
    verify: Benchmark
    goals: dict[str, Goal]


@cache
def settings(root: Path | None = None) -> Settings:
    """Of the data folder `root`, read once; a file that is wrong is logged, and ours stands in."""
    ours = tomllib.loads((files("resources") / "words" / NAME).read_text("utf-8"))
    file = root / NAME if root else None
    if file and file.exists():
        try:
            return _read(ours | tomllib.loads(file.read_text("utf-8")))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            log.warning("%s is left out: %s", NAME, error)
    return _read(ours)


def _read(raw: dict[str, Any]) -> Settings:
    verify = raw["response"]["verify"]
    return Settings(
        tuple(_field(row) for row in raw["field"]), tuple((str(row["key"]), str(row["name"]), frozenset(row["kinds"])) for row in raw["group"]),
        Benchmark(float(verify["seconds"]), float(verify["share"])),
        {name: Goal(float(row["percent"]), bool(row.get("at_most", False))) for name, row in raw["target"].items()},
    )


def _field(row: dict[str, Any]) -> Field:
    season = row.get("season")
    days = [_day(text) for text in season] if season else []
    return Field(str(row["key"]), str(row["name"]), tuple(row["quantities"]), (days[0], days[1]) if days else None, str(row.get("rest", "")))


def _day(text: str) -> tuple[int, int]:
    month, day = text.split("-")
    return int(month), int(day)
