"""What sources of warnings say, in our words: kinds of resources/words/warning_kinds.toml, colours, districts."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

from weihai_command.domain.warning import Kind, colour_of, districts_of, kind_of

from .mapping import BadField, time_of

FILE = "warning_kinds.toml"


@cache
def kinds() -> tuple[Kind, ...]:
    """In the order in which a headline is asked."""
    table = tomllib.loads((files("resources") / "words" / FILE).read_text("utf-8"))
    return tuple(Kind(code, row["name"], tuple(row["words"]), tuple(row["codes"])) for code, row in table.items())


def described(headline: str, event: str, codes: Iterable[str], colours: Iterable[str], severity: str) -> dict[str, Any]:
    """`kind` and `colour` as far as the source lets them be known."""
    text = f"{event} {headline}"
    found = {"kind": kind_of(text, codes, kinds()), "colour": colour_of(colours, text, severity)}
    return {name: value for name, value in found.items() if value}


def placed(text: str, codes: Iterable[str]) -> dict[str, Any]:
    """`geocodes` and the city's `districts` among them."""
    known = [code for code in codes if code]
    found = {"geocodes": known, "districts": list(districts_of(text, known))}
    return {name: value for name, value in found.items() if value}


def exact_time(name: str, text: str) -> str:
    """ISO 8601 of a time that says its offset; warnings of two sources are compared to the minute. Raises BadField."""
    value = text.strip()
    if not value.endswith(("Z", "z")) and "+" not in value[10:] and "-" not in value[10:]:
        raise BadField(name, f"“{value[:40]}”没有写明时区")
    return time_of(name, value)
