from __future__ import annotations

import pytest

from weihai_command.domain.foreign import LONGEST, moment, one_line


@pytest.mark.parametrize(
    "text", [None, "", "昨天", 5, [], "2026-07-16", "2026-07-16T16:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-13-01T00:00:00Z"]
)
def test_what_is_no_time_is_none(text: object) -> None:
    assert moment(text) is None


@pytest.mark.parametrize("text", ["2026-07-16T16:00:00+08:00", "2026-07-16T08:00:00Z", "2026-07-16T08:00:00.000+00:00"])
def test_a_time_with_any_offset_is_that_time(text: str) -> None:
    found = moment(text)
    assert found is not None and found.timestamp() == 1784188800


def test_one_line_of_anything() -> None:
    assert one_line(None) == "" and one_line(5) == "5"
    assert one_line("燃气\r\n 泄漏\x00\t\u202e退\u2066") == "燃气 泄漏 退"
    assert one_line("\ud800a").encode() == b"a"
    assert one_line("\n\x85\u2028") == ""


def test_one_line_is_cut_where_it_is_too_long() -> None:
    assert one_line("长" * LONGEST) == "长" * LONGEST
    cut = one_line("长" * 200_000)
    assert len(cut) == LONGEST and cut.endswith("…")
