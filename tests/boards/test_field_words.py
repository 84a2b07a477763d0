from __future__ import annotations

import pytest

from weihai_command.boards.field_words import field_value, readable

NAMES = {"u1": "消防101", "wang": "王海宁"}


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("state", "active", "处置中"), ("state", "en_route", "途中"), ("priority", "urgent", "1"), ("grade", 3, "Ⅲ 较大"), ("type", "gas_leak", "燃气泄漏"),
        ("unit_ids", ["u1", "u2"], "消防101、u2"), ("owner", "wang", "王海宁"), ("title", None, "空"), ("history", [{}, {}], "2 条"),
        ("title", "<b>\n" + "x" * 500, "<b> " + "x" * 115 + "…"), ("frozen", {"state": "handling"}, "处理中"), ("place", ["[]"], "[]"),
    ],
)
def test_values_read_as_words(field, value, shown):
    assert field_value(field, value, NAMES) == shown


def test_fields_that_differ_for_nobody_are_left_out():
    raw = {"fields": [{"field": "state", "base": "new", "mine": "active", "theirs": "ended"}, {"field": "title", "base": "a", "mine": "a", "theirs": "a"}]}
    assert [field["field"] for field in readable(raw, NAMES)["fields"]] == ["state"]
    assert readable({"fields": []}, NAMES)["fields"] == []
