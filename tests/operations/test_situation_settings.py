from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from weihai_command.operations import catalogue
from weihai_command.operations.situation_settings import settings


def test_the_heating_season_spans_the_new_year() -> None:
    heat = next(field for field in settings().fields if field.key == "heat")
    assert not heat.rests(date(2026, 11, 22)) and not heat.rests(date(2026, 1, 10)) and not heat.rests(date(2026, 4, 5))
    assert heat.rests(date(2026, 4, 6)) and heat.rests(date(2026, 7, 16)) and heat.rests(date(2026, 11, 14))


def test_the_tables_name_what_there_is() -> None:
    found = settings()
    quantities = [quantity for field in found.fields for quantity in field.quantities]
    assert sorted(quantities) == sorted(catalogue.words("quantity"))
    kinds = [kind for _, _, own in found.groups for kind in own]
    assert sorted(kinds) == sorted(catalogue.words("unit_kind"))


def test_a_city_replaces_what_it_measures_by(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "situation.toml").write_text("[target]\nfiling = { percent = 90.0 }\n", "utf-8")
    assert {name: goal.percent for name, goal in settings(tmp_path).goals.items()} == {"filing": 90.0} and settings(tmp_path).fields == settings().fields
    bad = tmp_path / "bad"
    bad.mkdir()
    (bad / "situation.toml").write_text("[target]\nfiling = 90\n", "utf-8")
    assert settings(bad).goals == settings().goals and "situation.toml" in caplog.text
