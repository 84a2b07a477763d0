"""A window that stands still says where; so does one that crashes or is asked. In processes of their own: the fault handler is one for all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from weihai_command import stacks

ROOT = Path(__file__).parents[1]


def run(folder: Path, body: str, code: int = 0) -> str:
    """The stack file of a program that began to write one below `folder` and then did `body`."""
    begin = "import os, signal, sys, time\nfrom pathlib import Path\nfrom weihai_command.stacks import Stacks\n"
    done = subprocess.run(
        [sys.executable, "-c", f"{begin}kept = Stacks(Path(sys.argv[1]), still_s=0.2)\n{body}", str(folder)], cwd=ROOT, capture_output=True, text=True,
        timeout=60, check=False, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    assert done.returncode == code, done.stderr
    file = folder / stacks.NAME
    return file.read_text("utf-8") if file.exists() else ""


STILL = """
from PySide6.QtCore import QCoreApplication, QTimer
app = QCoreApplication([])
kept.watch()
def stands_still():
    while b"most recent call first" not in Path(sys.argv[1], "logs", "stacks.log").read_bytes():
        time.sleep(0.01)
    QTimer.singleShot(2_500, app.quit)
QTimer.singleShot(0, stands_still)
app.exec()
"""


def test_a_window_that_stands_still_is_written_down_and_that_it_goes_on(tmp_path: Path) -> None:
    said = run(tmp_path, STILL)
    began, _, rest = said.partition("began")
    assert "process" in began and "in stands_still" in rest
    assert rest.count("goes on") == 1


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="a signal of Unix")
def test_it_is_written_when_asked_for(tmp_path: Path) -> None:
    assert "in asked" in run(tmp_path, "def asked(): os.kill(os.getpid(), signal.SIGUSR1)\nasked()")


@pytest.mark.skipif(sys.platform == "win32", reason="a signal of Unix")
def test_a_crash_is_written_down(tmp_path: Path) -> None:
    said = run(tmp_path, "def crashes(): os.kill(os.getpid(), signal.SIGSEGV)\ncrashes()", -signal.SIGSEGV)
    assert "Segmentation fault" in said and "in crashes" in said


def test_a_way_out_that_hangs_is_written_down_and_ended(tmp_path: Path) -> None:
    said = run(tmp_path, "kept._leave_s = 0.2\nkept.leave()\ndef hangs(): time.sleep(60)\nhangs()", 1)
    assert "in hangs" in said


def test_the_file_does_not_grow_without_end(tmp_path: Path) -> None:
    file = tmp_path / stacks.NAME
    file.parent.mkdir()
    file.write_text("x" * (stacks.CAP + 1), "utf-8")
    assert len(run(tmp_path, "pass")) < 200
    assert run(tmp_path, "pass").count("began") == 2


def test_a_folder_that_takes_nothing_hinders_nobody(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("no folder", "utf-8")
    run(tmp_path, "from PySide6.QtCore import QCoreApplication\napp = QCoreApplication([])\nkept.watch()")
