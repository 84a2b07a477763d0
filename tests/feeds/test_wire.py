"""The models agree with the domain, say what is wrong in Chinese, keep what they do not know, and are quick."""

from __future__ import annotations

import time
from dataclasses import MISSING, fields
from typing import Any

import pytest

from weihai_command.domain.kinds import KINDS
from weihai_command.domain.record import full, read
from weihai_command.feeds.wire import MODELS, Invalid, Wire, validate, validate_all

BOOKKEEPING = {"last_op", "ops"}


def test_every_kind_has_a_model() -> None:
    assert set(MODELS) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_fields_and_what_is_required_agree_with_the_domain(kind: str) -> None:
    record = fields(KINDS[kind].record)
    own = set(MODELS[kind].model_fields) - BOOKKEEPING - ({"server_id"} if kind == "meta" else set())
    assert own == {field.name for field in record}
    required = {field.name for field in record if field.default is MISSING and field.default_factory is MISSING}
    assert {name for name, info in MODELS[kind].model_fields.items() if info.is_required()} == required


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_domain_writes_is_valid_and_reads_back(kind: str) -> None:
    samples = {"title": "a", "name": "a", "kind": "fire", "incident_id": "1", "unit_id": "2", "text": "x", "at": "t", "by": "o", "field": "water",
               "quantity": "level", "epoch": "e"}
    raw = {"id": "1", **{name: value for name, value in samples.items() if name in {field.name for field in fields(KINDS[kind].record)}}}
    record = read(KINDS[kind].record, validate(kind, raw))
    assert read(KINDS[kind].record, validate(kind, full(record))) == record


def test_unknown_fields_and_the_servers_own_are_kept() -> None:
    raw = {"id": "1", "title": "a", "schema": 5, "last_modified": 6, "strange": {"deep": [1]}, "ops": ["a"]}
    assert validate("incidents", raw) is raw


def test_a_position_out_of_range_is_kept_a_word_is_not() -> None:
    validate("units", {"id": "1", "name": "a", "kind": "fire", "lon": 999, "lat": -91.5})
    for wrong in ("122.1", "east", True, [1], float("nan"), float("inf")):
        with pytest.raises(Invalid) as caught:
            validate("units", {"id": "1", "name": "a", "kind": "fire", "lon": wrong, "lat": 37})
        assert caught.value.field == "lon" and "数字" in caught.value.reason


@pytest.mark.parametrize(("raw", "field", "reason"), [
    ({"title": "a"}, "id", "缺少"), ({"id": "1"}, "title", "缺少"), ({"id": "", "title": "a"}, "id", "不能为空"), ({"id": "1", "title": 5}, "title", "文字"),
    ({"id": "1", "title": "a", "priority": "soon"}, "priority", "取值"), ({"id": "1", "title": "a", "grade": 5}, "grade", "范围"),
    ({"id": "1", "title": "a", "unit_ids": "x"}, "unit_ids", "列表"), ({"id": "1", "title": "a", "history": [1]}, "history", "对象"),
    ({"id": "1", "title": "a", "rework_count": 1.5}, "rework_count", "整数"), ({"id": "1", "title": "a", "frozen": []}, "frozen", "对象"),
    ("text", "id", "不是一条记录"), (None, "id", "不是一条记录"), ([], "id", "不是一条记录"),
])
def test_what_is_wrong_is_said_with_its_field(raw: Any, field: str, reason: str) -> None:
    with pytest.raises(Invalid) as caught:
        validate("incidents", raw)
    assert caught.value.field == field and reason in caught.value.reason
    assert str(caught.value) == f"字段 {field}：{caught.value.reason}"


def test_every_reason_is_chinese() -> None:
    wrong: list[Any] = [5, "x", [], {}, True, 1.5, [5], None]
    for kind, model in MODELS.items():
        for name in model.model_fields:
            for value in wrong:
                try:
                    validate(kind, {"id": "1", name: value})
                except Invalid as invalid:
                    assert not any("a" <= letter <= "z" for letter in invalid.reason), invalid.reason


def test_a_page_with_bad_records_gives_the_good_ones() -> None:
    rows: list[Any] = [{"id": "1", "title": "a"}, 5, {"id": "2"}, {"id": "3", "title": "c"}]
    good, bad = validate_all("incidents", rows)
    assert [row["id"] for row in good] == ["1", "3"]
    assert [(raw, wrong.field) for raw, wrong in bad] == [(5, "id"), ({"id": "2"}, "title")]


def test_a_city_of_cameras_in_reasonable_time() -> None:
    rows = [{"id": str(n), "name": "摄像机", "state": "online", "field": "traffic", "lon": 122.1, "lat": 37.5} for n in range(50_000)]
    start = time.process_time()
    good, bad = validate_all("video_points", rows)
    assert len(good) == 50_000 and not bad
    # Measured 0.12 s; 350,000 within a second.
    assert time.process_time() - start < 2


def test_models_do_not_copy_the_servers_fields() -> None:
    assert not {"last_modified", "schema"} & set(Wire.model_fields)
