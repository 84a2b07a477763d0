"""Every cell of the alarm's table, standing x act x role, against the field's own table written out here; then what the cells leave."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest

from weihai_command.domain import alarm as rules
from weihai_command.domain.alarm import ACTIVE, CLEARED, Alarm, AlarmChanged, Chatter, Command, Settings, alarm_id, decide, evolve
from weihai_command.domain.faults import Refused
from weihai_command.domain.rights import INCLUDES

T = 1_784_188_800.0
#: from | act | to | role | needs
TABLE = """
- | raise | unacked | feed |
cleared, closed | raise | again | feed |
unacked, acked, shelved | worsen | unacked | feed |
unacked | clear | cleared | feed |
acked, shelved | clear | closed | feed |
shelved | expire | unacked | feed |
unacked | escalate | unacked | feed |
unacked | acknowledge | acked | officer |
cleared | acknowledge | closed | officer |
acked, closed | recall | again | officer |
unacked, acked | shelve | shelved | officer | reason, until
shelved | unshelve | unacked | officer |
unacked, acked, shelved, cleared | dismiss | closed | officer | reason
unacked, acked, shelved, cleared, closed | link | same | officer | incident
unacked, acked, shelved, cleared, closed | unlink | same | officer |
"""
ROWS = [[part.strip() for part in (line + " |").split("|")[:5]] for line in TABLE.strip().splitlines()]
CELLS = {(source, row[1]): row for row in ROWS for source in row[0].split(", ")}
ACTS = tuple(dict.fromkeys(row[1] for row in ROWS))
ROLES_OF = {"feed": {"feed"}, "officer": {"officer", "shift_leader", "trainee", "exercise"}}
RAISE: dict[str, Any] = {"sensor_id": "s1", "kind": "high", "severity": 2, "value": 4.62, "limit": 4.2, "name": "泵站前池水位 01"}
GIVEN: dict[str, dict[str, Any]] = {
    "raise": RAISE, "worsen": {"severity": 1, "value": 5.1, "limit": 5.0}, "clear": {"value": 4.0, "peak": 5.2},
    "shelve": {"reason": "检修", "until": T + 7200.0}, "dismiss": {"reason": "误报"}, "link": {"incident": "i1"}, "acknowledge": {},
}
STANDARD = Settings()
KNOWN = {"acked_at": T, "acked_by": "wang"}
SHELF = {"shelved_until": T + 3600.0, "shelved_by": "wang", "shelf_reason": "检修"}


def raised() -> Alarm:
    return evolve(None, decide(None, Command("raise", at=T, fields=RAISE), T)[0])


def standing(word: str) -> Alarm | None:
    made = raised()
    return {
        "-": None, "unacked": made, "acked": replace(made, **KNOWN), "shelved": replace(made, **SHELF),
        "cleared": replace(made, state=CLEARED, cleared_at=T + 5), "closed": replace(made, state=CLEARED, cleared_at=T + 5, **KNOWN),
    }[word]


def attempt(alarm: Alarm | None, act: str, role: str = "", now: float = T + 10, **given: Any) -> list[AlarmChanged]:
    role = role or CELLS.get((alarm.standing if alarm else "-", act), ROWS[0])[3].split(", ")[0]
    return decide(alarm, Command(act, "wang", role, fields={**GIVEN.get(act, {}), **given}), now)


def test_the_table_is_the_one_written_here() -> None:
    assert [[", ".join(row.sources), row.act, row.target.lstrip("*"), ", ".join(row.roles), ", ".join(row.needs)] for row in rules.TABLE] == ROWS
    assert set(ACTS) == set(rules.WORDS) and {source for source, _ in CELLS} == {"-", *rules.STANDINGS}


@pytest.mark.parametrize(("source", "act"), list(itertools.product(["-", *rules.STANDINGS], ACTS)))
def test_every_cell(source: str, act: str) -> None:
    for role in INCLUDES:
        _cell(source, act, role)


def _cell(source: str, act: str, role: str) -> None:
    alarm, cell = standing(source), CELLS.get((source, act))
    # A worsening of what is over begins it anew; a raise of what is there can only make it worse.
    if act in {"raise", "worsen"} and cell is None:
        cell = CELLS[(source, "worsen" if act == "raise" else "raise")]
    now = T + 3600.0 if act in {"escalate", "expire"} else T + 10
    given = {**RAISE, "severity": 1} if act == "worsen" or (act == "raise" and source in {"unacked", "acked", "shelved"}) else {}
    if cell is not None and any(role in ROLES_OF[each] for each in cell[3].split(", ")):
        events = attempt(alarm, act, role, now, **given)
        if act == "unlink":
            assert events == []
            return
        after = evolve(alarm, events[0])
        expected = {"same": source, "again": "cleared" if (source, act) == ("closed", "recall") else "unacked"}.get(cell[2], cell[2])
        assert (len(events), events[0].before, after.standing) == (1, source, expected)
        assert after.state == (ACTIVE if expected in {"unacked", "acked", "shelved"} else CLEARED)
        return
    if "feed" in {name for row in ROWS if row[1] == act for name in row[3].split(", ")}:
        assert attempt(alarm, act, role, now, **given) == [], "what detection brings is never refused"
        return
    with pytest.raises(Refused) as told:
        attempt(alarm, act, role, now)
    assert told.value.code in {"wrong_state", "wrong_role", "unknown_record", "already_acked"} and told.value.kept == "没有改动"


@pytest.mark.parametrize(("act", "need"), [(row[1], need) for row in ROWS for need in row[4].split(", ") if need])
def test_what_an_act_needs(act: str, need: str) -> None:
    with pytest.raises(Refused) as told:
        attempt(raised(), act, "officer", **{need: " " if need != "until" else None})
    assert told.value.code == "missing_fields"


def test_a_name_is_the_same_at_every_desk() -> None:
    assert raised().id == alarm_id("s1", "high", T) == alarm_id("s1", "high", T + 0.0001)
    assert len({alarm_id(sensor, kind, at) for sensor in ("s1", "s2") for kind in rules.KINDS for at in (T, T + 1)}) == 20


def test_an_acknowledged_alarm_asks_again_only_when_it_becomes_worse() -> None:
    known = evolve(raised(), attempt(raised(), "acknowledge")[0])
    assert (known.standing, known.acked_by) == ("acked", "wang")
    for severity in (2, 3, 5):
        assert attempt(known, "worsen", severity=severity) == []
    assert attempt(known, "escalate", now=T + 99_999) == []
    worse = evolve(known, attempt(known, "worsen", severity=1)[0])
    assert (worse.standing, worse.severity, worse.acked_by, worse.announced_at) == ("unacked", 1, None, T + 10)


def test_reminders_end_with_the_acknowledgement() -> None:
    alarm, seen = raised(), []
    for now in (T, T + 179, T + 180, T + 181, T + 599, T + 600, T + 9999):
        for event in attempt(alarm, "escalate", now=now):
            alarm = evolve(alarm, event)
            seen.append((now - T, alarm.escalations))
    assert seen == [(180, 1), (600, 2)]
    alarm = evolve(alarm, attempt(alarm, "acknowledge", now=T + 700)[0])
    assert attempt(alarm, "escalate", now=T + 99_999) == []


def test_what_is_shelved_returns_while_its_cause_is_there() -> None:
    shelf = evolve(raised(), attempt(raised(), "shelve", until=T + 100)[0])
    assert attempt(shelf, "expire", now=T + 99) == []
    back = evolve(shelf, attempt(shelf, "expire", now=T + 100)[0])
    assert (back.standing, back.announced_at, back.shelf_reason) == ("unacked", T + 100, None)
    over = evolve(shelf, attempt(shelf, "clear")[0])
    assert attempt(over, "expire", now=T + 200) == [] and over.standing == "closed"


@pytest.mark.parametrize("until", [T + 10, T - 1, T + 10 + 8 * 3600 + 1, float("nan"), float("inf")])
def test_a_shelf_holds_for_eight_hours_at_most(until: float) -> None:
    with pytest.raises(Refused, match="8 小时"):
        attempt(raised(), "shelve", until=until)


def test_it_stays_on_the_shelf_when_its_cause_comes_and_goes() -> None:
    shelf = evolve(raised(), attempt(raised(), "shelve", until=T + 7200)[0])
    for at in range(20, 3000, 100):
        shelf = evolve(shelf, attempt(shelf, "clear", now=T + at)[0])
        shelf = evolve(shelf, attempt(shelf, "raise", now=T + at + 50)[0])
        assert shelf.standing == "shelved"
    late = evolve(shelf, attempt(shelf, "clear", now=T + 7000)[0])
    assert evolve(late, attempt(late, "raise", now=T + 7300)[0]).standing == "unacked"


def again(alarm: Alarm, at: float, settings: Settings = STANDARD) -> Alarm:
    alarm = evolve(alarm, decide(alarm, Command("clear", at=at - 1), at, settings)[0])
    return evolve(alarm, decide(alarm, Command("raise", at=at, fields=RAISE), at, settings)[0])


def test_chattering_is_told_once_and_stays_one_alarm() -> None:
    settings, alarm = Settings(Chatter(3, 600.0)), raised()
    for n in range(1, 3):
        alarm = again(alarm, T + 10 * n, settings)
        assert not alarm.is_chattering and alarm.announced_at == T, "not known yet: it is not announced a second time"
    alarm = again(alarm, T + 30, settings)
    assert (alarm.is_chattering, alarm.count, alarm.id) == (True, 4, raised().id)
    alarm = evolve(alarm, attempt(alarm, "acknowledge", now=T + 31)[0])
    alarm = again(alarm, T + 40, settings)
    assert (alarm.standing, alarm.count, alarm.announced_at) == ("acked", 5, T), "known and chattering: silence"
    quiet = again(alarm, T + 5000, settings)
    assert (quiet.count, quiet.is_chattering, quiet.standing, quiet.raised_at) == (1, False, "unacked", T + 5000)


def test_before_it_chatters_each_return_of_what_was_known_asks_again() -> None:
    alarm = evolve(raised(), attempt(raised(), "acknowledge", now=T + 1)[0])
    alarm = again(alarm, T + 20)
    assert (alarm.standing, alarm.announced_at, alarm.raised_at, alarm.since) == ("unacked", T + 20, T, T + 20)


def test_what_another_process_saw_first_changes_nothing() -> None:
    alarm = raised()
    assert decide(alarm, Command("raise", at=T, fields=RAISE), T + 50) == []
    over = evolve(alarm, attempt(alarm, "clear", now=T + 60)[0])
    assert decide(over, Command("raise", at=T, fields=RAISE), T + 70) == []
    back = again(alarm, T + 100)
    assert decide(back, Command("clear", at=T + 60), T + 110) == []


def test_the_peak_is_the_farthest_in_its_direction() -> None:
    high = evolve(raised(), attempt(raised(), "worsen", severity=1, value=5.1, peak=5.3)[0])
    assert high.peak == 5.3 and evolve(high, attempt(high, "clear", peak=4.9)[0]).peak == 5.3
    low = evolve(None, decide(None, Command("raise", fields={**RAISE, "kind": "low", "value": 0.1, "limit": 0.14}), T)[0])
    assert evolve(low, attempt(low, "clear", peak=0.05)[0]).peak == 0.05


def test_a_record_asks_nobody() -> None:
    record = evolve(None, decide(None, Command("raise", fields={**RAISE, "severity": 5}), T)[0])
    assert (record.standing, record.announced_at) == ("acked", None)
    assert evolve(record, attempt(record, "clear")[0]).standing == "closed"
    assert evolve(record, attempt(record, "worsen", severity=3)[0]).standing == "unacked"


def test_what_was_dismissed_by_hand_asks_again_when_it_comes_back() -> None:
    gone = evolve(raised(), attempt(raised(), "dismiss")[0])
    assert (gone.standing, gone.ack_reason, gone.state) == ("closed", "误报", CLEARED)
    assert evolve(gone, decide(gone, Command("raise", at=T + 60, fields=RAISE), T + 60)[0]).standing == "unacked"


def test_links_come_and_go() -> None:
    linked = evolve(raised(), attempt(raised(), "link")[0])
    assert linked.incident_id == "i1"
    assert evolve(linked, attempt(linked, "unlink")[0]).incident_id is None


def test_an_acknowledgement_later_than_the_end_of_a_shelf_stays() -> None:
    """Another desk took it off the shelf and acknowledged it; here the acknowledgement was known first."""
    known = replace(raised(), **SHELF, acked_at=T + 50, acked_by="li")
    assert evolve(known, attempt(known, "unshelve", now=T + 40)[0]).standing == "acked"
    assert evolve(known, attempt(known, "unshelve", now=T + 60)[0]).standing == "unacked"
