from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from weihai_command.operations.by_field import by_field
from weihai_command.operations.desk import City, Desk
from weihai_command.store import mirror
from weihai_command.store.profile import Profile
from weihai_command.store.store import Store


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(
        Profile(tmp_path, "sample-small"), Store.open(Profile(tmp_path, "sample-small"), ballast=False), City("威海市", True),
        clock=lambda: datetime.fromisoformat("2026-07-16T16:00:00+08:00"),
    )
    yield made
    made.store.close()


def test_fields_come_in_the_catalogues_order_with_what_is_wrong(desk: Desk) -> None:
    rows = [("police", "online"), ("water", "offline"), ("police", "offline"), ("police", "online"), ("moon\nbase", "online"), (None, "online")]
    mirror.bulk(desk.store, "video_points", [
        {"id": f"c-{n}", "last_modified": 1, "name": "x", "field": field, "state": state} for n, (field, state) in enumerate(rows)
    ])
    assert by_field(desk, "video_points") == [("水务", 1, 1), ("公安", 3, 1), ("其他", 2, 0)]
    assert by_field(desk, "sensors") == [] and by_field(desk, "units") == []


def test_only_hot_columns_are_counted(desk: Desk) -> None:
    with pytest.raises(KeyError):
        mirror.tally(desk.store, "video_points", ("raw",))
