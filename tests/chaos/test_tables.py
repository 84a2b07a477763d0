"""What the judge takes for a broken rule, on versions written by hand."""

from __future__ import annotations

from typing import Any

import pytest

from weihai_command.chaos.tables import broken

REPORTED = {"act": "report", "from": "", "to": "new", "op": "a"}
QUEUED = {"act": "queue", "from": "new", "to": "queued", "op": "b"}
CLAIMED = {"act": "claim", "from": "queued", "to": "queued", "op": "c"}
CLOSED = {"act": "close", "from": "queued", "to": "ended", "op": "d"}


def _incident(state: str, *history: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"track": "emergency", "state": state, "history": list(history), **more}


def _unit(state: str, assignment: str | None = None) -> dict[str, Any]:
    return {"state": state, "assignment_id": assignment}


@pytest.mark.parametrize(("before", "after"), [
    (None, _incident("new", REPORTED)),
    (_incident("new", REPORTED), _incident("queued", REPORTED, QUEUED)),
    (_incident("queued", REPORTED, QUEUED), _incident("ended", REPORTED, QUEUED, CLAIMED, CLOSED)),
    (_incident("queued"), _incident("queued", phone="110")),
])
def test_what_the_table_of_incidents_allows(before: dict[str, Any] | None, after: dict[str, Any]) -> None:
    assert broken("incidents", before, after, is_undo=False) == []


@pytest.mark.parametrize(("before", "after", "words"), [
    (_incident("new", REPORTED), _incident("queued", QUEUED), "rewritten"),
    (_incident("new", REPORTED), _incident("ended", REPORTED), "without a line"),
    (_incident("ended", CLOSED), _incident("ended", CLOSED, unit_ids=["u"]), "given to an ended"),
    (_incident("queued"), _incident("ended", CLOSED, unit_ids=["u"]), "with units"),
    (_incident("new", REPORTED), _incident("ended", REPORTED, CLOSED), "a line says queued where new"),
    (_incident("ended"), _incident("queued", {"act": "queue", "from": "ended", "to": "queued"}), "not in the table"),
    (_incident("new"), _incident("ended", {"act": "queue", "from": "new", "to": "ended"}), "leads to queued"),
])
def test_what_the_table_of_incidents_forbids(before: dict[str, Any], after: dict[str, Any], words: str) -> None:
    assert words in " ".join(broken("incidents", before, after, is_undo=False))


def test_what_was_put_back_is_told_and_nobody_else_may_tell_it() -> None:
    back = _incident("queued", REPORTED, QUEUED, CLOSED, {"act": "undo", "from": "ended", "to": "queued", "op": "e"})
    closed = _incident("ended", REPORTED, QUEUED, CLOSED)
    assert broken("incidents", closed, back, is_undo=True) == []
    assert "not in the table" in " ".join(broken("incidents", closed, back, is_undo=False))
    assert broken("incidents", closed, _incident("new", *back["history"]), is_undo=True)


def test_units_follow_their_way_and_hold_one_lock() -> None:
    assert broken("units", _unit("available"), _unit("dispatching", "a"), is_undo=False) == []
    assert broken("units", _unit("dispatched", "a"), _unit("on_scene", "a"), is_undo=False) == []
    assert broken("units", _unit("on_scene", "a"), _unit("dispatching", "b"), is_undo=False) == []
    assert "while returning" in " ".join(broken("units", _unit("returning"), _unit("dispatching", "b"), is_undo=False))
    assert "another assignment" in " ".join(broken("units", _unit("on_scene", "a"), _unit("on_scene", "b"), is_undo=False))
    assert "committed to nothing" in " ".join(broken("units", _unit("available"), _unit("on_scene"), is_undo=False))
    assert broken("units", _unit("on_scene", "a"), _unit("dispatched", "a"), is_undo=False)
    assert broken("units", _unit("returning"), _unit("on_scene", "a"), is_undo=True) == []


def test_log_entries_stay_and_a_released_assignment_stays_released() -> None:
    assert broken("log", None, {"text": "到场"}, is_undo=False) == []
    assert broken("log", {"text": "到场"}, {"text": "离场"}, is_undo=False)
    assert broken("assignments", {"state": "released"}, {"state": "on_scene"}, is_undo=False)
    assert broken("assignments", {"state": "on_scene"}, {"state": "released"}, is_undo=False) == []
