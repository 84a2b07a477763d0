"""Two desks work apart on units, moves, merges and both tracks, then meet in any order: no illegal state, the same end everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from tests.sync.test_campaign import DESKS, FIRE, GAS, POLICE, Campaign, _city
from weihai_command.domain import lifecycle, unit_lifecycle
from weihai_command.domain.incident import FINAL
from weihai_command.domain.unit import COMMITTED
from weihai_command.operations import acts, queries
from weihai_command.operations.desk import Desk, Officer

FLOOD, CASE = "22222222-0000-4000-8000-000000000002", "22222222-0000-4000-8000-000000000003"
PLACE = {"lon": 122.12, "lat": 37.5}
EMERGENCIES = st.sampled_from([GAS, FLOOD])
ALL = st.sampled_from([GAS, FLOOD, CASE])
ACTS = sorted({row.act for row in lifecycle.TABLE} - {"report", "dispatch", "merge"})
GIVEN = {"reason": "r", "outcome": "o", "result": "x", "until": "2026-08-01T08:00:00+08:00", "municipal": "resume", "owner": "wang"}
UNIT_STATES = {state for _, sources, end in unit_lifecycle.TABLE for state in (*sources, end)}
WAYS = {(row.act, source) for row in lifecycle.TABLE for source in row.sources}


class TwoDesks(Campaign):
    """What Campaign does to one incident, done to three and to their units, by officers who play every part."""

    def _desk(self, folder: Path, user: str) -> Desk:
        made = super()._desk(folder, user)
        made.officer = Officer(user, user, "exercise")
        return made

    @rule(n=DESKS, incident=ALL, act=st.sampled_from(ACTS))
    def act(self, n: int, incident: str, act: str) -> None:
        self._act(n, lambda: acts.transition(self.desks[n], incident, act, **GIVEN))

    @rule(n=DESKS, department=st.sampled_from(["city", "gas"]))
    def send_to_department(self, n: int, department: str) -> None:
        self._act(n, lambda: acts.dispatch(self.desks[n], CASE, (), department=department))

    @rule(n=DESKS, incident=EMERGENCIES, units=st.sampled_from([[FIRE], [POLICE], [FIRE, POLICE]]))
    def send(self, n: int, incident: str, units: list[str]) -> None:
        self._act(n, lambda: acts.dispatch(self.desks[n], incident, units))

    @rule(n=DESKS, unit=st.sampled_from([FIRE, POLICE]), incident=ALL)
    def move(self, n: int, unit: str, incident: str) -> None:
        self._act(n, lambda: acts.move(self.desks[n], unit, incident))

    @rule(n=DESKS, pair=st.sampled_from([(GAS, FLOOD), (FLOOD, GAS)]))
    def merge(self, n: int, pair: tuple[str, str]) -> None:
        self._act(n, lambda: acts.transition(self.desks[n], pair[0], "merge", parent=pair[1]))

    def _settle_all(self) -> None:
        super()._settle_all()
        units = {row["id"]: row for row in queries.rows(self.desks[0], "units")}
        incidents = {row["id"]: row for row in queries.rows(self.desks[0], "incidents")}
        for row in incidents.values():
            self._in_the_tables(row)
        for unit in units.values():
            assert unit["state"] in UNIT_STATES
            listed = [row["id"] for row in incidents.values() if unit["id"] in (row.get("unit_ids") or ())]
            committed = [unit["incident_id"]] if unit["state"] in COMMITTED else []
            assert listed == committed, (unit["name"], unit["state"])
        self._each_assignment_ends_once(units)

    def _in_the_tables(self, row: dict[str, Any]) -> None:
        assert row["state"] in {*FINAL[row["track"]], *lifecycle.EMERGENCY_OPEN, *lifecycle.MUNICIPAL_OPEN}
        lines = row.get("history") or []
        for before, line in zip([None, *lines], lines, strict=False):
            assert before is None or before["to"] == line["from"], lines
            assert line["act"] in {"report", "undo"} or (line["act"], line["from"]) in WAYS, line
        assert not lines or lines[-1]["to"] == row["state"]
        assert len({(line["op"], line["act"]) for line in lines}) == len(lines), "an act stands twice in a history"

    def _each_assignment_ends_once(self, units: dict[str, dict[str, Any]]) -> None:
        for row in queries.rows(self.desks[0], "assignments"):
            unit = units[row["unit_id"]]
            is_running = row["state"] in COMMITTED
            assert is_running == (unit.get("assignment_id") == row["id"]) == (not row.get("ended_at")), row
            assert sum(step["state"] in {"released", "returning"} for step in row.get("steps") or ()) <= 1


def _three() -> list[tuple[str, dict[str, Any]]]:
    case = {"track": "municipal", "state": "registered", "type": "manhole_missing", "priority": "normal", "history": [], **PLACE}
    return [
        *_city(),
        ("incidents", {"id": FLOOD, "number": "应0002A", "title": "道路积水", "track": "emergency", "state": "queued", "type": "road_flooding",
                       "priority": "high", "history": [], **PLACE}),
        ("incidents", {"id": CASE, "number": "案0003A", "title": "井盖缺失", **case}),
    ]


#: A failure is told as it was found: shrinking it takes minutes.
NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)


@pytest.mark.slow
def test_two_desks_apart(servers: Any) -> None:
    machine = type("Apart", (TwoDesks,), {"servers": servers, "cities": staticmethod(_three)})
    run_state_machine_as_test(machine, settings=settings(max_examples=12, stateful_step_count=25, deadline=None, phases=NO_SHRINKING))
