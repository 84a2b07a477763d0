"""The coast of resources/geo, read once when first asked for (some 30 ms)."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files

from ..domain.coast import Coast


@cache
def coast() -> Coast:
    """Land polygons of GSHHG, full resolution; rivers are not in it."""
    text = (files("resources") / "geo" / "gshhg_f_land.geojson").read_text(encoding="utf-8")
    return Coast.of(ring for each in json.loads(text)["features"] for ring in each["geometry"]["coordinates"])
