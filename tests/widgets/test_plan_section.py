from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.fake_desk import FakeCity
from widgets.incident_detail import IncidentDetail


def planned(city: FakeCity, **fields):
    """The city with a plan of two picks."""
    picks = [
        {"unit_id": f"u-{name}", "name": name, "kind": "fire", "state": "available", "free": True, "role": "fire", "role_word": "消防",
         "distance_m": 4600.0, "reason": f"直线 4.6 km（估算），空闲，{why}", "notes": ["空闲", why]}
        for name, why in (("消防203", "有侦检技能"), ("巡警12", "<b>派出后</b>环翠区无空闲公安"))
    ]
    city.plan_now = {
        "incident_id": "i-应0417", "number": "应0417", "level": 1, "levels": 3, "card": "gas_leak", "note": "禁火断电", "fault": "",
        "unit_ids": [each["unit_id"] for each in picks], "picks": picks, "held": [], "passed": [],
        "shortfalls": [{"role": "drain", "role_word": "排水", "missing": 1, "why": "空闲 0，缺 1：排水05 隔海", "busy": []}], **fields,
    }


@pytest.fixture
def pane(themed, city, boards, pump):
    planned(city)
    made = IncidentDetail(boards.detail, boards.timeline, boards.acts.can)
    made.resize(480, 952)
    made.show()
    boards.detail.open("i-应0417")
    until(pump, lambda: made.recommended.plan.unit_ids)
    yield made
    made.close()
    made.deleteLater()


def heard(signal):
    got = []
    signal.connect(lambda *args: got.append(args))
    return got


def until(pump, shown):
    """News are gathered for a moment; a busy machine takes longer."""
    for _ in range(50):
        if shown():
            return
        pump()
    raise AssertionError("never shown")


def test_zero_sends_all_that_are_named_and_a_digit_one(pane):
    sent, section = heard(pane.dispatch_requested), pane.recommended
    assert section.sending.text().replace("\u2060", "") == "将派 消防203、巡警12"
    assert section.title.remark.text() == "警级 1 · 推荐 2 · 缺 1 · 距离为估算"
    assert section.gaps.text().replace("\u2060", "") == "排水 空闲 0，缺 1：排水05 隔海" and section.gaps.isVisible()
    QTest.keyClick(pane, Qt.Key.Key_0)
    QTest.keyClick(pane, Qt.Key.Key_2)
    QTest.keyClick(pane, Qt.Key.Key_3)
    assert sent == [("i-应0417", ["u-消防203", "u-巡警12"]), ("i-应0417", ["u-巡警12"])]
    section.all.click()
    assert len(sent) == 3


def test_short_of_room_the_rows_fold_into_one_sentence_with_the_same_digits(pane, pump):
    sent, section = heard(pane.dispatch_requested), pane.recommended
    assert section.lines[1].isVisible() and not section.unfold.isVisible()
    pane.resize(480, 560)
    pump()
    assert not section.lines[0].isVisible() and section.all.isVisible() and section.gaps.isVisible()
    assert " ".join(section.sending.text().replace("\u2060", "").replace("\u00a0", " ").split()) == "将派 ① 消防203 ② 巡警12"
    QTest.keyClick(pane, Qt.Key.Key_2)
    assert sent == [("i-应0417", ["u-巡警12"])]
    section.unfold.click()
    assert section.lines[1].isVisible() and section.unfold.text_shown() == "收起"
    section.show_plan(section.plan, fresh=True)
    assert not section.lines[1].isVisible() and section.unfold.text_shown() == "展开"
    pane.resize(480, 952)
    pump()
    assert section.lines[1].isVisible() and not section.unfold.isVisible()


def test_the_timeline_keeps_three_lines_beside_a_full_plan(pane, city, pump):
    picks = city.plan_now["picks"] * 4
    planned(city, picks=picks, unit_ids=[each["unit_id"] for each in picks])
    city.runner.announce({"units"})
    until(pump, lambda: len(pane.recommended.plan.rows) == 8)
    pane.resize(480, 760)
    pump()
    assert pane.recommended.all.isVisible() and pane.timeline.height() >= 3 * 28
    assert pane.recommended.all.visibleRegion().boundingRect().height() == pane.recommended.all.height()


def test_plus_and_minus_change_the_level(pane, city, pump):
    wanted = heard(pane.act_requested)
    QTest.keyClick(pane, Qt.Key.Key_Minus)
    QTest.keyClick(pane, Qt.Key.Key_Plus, Qt.KeyboardModifier.ShiftModifier)
    assert wanted == [("edit", "i-应0417", {"alarm_level": 2})]
    planned(city, level=5)
    city.runner.announce({"incidents"})
    until(pump, lambda: pane.recommended.plan.level == 5)
    QTest.keyClick(pane, Qt.Key.Key_Plus)
    assert len(wanted) == 1 and not pane.recommended.more.isVisible()
    QTest.keyClick(pane, Qt.Key.Key_Minus)
    assert wanted[-1][2] == {"alarm_level": 4}


def test_nothing_is_sent_that_is_not_seen(pane, boards):
    sent = heard(pane.dispatch_requested)
    pane.set_compact(True)
    QTest.keyClick(pane, Qt.Key.Key_0)
    assert sent == []
    pane.tabs.setCurrentIndex(1)
    QTest.keyClick(pane, Qt.Key.Key_0)
    assert len(sent) == 1
    boards.detail.open("i-应0421")
    QTest.keyClick(pane, Qt.Key.Key_0)
    assert len(sent) == 1


def test_a_plan_that_is_filled_has_no_key_for_all(pane, city, pump):
    planned(city, picks=[], unit_ids=[], shortfalls=[], held=[{"unit_id": "u-消防101", "name": "消防101", "role_word": "消防"}])
    city.runner.announce({"units"})
    section, sent = pane.recommended, heard(pane.dispatch_requested)
    until(pump, lambda: not section.plan.unit_ids)
    assert not section.all.isVisible() and not section.gaps.isVisible() and section.title.remark.text().startswith("警级 1 · 已派 1")
    QTest.keyClick(pane, Qt.Key.Key_0)
    assert sent == []
    QTest.keyClick(pane, Qt.Key.Key_1)
    assert sent == [("i-应0417", ["u-消防203"])]


@pytest.mark.parametrize(("width", "compact"), [(480, False), (360, True)])
def test_nothing_in_a_line_lies_over_its_neighbour(pane, pump, width, compact):
    pane.set_compact(compact)
    pane.tabs.setCurrentIndex(1)
    pane.resize(width, 700)
    pump()
    for line in pane.recommended.lines[:2]:
        shown = [each.geometry() for each in (line.symbol, line.name, *((line.head,) if compact else (line.head, line.reason)), line.button)]
        assert all(left.right() < right.left() for left, right in itertools.pairwise(shown)) and line.reason.width() > (180 if compact else 100)
        assert not compact or line.reason.geometry().top() >= line.head.geometry().bottom()
