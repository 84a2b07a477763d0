from __future__ import annotations

from datetime import timedelta

from tests.fake_desk import NOW, ago, unit
from weihai_command.boards.unit_rows import by_column, next_states, unit_row
from weihai_command.domain.roll_call import Call, Rules
from weihai_command.domain.unit_times import Limit


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


def call(minutes: float, answer: str, n: int = 0) -> Call:
    return Call(NOW - timedelta(minutes=minutes), answer, n, f"{answer}{n}")


def watched(*calls: Call, heard: float = 25.0, state: str = "on_scene", **fields):
    watch = {"limit": Limit(7200, "久未离场"), "rules": Rules(), "heard": NOW - timedelta(minutes=heard), "calls": calls}
    return row("a", state, state_at=ago(heard), watch=watch, **fields)


def test_a_roll_call_stands_in_the_cell_until_it_is_answered():
    assert watched().age(NOW) == ("点名", "near") and watched().needs(NOW)
    assert watched(heard=19).age(NOW) == ("0:19", "plain") and not watched(heard=19).needs(NOW)
    assert watched(call(0.3, "called", 1)).age(NOW) == ("点名 0:42", "near")
    assert watched(call(3, "missed", 1)).age(NOW) == ("再点名", "near")
    assert watched(call(3, "missed", 1), call(0.5, "called", 2)).age(NOW) == ("再点名 1:30", "near")
    lost = watched(call(3, "missed", 1), call(2, "missed", 2))
    assert lost.age(NOW) == ("失联?", "over") and lost.needs(NOW)
    known = watched(call(3, "missed", 1), call(2, "missed", 2), call(1, "seen"))
    assert known.age(NOW) == ("失联已知", "second") and not known.needs(NOW)
    assert watched(call(1, "ok")).age(NOW) == ("0:25", "plain")


def test_a_unit_that_is_not_committed_is_not_called():
    assert watched(state="returning").call(NOW) is None and row("a").call(NOW) is None


def test_a_state_that_lasts_too_long_warns_and_what_is_graver_comes_first():
    assert watched(call(1, "ok"), heard=121).age(NOW) == ("久未离场", "near")
    assert watched(heard=121).age(NOW) == ("点名", "near")
    assert row("a", "dispatching", state_at=ago(30)).age(NOW) == ("未确认", "near")
    assert watched(call(3, "missed", 1), call(2, "missed", 2), heard=241).age(NOW) == ("失联?", "over")


def test_what_a_unit_is_assigned_to_stands_in_its_cell():
    assert row("a", "assigned", reason="应0417").age(NOW) == ("应0417", "plain")
    assert row("a", "assigned").age(NOW) == ("0:14", "plain")
