"""The real program as a process of its own, on a virtual screen, worked by keys and looked at from outside."""

from __future__ import annotations

import json
import os
import shutil
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60.0


@dataclass
class Program:
    """A desk that is on the screen; `painted` is what it said of itself then."""

    process: subprocess.Popen[str]
    painted: dict[str, Any]
    profile: Path
    environment: dict[str, str]

    def take_focus(self) -> None:
        """There is no window manager on a bare virtual screen to give the keyboard to the new window."""
        found = subprocess.run(
            ["xdotool", "search", "--sync", "--onlyvisible", "--pid", str(self.process.pid)], env=self.environment, capture_output=True,
            text=True, check=True,
        )
        window = found.stdout.split()[-1]
        subprocess.run(["xdotool", "windowfocus", "--sync", window], env=self.environment, check=True)

    def keys(self, *names: str) -> None:
        for name in names:
            subprocess.run(["xdotool", "key", "--clearmodifiers", name], env=self.environment, check=True)
            time.sleep(0.25)

    def write(self, text: str) -> None:
        subprocess.run(["xdotool", "type", "--delay", "40", text], env=self.environment, check=True)
        time.sleep(0.3)

    def ask(self, *words: str) -> dict[str, Any]:
        """The command line on the same profile, beside the open desk."""
        done = command(self.profile, *words)
        assert done.returncode == 0, done.stderr
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    def wait_for(self, test: Callable[[], Any], seconds: float = PATIENCE_S) -> Any:
        until = time.monotonic() + seconds
        while True:
            found = test()
            if found or time.monotonic() > until:
                return found
            time.sleep(0.3)


def command(profile: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "weihai_command", "--profile", str(profile), "--json", *words], cwd=ROOT, capture_output=True, text=True,
        timeout=PATIENCE_S, check=False,
    )


@pytest.fixture(scope="session")
def screen_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the virtual screen keeps its pixels."""
    return tmp_path_factory.mktemp("screen")


@pytest.fixture
def screen(display: str, screen_folder: Path) -> Callable[[], QImage]:
    """screen() -> what stands on the virtual screen now."""
    return lambda: _image((screen_folder / "Xvfb_screen0").read_bytes())


def _image(dump: bytes) -> QImage:
    """The picture in a window dump (XWDFile.h), 32 bits a pixel in the order of this machine."""
    head = struct.unpack(">25I", dump[:100])
    size, width, height, line, colours = head[0], head[4], head[5], head[12], head[19]
    begin = size + 12 * colours
    return QImage(dump[begin : begin + line * height], width, height, line, QImage.Format.Format_RGB32).copy()


@pytest.fixture(scope="session")
def display(screen_folder: Path) -> Iterator[str]:
    """A virtual screen of 1920x1080."""
    if shutil.which("Xvfb") is None or shutil.which("xdotool") is None:
        if os.environ.get("CI"):
            pytest.fail("Xvfb and xdotool must be there in CI")
        pytest.skip("no Xvfb or xdotool on this machine")
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1920x1080x24", "-nolisten", "tcp", "-fbdir", str(screen_folder)], pass_fds=(writing,),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as pipe:
        number = pipe.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait(10)


@pytest.fixture
def desk(display: str, tmp_path: Path) -> Iterator[Callable[..., Program]]:
    """desk(*words) -> the program on the screen, after its pixels were polled."""
    running: list[subprocess.Popen[str]] = []

    def start(*words: str, wrap: tuple[str, ...] = (), **more: str) -> Program:
        environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "WEIHAI_REPORT_PAINTED": "stay", **more}
        process = subprocess.Popen(
            [*wrap, sys.executable, "-m", "weihai_command", "--profile", str(tmp_path / "profile"), *words], cwd=ROOT, env=environment,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )
        running.append(process)
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line, f"the desk ended with {process.wait(PATIENCE_S)} before it was painted"
        program = Program(process, json.loads(line), tmp_path / "profile", environment)
        if not wrap:
            program.take_focus()
        return program

    yield start
    for process in running:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        finally:
            process.kill()
            process.wait()
            assert process.stdout is not None
            process.stdout.close()


@pytest.fixture
def until(qapp: Any) -> Callable[..., Any]:
    """until(test, seconds) lets the window work until `test()` is true, and gives its last answer."""
    from PySide6.QtTest import QTest

    def wait(test: Callable[[], Any], seconds: float = 30.0) -> Any:
        for _ in range(int(seconds * 20)):
            found = test()
            if found:
                return found
            QTest.qWait(50)
        return test()

    return wait
