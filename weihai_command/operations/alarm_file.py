"""The file of alarm rules in a data folder: whether it is there and can be used."""

from __future__ import annotations

from pathlib import Path

from ..domain.faults import StoreFault
from . import user_toml

NAME = "alarm_rules.toml"


def fault(root: Path) -> str:
    """What is wrong with it, for a person; "" where there is none or nothing is."""
    if not (root / NAME).is_file():
        return ""
    # The rules come with numpy: only a folder that has its own pays for them at the start.
    from ..domain.alarm_rules import rules_of

    try:
        user_toml.read(root / NAME, rules_of)
    except StoreFault as error:
        return error.sentence()
    return ""
