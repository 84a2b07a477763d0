"""All files of the data folder that take the place of the program's own tables: limits, holidays, times of units, run cards, alarm rules."""

from __future__ import annotations

from pathlib import Path

from . import alarm_file, deadlines, readings_file, responses, roll_calls, run_cards


def begin(root: Path | None) -> list[str]:
    """Go by the files of `root` from now on; a sentence for a person about each that is wrong: the program's own stands in."""
    return [*deadlines.begin(root), *(others(root) if root else [])]


def others(root: Path) -> list[str]:
    """What is wrong with the files that are read without being begun with."""
    limits, cards = roll_calls.fault(root), run_cards.fault(root)
    return [sentence for sentence in (limits.sentence() if limits else "", cards, alarm_file.fault(root), *responses.faults(root), *readings_file.faults(root)) if sentence]


def check(root: Path) -> tuple[list[str], list[str]]:
    """Names of the files that are there, and a sentence about each that is wrong; what this process goes by does not change."""
    ours = (roll_calls.FILE, run_cards.NAME, alarm_file.NAME, readings_file.NAME, *responses.FILES)
    names = sorted(each.name for each in root.glob("*.toml") if deadlines.is_ours(each.name) or each.name in ours)
    return names, [*(fault.sentence() for fault in deadlines.faults(root)), *others(root)] if names else []
