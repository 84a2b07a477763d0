"""The names that the keyboard line completes: incidents, units, places, types, departments, with their pinyin initials. Made off the window's thread."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from threading import Lock

from weihai_command.domain.foreign import one_line
from weihai_command.domain.names import Joined, Name, Names
from weihai_command.domain.words import PRIORITIES
from weihai_command.operations import catalogue

from . import words
from .incident_rows import IncidentRow
from .incident_table import IncidentTable
from .initials import initials
from .unit_rows import UnitRow

_SERIES = {"应": "y", "案": "a"}
_DIGITS = re.compile(r"\d+")
_SHORT = re.compile(r"(街道|镇)$")
_URGENCY = {"1": "最急", "2": "急", "3": "一般", "4": "不急"}
_FREE = ("available", "assigned")
#: A note is one line of a narrow list.
NOTE = 60


def incident_name(row: IncidentRow) -> Name:
    """An incident by its number, the digits of it with and without leading noughts, and the series' initial."""
    number = one_line(row.number, 20) or row.id
    digits = _DIGITS.search(number)
    also = (digits[0], digits[0].lstrip("0")) if digits else ()
    note = " · ".join(part for part in (one_line(row.title, NOTE), row.place if row.place not in row.title else "") if part)
    return Name(row.id, number, note, _SERIES.get(number[:1], "") and _SERIES[number[:1]] + number[1:], row.track, also=also)


def unit_names(units: Iterable[UnitRow], numbers: dict[str, str]) -> Names:
    """Free units first; the note says the state and the incident (`numbers` by id)."""
    ordered = sorted(units, key=lambda row: (row.state not in _FREE, row.name))
    return Names(
        Name(row.id, one_line(row.name, 20) or row.id, " · ".join(part for part in (row.word, numbers.get(row.incident_id, ""), row.note) if part),
             initials(row.name), row.state, row.incident_id)
        for row in ordered
    )


@cache
def fixed_names() -> dict[str, Names]:
    """What does not change while the desk is open: places, types, departments, priorities."""
    return {
        "place": Names(Name(full, name, lies, initials(name), also=tuple({full, _SHORT.sub("", name)} - {name}))
                       for full, name, lies in catalogue.place_names()),
        "type": Names(Name(code, word, code, initials(word), also=(code,)) for code, word in words.incident_types().items()),
        "department": Names(Name(code, word, "部门", initials(word), also=(code,)) for code, word in words.departments()),
        "priority": Names(Name(digit, digit, _URGENCY.get(digit, ""), also=(code,)) for code, digit in PRIORITIES.items()),
        "municipal": Names((Name("resume", "恢复办理", "市政案卷接着办", "hfbl"), Name("close", "一并结案", "市政案卷同时结案", "ybja"))),
    }


class IncidentNames:
    """The names of a table's incidents; a row that was named before is not named again."""

    def __init__(self) -> None:
        self._named: dict[str, tuple[IncidentRow, Name]] = {}
        self._table: IncidentTable | None = None
        self._names = Names()
        self._lock = Lock()

    def of(self, table: IncidentTable) -> Names:
        """By urgency; readers that come together wait for each other."""
        with self._lock:
            if table is not self._table:
                self._read(table)
            return self._names

    def _read(self, table: IncidentTable) -> None:
        rows, known = (table.rows[place] for place in table.shown("all", "")), self._named
        self._named = {row.id: known[row.id] if row.id in known and known[row.id][0] is row else (row, incident_name(row)) for row in rows if row}
        self._names, self._table = Names(name for _, name in self._named.values()), table


def all_names(known: Names, units: Iterable[UnitRow]) -> dict[str, Names]:
    """Names by kind, `known` the incidents; `where` is everything that has a place."""
    crews = unit_names(units, {name.code: name.word for name in known.items})
    fixed = fixed_names()
    return {**fixed, "incident": known, "unit": crews, "where": Joined(fixed["place"], known, crews)}
