"""Nothing that is kept in the repository tells of the machine that it was written on."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Folders of a build machine as absolute paths, addresses of private registries, local wheel folders.
FOLDERS = "work", "root", "farm", "opt/wheels", "opt/pypi", "tmp/chroot"
TRACES = re.compile(
    r"(?<![\w.~}])/(?:" + "|".join(FOLDERS) + r")(?:/|\b(?=[\"'\s)]))"
    r"|\b(?:10|203\.0)\.\d+\.\d+\.53\b|\b203\.0\.113\.\d+\b"
    r"|files\.python" + r"hosted\.org|--extra-index" + r"-url|\.py" + r"env\b"
)


def tracked() -> list[Path]:
    if not shutil.which("git"):
        pytest.skip("git is not installed")
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


def traces(text: str) -> list[str]:
    return [match.group() for match in TRACES.finditer(text)]


def test_no_file_tells() -> None:
    files = tracked()
    assert files
    found = {path.relative_to(ROOT).as_posix(): traces(path.read_text(encoding="utf-8", errors="replace")) for path in files}
    assert {name: hits[:3] for name, hits in found.items() if hits} == {}


# Folders are put together here: this file too must hold no trace.
@pytest.mark.parametrize("folders", [("see ", "root", "x"), ('open("', "work", 'main")'), ("'", "opt", "wheels'"), ("203.0." + "113.80 deb",)])
def test_a_trace_is_seen(folders: tuple[str, ...]) -> None:
    assert traces("/".join(folders))


@pytest.mark.parametrize("folders", [("https:", "", "example.org", "work", "1"), ("..", "shared", "data"), ("a", "root", "b"), ("", "usr", "share")])
def test_ordinary_text_is_left_alone(folders: tuple[str, ...]) -> None:
    assert not traces("/".join(folders))
