from __future__ import annotations

import pytest
from PySide6.QtGui import QImage

from layers.note_line import Note, NoteLine
from weihai_command.domain.movers import LATE, LOST


@pytest.fixture
def line(qapp):
    made = NoteLine(22)
    yield made
    made.deleteLater()


def picture(line: NoteLine, note: Note, theme: str = "dark") -> QImage:
    line.dress(theme)
    line.show_note(note)
    line.resize(220, 22)
    return line.grab().toImage()


def test_a_line_is_there_only_when_it_says_something(line):
    line.show_note(Note(LATE, "过期 12 分", "失联 3"))
    assert not line.isHidden() and line.accessibleName() == "过期 12 分 · 失联 3"
    line.show_note(Note())
    assert line.isHidden()


def test_late_and_lost_look_different_in_both_themes(line):
    pictures = [picture(line, Note(level, "过期 12 分"), theme) for level in (LATE, LOST) for theme in ("dark", "light")]
    assert all(one != other for place, one in enumerate(pictures) for other in pictures[:place])


def test_words_that_have_no_room_are_cut(line):
    assert picture(line, Note(0, "", "很长" * 40)).width() == line.width()
    assert line.sizeHint().width() > 220
