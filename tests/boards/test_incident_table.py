"""The table against the obvious way: sort with the key, filter with the test, look into every text."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest

from tests.fake_desk import NOW, ago, incident
from weihai_command.boards import incident_table
from weihai_command.boards.incident_order import KEYS
from weihai_command.boards.incident_rows import CHIPS, IncidentRow, count, matches, row_of, urgency
from weihai_command.boards.incident_table import IncidentTable

DAY = timedelta(days=1)


def made_up(rng: random.Random, number: int) -> IncidentRow:
    track = rng.choice(["emergency", "municipal"])
    state = rng.choice(["new", "active", "ended"] if track == "emergency" else ["reported", "handling", "suspended", "closed"])
    fields: dict[str, Any] = {
        "track": track, "state": state, "priority": rng.choice(["urgent", "high", "low", None]), "grade": rng.choice([1, 4, None]),
        "owner": rng.choice(["wang", "li", None]), "town": rng.choice(["皇冠街道", "温泉镇", None]), "type": rng.choice(["gas_leak", "road_flooding", None]),
        "due_at": rng.choice([None, ago(rng.randint(-60, 60))]), "reported_at": rng.choice([None, ago(rng.randint(0, 90))]), "state_at": ago(rng.randint(0, 9)),
        "sync": rng.choice(["synced", "pending", "conflict"]), "department": rng.choice([None, "water"]) if track == "municipal" else None,
        "title": rng.choice(["积水", "燃气泄漏", "树倒"]),
    }
    return row_of(incident(f"应{number:04d}", **fields))


def naive(rows: list[IncidentRow], chip: str, query: str, field: str, user: str, now: Any) -> list[str]:
    test = {key: test for key, _, test in CHIPS}[chip]
    ordered = sorted(rows, key=urgency)
    if field:
        ordered.sort(key=KEYS[field])
    return [row.id for row in ordered if test(row, user, now) and matches(row, query)]


def check(table: IncidentTable, rows: dict[str, IncidentRow], now: Any) -> None:
    assert table.counts() == count(rows.values(), "wang", now) and len(table) == len(rows)
    for chip, *_ in CHIPS:
        for field in ("", *KEYS):
            for query in ("", "积", "应00 街道", "不存在"):
                shown = [table.rows[place].id for place in table.shown(chip, query, field).tolist()]  # type: ignore[union-attr]
                assert shown == naive(list(rows.values()), chip, query, field, "wang", now), (chip, field, query)


@pytest.mark.parametrize("many", [1, 200])
def test_a_table_that_was_changed_step_by_step_is_the_obvious_one(many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(incident_table, "MANY", many)
    rng = random.Random(5)
    rows = {row.id: row for row in (made_up(rng, number) for number in range(60))}
    table = IncidentTable().with_changes(rows.values(), (), "wang", NOW)
    check(table, rows, NOW)
    for _ in range(6):
        changed = [made_up(rng, rng.randint(0, 70)) for _ in range(rng.randint(1, 5))]
        changed = list({row.id: row for row in changed}.values())
        gone = [each for each in rng.sample(sorted(rows), 2) if each not in {row.id for row in changed}]
        before, kept = table, dict(rows)
        table = table.with_changes(changed, gone, "wang", NOW)
        rows = {each: row for each, row in rows.items() if each not in gone} | {row.id: row for row in changed}
        check(table, rows, NOW)
    check(before, kept, NOW)


def test_a_deadline_that_passes_is_counted_and_what_is_old_goes() -> None:
    rows = {row.id: row for row in (
        row_of(incident("应1", due_at=ago(-5))), row_of(incident("应2", due_at=ago(-90))), row_of(incident("应3", state="ended", state_at=ago(23 * 60))),
        row_of(incident("案4", track="municipal", state="suspended", due_at=ago(-5))),
    )}
    table = IncidentTable().with_changes(rows.values(), (), "", NOW)
    assert table.at(NOW + timedelta(minutes=1), DAY) is table, "nothing fell due, nothing is made anew"
    later = table.at(NOW + timedelta(minutes=6), DAY)
    assert later.counts()["overdue"] == 1 and table.counts()["overdue"] == 0 and len(later) == 4
    last = later.at(NOW + timedelta(hours=2), DAY)
    assert last.counts()["overdue"] == 2 and len(last) == 3 and last.shown("all", "应3").tolist() == []


def test_an_unchanged_row_is_no_change_and_a_changed_one_is_told() -> None:
    rows = [row_of(incident(f"应{number}")) for number in range(4)]
    table = IncidentTable().with_changes(rows, (), "wang", NOW)
    same = table.with_changes([row_of(incident("应2"))], (), "wang", NOW)
    assert (same.since <= table.age).all()
    other = same.with_changes([row_of(incident("应2", owner="li"))], (), "wang", NOW)
    assert [other.rows[place].number for place in (other.since > same.age).nonzero()[0].tolist()] == ["应2"]  # type: ignore[union-attr]


def test_a_text_in_characters_stands_by_its_sound() -> None:
    rows = [row_of(incident(f"应{at}", town=town)) for at, town in enumerate(["张村镇", "皇冠街道", "凤林街道"])]
    table = IncidentTable().with_changes(rows, (), "", NOW)
    assert [table.rows[place].place for place in table.shown("all", "", "place").tolist()] == ["凤林街道", "皇冠街道", "张村镇"]  # type: ignore[union-attr]
