"""The coast of resources/geo, read once when first asked for (some 30 ms)."""

from __future__ import annotations

import json
from functools import cache, lru_cache
from importlib.resources import files

from ..domain.coast import Coast


class KnownCoast:
    """A coast that remembers what it was asked: units stand where they stood, and every look at an incident asks for all of them."""

    def __init__(self, coast: Coast) -> None:
        self.sea_m = coast.sea_m
        self.is_land = lru_cache(4_096)(coast.is_land)
        self.parts = lru_cache(32_768)(coast.parts)


@cache
def coast() -> KnownCoast:
    """Land polygons of GSHHG, full resolution; rivers are not in it."""
    text = (files("resources") / "geo" / "gshhg_f_land.geojson").read_text(encoding="utf-8")
    return KnownCoast(Coast.of(ring for each in json.loads(text)["features"] for ring in each["geometry"]["coordinates"]))
