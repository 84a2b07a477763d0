from __future__ import annotations

from tests.fake_desk import NOW, alarm


def test_the_incident_shows_its_alarms_and_opens_them_in_the_list(window, city, pump):
    lines = window.detail.alarms
    city.alarm_rows = [alarm(str(number), 2, number="应0417", incident_id="i-应0417", text="泵站前池水位 4.62 m，限 4.20") for number in range(4)]
    window.open_incident("i-应0417")
    pump()
    assert lines.isVisible() and [line.isVisible() for line in lines.lines] == [True] * 3 and lines.more.text() == "还有 1 条告警"
    assert lines.lines[0].accessibleName().startswith("告警 泵站前池水位 4.62 m，限 4.20 未确认 · ")
    lines.lines[1].click()
    pump()
    panel = window.panels.alarm_desk.panel
    assert panel.isVisible() and panel.table.row().id == "a-1"
    panel.leave()
    window.open_incident("i-案2086")
    pump()
    assert not lines.isVisible() or lines.height() == 0


def test_it_follows_what_is_done_about_them(window, city, pump):
    city.alarm_rows = [alarm("1", 2, number="应0417", incident_id="i-应0417")]
    window.open_incident("i-应0417")
    pump()
    city.alarm_rows = [alarm("1", 2, number="应0417", incident_id="i-应0417", acked_at=NOW.timestamp(), acked_by="wang")]
    city.runner.announce({"alarms"})
    pump()
    assert "已确认" in window.detail.alarms.lines[0].accessibleName()
