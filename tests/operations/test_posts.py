"""A department's account touches its own department's cases in its own area; both tracks' histories stand in one record."""

from __future__ import annotations

from typing import Any

import pytest

from weihai_command.domain.faults import Refused, Unreachable
from weihai_command.domain.rights import Post
from weihai_command.feeds import kinto
from weihai_command.feeds.twin import TwinPlatform
from weihai_command.operations import acts, catalogue, queries, resolving, session, syncing
from weihai_command.operations.desk import Desk, Officer

PLACE = {"lon": 122.12, "lat": 37.5}


class Seat:
    """A platform that knows a department's account, until its line is cut."""

    groups: list[str] = []
    reachable = True

    def __init__(self, url: str, user: str, password: str) -> None: ...
    def wake(self) -> None: ...
    def close(self) -> None: ...

    def role_groups(self) -> list[str]:
        if not self.reachable:
            raise Unreachable("平台连不上")
        return [f"/buckets/city/groups/{name}" for name in self.groups]


def case(desk: Desk, department: str = "city") -> str:
    """A municipal case in 皇冠街道, sent to a department by an officer."""
    made = acts.report(desk, title="井盖缺失", type="manhole_missing", track="municipal", place="皇冠街道")
    acts.transition(desk, made.id, "verify", owner="officer")
    acts.transition(desk, made.id, "register")
    return acts.dispatch(desk, made.id, (), department=department).id


def sit(desk: Desk, post: Post | None, role: str = "department") -> None:
    desk.officer = Officer("officer", "李", role, post)


@pytest.mark.parametrize("post", [Post("gas"), Post("city", "371082"), Post(), None])
def test_other_departments_and_areas_are_left_alone(desk: Desk, post: Post | None) -> None:
    case_id = case(desk)
    sit(desk, post)
    for act in (
        lambda: acts.transition(desk, case_id, "accept"), lambda: acts.claim(desk, case_id), lambda: acts.edit(desk, case_id, {"phone": "1"}),
        lambda: acts.note(desk, case_id, "到了"),
    ):
        with pytest.raises(Refused) as told:
            act()
        assert told.value.code == "wrong_department"
    row = queries.record(desk, "incidents", case_id)
    assert row and row["state"] == "dispatched"
    assert {each["reason"] for each in queries.allowed(desk, row) if each["act"] in {"accept", "return", "claim"}} == {"不是本部门、本区域的案卷"}


@pytest.mark.parametrize("area", ["", "371000", "371072", "371072000"])
def test_the_own_case_goes_its_way(desk: Desk, area: str) -> None:
    case_id = case(desk)
    row = queries.record(desk, "incidents", case_id)
    assert row and catalogue.area_code(row["district"], row["town"]).startswith("371072")
    sit(desk, Post("city", area))
    assert acts.claim(desk, case_id).state == "dispatched"
    assert acts.transition(desk, case_id, "accept").state == "accepted"
    assert acts.note(desk, case_id, "到了").kind == "log"
    assert acts.transition(desk, case_id, "return", reason="不属本部门").state == "returned"
    back = queries.record(desk, "incidents", case_id)
    assert back and back.get("owner") is None and back["history"][-1]["revoked"] == "officer"
    with pytest.raises(Refused, match="值班员"):
        acts.dispatch(desk, case_id, (), department="gas")


def test_the_platform_says_where_an_account_is_posted_and_the_desk_remembers(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinto, "KintoPlatform", Seat)
    monkeypatch.setattr(Seat, "groups", ["department", "department-city", "area-371002"])
    assert session.sign_in(desk, "li", "right").post == Post("city", "371002")
    monkeypatch.setattr(Seat, "reachable", False)
    assert session.sign_in(desk, "li", "right").post == Post("city", "371002")
    monkeypatch.setattr(Seat, "reachable", True)
    monkeypatch.setattr(Seat, "groups", ["officer", "department-city"])
    assert session.sign_in(desk, "li", "right").post is None


@pytest.mark.parametrize(("answer", "track", "state"), [("resume", "municipal", "dispatched"), ("close", "emergency", "ended")])
def test_both_ways_out_of_a_promotion_with_both_histories(desk: Desk, answer: str, track: str, state: str) -> None:
    case_id = case(desk)
    acts.transition(desk, case_id, "promote")
    row = queries.record(desk, "incidents", case_id)
    assert row and row["track"] == "emergency" and row["frozen"]["state"] == "dispatched"
    (closing,) = [each for each in queries.allowed(desk, row) if each["act"] == "close"]
    assert closing["needs"] == ["outcome", "municipal"]
    with pytest.raises(Refused, match="市政案卷"):
        acts.transition(desk, case_id, "close", outcome="险情排除")
    acts.transition(desk, case_id, "close", outcome="险情排除", municipal=answer)
    syncing.sync(desk)
    after = queries.record(desk, "incidents", case_id)
    assert after and (after["track"], after["state"], after["sync"]) == (track, state, "synced")
    assert [line["act"] for line in after["history"]] == ["report", "verify", "register", "dispatch", "promote", "close"]
    assert (after.get("frozen") or {}).get("state") == (None if answer == "resume" else "closed")


@pytest.mark.parametrize("answer", ["resume", "close"])
def test_a_contested_closing_keeps_what_the_officer_said_of_the_case(desk: Desk, twin: TwinPlatform, answer: str) -> None:
    case_id = case(desk)
    acts.transition(desk, case_id, "promote")
    syncing.sync(desk)
    closing: Any = acts.transition(desk, case_id, "close", outcome="险情排除", municipal=answer)
    there = twin.get("incidents", case_id)
    assert there and twin.patch("incidents", case_id, {"phone": "x"}, there["last_modified"], "stranger").status == "applied"
    assert syncing.sync(desk).conflicts == 1
    resolving.resolve(desk, closing.op_id, "mine")
    syncing.sync(desk, wake=True)
    after = twin.get("incidents", case_id)
    assert after and after["state"] == ("dispatched" if answer == "resume" else "ended") and after["phone"] == "x"
