"""The wheel holds our four packages side by side, every resource, and nothing else."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("weihai_command", "widgets", "layers", "resources")
# Pictures of the README; they are not read by the program.
NOT_SHIPPED = ("resources/screens/",)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources, with a package that must not slip in."""
    folder = tmp_path_factory.mktemp("source")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder)
    (folder / "tests").mkdir()
    (folder / "tests" / "__init__.py").touch()
    return folder


@pytest.fixture(scope="module")
def names(folder: Path) -> set[str]:
    """The files of a wheel built from that copy, with no network asked."""
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", "dist", "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", errors="replace")
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = (folder / "dist").glob("*.whl")
    return set(zipfile.ZipFile(wheel).namelist())


def test_top_level(names: set[str]) -> None:
    tops = {name.split("/")[0] for name in names}
    info = {top for top in tops if top.endswith(".dist-info")}
    assert len(info) == 1
    assert tops - info == set(PACKAGES)


def test_every_module_and_resource_is_in(names: set[str], folder: Path) -> None:
    files = {path.relative_to(folder).as_posix() for package in PACKAGES for path in (folder / package).rglob("*") if path.is_file()}
    wanted = {name for name in files if not name.startswith(NOT_SHIPPED)}
    assert {name for name in names if ".dist-info/" not in name} == wanted
    assert any(name.startswith("resources/geo/") for name in names)


def test_commands_and_feeds_are_declared(names: set[str]) -> None:
    assert any(name.endswith(".dist-info/entry_points.txt") for name in names)
    assert any(name.endswith("/licenses/LICENSE") for name in names)
