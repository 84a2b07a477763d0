from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from weihai_command.store import mirror
from weihai_command.store.profile import Profile
from weihai_command.store.state_times import state_time, state_times
from weihai_command.store.store import Store

SEEN = "2026-07-16T15:00:00+08:00"
AT = datetime.fromisoformat(SEEN).timestamp()


@pytest.mark.parametrize(("kind", "field"), [("sensors", "observed_at"), ("video_points", "changed_at")])
def test_the_times_that_sources_say_and_else_those_of_the_platform(tmp_path: Path, kind: str, field: str) -> None:
    store = Store.open(Profile(tmp_path, "sample-small"), ballast=False)
    said = [SEEN, "2026-07-16T07:00:01Z", None, "yesterday", "2026-07-16T15:00:00"]
    rows = [{"id": f"p-{n}", "last_modified": 1_000 * n, "name": "甲", "lon": 122.1, "lat": 37.4, field: text} for n, text in enumerate(said)]
    mirror.bulk(store, kind, rows)
    ids = ["p-4", "gone", *(f"p-{n}" for n in range(4))] + [f"x-{n}" for n in range(6_000)]
    found = state_times(store, kind, ids)
    assert found[:6].tolist() == [4.0, -np.inf, AT, AT + 1, 2.0, 3.0]
    assert (len(found), np.isfinite(found).sum()) == (len(ids), 5)
    assert [state_time(kind, row) for row in rows] == [AT, AT + 1, 2.0, 3.0, 4.0]
    assert state_time(kind, {}) == -np.inf
    store.close()
