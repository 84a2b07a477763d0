from __future__ import annotations

from tests.fake_desk import NOW, ago, incident
from weihai_command.boards.incident_rows import count, matches, row_of, urgency


def order(*raws):
    return [row.number for row in sorted((row_of(raw) for raw in raws), key=urgency)]


def test_urgent_and_nearly_due_come_first_ended_last():
    assert order(
        incident("应1", state="ended", priority="urgent"), incident("应2", priority="low"), incident("应3", priority="urgent", due_at=ago(-30)),
        incident("应4", priority="urgent", due_at=ago(-5)), incident("应5", priority="high", due_at=ago(10)),
    ) == ["应4", "应3", "应5", "应2", "应1"]


def test_an_unranked_report_stands_before_the_high_ones():
    assert order(incident("应1", priority="high", due_at=ago(1)), incident("应2", priority=None, state="new")) == ["应2", "应1"]


def test_a_suspended_case_is_never_overdue():
    row = row_of(incident("案1", track="municipal", state="suspended", due_at=ago(60)))
    assert row.left(NOW) == ("挂账", "still")
    assert not row.is_overdue(NOW)
    assert row.symbol(NOW) == "mu"


def test_an_overdue_case_wears_the_corner():
    assert row_of(incident("案1", track="municipal", state="handling", due_at=ago(1))).symbol(NOW) == "mo"


def test_a_grade_that_is_none_of_the_four_is_not_drawn_as_one():
    assert row_of(incident("应1", grade=9)).symbol(NOW) == "g0"
    assert row_of(incident("应1", grade=2)).symbol(NOW) == "g2"


def test_the_elapsed_time_of_an_ended_incident_stands_still():
    row = row_of(incident("应1", state="ended", reported_at=ago(90), state_at=ago(30)))
    assert row.elapsed(NOW) == "1:00"
    assert row_of(incident("应1", reported_at=None)).elapsed(NOW) == "—"


def test_rework_is_said():
    assert row_of(incident("案1", track="municipal", state="handling", rework_count=1)).word == "返工"


def test_every_word_of_a_search_must_be_found():
    row = row_of(incident("应0417", title="燃气泄漏", town="皇冠街道", phone="13812345678"))
    assert matches(row, "0417 皇冠") and matches(row, "5678") and not matches(row, "0417 温泉")


def test_counts_of_the_chips():
    rows = [row_of(incident("应1", owner="wang", sync="conflict")), row_of(incident("案2", track="municipal", state="reported", due_at=ago(1)))]
    found = count(rows, "wang", NOW)
    assert found == {"own": 0, "all": 2, "intake": 1, "emergency": 1, "municipal": 1, "mine": 1, "unsent_units": 1, "overdue": 1, "pending": 1}


def test_hostile_fields_become_one_line_of_text():
    row = row_of({"id": 7, "title": ["<b>", 1], "state": None, "track": None, "due_at": 5, "number": "a\nb", "unit_ids": None})
    assert row.number == "a b" and row.due is None and row.id == "7"
