"""The shipped schemas are those of the models."""

from __future__ import annotations

import json

import pytest

from weihai_command.feeds.schemas import FOLDER, text
from weihai_command.feeds.wire import MODELS


@pytest.mark.parametrize("kind", MODELS)
def test_the_file_is_current(kind: str) -> None:
    assert (FOLDER / f"{kind}.json").read_text("utf-8") == text(kind), "run python -m weihai_command.feeds.schemas"


def test_no_file_is_left_over() -> None:
    assert {file.stem for file in FOLDER.glob("*.json")} == set(MODELS)


@pytest.mark.parametrize("kind", MODELS)
def test_unknown_fields_are_allowed_and_the_id_is_not_lost(kind: str) -> None:
    schema = json.loads(text(kind))
    assert schema["additionalProperties"] is True and "id" in schema["required"]
