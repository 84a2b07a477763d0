"""What the judge shows of a record that stands accused."""

from __future__ import annotations

from weihai_command.chaos.evidence import LONGEST, story
from weihai_command.domain.act import Act, Step


def test_one_line_a_version_with_who_changed_what() -> None:
    act = Act("0123456789", "edit", "incidents", "aaaa", "officer", "2026-07-16T16:00:00+08:00", seq=7)
    acts = {"0123456789": ("officer2", act, [Step("0123456789", 0, "incidents", "aaaa", "patch", {"phone": "2"}, state="done")])}
    versions = [
        {"last_modified": 1, "last_op": "", "phone": "1", "title": "x" * 200},
        {"last_modified": 2, "last_op": "0123456789", "ops": ["0123456789"], "phone": "2", "title": "x" * 200},
    ]
    assert story(("incidents", "aaaa"), versions, acts) == [
        f"incidents aaaa 1 a stranger: phone=1, title={'x' * LONGEST}",
        "incidents aaaa 2 officer2 7 edit 01234567 (inci.aaaa=done): phone=2",
    ]
