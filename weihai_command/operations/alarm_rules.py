"""The alarm rules of a data folder, read once."""

from __future__ import annotations

import logging
import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path

from ..domain.alarm_rules import AlarmRules, rules_of
from ..domain.faults import StoreFault
from . import user_toml
from .alarm_file import NAME

FILE = NAME
log = logging.getLogger(__name__)


@cache
def rules(root: Path | None = None) -> AlarmRules:
    """The rules of the data folder `root`; without a file there, or with a wrong one, the program's own."""
    own = root / FILE if root else None
    if own is not None and own.is_file():
        try:
            return user_toml.read(own, rules_of)
        except StoreFault as error:
            log.warning("%s is left out: %s", FILE, error.happened)
    return rules_of(tomllib.loads((files("resources") / "words" / FILE).read_text("utf-8")), FILE)
