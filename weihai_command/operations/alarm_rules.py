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
    own = root / FILE if root else None
    if own is not None and own.is_file():
        try:
            return _read(own)
        except StoreFault as error:
            log.warning("%s is left out: %s", FILE, error)
    return rules_of(tomllib.loads((files("resources") / "words" / FILE).read_text("utf-8")), FILE)


def fault(root: Path) -> str:
    """What is wrong with the file of `root`, for a person; "" where there is none or nothing is."""
    try:
        if (root / FILE).is_file():
            _read(root / FILE)
    except StoreFault as error:
        return error.sentence()
    return ""


def _read(own: Path) -> AlarmRules:
    try:
        return rules_of(tomllib.loads(own.read_text("utf-8")), FILE)
    except (OSError, ValueError) as error:
        raise StoreFault(f"{FILE} 读不懂：{error}", "没有改动，暂按程序自带的规则", "请改好后重新打开", code="bad_rules") from error
