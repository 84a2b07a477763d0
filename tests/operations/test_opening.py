"""The sample city: made once, kept through the day, made anew on another day with the old one beside; a cut making is made again."""

from __future__ import annotations

from pathlib import Path

import pytest

from weihai_command.operations import acts, opening, queries, syncing
from weihai_command.store import points, settings


def test_a_city_of_another_day_is_kept_beside(tmp_path: Path) -> None:
    desk = opening.open_sample(tmp_path, "small")
    made = acts.report(desk, title="树木倒伏", type="tree_fall", lon=122.1, lat=37.4)
    syncing.sync(desk)
    desk.close()
    desk = opening.open_sample(tmp_path, "small", renew=True)
    assert queries.record(desk, "incidents", made.id), "the same day keeps what was done"
    settings.put(desk.store, opening.SEEDED, "2026-01-01T08:00:00+08:00")
    desk.close()
    desk = opening.open_sample(tmp_path, "small", renew=True)
    assert queries.record(desk, "incidents", made.id) is None
    assert queries.count(desk, "video_points") == 300 and any("sample-small-earlier" in note for note in desk.store.notes)
    desk.close()
    assert (tmp_path / "sample-small-earlier" / "desk.db").exists()


def test_a_city_whose_making_was_cut_short_is_made_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from weihai_command.drill import sample_city

    whole = sample_city.records

    def cut(scale: str, now: object) -> object:
        for kind, record in whole(scale, now):  # type: ignore[arg-type]
            if kind == "units":
                raise KeyboardInterrupt
            yield kind, record

    monkeypatch.setattr(sample_city, "records", cut)
    with pytest.raises(KeyboardInterrupt):
        opening.open_sample(tmp_path, "small")
    monkeypatch.setattr(sample_city, "records", whole)
    desk = opening.open_sample(tmp_path, "small")
    assert len(queries.units(desk)) > 30 and queries.count(desk, "video_points") == 300
    desk.close()


def test_a_city_that_was_made_opens_from_kept_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opening.open_sample(tmp_path, "small").close()
    monkeypatch.setattr(points, "read", lambda *_: pytest.fail("the columns were kept when the city was made"))
    desk = opening.open_sample(tmp_path, "small")
    assert len(points.table(desk.store, "video_points")) == 300
    desk.close()
