"""What is in force, what lies inside, what is proposed, and how a response runs: online, offline, twice, taken back."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.operations.conftest import FIRE, GAS
from weihai_command.domain.faults import Refused, Usage
from weihai_command.feeds.twin import TwinPlatform
from weihai_command.operations import acts, queries, resolving, responding, responses, syncing, warnings
from weihai_command.operations.desk import Desk
from weihai_command.operations.warning_area import borders
from weihai_command.store import mirror

RAIN = "33333333-0000-4000-8000-000000000001"


def put(desk: Desk, twin: TwinPlatform, **fields: Any) -> None:
    """A warning of the platform, sent an hour before the desk's clock, brought to the desk."""
    now = datetime.fromisoformat(desk.now())
    times = {"sent": (now - timedelta(hours=1)).isoformat(), "expires": (now + timedelta(hours=5)).isoformat()}
    twin.load([("warnings", {"id": RAIN, "title": "荣成市气象台发布暴雨橙色预警", "colour": "orange", "districts": ["荣成市"], **times, **fields})])
    syncing.sync(desk)


@pytest.fixture
def warned(desk: Desk, twin: TwinPlatform) -> Desk:
    put(desk, twin)
    return desk


def test_the_warning_in_force_with_level_plan_and_kind_from_its_title(warned: Desk) -> None:
    (row,) = warnings.in_force(warned)
    assert (row["kind"], row["level"], row["plan"], row["state"], row["here"]) == ("rainstorm", 2, "暴雨应急预案", "in_force", True)
    assert 0 < row["left_s"] <= 5 * 3600 and row["incident"] is None


def test_it_ends_by_itself_and_is_told_as_ended_today(warned: Desk) -> None:
    later = warned.clock() + timedelta(hours=5, minutes=1)
    warned.clock = lambda: later
    found = warnings.overview(warned)
    assert not found.now and [(each.id, each.state) for each in found.over] == [(RAIN, "expired")]
    tomorrow = later + timedelta(days=1)
    warned.clock = lambda: tomorrow
    assert not warnings.overview(warned).over
    with pytest.raises(Refused, match="已到期"):
        responding.respond(warned, RAIN)


def test_a_test_message_is_counted_and_never_shown(desk: Desk, twin: TwinPlatform) -> None:
    put(desk, twin, status="Test")
    found = warnings.overview(desk)
    assert (found.now, found.over, found.tests) == ((), (), 1) and warnings.in_force(desk) == [] and warnings.areas(desk) == []


def test_a_warning_of_elsewhere_stands_last_and_is_not_drawn(warned: Desk, twin: TwinPlatform) -> None:
    square = {"type": "Polygon", "coordinates": [[[110, 25], [111, 25], [111, 26], [110, 25]]]}
    put(warned, twin, id="far", title="临桂区发布暴雨红色预警", colour="red", districts=[], area=square)
    found = warnings.overview(warned)
    assert [(each.id, each.is_here) for each in found.now] == [(RAIN, True), ("far", False)]
    assert [each["id"] for each in warnings.areas(warned)] == [RAIN] and warnings.areas(warned)[0]["label"] == "暴雨橙"


@pytest.mark.parametrize("area", [
    {}, {"type": "Point", "coordinates": "x"}, {"type": "Point", "coordinates": [999, 5]}, {"type": "Point", "coordinates": [122.1, 37.4]}, {"type": "Polygon"},
    {"type": "Polygon", "coordinates": [[[122, 37], ["x", 1]]]}, {"type": "Polygon", "coordinates": [[[122, 37], [122, 37], [122, 37]]]}, {"type": "Moon"},
    {"type": "GeometryCollection", "geometries": [None]}, {"type": "Polygon", "coordinates": [[[None, 37], [122, 38], [123, 37], [None, 37]]]},
    {"type": "Polygon", "coordinates": [[[122, 37], [123, 38], [123, 37], [122, 38], [122, 37]]]},
])
def test_any_area_that_a_stranger_writes_is_borne(desk: Desk, twin: TwinPlatform, area: Any) -> None:
    put(desk, twin, districts=[], area=area, title="暴雨橙色预警" * 50, text="\x00<script>" * 100, references=["a,b,c", ",,", ""])
    (found,) = warnings.overview(desk).now
    warnings.areas(desk)
    warnings.proposal(desk, found.id)
    warnings.inside_of(desk, found.id)
    assert responding.respond(desk, found.id).number


def test_what_lies_inside_is_counted_by_the_border(warned: Desk) -> None:
    inside, outside = borders()["荣成市"].representative_point(), borders()["乳山市"].representative_point()
    for number, point in enumerate((inside, inside, outside)):
        mirror.bulk(warned.store, "video_points", [{"id": f"c{number}", "name": f"c{number}", "state": "offline" if number else "online",
                                                    "lon": point.x, "lat": point.y, "last_modified": 1}])
    groups = {each.kind: each for each in warnings.inside_of(warned, RAIN)}
    assert set(groups) == {"towns", "facilities", "sensors", "video_points", "units"}
    cameras = groups["video_points"]
    assert cameras.total == 2 and [(row.id, row.is_down) for row in cameras.rows] == [("c0", False), ("c1", True)]
    assert {word: count for _, word, count in cameras.tallies} == {"在线": 1, "离线": 1}
    assert groups["towns"].total > 10 and {row.word for row in groups["towns"].rows} == {"荣成市"} and groups["units"].total == 0


def test_a_response_takes_in_an_incident_with_the_plan(warned: Desk) -> None:
    done = responding.respond(warned, RAIN)
    incident = queries.record(warned, "incidents", done.id)
    assert incident and (incident["title"], incident["type"], incident["priority"], incident["place"]) == ("暴雨橙色预警响应", "rainstorm", "urgent", "全域")
    state = queries.plan_state(warned, done.id)
    assert state and state.list and (state.list.level, state.list.warning_id, state.list.done) == (2, RAIN, 0) and len(state.list.items) == 10
    assert "启动Ⅱ级响应：暴雨应急预案" in queries.timeline(warned, done.id)[0]["text"]
    assert warnings.in_force(warned)[0]["incident"] == done.number
    with pytest.raises(Refused, match=f"已由 {done.number} 启动"):
        responding.respond(warned, RAIN)
    syncing.sync(warned)
    assert queries.plan_state(warned, done.id).list.rows == state.list.rows


def test_the_same_op_id_acts_once(warned: Desk) -> None:
    op = "99999999-0000-4000-8000-000000000001"
    assert responding.respond(warned, RAIN, op_id=op) == responding.respond(warned, RAIN, op_id=op)
    assert len([row for row in queries.rows(warned, "log") if row["kind"] == "plan"]) == 1


def test_an_update_raises_the_level_on_the_same_incident_and_ticks_stay(warned: Desk, twin: TwinPlatform) -> None:
    done = responding.respond(warned, RAIN, level=3)
    responding.tick(warned, done.id, "泵站")
    put(warned, twin, id="second", title="暴雨红色预警", colour="red", msg_type="Update", references=[RAIN], sent=warned.now())
    offer = warnings.proposal(warned, "second")
    assert offer.level == 1 and offer.raises and offer.response and offer.response.incident_id == done.id
    assert responding.respond(warned, "second").id == done.id
    state = queries.plan_state(warned, done.id)
    assert state.list.level == 1 and state.list.done == 1 and "响应由Ⅲ级升为Ⅰ级" in queries.timeline(warned, done.id)[0]["text"]


def test_a_response_may_join_an_open_incident_and_no_ended_one(warned: Desk) -> None:
    assert responding.respond(warned, RAIN, incident_id=GAS).id == GAS
    acts.transition(warned, GAS, "close", outcome="完")
    with pytest.raises(Refused, match="已经结束"):
        responding.respond(warned, incident_id=GAS)


def test_the_plan_of_an_incidents_type_and_the_ticks(desk: Desk) -> None:
    state = queries.plan_state(desk, GAS)
    assert state and state.list is None and state.offer and state.offer.title == "燃气应急预案"
    with pytest.raises(Refused, match="还没有启动预案"):
        responding.tick(desk, GAS, "关断")
    responding.respond(desk, incident_id=GAS)
    with pytest.raises(Refused, match="已经启动"):
        responding.respond(desk, incident_id=GAS)
    responding.tick(desk, GAS, "关断上游阀门")
    for item, why in (("关断", "已经勾选"), ("火", "没有勾选"), ("", "清单里没有"), ("飞", "清单里没有"), ("通", "对应|没有勾选")):
        with pytest.raises(Refused, match=why):
            responding.tick(desk, GAS, item, done=item not in ("火", "通"))
    responding.tick(desk, GAS, "初报")
    found = queries.plan_state(desk, GAS).list
    assert found.done == 1 and [row.text for row in found.rows if row.is_report] == ["初报", "续报"]
    responding.tick(desk, GAS, "关断", done=False)
    assert queries.plan_state(desk, GAS).list.done == 0
    lines = [line["text"] for line in queries.timeline(desk, GAS)]
    assert lines[:3] == ["取消勾选：关断上游阀门", "已报：初报", "完成：关断上游阀门"]


def test_a_pending_tick_is_withdrawn_like_any_act(desk: Desk) -> None:
    responding.respond(desk, incident_id=GAS)
    done = responding.tick(desk, GAS, "关断")
    assert queries.plan_state(desk, GAS).list.items[0].sync == "pending"
    resolving.withdraw(desk, done.op_id)
    assert queries.plan_state(desk, GAS).list.done == 0


def test_what_is_asked_wrongly(warned: Desk, twin: TwinPlatform) -> None:
    with pytest.raises(Usage, match="级别"):
        responding.respond(warned, RAIN, level=7)
    with pytest.raises(Usage, match="没有这个预案"):
        responding.respond(warned, RAIN, plan="月球")
    with pytest.raises(Usage):
        responding.respond(warned)
    with pytest.raises(Refused, match="没有这条预警"):
        responding.respond(warned, FIRE)
    put(warned, twin, id="grey", title="暴雨预警", colour=None)
    with pytest.raises(Refused, match="没有颜色"):
        responding.respond(warned, "grey")
    put(warned, twin, id="odd", title="太空天气红色预警", colour="red")
    with pytest.raises(Refused, match="没有对应的预案"):
        responding.respond(warned, "odd")
    assert warnings.find(warned, "荣成市") == RAIN
    with pytest.raises(Refused, match="对应"):
        warnings.find(warned, "暴雨")


def test_a_platforms_plan_stands_for_the_programs_of_the_same_title(desk: Desk, twin: TwinPlatform) -> None:
    twin.load([("plans", {"id": "p", "title": "燃气应急预案", "type": "gas_leak", "level": 2, "items": [{"text": "甲", "owner": "乙", "due_min": 5}]})])
    syncing.sync(desk)
    card = queries.plan_state(desk, GAS).offer
    assert card.code == "p" and card.level == 2 and [item.text for item in card.items] == ["甲"]


@pytest.mark.parametrize(("name", "text", "why"), [
    ("responses.toml", "[kind.moon]\nplan='x'\ntype='typhoon'", "不是预警的种类"), ("responses.toml", "[default]\npink = 1", "pink"),
    ("responses.toml", "[kind.gas]\nplan='gas'\ntype='nothing'", "事件类型"), ("responses.toml", "[default]\nred = 1", "reports.1"),
    ("plans.toml", "[x]\ntitle='x'\nitems=['甲']", "分钟"), ("plans.toml", "[x]\nitems=['甲 | 乙 | 5']", "title"), ("plans.toml", "[x", "没有写完整"),
    ("plans.toml", "[x]\ntitle='x'\nitems=['甲 | 乙 | 5']\nunits={tank=1}", "units"),
])
def test_a_wrong_file_of_the_user_is_told_and_the_programs_stands_in(desk: Desk, tmp_path: Path, name: str, text: str, why: str) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    (sentence,) = responses.faults(tmp_path)
    assert why in sentence and name in sentence
    desk.root = tmp_path
    assert responses.rules(desk).level("rainstorm", "red") == 1 and responses.plans(desk)["rainstorm"].title == "暴雨应急预案"


def test_the_users_own_file_is_used(desk: Desk, tmp_path: Path) -> None:
    desk.root = tmp_path
    (tmp_path / "plans.toml").write_text("[x]\ntitle='我的'\nitems=['甲 | 乙 | 5 | 抽排、侦检 | 2']\nunits={fire=1}", "utf-8")
    card = responses.plans(desk)["x"]
    assert card.items[0].skills == ("抽排", "侦检") and card.at(3) == () and len(card.at(2)) == 1
