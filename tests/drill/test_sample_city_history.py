from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from weihai_command.domain.incident import FINAL
from weihai_command.drill import sample_city
from weihai_command.drill.sample_city_history import CASES, DAYS, EMERGENCIES

BEIJING = timezone(timedelta(hours=8))


def _past(now: datetime) -> list[dict[str, Any]]:
    rows = [record for kind, record in sample_city.records("small", now) if kind == "incidents"]
    return rows[-DAYS * (CASES + EMERGENCIES) :]


@pytest.mark.parametrize("now", [datetime(2026, 7, 16, 16, 42, 8, tzinfo=BEIJING), datetime(2026, 7, 16, 0, 3, tzinfo=BEIJING)])
def test_the_past_is_over_at_any_hour(now: datetime) -> None:
    rows = _past(now)
    assert all(row["state"] in FINAL[row["track"]] for row in rows)
    for row in rows:
        times = [datetime.fromisoformat(line["at"]) for line in row["history"]]
        assert times == sorted(times) and times[-1] <= now and now - times[0] < timedelta(days=DAYS + 1), row["number"]


def test_no_number_comes_twice() -> None:
    for scale in ("small", "city"):
        numbers = [record["number"] for kind, record in sample_city.records(scale, datetime(2026, 7, 16, 16, tzinfo=BEIJING)) if kind == "incidents"]
        assert len(numbers) == len(set(numbers))
