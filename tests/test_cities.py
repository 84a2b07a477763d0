"""Where a password comes from, and where it never goes."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from weihai_command import app, cities
from weihai_command.domain.faults import Unauthorised
from weihai_command.operations import opening


@pytest.fixture
def opened_with(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    secrets: list[str] = []
    monkeypatch.setattr(opening, "open_platform", lambda root, url, user, secret, ask: secrets.append(secret))
    monkeypatch.setattr(cities, "_from_keyring", lambda name: None)
    monkeypatch.delenv("WEIHAI_PASSWORD", raising=False)
    return secrets


def named(tmp_path: Path, **more: Any) -> argparse.Namespace:
    return argparse.Namespace(profile=tmp_path, platform="https://p.example/v1", user="li", scale=None, **more)


def test_a_window_hands_its_password_on_without_the_environment(tmp_path: Path, opened_with: list[str]) -> None:
    program: Any = SimpleNamespace(args=named(tmp_path), _again=lambda: None)
    app.Program._sign_in(program, "wang", "typed")
    cities.open_desk(program.args)
    assert opened_with == ["typed"] and "typed" not in os.environ.values() and program.args.user == "wang"


def test_the_environment_serves_scripts_and_nothing_is_asked_without_a_terminal(
    tmp_path: Path, opened_with: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Unauthorised):
        cities.open_desk(named(tmp_path))
    monkeypatch.setenv("WEIHAI_PASSWORD", "given")
    cities.open_desk(named(tmp_path))
    assert opened_with == ["given"]


def test_what_is_remembered_holds_no_password(tmp_path: Path, opened_with: list[str]) -> None:
    cities.open_desk(named(tmp_path, secret="typed"))
    assert "typed" not in (tmp_path / "settings.json").read_text("utf-8")
