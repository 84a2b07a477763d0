"""Messages without an owner, what their words suggest, and the incidents that they repeat."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from tests.operations.conftest import GAS, START
from weihai_command.domain import similarity
from weihai_command.domain.faults import Refused
from weihai_command.domain.foreign import moment
from weihai_command.domain.incident import Incident
from weihai_command.domain.record import read
from weihai_command.operations import acts, catalogue, deadlines, intake, queries
from weihai_command.operations.desk import Desk
from weihai_command.store import mirror, outbox


def reported(desk: Desk, title: str, **more: object) -> str:
    return acts.report(desk, title=title, source="hotline_12345", **more).id  # type: ignore[arg-type]


def test_messages_of_all_sources_wait_newest_first_with_their_deadline(desk: Desk) -> None:
    first = reported(desk, "路灯不亮", type="street_lamp")
    second = acts.report(desk, title="海边有人落水", source="public").id
    rows = intake.intake(desk)
    assert [row["id"] for row in rows] == [second, first] and not any(row["late"] for row in rows)
    assert 0 <= rows[0]["waiting_s"] < rows[1]["waiting_s"] and rows[0]["accept_by"] > rows[0]["reported_at"]
    acts.claim(desk, second)
    assert [row["id"] for row in intake.intake(desk)] == [first]


def test_a_message_has_until_its_first_stage_is_over(desk: Desk) -> None:
    now, rules = desk.clock(), deadlines.rules()
    told = {"state": "reported", "reported_at": (now - timedelta(minutes=14)).isoformat()}
    found = intake._waiting(told, now, rules)
    assert found["waiting_s"] == 840 and not found["late"] and found["accept_by"] == (now + timedelta(minutes=1)).isoformat(timespec="seconds")
    assert intake._waiting({**told, "state": "new"}, now, rules)["late"], "an emergency's first stage is shorter"
    assert intake._waiting({**told, "due_at": (now - timedelta(minutes=1)).isoformat()}, now, rules)["late"], "what it came with goes first"
    none = intake._waiting({"state": "new", "reported_at": "soon"}, now, rules)
    assert (none["waiting_s"], none["accept_by"], none["late"]) == (None, None, False)


def test_the_limit_of_a_message_is_the_one_of_the_desks_own_file(desk: Desk) -> None:
    one = reported(desk, "路灯不亮", type="street_lamp")
    (desk.profile.root / "deadlines.toml").write_text("[stage]\nintake = { amount = 2, unit = \"urgent\" }\n", encoding="utf-8")
    deadlines.forget()
    two = reported(desk, "路灯又不亮", type="street_lamp")
    rows = {row["id"]: row for row in intake.intake(desk)}
    spans = [moment(rows[each]["accept_by"]) - moment(rows[each]["reported_at"]) for each in (one, two)]
    assert [span.total_seconds() / 60 for span in spans] == [15, 120]


def test_a_narrative_suggests_all_parts_with_their_reasons() -> None:
    found = intake.suggested_text("皇冠街道饭店闻到燃气味", "后厨，两人被困")
    assert found["types"][0]["value"] == "gas_leak" and found["types"][0]["word"] == "燃气泄漏" and found["types"][0]["reasons"]
    assert found["priority"]["value"] == "urgent" and found["grade"]["value"] == 4
    place, = found["places"]
    assert place["place"]["town"] == "皇冠街道" and place["place"]["radius_m"] > 0 and "level" not in place["place"]


def test_taking_fills_what_is_lacking_and_nothing_else(desk: Desk) -> None:
    one = reported(desk, "皇冠街道饭店闻到燃气味，两人被困", priority="low")
    acts.claim(desk, one)
    before = len(outbox.acts(desk.store))
    intake.take(desk, one)
    row = queries.record(desk, "incidents", one) or {}
    assert (row["type"], row["priority"], row["grade"], row["town"]) == ("gas_leak", "low", 4, "皇冠街道") and row["radius_m"] > 0
    assert len(outbox.acts(desk.store)) == before + 1
    done = outbox.acts(desk.store)[-1].op_id
    assert intake.take(desk, one, op_id=done).op_id == done and len(outbox.acts(desk.store)) == before + 1
    with pytest.raises(Refused) as caught:
        intake.take(desk, one)
    assert caught.value.code == "nothing_suggested"


def test_an_ambiguous_place_is_listed_and_never_taken(desk: Desk) -> None:
    one = reported(desk, "河西村着火，房屋冒浓烟")
    found = intake.suggested(desk, one)
    assert found["places"][0]["place"] is None and len(found["places"][0]["candidates"]) > 1
    intake.take(desk, one)
    row = queries.record(desk, "incidents", one) or {}
    assert row["type"] == "fire_house" and row.get("lon") is None and row.get("place") is None


def test_the_same_thing_told_again_is_offered_and_joined_in_one_act(desk: Desk) -> None:
    again = reported(desk, "沿街商铺燃气泄漏", type="gas_leak", lon=122.121, lat=37.5)
    found, = intake.similar(desk, again)
    # The first one has no time of its report: distance and type speak for it.
    assert found["id"] == GAS and found["number"] == "应0001A" and found["distance_m"] < 200 and "同类型" in found["reasons"]
    before = len(outbox.acts(desk.store))
    assert intake.join(desk, again, GAS).state == "ended"
    assert len(outbox.acts(desk.store)) == before + 1 and (queries.record(desk, "incidents", again) or {})["parent"] == GAS


def test_a_repetition_shows_before_type_and_place_are_filled_in(desk: Desk) -> None:
    one = reported(desk, "羊亭镇路灯不亮")
    intake.take(desk, one)
    again = reported(desk, "羊亭镇路灯不亮，天黑看不清")
    assert [row["id"] for row in intake.similar(desk, again)] == [one]
    assert (queries.record(desk, "incidents", again) or {}).get("type") is None


def test_a_municipal_repetition_is_rejected_with_its_reason(desk: Desk) -> None:
    one, two = (reported(desk, title, type="street_lamp", lon=122.1, lat=37.4) for title in ("路灯不亮", "路灯还是不亮"))
    assert [row["id"] for row in intake.similar(desk, two)] == [one]
    assert intake.join(desk, two, one).state == "rejected"
    row = queries.record(desk, "incidents", two) or {}
    assert row["parent"] == one and "重复" in row["reason"]
    with pytest.raises(Refused):
        intake.join(desk, one, one)


def test_what_is_being_written_is_compared_too(desk: Desk) -> None:
    draft = {"title": "闻到燃气泄漏的味道", "type": "gas_leak", "lon": 122.12, "lat": 37.5}
    assert [row["id"] for row in intake.similar_draft(desk, draft)] == [GAS]
    assert [row["id"] for row in intake.similar_draft(desk, {"title": "燃气泄漏", "type": "gas_leak"})] == [GAS]
    assert intake.similar_draft(desk, {"title": "燃气泄漏"}) == []


def test_of_hundreds_around_the_likest_are_offered_as_if_all_were_compared(desk: Desk) -> None:
    draw = random.Random(4)
    made = [
        {"id": f"n-{n}", "last_modified": n + 1, "title": "燃气泄漏", "type": draw.choice(["gas_leak", "noise", "fire_house", None]), "state": "queued",
         "lon": 122.12 + draw.uniform(-0.06, 0.06), "lat": 37.5 + draw.uniform(-0.05, 0.05), "reported_at": (START - timedelta(minutes=draw.randrange(3_000))).isoformat()}
        for n in range(400)
    ]  # fmt: skip
    mirror.apply(desk.store, "incidents", made)
    draft = {"title": "燃气泄漏", "lon": 122.12, "lat": 37.5}
    kinds = {code: each.category for code, each in catalogue.incident_types().items()}
    for kind in ("gas_leak", None):
        found = intake.similar_draft(desk, {**draft, "type": kind})
        subject = Incident("", "燃气泄漏", type=kind, lon=122.12, lat=37.5, reported_at=desk.clock().isoformat(timespec="seconds"))
        every = similarity.similar(subject, [read(Incident, row) for row in queries.rows(desk, "incidents")], kinds)
        assert len(found) == 5 and [row["id"] for row in found] == [each.incident_id for each in every]


def test_suggestions_of_the_whole_intake_are_rows(desk: Desk) -> None:
    one = reported(desk, "羊亭镇路灯不亮")
    row = next(row for row in intake.suggestions(desk) if row["id"] == one)
    assert row["type"] == "street_lamp" and row["place"] == ["羊亭镇"] and row["reason"]


def test_what_is_not_there_suggests_nothing(desk: Desk) -> None:
    assert intake.suggested(desk, "nobody") == {} and intake.similar(desk, "nobody") == []
    with pytest.raises(Refused):
        intake.take(desk, "nobody")
