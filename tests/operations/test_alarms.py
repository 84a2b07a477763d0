"""Alarms at the desk: what detection brings is kept once, what officers do is an entry that every desk follows."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.operations.conftest import GAS as INCIDENT
from weihai_command.domain.alarm import Alarm
from weihai_command.domain.alarm_rules import columns
from weihai_command.domain.detection import DetectionBook, Transition
from weihai_command.domain.faults import Ambiguous, Refused
from weihai_command.feeds.twin import TwinPlatform
from weihai_command.operations import alarms, logbook, queries, resolving, syncing
from weihai_command.operations.alarm_file import fault
from weihai_command.operations.alarm_rules import rules
from weihai_command.operations.desk import City, Desk, Officer
from weihai_command.store import alarms as kept
from weihai_command.store import audit
from weihai_command.store.profile import Profile
from weihai_command.store.store import Store

START = datetime.fromisoformat("2026-07-16T16:40:00+08:00")
T = START.timestamp()
ROOT = Path(__file__).parents[2]
PUMP: dict[str, Any] = {"id": "s1", "name": "凤林街道 泵站前池水位 01", "field": "water", "quantity": "pump_level", "unit": "m", "period_s": 60.0,
                        "high": 4.2, "district": "经区", "town": "凤林街道", "lon": 122.12, "lat": 37.41}
GAS: dict[str, Any] = {"id": "s2", "name": "皇冠街道 燃气浓度 01", "field": "municipal", "quantity": "gas_concentration", "unit": "%VOL",
                       "district": "经区", "town": "皇冠街道"}
SENSORS = [PUMP, GAS]


def at(desk: Desk, seconds: float) -> None:
    desk.clock = lambda: START + timedelta(seconds=seconds)


def raised(row: int = 0, severity: int = 2, seconds: float = 0.0, what: str = "raise", kind: str = "high", value: float | None = 4.62) -> Transition:
    return Transition(row, kind, what, severity, T + seconds, value, 4.2 if kind == "high" else None, value)


def bring(desk: Desk, *found: Transition, sensors: list[dict[str, Any]] = SENSORS) -> list[Alarm]:
    return alarms.apply(desk, sensors, list(found))


@pytest.fixture
def desk(desk: Desk) -> Desk:
    at(desk, 0)
    return desk


@pytest.fixture
def other(tmp_path: Path, twin: TwinPlatform) -> Iterator[Desk]:
    profile = Profile(tmp_path / "other", "platform-test")
    made = Desk(profile, Store.open(profile, ballast=False), City("威海市", True, "http://127.0.0.1"), Officer("li", "李晓", "officer"), {"li": twin})
    at(made, 0)
    syncing.sync(made)
    yield made
    made.store.close()


def entries(desk: Desk) -> list[dict[str, Any]]:
    return [row for row in queries.rows(desk, "log") if row.get("kind") == "alarm"]


def test_what_begins_worsens_and_ends_is_one_alarm(desk: Desk) -> None:
    (made,) = bring(desk, raised())
    assert (made.sensor_id, made.cause, made.town, made.unit, made.standing) == ("s1", "works", "凤林街道", "m", "unacked")
    assert alarms.sentence(made) == "泵站前池水位 4.62 m，限 4.20" and alarms.place(made) == "凤林街道"
    (worse,) = bring(desk, raised(severity=1, seconds=60, what="severity", value=4.9))
    assert (worse.id, worse.severity, worse.peak) == (made.id, 1, 4.9)
    (over,) = bring(desk, raised(seconds=120, what="clear", value=4.0))
    assert (over.id, over.standing, over.cleared_at) == (made.id, "cleared", T + 120)
    assert alarms.alarms(desk) == [] and alarms.alarms(desk, ("cleared",)) == [over] and alarms.of_sensor(desk, "s1") == [over]
    alarms.acknowledge(desk, made.id)
    assert alarms.counts(desk) == {"unacked": 0, "acked": 0, "shelved": 0, "cleared": 0, "by_severity": {1: 0, 2: 0, 3: 0, 4: 0}}


@pytest.mark.parametrize(("kind", "value", "words"), [
    ("low", 0.9, "燃气浓度 0.9 %VOL"), ("silence", None, "燃气浓度无数据"), ("fault", 3.0, "燃气浓度读数异常"), ("repetition", 3.0, "燃气浓度反复越限"),
])
def test_every_kind_has_its_words(desk: Desk, kind: str, value: float | None, words: str) -> None:
    assert alarms.sentence(bring(desk, raised(1, kind=kind, value=value))[0]) == words


def test_the_same_news_twice_is_no_news(desk: Desk) -> None:
    found = [raised(), raised(severity=1, seconds=5, what="severity"), raised(seconds=9, what="clear")]
    assert len(bring(desk, *found)) == 1
    assert bring(desk, *found) == [] and len(alarms.of_sensor(desk, "s1")) == 1


def test_the_officer_acknowledges_the_one_he_chose(desk: Desk) -> None:
    first, second = bring(desk, raised(), raised(1, 3))
    alarms.acknowledge(desk, second.id, "已派燃气公司")
    assert [each.id for each in alarms.alarms(desk)] == [first.id]
    known = alarms.alarm(desk, second.id)
    assert known and (known.standing, known.acked_by, known.ack_reason) == ("acked", "officer", "已派燃气公司")
    (entry,) = entries(desk)
    assert entry["text"] == "确认告警：皇冠街道 燃气浓度 01 燃气浓度 4.62 %VOL，限 4.20（已派燃气公司）"
    assert entry["sync"] == "pending" and entry["data"]["act"] == "acknowledge" and entry["data"]["alarm"] == second.id
    assert audit.rows(desk.store)[0].verb == "ack_alarm" and audit.rows(desk.store)[0].detail["alarm"] == second.id
    assert [line["kind"] for line in logbook.rows(desk) if "确认告警" in line["text"]] == ["alarm"]
    with pytest.raises(Refused, match="已由 officer 确认"):
        alarms.acknowledge(desk, second.id)
    assert len(entries(desk)) == 1


def test_the_same_op_id_acts_once(desk: Desk) -> None:
    (made,) = bring(desk, raised())
    first = alarms.acknowledge(desk, made.id, op_id="op-1")
    assert alarms.acknowledge(desk, made.id, op_id="op-1") == first and len(entries(desk)) == 1


def test_nobody_acts_without_the_right(desk: Desk) -> None:
    (made,) = bring(desk, raised())
    desk.officer = Officer("leader", "领导", "leader")
    for act in (lambda: alarms.acknowledge(desk, made.id), lambda: alarms.shelve(desk, made.id, "r", 1.0), lambda: alarms.dismiss(desk, made.id, "r")):
        with pytest.raises(Refused) as told:
            act()
        assert told.value.code == "wrong_role"
    assert entries(desk) == []


def test_a_shelf_runs_out_and_the_alarm_asks_again(desk: Desk) -> None:
    (made,) = bring(desk, raised())
    alarms.shelve(desk, made.id, "水泵检修", 2.0)
    assert entries(desk)[0]["text"].startswith("搁置告警到 ") and entries(desk)[0]["text"].endswith("（水泵检修）")
    at(desk, 7199)
    assert alarms.tick(desk) == [] and alarms.counts(desk)["shelved"] == 1
    at(desk, 7200)
    (back,) = alarms.tick(desk)
    assert (back.standing, back.announced_at) == ("unacked", T + 7200)
    with pytest.raises(Refused, match="8 小时"):
        alarms.shelve(desk, made.id, "r", (START + timedelta(hours=11)).isoformat())
    with pytest.raises(Refused, match="缺少：到何时"):
        alarms.shelve(desk, made.id, "r", "明天")
    alarms.shelve(desk, made.id, "r", (START + timedelta(hours=9)).isoformat())
    alarms.unshelve(desk, made.id)
    assert alarms.counts(desk)["unacked"] == 1


def test_reminders_come_by_time_and_end_with_the_acknowledgement(desk: Desk) -> None:
    (made,) = bring(desk, raised())
    seen = []
    for seconds in (0, 179, 180, 300, 600, 601):
        at(desk, seconds)
        seen += [(seconds, each.escalations) for each in alarms.tick(desk)]
    assert seen == [(180, 1), (600, 2)]
    alarms.acknowledge(desk, made.id)
    at(desk, 9999)
    assert alarms.tick(desk) == []


def test_the_load_and_floods_by_cause_and_area(desk: Desk) -> None:
    quiet = [{**PUMP, "id": f"p{n}", "name": f"p{n}", "quantity": "water_pressure", "district": "环翠区"} for n in range(9)]
    many = [*quiet, {**PUMP, "id": "w1", "quantity": "wind_speed"}, {**PUMP, "id": "w2", "quantity": "wind_speed", "severity": 1}]
    bring(desk, *(raised(n, 3, n) for n in range(9)), raised(9, 3, 10.0), sensors=many)
    found = alarms.flood(desk)
    assert (alarms.load(desk), found.is_flood, found.groups, len(found.single)) == (10, False, (), 10)
    bring(desk, raised(10, 1, 11.0), sensors=many)
    found = alarms.flood(desk)
    assert found.is_flood and [each.sentence for each in found.groups] == ["供水 · 环翠区 9 条同因告警"]
    assert [each.sensor_id for each in found.single] == ["w2", "w1"] and found.groups[0].alarms[0].sensor_id == "p0"
    at(desk, 700)
    assert alarms.load(desk) == 0 and not alarms.flood(desk).is_flood
    assert queries.status(desk)["alarms_10min"] == 0


def pump_book() -> DetectionBook:
    return DetectionBook(columns(SENSORS, rules()))


def reading(desk: Desk, made: DetectionBook, value: float, seconds: float) -> list[Alarm]:
    return alarms.apply(desk, SENSORS, made.take(np.zeros(1, np.int64), [value], [T + seconds]))


def test_after_a_restart_nothing_is_raised_twice_and_all_can_end(desk: Desk) -> None:
    first = pump_book()
    for seconds in (0, 61):
        reading(desk, first, 4.9, seconds)
    (before,) = alarms.alarms(desk)
    again = pump_book()
    assert alarms.recover(desk, again, {"s1": 0}) == 1
    assert reading(desk, again, 4.9, 120) == reading(desk, again, 4.9, 240) == [] and alarms.alarms(desk) == [before]
    assert [each.standing for each in reading(desk, again, 4.0, 300)] == ["cleared"]


def test_what_is_dismissed_while_its_cause_stands_comes_back(desk: Desk) -> None:
    made = pump_book()
    for seconds in (0, 61):
        reading(desk, made, 4.9, seconds)
    assert alarms.settle(desk, made, {"s1": 0}) == 0
    at(desk, 70)
    alarms.dismiss(desk, alarms.alarms(desk)[0].id, "误报")
    assert alarms.alarms(desk) == [] and reading(desk, made, 4.9, 120) == []
    assert alarms.settle(desk, made, {"s1": 0}) == 1
    for seconds in (180, 241):
        reading(desk, made, 4.9, seconds)
    assert [each.count for each in alarms.alarms(desk)] == [2]


def test_what_another_process_raised_ends_here(desk: Desk) -> None:
    bring(desk, raised())
    made = pump_book()
    assert alarms.settle(desk, made, {"s1": 0}) == 1 and alarms.settle(desk, made, {"s1": 0}) == 0
    assert [each.standing for each in reading(desk, made, 4.0, 60)] == ["cleared"]


def test_an_act_that_was_cut_off_after_its_entry_is_followed_later(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    (made,) = bring(desk, raised())
    with monkeypatch.context() as cut, pytest.raises(ZeroDivisionError):
        cut.setattr(alarms, "follow", lambda desk: 1 // 0)
        alarms.acknowledge(desk, made.id)
    assert alarms.counts(desk)["unacked"] == 1 and len(entries(desk)) == 1
    assert [each.acked_by for each in alarms.follow(desk)] == ["officer"] and alarms.follow(desk) == []


def test_another_desk_sees_who_acknowledged(desk: Desk, other: Desk) -> None:
    mine, theirs = bring(desk, raised())[0], bring(other, raised())[0]
    assert mine.id == theirs.id
    alarms.acknowledge(other, theirs.id, "已核实")
    syncing.sync(other)
    report = syncing.sync(desk)
    known = alarms.alarm(desk, mine.id)
    assert known and (known.standing, known.acked_by, known.ack_reason) == ("acked", "li", "已核实") and alarms.KIND in report.kinds
    alarms.shelve(desk, mine.id, "检修", 1.0)
    syncing.sync(desk)
    syncing.sync(other)
    assert alarms.counts(other)["shelved"] == 1


def test_what_is_taken_back_unsent_asks_again(desk: Desk) -> None:
    (made,) = bring(desk, raised())

    def now() -> str:
        known = alarms.alarm(desk, made.id)
        return known.standing if known else ""

    for act, standing in ((lambda: alarms.acknowledge(desk, made.id), "acked"), (lambda: alarms.shelve(desk, made.id, "检修", 1.0), "shelved")):
        outcome = act()
        assert now() == standing
        resolving.withdraw(desk, outcome.op_id)
        assert now() == "unacked" and entries(desk) == []
    linked = alarms.link(desk, made.id, INCIDENT)
    bring(desk, raised(seconds=9, what="clear"))
    last = alarms.acknowledge(desk, made.id)
    assert now() == "closed"
    resolving.withdraw(desk, last.op_id)
    assert now() == "cleared" and len(alarms.of_incident(desk, INCIDENT)) == 1
    resolving.withdraw(desk, linked.op_id)
    assert alarms.of_incident(desk, INCIDENT) == [] and audit.verify(desk.store) == []


def test_an_acknowledgement_waits_for_its_alarm(desk: Desk, other: Desk) -> None:
    alarms.acknowledge(other, bring(other, raised())[0].id)
    syncing.sync(other)
    syncing.sync(desk)
    assert [each.acked_by for each in bring(desk, raised())] == ["li"] and alarms.alarms(desk) == []


def test_who_began_later_names_it_otherwise_and_is_understood(desk: Desk, other: Desk) -> None:
    """The other desk was opened when the value stood beyond already: its alarm has another id, the same sensor and kind."""
    alarms.acknowledge(other, bring(other, raised(seconds=-30))[0].id)
    syncing.sync(other)
    bring(desk, raised())
    syncing.sync(desk)
    assert alarms.counts(desk)["acked"] == 1


def test_an_acknowledgement_of_something_milder_does_not_count(desk: Desk, other: Desk) -> None:
    bring(desk, raised())
    alarms.acknowledge(other, bring(other, raised())[0].id)
    bring(desk, raised(severity=1, seconds=60, what="severity"))
    syncing.sync(other)
    syncing.sync(desk)
    assert alarms.counts(desk) == {"unacked": 1, "acked": 0, "shelved": 0, "cleared": 0, "by_severity": {1: 1, 2: 0, 3: 0, 4: 0}}


def test_a_strange_entry_does_nothing(desk: Desk, twin: TwinPlatform) -> None:
    (made,) = bring(desk, raised())
    base = {"text": "x", "at": "2026-07-16T16:41:00+08:00", "by": "li", "kind": "alarm"}
    datas = [None, {"act": "explode"}, {"act": "shelve", "alarm": made.id, "severity": 2, "until": "x", "reason": "r"},
             {"act": "acknowledge", "alarm": made.id, "severity": "2"}, {"act": "acknowledge", "alarm": made.id, "severity": 2, "announced_at": math.inf}]
    twin.load([("log", {"id": f"e{n}", **base, **({"data": data} if data else {})}) for n, data in enumerate(datas[:4])])
    syncing.sync(desk)
    assert [each.id for each in alarms.alarms(desk)] == [made.id]
    assert kept.followed(desk.store, [f"e{n}" for n in range(4)]) == {f"e{n}" for n in range(4)}


def test_finding_by_beginning_and_by_name(desk: Desk) -> None:
    first, second = bring(desk, raised(), raised(1, 3))
    assert alarms.find_alarm(desk, first.id[:8]) == first.id and alarms.find_alarm(desk, "燃气浓度") == second.id
    with pytest.raises(Ambiguous):
        alarms.find_alarm(desk, "01")
    with pytest.raises(Refused, match="没有找到"):
        alarms.find_alarm(desk, "")
    rows = alarms.rows(desk)
    assert next((row["standing"], row["raised_at"], row["text"]) for row in rows) == ("unacked", "2026-07-16T16:40:00+08:00", "泵站前池水位 4.62 m，限 4.20")


def test_what_is_long_over_is_forgotten(desk: Desk) -> None:
    bring(desk, raised(), raised(1, 3))
    bring(desk, raised(seconds=5, what="clear"))
    for each in alarms.alarms(desk, ("unacked", "cleared")):
        alarms.acknowledge(desk, each.id)
    at(desk, 91 * 86_400)
    alarms.recover(desk, pump_book(), {})
    assert alarms.of_sensor(desk, "s1") == [] and len(alarms.of_sensor(desk, "s2")) == 1


def test_two_threads_and_two_processes_raise_one_alarm(desk: Desk) -> None:
    """All bring the same news at once, over and over: one active alarm a sensor and kind, none lost."""
    found = [raised(row, 3, n * 10 + part, what) for n in range(20) for row in (0, 1) for part, what in ((0, "raise"), (5, "clear"))][:-1]
    code = (
        "import sys\nfrom datetime import datetime\nfrom pathlib import Path\nfrom tests.operations.test_alarms import *\n"
        f"profile = Profile(Path({str(desk.profile.root)!r}), {desk.profile.city!r})\n"
        "made = Desk(profile, Store.open(profile, ballast=False), City('x', True, 'http://127.0.0.1'), clock=lambda: START)\n"
        f"found = {[(each.row, each.at - T, each.what) for each in found]!r}\n"
        "for row, at, what in found:\n    alarms.apply(made, SENSORS, [raised(row, 3, at, what)])\nmade.store.close()\n"
    )
    others = [subprocess.Popen([sys.executable, "-c", code], cwd=ROOT) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        assert len(list(pool.map(lambda _: [bring(desk, each) for each in found], range(2)))) == 2
    assert [each.wait(90) for each in others] == [0, 0]
    for sensor in ("s1", "s2"):
        known = alarms.of_sensor(desk, sensor)
        assert [each.count for each in known] == [20] and sum(each.state == "active" for each in known) == (sensor == "s2")


def test_an_own_file_of_rules_takes_the_place_and_a_wrong_one_is_told(tmp_path: Path) -> None:
    (tmp_path / "alarm_rules.toml").write_text('[quantity.pump_level]\nhigh = [[1.0, 1]]\n', "utf-8")
    assert rules(tmp_path).rule("pump_level").high == ((1.0, 1),) and fault(tmp_path) == ""
    wrong = tmp_path / "wrong"
    wrong.mkdir()
    (wrong / "alarm_rules.toml").write_text('[quantity.pump_level]\nhigh = [[1.0, 9]]\n', "utf-8")
    assert rules(wrong).rule("pump_level").high == rules().rule("pump_level").high and "pump_level" in fault(wrong)


def test_of_two_shelves_the_one_that_ends_first_holds_and_of_two_acknowledgements_the_first(desk: Desk, other: Desk) -> None:
    one, two = bring(desk, raised(), raised(1, 3))
    bring(other, raised(), raised(1, 3))
    alarms.shelve(desk, one.id, "r", 2.0)
    alarms.shelve(other, one.id, "r", 1.0)
    at(desk, 20)
    alarms.acknowledge(other, two.id)
    alarms.acknowledge(desk, two.id)
    for each in (desk, other, desk):
        syncing.sync(each)
    for each in (desk, other):
        shelf, known = alarms.alarm(each, one.id), alarms.alarm(each, two.id)
        assert shelf and known and (shelf.shelved_until, shelf.shelved_by, known.acked_by) == (T + 3600, "li", "li")
