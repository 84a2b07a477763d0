"""The alarm rules of a data folder, read once."""

from __future__ import annotations

import logging
import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path

from ..domain.alarm_rules import AlarmRules, rules_of
from ..domain.faults import StoreFault

FILE = "alarm_rules.toml"
log = logging.getLogger(__name__)


@cache
def rules(root: Path | None = None) -> AlarmRules:
    """The rules of the data folder `root`; without a file there, or with a wrong one, the program's own."""
    built = (files("resources") / "words" / FILE).read_text("utf-8")
    own = root / FILE if root else None
    if own is not None and own.is_file():
        try:
            return rules_of(tomllib.loads(own.read_text("utf-8")), FILE)
        except (StoreFault, OSError, ValueError) as error:
            log.warning("%s is left out: %s", FILE, error)
    return rules_of(tomllib.loads(built), FILE)
