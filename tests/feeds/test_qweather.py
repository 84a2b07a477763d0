"""QWeather's files become warnings; an empty list that says so is believed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from weihai_command.feeds.feed import FeedConfig, Memory
from weihai_command.feeds.platform import Page
from weihai_command.feeds.qweather import QWeatherFeed

NOW = 1_761_300_000.0


def read(folder: Path, name: str, memory: Memory | None = None) -> tuple[Page, Memory]:
    return QWeatherFeed(FeedConfig("q", "qweather", name, "warnings", folder=folder), now=lambda: NOW).read(memory or Memory())


def put(folder: Path, document: Any) -> None:
    (folder / "q.json").write_text(json.dumps(document), "utf-8")


def test_the_sample_list(shared_data: Path) -> None:
    page, _ = read(shared_data / "qweather_cn_alerts_typhoon", "17f65bd-weather-alert-v1-current-zh.json")
    (row,) = page.records
    assert (row["colour"], row["kind"], row["msg_type"], row["references"]) == ("blue", "wind", "Update", ["202510181140100706230391"])
    assert (row["sent"], row["expires"]) == ("2025-10-24T11:19:00+08:00", "2025-10-25T11:19:00+08:00")
    assert row["sender_name"] == "临桂区气象台" and row["criteria"].startswith("24小时内") and row["instruction"].startswith("1. ")
    assert not page.rejected and "districts" not in row


def test_the_other_shape_of_the_list(tmp_path: Path) -> None:
    put(tmp_path, {"alerts": [{
        "id": "2", "senderName": "威海市气象台", "issuedTime": "2025-10-24T08:26Z", "msgType": "Cancel", "relatedAlertIds": ["1"], "event": "暴雨",
        "eventCodes": [{"name": "QWEATHER", "value": "1003"}], "severity": "Moderate", "color": {"code": "Yellow"}, "headline": "解除",
    }]})
    (row,) = read(tmp_path, "q.json")[0].records
    assert (row["msg_type"], row["references"], row["kind"], row["colour"]) == ("Cancel", ["1"], "rainstorm", "yellow")
    assert len(row["districts"]) == 7


@pytest.mark.parametrize(("change", "field"), [
    ({"issuedTime": None}, "issuedTime"), ({"issuedTime": "gestern"}, "issuedTime"), ({"issuedTime": "2025-10-24T08:26"}, "issuedTime"),
    ({"headline": None}, "headline"), ({"headline": 5}, "headline"), ({"messageType": {"code": "joke"}}, "messageType"), ({"id": ""}, "id"),
])
def test_what_is_wrong_is_named(tmp_path: Path, change: dict[str, Any], field: str) -> None:
    put(tmp_path, {"alerts": [{"id": "1", "issuedTime": "2025-10-24T08:26Z", "headline": "大风蓝色预警", **change}]})
    page, _ = read(tmp_path, "q.json")
    assert [each.field for each in page.rejected] == [field] and not page.records


@pytest.mark.parametrize(("document", "field"), [([], "alerts"), ({"code": "401"}, "code"), ({"alerts": {}}, "alerts"), ({"track": []}, "track")])
def test_what_is_no_list_is_not_used(tmp_path: Path, document: Any, field: str) -> None:
    put(tmp_path, document)
    page, _ = read(tmp_path, "q.json")
    assert [each.field for each in page.rejected] == [field] and not page.records and not page.deletions


def test_an_empty_list_that_says_so_is_believed(tmp_path: Path) -> None:
    put(tmp_path, {"alerts": [{"id": "1", "issuedTime": "2025-10-24T08:26Z", "headline": "大风蓝色预警", "expireTime": "2199-01-01T00:00Z"}]})
    _, memory = read(tmp_path, "q.json")
    put(tmp_path, {"metadata": {"zeroResult": True}, "alerts": []})
    page, after = read(tmp_path, "q.json", memory)
    assert len(page.deletions) == 1 and not after.versions


def test_the_storms(shared_data: Path) -> None:
    folder = shared_data / "qweather_cn_alerts_typhoon"
    (row,) = read(folder, "8073483-storm-track-zh-json.json")[0].records
    track = row["track"]
    assert track["active"] and track["now"]["radii"] == {"30": [300.0, 200.0, 200.0, 200.0], "50": [80.0, 80.0, 50.0, 50.0], "64": [40.0] * 4}
    assert track["points"][0]["at"] == "2021-07-18T02:00:00+08:00" and len(track["points"]) > 20 and row["msg_type"] == "Alert"
    ring = row["area"]["coordinates"][0]
    # The north-eastern quarter reaches half as far again as the others.
    assert max(lat for _, lat in ring) - 31.3 == pytest.approx(300 / 111.195, rel=0.01)
    assert 31.3 - min(lat for _, lat in ring) == pytest.approx(200 / 111.195, rel=0.01)
    (ahead,) = read(folder, "8073483-storm-forecast-zh-json.json")[0].records
    assert ahead["expires"] == ahead["track"]["points"][-1]["at"] and "预报路径" in ahead["title"]
    (over,) = read(folder, "ab344a6-storm-track-zh-json.json")[0].records
    assert over["msg_type"] == "Cancel" and not over["track"]["active"]
