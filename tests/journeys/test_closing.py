"""The program ends while a server says nothing: it is not waited for, and what was kept is whole."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from weihai_command.feeds.transport import READ_CAP

ROOT = Path(__file__).parents[2]
pytestmark = [pytest.mark.journey, pytest.mark.window]
Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(120)
        yield server


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """start(*words) -> the program in a window that nobody sees; what it says is in desk.err."""
    running: list[subprocess.Popen[bytes]] = []

    def begin(*words: str) -> subprocess.Popen[bytes]:
        with (tmp_path / "desk.err").open("wb") as said:
            running.append(subprocess.Popen(
                [sys.executable, "-m", "weihai_command", "--profile", str(tmp_path / "profile"), *words], cwd=ROOT, stdout=said, stderr=said,
                env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "DISPLAY": "", "WEIHAI_PASSWORD": "p", "WEIHAI_REPORT_PAINTED": "stay"},
            ))
        return running[-1]

    yield begin
    for process in running:
        process.kill()
        process.wait()


def end(process: subprocess.Popen[bytes], folder: Path) -> int:
    """Its exit code; two tries of READ_CAP each would be longer than this waits."""
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    try:
        code = process.wait(READ_CAP * 1.5)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGUSR1)
        time.sleep(1.0)
        pytest.fail((folder / "profile" / "logs" / "stacks.log").read_text("utf-8"))
    print(f"ended after {time.monotonic() - began:.1f} s")
    return code


def asked(server: socket.socket) -> socket.socket:
    """The other end of a request that waits for its answer."""
    other, _ = server.accept()
    other.settimeout(60)
    assert other.recv(65536)
    return other


@pytest.mark.timeout(400)
def test_a_desk_whose_neighbour_says_nothing_closes(silent: socket.socket, start: Start, tmp_path: Path) -> None:
    folder = tmp_path / "profile"
    folder.mkdir()
    address = f"http://127.0.0.1:{silent.getsockname()[1]}/points.geojson"
    (folder / "feeds.toml").write_text(
        f'[[feed]]\nname = "silent"\nadapter = "geojson"\nkind = "sensors"\nsource = "{address}"\n[feed.fields]\nname = "name"\n', "utf-8",
    )
    process = start()
    with asked(silent):
        assert end(process, tmp_path) == 0


@pytest.mark.timeout(400)
def test_a_program_that_waits_for_its_sign_in_closes(silent: socket.socket, start: Start, tmp_path: Path) -> None:
    process = start("--platform", f"http://127.0.0.1:{silent.getsockname()[1]}", "--user", "officer")
    with asked(silent):
        assert end(process, tmp_path) == 0
