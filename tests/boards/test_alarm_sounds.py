from __future__ import annotations

from weihai_command.boards.alarm_rows import Item
from weihai_command.boards.alarm_sounds import MUTE_S, AlarmSounds


def item(key: str, severity: int, call: int = 1, **fields) -> Item:
    return Item(key, severity, "水位", "凤林街道", 0.0, (key, call), **fields)


def heard(sounds: AlarmSounds, until: int) -> list[tuple[int, int]]:
    """(second, severity) of what sounds in so many seconds."""
    return [(at, found) for at in range(until) if (found := sounds.due(float(at)))]


def test_red_repeats_orange_comes_every_ten_seconds_yellow_once_blue_never():
    for severity, expected in ((1, [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20]), (2, [0, 10, 20]), (3, [0]), (4, []), (5, [])):
        sounds = AlarmSounds()
        sounds.take([item("a", severity)])
        assert [at for at, _ in heard(sounds, 21)] == expected, severity


def test_it_ends_when_somebody_knows_or_the_cause_is_gone():
    sounds = AlarmSounds()
    sounds.take([item("a", 1)])
    assert sounds.due(0.0) == 1
    sounds.take([item("a", 1, is_over=True)])
    assert heard(sounds, 10) == []
    sounds.take([])
    assert heard(sounds, 10) == []


def test_one_that_asks_again_is_heard_again_and_the_same_picture_is_not():
    sounds = AlarmSounds()
    sounds.take([item("a", 3)])
    assert sounds.due(0.0) == 3
    sounds.take([item("a", 3)])
    assert sounds.due(1.0) == 0
    sounds.take([item("a", 3, call=2)])
    assert sounds.due(2.0) == 3


def test_a_group_and_a_chattering_one_sound_once():
    sounds = AlarmSounds()
    group = Item("group|water", 1, "14 条", "", 0.0, ("group", "water", 1), alarms=("a", "b"))
    sounds.take([group, item("c", 2, is_quiet=True)])
    assert heard(sounds, 30) == [(0, 1)]
    sounds.take([group])
    assert heard(sounds, 30) == []


def test_a_yellow_one_does_not_interrupt_red():
    sounds = AlarmSounds()
    sounds.take([item("a", 1)])
    assert sounds.due(0.0) == 1
    sounds.take([item("a", 1), item("b", 3)])
    assert sounds.due(0.5) == 0 and sounds.due(2.0) == 1


def test_mute_counts_down_and_what_still_asks_is_heard_after_it():
    sounds = AlarmSounds()
    sounds.take([item("a", 2), item("b", 3)])
    sounds.mute(0.0)
    assert sounds.muted_left(100.0) == MUTE_S - 100.0
    assert heard(sounds, int(MUTE_S)) == [] and sounds.due(MUTE_S + 1) == 2
    sounds.mute(400.0)
    sounds.mute(401.0)
    assert sounds.muted_left(402.0) == 0.0
