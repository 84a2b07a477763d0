from __future__ import annotations

from tests.fake_desk import NOW, ago, unit
from weihai_command.boards.unit_rows import by_column, next_states, unit_row


def row(*args, **fields):
    return unit_row(unit(*args, **fields), NOW)


def test_available_units_are_at_home_or_out():
    assert row("a").column == "home"
    assert row("a", lon=122.2).column == "away"


def test_an_old_position_is_no_position():
    assert row("a", lon=122.2, position_at=ago(31)).column == "home"
    assert row("a", lon=122.2, position_at=ago(31)).symbol == "u-fire-o"


def test_symbols_are_hollow_filled_or_slashed():
    assert row("a").symbol == "u-fire"
    assert row("a", "en_route").symbol == "u-fire-b"
    assert row("a", "unavailable").symbol == "u-fire-x"
    assert row("a", kind="dragons").symbol == "u-rescue"


def test_a_dispatch_without_answer_is_said():
    assert row("a", "dispatching", state_at=ago(3)).age(NOW) == ("未确认", "near")
    assert row("a", "dispatching", state_at=ago(1)).age(NOW) == ("0:01", "plain")


def test_columns_show_the_longest_first():
    columns = by_column([row("b", "en_route", state_at=ago(3)), row("a", "en_route", state_at=ago(9)), row("z"), row("y")])
    assert [each.name for each in columns["en_route"]] == ["a", "b"]
    assert [each.name for each in columns["home"]] == ["y", "z"]


def test_a_state_that_nobody_knows_is_not_available():
    assert row("a", "teleporting").column == "unavailable"


def test_next_states_follow_the_table_and_never_dispatch():
    assert ("on_scene", "到场") in next_states("en_route")
    assert all(state != "dispatching" for state, _ in next_states("available"))
    assert next_states("teleporting") == []
