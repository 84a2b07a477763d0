from __future__ import annotations

import pytest

from weihai_command.domain.amending import chains, may_amend


def row(id_, second, amends=None):
    return {"id": id_, "at": f"2026-07-16T16:00:{second:02d}+08:00", "text": id_, "amends": amends}


def test_a_chain_holds_corrections_of_corrections_in_order_of_time():
    (chain,) = chains([row("c", 3, "b"), row("a", 1), row("d", 4, "a"), row("b", 2, "a")])
    assert (chain.first["id"], [each["id"] for each in chain.amendments], chain.last["id"]) == ("a", ["b", "c", "d"], "d")
    assert [each["id"] for each in chain.earlier] == ["c", "b", "a"]


def test_none_is_lost_in_rings_and_of_entries_that_are_not_here():
    found = chains([row("a", 1, "b"), row("b", 2, "a"), row("c", 3, "gone"), row("d", 4, "d")])
    assert sorted(chain.first["id"] for chain in found) == ["a", "b", "c", "d"]


@pytest.mark.parametrize(("kind", "by", "role", "may"), [
    ("note", "wang", "officer", True), ("note", "li", "officer", False), ("phone", "li", "shift_leader", True), ("edit", "wang", "shift_leader", False),
    ("signature", "wang", "shift_leader", False), ("handover", "wang", "officer", True),
])
def test_who_corrects_what(kind, by, role, may):
    assert may_amend({"kind": kind, "by": by}, "wang", role) is may
