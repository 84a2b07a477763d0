"""Scripts can drive a desk: every act of the tables has a `do` verb, and both tracks are walked whole by the command line alone."""

from __future__ import annotations

from typing import Any

import pytest

from weihai_command.cli.parser import INCIDENT_ACTS
from weihai_command.domain import lifecycle, unit_lifecycle

#: act of the unit's table → its words on the command line, after the unit.
UNIT_VERBS = {
    "on_duty": ("status", "available"), "off_duty": ("status", "unavailable", "--reason", "检修"), "assign": ("status", "assigned"),
    "unassign": ("status", "available"), "acknowledge": ("status", "dispatched"), "start": ("status", "en_route"), "arrive": ("status", "on_scene"),
    "release": ("status", "returning"), "back": ("status", "available"), "dispatch": ("dispatch",), "move": ("move",),
}
PLACE = ("--lon", "122.12", "--lat", "37.5")


def test_every_act_of_the_tables_has_a_verb(alone: Any) -> None:
    done = alone.run("do", "--help")
    verbs = {line.split()[0] for line in done.stdout.splitlines() if line.startswith("    ") and line.split()}
    assert {row.act for row in lifecycle.TABLE} <= verbs
    assert {act for act, *_ in unit_lifecycle.TABLE} == set(UNIT_VERBS) and {words[0] for words in UNIT_VERBS.values()} <= verbs


def test_every_need_can_be_given() -> None:
    """By the verb itself, by `edit --set`, or by another act; `claim` gives the officer himself."""
    elsewhere = {"title", "no_unit"}
    for row in lifecycle.TABLE:
        if row.act in {"report", "dispatch", "claim"}:
            continue
        options = {option.rstrip("!") for option in INCIDENT_ACTS[row.act][1]}
        assert set(row.needs) - elsewhere <= options, row.act


class Script:
    """Runs `do` and remembers which act of the table it was, by the history that it left."""

    def __init__(self, seat: Any) -> None:
        self.seat, self.walked = seat, set()

    def report(self, title: str, *words: str) -> str:
        return str(self.seat.do("report", "--title", title, *words)["number"])

    def go(self, number: str, act: str, *words: str, to: str, code: int = 0) -> None:
        told = self.seat.do(act, number, *words, code=code)
        if code:
            assert told["error"] and told["code"] == to and told["kept"] == "没有改动"
            return
        assert told["state"] == to and told["op_id"] and told["kind"] == "incidents", (act, told)
        (row,) = self.seat.rows("incidents", "--where", f"number={number}")
        assert row["history"][-1]["act"] == act and row["history"][-1]["to"] == to
        self.walked.add((str(row["history"][-1]["act"]), str(row["history"][-1]["from"]), to))


def test_both_tracks_from_end_to_end_by_the_command_line_alone(alone: Any) -> None:
    script = Script(alone)
    _municipal(script)
    _emergency(script)
    _between(script)
    assert {act for act, _, _ in script.walked} == {row.act for row in lifecycle.TABLE} - {"report"} - {"exempt"}


def _municipal(script: Script) -> None:
    number = script.report("井盖缺失", "--track", "municipal")
    script.go(number, "register", to="wrong_state", code=1)
    script.go(number, "verify", to="missing_fields", code=1)
    script.go(number, "verify", "--owner", "officer", to="verifying")
    script.go(number, "register", to="missing_fields", code=1)
    script.go(number, "register", "--type", "manhole_missing", "--place", "皇冠街道", to="registered")
    script.go(number, "dispatch", to="missing_fields", code=1)
    script.go(number, "dispatch", "--department", "gas", to="dispatched")
    script.go(number, "claim", to="dispatched")
    script.go(number, "return", "--reason", "不属本部门", to="returned")
    script.go(number, "dispatch", "--department", "city", to="dispatched")
    script.go(number, "accept", to="accepted")
    script.go(number, "handle", to="handling")
    script.go(number, "suspend", "--reason", "等料", "--until", "2030-01-01T08:00:00+08:00", to="suspended")
    script.go(number, "resume", to="handling")
    script.go(number, "finish", "--result", "已补", to="handled")
    script.go(number, "close", "--outcome", "合格", to="wrong_state", code=1)
    script.go(number, "check", to="checking")
    script.go(number, "rework", "--reason", "不平", to="handling")
    script.go(number, "finish", "--result", "已平", to="handled")
    script.go(number, "check", to="checking")
    script.go(number, "close", "--outcome", "合格", to="closed")
    script.go(number, "claim", to="incident_ended", code=1)
    for act, state in (("reject", "rejected"), ("cancel", "cancelled"), ("force_close", "force_closed")):
        script.go(script.report("乱停车", "--track", "municipal"), act, "--reason", "误报", to=state)


def _emergency(script: Script) -> None:
    seat = script.seat
    first, second = script.report("甲火情"), script.report("乙火情", "--type", "fire_house", "--priority", "1", *PLACE)
    script.go(first, "queue", to="missing_fields", code=1)
    script.go(first, "queue", "--type", "fire_house", "--priority", "1", "--place", "皇冠街道", to="queued")
    script.go(first, "monitor", "--reason", "待核", to="monitored")
    script.go(first, "claim", to="monitored")
    unit, other = seat.rows("units", "--where", "state=available")[:2]
    script.go(first, "dispatch", unit["name"], to="active")
    script.go(first, "close", "--outcome", "完", to="units_committed", code=1)
    script.go(first, "demote", to="units_committed", code=1)
    _unit(seat, unit["name"], other["name"], second)
    script.go(first, "merge", "--parent", first, to="own_parent", code=1)
    script.go(first, "merge", "--parent", second, to="ended")
    seat.do("status", unit["name"], "returning")
    script.go(second, "close", "--outcome", "已扑灭", to="ended")


def _unit(seat: Any, name: str, other: str, second: str) -> None:
    """The dispatched unit's whole way, on to the second incident; the other one's comings and goings."""
    for act in ("acknowledge", "start", "arrive"):
        verb, state, *more = UNIT_VERBS[act]
        assert seat.do(verb, name, state, *more)["state"] == state
    assert seat.do("move", name, second)["state"] == "active"
    assert seat.do("status", name, "assigned", code=1)["code"] == "wrong_state"
    for act in ("assign", "unassign", "off_duty", "on_duty"):
        verb, state, *more = UNIT_VERBS[act]
        assert seat.do(verb, other, state, *more)["state"] == state
    assert seat.do("status", other, "unavailable", code=1)["code"] == "missing_fields"


def _between(script: Script) -> None:
    """Promotion and demotion, and both ways out of an emergency that was a case."""
    for answer, state in (("resume", "reported"), ("close", "ended")):
        number = script.report("路面塌陷", "--track", "municipal")
        script.go(number, "promote", to="new")
        script.go(number, "close", "--outcome", "完", to="missing_fields", code=1)
        script.go(number, "close", "--outcome", "完", "--municipal", answer, to=state)
    number = script.report("路面塌陷", "--track", "municipal")
    script.go(number, "promote", to="new")
    script.go(number, "demote", to="reported")
    script.go(number, "force_close", "--reason", "重复", to="force_closed")


@pytest.mark.parametrize("words", [("suspend", "应0417"), ("return", "应0417"), ("force_close", "应0417"), ("finish", "应0417"), ("merge", "应0417"), ("close", "应0417")])
def test_what_a_verb_always_needs_is_wrong_usage_without(alone: Any, words: tuple[str, ...]) -> None:
    assert alone.do(*words, code=2)["error"]
