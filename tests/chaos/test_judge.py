"""What the judge says of a record that a desk holds otherwise than the server."""

from __future__ import annotations

from typing import Any

import pytest

from weihai_command.chaos.judge import _apart

HERE = {"id": "a", "last_modified": 5, "phone": "1", "unit_ids": [], "schema": 3}


@pytest.mark.parametrize(
    ("here", "there", "sentence"),
    [
        (HERE, {"id": "a", "last_modified": 5, "phone": "1", "owner": None}, ""),
        (HERE, {"id": "a", "last_modified": 7, "phone": "2"}, "differs in last_modified, phone: here 5, on the server 7; phone 1 / 2"),
        (HERE, {"id": "a", "last_modified": 5, "phone": "1", "ops": ["x"]}, "differs in ops: here 5, on the server 5; "),
        (None, {"id": "a", "last_modified": 7}, "is not at the desk: 7"),
        (HERE, None, "is not on the server: 5"),
    ],
)
def test_it_names_the_fields_and_both_versions(here: dict[str, Any] | None, there: dict[str, Any] | None, sentence: str) -> None:
    assert _apart(here, there) == sentence
