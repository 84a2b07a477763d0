"""One lock for all: pinned, hashed for every platform, tied to no index; and the part of it that each verb installs."""

from __future__ import annotations

import importlib.util
import re
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def installer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_installer", ROOT / "build_installer.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def names(installer: ModuleType, text: str) -> set[str]:
    return {name for name, _, _ in installer.lock_blocks(text)}


def test_every_package_is_pinned_and_hashed(installer: ModuleType) -> None:
    blocks = installer.lock_blocks(LOCK)
    assert len(blocks) > 80
    loose = [name for name, lines, _ in blocks if "==" not in lines.splitlines()[0] or "--hash=sha256:" not in lines]
    assert not loose


def test_it_names_no_index_and_no_place() -> None:
    assert not re.search(r"https?:|file:|--(extra-)?index|--find-links|^\s*(-f|-i)\s|(^|\s)/\w+/", LOCK, re.MULTILINE)


def test_it_holds_qt_for_every_platform(installer: ModuleType) -> None:
    """Linux on two processors, macOS, Windows: a lock made from a folder of local wheels would hold one."""
    for name, lines, _ in installer.lock_blocks(LOCK):
        if name in installer.QT_FAMILY:
            assert lines.count("--hash=") >= 4, name


def test_it_answers_the_project_file(installer: ModuleType) -> None:
    """Every dependency of pyproject.toml is in it, asked for by the project itself."""
    extras = set(PROJECT["project"]["optional-dependencies"])
    asked_by_us = {name for name, _, askers in installer.lock_blocks(LOCK) if "weihai-command" in askers}
    assert installer.roots(extras) == asked_by_us


def test_versions_fit_the_project_file() -> None:
    from packaging.requirements import Requirement

    project = PROJECT["project"]
    extras = [one for extra in project["optional-dependencies"].values() for one in extra]
    asked = [*project["dependencies"], *PROJECT["build-system"]["requires"], *extras]
    for requirement in map(Requirement, asked):
        name = re.sub(r"[-_.]+", "-", requirement.name).lower()
        pins = re.findall(rf"^{re.escape(name)}==(\S+)", LOCK, re.MULTILINE)
        assert pins, name
        assert all(pin in requirement.specifier for pin in pins), (name, pins)


def test_the_base_brings_neither_server_nor_test_tools(installer: ModuleType) -> None:
    base = names(installer, installer.closure(LOCK, installer.roots(set())))
    assert {"pyside6", "shiboken6", "folium", "jinja2", "pydantic-core", "setuptools", "certifi"} <= base
    assert not base & {"kinto", "pyramid", "pytest", "mypy", "ruff"}


def test_extras_add_their_own_and_all_is_all(installer: ModuleType) -> None:
    assert "kinto" in names(installer, installer.closure(LOCK, installer.roots({"hub"})))
    assert "pytest" in names(installer, installer.closure(LOCK, installer.roots({"dev"})))
    assert names(installer, installer.closure(LOCK, installer.roots({"hub", "dev"}))) == names(installer, LOCK)


def test_a_closure_is_closed(installer: ModuleType) -> None:
    """Nothing that a kept package asks for is left out (pip refuses what has no hash)."""
    kept = names(installer, installer.closure(LOCK, installer.roots({"hub"})))
    left_out = [name for name, _, askers in installer.lock_blocks(LOCK) if name not in kept and askers & kept]
    assert not left_out


def test_markers_and_twins_stay(installer: ModuleType) -> None:
    lines = [line for line in installer.closure(LOCK, installer.roots(set())).splitlines() if line.startswith("numpy==")]
    assert len(lines) == len([line for line in LOCK.splitlines() if line.startswith("numpy==")])
    assert all("python_full_version" in line for line in lines) or len(lines) == 1


def test_old_glibc_leaves_only_qt_out(installer: ModuleType) -> None:
    wanted = installer.roots(set())
    whole, part = installer.closure(LOCK, wanted), installer.closure(LOCK, wanted, installer.QT_FAMILY)
    assert names(installer, whole) - names(installer, part) == installer.QT_FAMILY
