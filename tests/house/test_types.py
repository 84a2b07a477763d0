"""mypy, strict, on the packages whose mistakes would lose an act: domain, store, sync, operations."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def mypy(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mypy", "--no-error-summary", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_strict_types() -> None:
    done = mypy()
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_the_check_can_fail(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.py"
    wrong.write_text("def double(number):\n    return number * 2\n", encoding="utf-8")
    assert "no-untyped-def" in mypy(str(wrong)).stdout
