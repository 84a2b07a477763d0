"""The real program as a process of its own, on a virtual screen, worked by keys and looked at from outside."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import shutil
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage

ROOT = Path(__file__).parents[2]
#: What a busy machine may take for one step; a command of xdotool; the desk until it is painted; the desk until it has ended (seconds).
PATIENCE_S, TOOL_S, PAINTED_S, ENDED_S = 120.0, 60.0, 180.0, 30.0


@dataclass
class Program:
    """A desk that is on the screen; `painted` is what it said of itself then. What goes wrong is told with the desk's stacks and its stderr."""

    process: subprocess.Popen[str]
    profile: Path
    environment: dict[str, str]
    errors: Path
    picture: Callable[[Path], object]
    painted: dict[str, Any] = field(default_factory=dict)

    def await_painted(self) -> None:
        assert self.process.stdout is not None
        with selectors.DefaultSelector() as waiting:
            waiting.register(self.process.stdout, selectors.EVENT_READ)
            assert waiting.select(PAINTED_S), self.account("the desk was not painted")
        line = self.process.stdout.readline()
        assert line, self.account("the desk ended before it was painted")
        self.painted = json.loads(line)

    def take_focus(self) -> None:
        """There is no window manager on a bare virtual screen to give the keyboard to the new window."""
        pid = str(self.process.pid)
        window = self.wait_for(lambda: self._tool("search", "--onlyvisible", "--pid", pid, check=False).split()[-1:])
        assert window, self.account("no window is on the screen")
        self._tool("windowfocus", window[0])
        assert self.wait_for(lambda: self._tool("getwindowfocus", "-f", check=False).split() == window), self.account("the window has no keyboard")

    def keys(self, *names: str) -> None:
        for name in names:
            self._tool("key", "--clearmodifiers", name)
            time.sleep(0.25)

    def write(self, text: str) -> None:
        self._tool("type", "--delay", "40", text)
        time.sleep(0.3)

    def ask(self, *words: str) -> dict[str, Any]:
        """The command line on the same profile, beside the open desk."""
        try:
            done = command(self.profile, *words)
        except subprocess.TimeoutExpired:
            pytest.fail(self.account(f"no answer to {words}"))
        assert done.returncode == 0, done.stderr
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    def wait_for(self, test: Callable[[], Any], seconds: float = PATIENCE_S) -> Any:
        """The first true answer of `test`; its last one, and the desk's account on the output, when there was none in time."""
        until = time.monotonic() + seconds
        while True:
            found = test()
            if found:
                return found
            if time.monotonic() > until:
                print(self.account("waited in vain"))
                return found
            time.sleep(0.3)

    def account(self, happened: str) -> str:
        """What happened, where every thread of the desk stands now, and what it has said."""
        told = [f"{happened}; the desk {'runs' if self.process.poll() is None else f'ended with {self.process.returncode}'}"]
        stacks = self.profile / "logs" / "stacks.log"
        if self.process.poll() is None and stacks.exists():
            self.process.send_signal(signal.SIGUSR1)
            time.sleep(1.0)
        with contextlib.suppress(OSError, ValueError, struct.error):
            self.picture(self.errors.with_suffix(".png"))
            told.append(f"the screen: {self.errors.with_suffix('.png')}")
        for name, file in (("stacks", stacks), ("stderr", self.errors)):
            with contextlib.suppress(OSError):
                told.append(f"--- {name}\n{file.read_text('utf-8', errors='replace')[-20_000:]}")
        return "\n".join(told)

    def end(self) -> str:
        """Ask it to end, kill it if it does not; "" or what it was doing instead."""
        wrong = ""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(ENDED_S)
            except subprocess.TimeoutExpired:
                wrong = self.account("the desk did not end")
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()
        return wrong

    def _tool(self, *words: str, check: bool = True) -> str:
        try:
            done = subprocess.run(["xdotool", *words], env=self.environment, capture_output=True, text=True, check=check, timeout=TOOL_S)
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
            pytest.fail(self.account(f"{error} {error.stderr}"))
        return done.stdout


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
    try:
        server.wait(10)
    finally:
        server.kill()
        server.wait()


@pytest.fixture
def desk(display: str, screen: Callable[[], QImage], tmp_path: Path) -> Iterator[Callable[..., Program]]:
    """desk(*words) -> the program on the screen, after its pixels were polled."""
    running: list[Program] = []

    def start(*words: str, wrap: tuple[str, ...] = (), **more: str) -> Program:
        environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "WEIHAI_REPORT_PAINTED": "stay", **more}
        profile, errors = tmp_path / "profile", tmp_path / f"desk-{len(running) + 1}.err"
        with errors.open("wb") as said:
            process = subprocess.Popen(
                [*wrap, sys.executable, "-m", "weihai_command", "--profile", str(profile), *words], cwd=ROOT, env=environment,
                stdout=subprocess.PIPE, stderr=said, text=True,
            )
        program = Program(process, profile, environment, errors, lambda file: screen().save(str(file)))
        running.append(program)
        program.await_painted()
        if not wrap:
            program.take_focus()
        return program

    yield start
    wrong = [each.end() for each in running]
    assert not any(wrong), "\n".join(wrong)


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
