"""The application object of the desk, in processes of their own: there is one for each."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BEGIN = """
import os, signal, threading
from weihai_command.qt_start import make_application, prepare_environment
prepare_environment(offscreen=True)
app = make_application("dark")
from PySide6.QtCore import QObject, QTimer
QTimer.singleShot(30_000, lambda: app.exit(3))
"""


def run(body: str) -> str:
    done = subprocess.run([sys.executable, "-c", BEGIN + body], cwd=ROOT, capture_output=True, text=True, timeout=90, check=False, env={**os.environ})
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.skipif(sys.platform == "win32", reason="a signal of Unix")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_that_comes_before_the_loop_ends_it(number: signal.Signals) -> None:
    assert run(f"os.kill(os.getpid(), {int(number)})\nprint(app.exec())") == "0"


@pytest.mark.skipif(sys.platform == "win32", reason="a signal of Unix")
def test_a_window_that_will_not_close_does_not_keep_the_program() -> None:
    assert run(f"""
from PySide6.QtWidgets import QWidget
class Stays(QWidget):
    def closeEvent(self, event): event.ignore()
window = Stays()
window.show()
QTimer.singleShot(0, lambda: os.kill(os.getpid(), {int(signal.SIGTERM)}))
ticks = QTimer(interval=50)
ticks.timeout.connect(lambda: None)
ticks.start()
print(app.exec())
""") == "0"


def test_parts_of_the_window_die_on_its_thread() -> None:
    assert run("""
died = []
class Part(QObject):
    def __init__(self):
        super().__init__()
        self.timer = QTimer(self, interval=1000)
        self.timer.start()
        self.me = self
    def __del__(self):
        died.append(threading.current_thread() is threading.main_thread())
        app.exit(0)
Part()
kept = []
reader = threading.Thread(target=lambda: kept.extend([each] for each in range(200_000)))
reader.start()
reader.join()
app.exec()
print(died)
""") == "[True]"
