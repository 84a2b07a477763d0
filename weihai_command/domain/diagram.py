"""The state tables as Mermaid diagrams, so that the picture in the README cannot say anything else than the rules.

`python -m weihai_command.domain.diagram` prints the section between its markers.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from .incident import EMERGENCY, FINAL, MUNICIPAL
from .lifecycle import EMERGENCY_OPEN, MUNICIPAL_OPEN, SUSPENDABLE, TABLE, Transition
from .unit_lifecycle import TABLE as UNIT_TABLE
from .words import ACTS, NEEDS, ROLES, STATES, TRACKS, UNIT_ACTS, UNIT_STATES

BEGIN, END = "<!-- tables:begin -->", "<!-- tables:end -->"
_OPEN = {EMERGENCY: EMERGENCY_OPEN, MUNICIPAL: MUNICIPAL_OPEN}
#: Targets that depend on the incident, as the other track or the state itself.
_ELSEWHERE = {"*emergency": "应急", "*municipal": "市政"}


def section() -> str:
    """The README's part between the markers, with them."""
    parts = [f"**{TRACKS[track]}** (`{track}`)\n\n{fenced(incident_lines(track))}" for track in (EMERGENCY, MUNICIPAL)]
    parts.append(f"**力量** (`unit`)\n\n{fenced(unit_lines())}")
    return "\n\n".join((BEGIN, *parts, END))


def fenced(lines: Iterable[str]) -> str:
    return "\n".join(("```mermaid", "stateDiagram-v2", *(f"    {line}" for line in lines), "```"))


def incident_lines(track: str) -> Iterator[str]:
    """What leaves every open state is drawn once, from a box that stands for them all."""
    rows = [row for row in TABLE if row.track == track]
    for state in (*_OPEN[track], *sorted(FINAL[track])):
        yield f'state "{STATES[state]} {state}" as {state}'
    yield 'state "任何未结状态" as open'
    for row in rows:
        yield from _edges(row)
    yield from (f"{state} --> [*]" for state in sorted(FINAL[track]))


def unit_lines() -> Iterator[str]:
    for state in dict.fromkeys(state for _, sources, target in UNIT_TABLE for state in (*sources, target)):
        yield f'state "{UNIT_STATES[state]} {state}" as {state}'
    for act, sources, target in UNIT_TABLE:
        yield from (f"{source} --> {target}: {UNIT_ACTS[act]} {act}" for source in sources)


def _is_from_all(row: Transition) -> bool:
    return set(row.sources) >= set(_OPEN[row.track])


def _edges(row: Transition) -> Iterator[str]:
    label = f"{ACTS[row.act]} {row.act}（{_about(row)}）"
    for source in ("open",) if _is_from_all(row) else row.sources:
        for target in _targets(row, source):
            yield f"{'[*]' if source == '-' else source} --> {target}: {label}"


def _targets(row: Transition, source: str) -> tuple[str, ...]:
    if row.target == "*before":
        return SUSPENDABLE
    if row.target == "*same":
        return (source,)
    return (_ELSEWHERE.get(row.target, row.target),)


def _about(row: Transition) -> str:
    roles, needs = "、".join(ROLES[role] for role in row.roles), "、".join(NEEDS[need] for need in row.needs)
    return f"{roles}；{needs}" if needs else roles


if __name__ == "__main__":
    sys.stdout.write(section() + "\n")
