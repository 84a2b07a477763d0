"""`bench watch`: what it compares with is independent and can fail; a small flood through the real window."""

from __future__ import annotations

import json
from typing import Any

import pytest

from weihai_command.bench_watch_load import LABELLED, LoadSource, labelled, plain

SENSORS = [
    *({"id": f"gas-{n}", "quantity": "gas_concentration", "low": None, "high": 0.5} for n in range(5)),
    *({"id": f"road-{n}", "quantity": "road_water", "low": None, "high": 15.0} for n in range(3)),
    {"id": "tide", "quantity": "tide", "low": None, "high": None},
]


def spoken() -> LoadSource:
    """A source whose sensors have spoken six times each."""
    now = [1_790_000_000.0]
    source = LoadSource(SENSORS, 9, 6, lambda: now[0])
    source.begin()
    while not source.is_over:
        now[0] += 0.5
        source.take()
    return source


def test_the_plain_loop_says_what_the_labels_say() -> None:
    source = spoken()
    expected = labelled(source)
    assert plain(source, SENSORS) == expected and len(expected) == sum(label is not None for _, _, label in LABELLED)


def test_the_plain_loop_sees_a_reading_more_or_less() -> None:
    source = spoken()
    row, at, _ = next(each for each in reversed(source.log) if each[0] == 1)
    source.note(row, at + 1, 0.4)
    assert plain(source, SENSORS) != labelled(source)


def test_the_stream_is_all_there_and_some_of_it_twice() -> None:
    source = spoken()
    assert source.count == 54 and source.extra >= 2 and {row for row, _, _ in source.log} == set(range(len(SENSORS)))


@pytest.mark.window
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_small_flood_is_exact(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from weihai_command.cli.main import main

    monkeypatch.delenv("DISPLAY", raising=False)
    main(["bench", "watch", "--sensors", "2000", "--rate", "1000", "--seconds", "12", "--json"])
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert found["exact"] and found["accounted"] and found["alarms"]["kept"] == found["alarms"]["labelled"] > 50
    assert found["readings"]["kept"] == 12_000 and found["readings"]["twice"] == found["readings"]["unknown"] > 0
    assert found["shown_in"] > 0 and found["stall_ms"] >= 0
