"""One process that has loaded everything and forks a desk whenever it is asked: a life costs a fork, not a start of Python.

As a script it reads one JSON line a life {id, kill_after, life} and answers {id, code} when it is over; -9 is a kill.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
import traceback
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

from .desk_process import Life, live

ROOT = Path(__file__).parents[2]
#: What a desk loads only when it is asked.
HEAVY = (
    "weihai_command.feeds.kinto", "weihai_command.feeds.wire", "weihai_command.operations.catalogue", "weihai_command.operations.upkeep", "argon2", "filelock",
)
TICK_S = 0.01


class Nursery:
    """The other end of it: `spawn` a life, `ended` says whose are over."""

    def __init__(self, log: Path) -> None:
        with log.open("w") as opened:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "weihai_command.chaos.nursery"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=opened, text=True,
                env={**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"},
            )

    def spawn(self, number: int, life: Life, kill_after: float | None = None) -> None:
        """`kill_after` seconds the life is killed, wherever it is."""
        assert self._process.stdin
        self._process.stdin.write(json.dumps({"id": number, "kill_after": kill_after, "life": asdict(life)}) + "\n")
        self._process.stdin.flush()

    def ended(self) -> tuple[int, int]:
        """(number, exit code) of the next life that is over; waits for it."""
        assert self._process.stdout
        answer = json.loads(self._process.stdout.readline())
        return int(answer["id"]), int(answer["code"])

    def close(self) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()


class _Keeper:
    """Forks, waits and kills; single-threaded, so that a fork is whole."""

    def __init__(self) -> None:
        self.lives: dict[int, int] = {}
        self.until: dict[int, float] = {}

    def fork(self, call: dict[str, Any]) -> None:
        child = os.fork()
        if child == 0:
            os._exit(_be(Life(**call["life"])))
        self.lives[child] = call["id"]
        if call["kill_after"] is not None:
            self.until[child] = time.monotonic() + call["kill_after"]

    def reap(self) -> None:
        while self.lives:
            child, status = os.waitpid(-1, os.WNOHANG)
            if not child:
                return
            self.until.pop(child, None)
            print(json.dumps({"id": self.lives.pop(child), "code": os.waitstatus_to_exitcode(status)}), flush=True)

    def kill(self, at: float) -> None:
        for child, until in list(self.until.items()):
            if until <= at:
                del self.until[child]
                os.kill(child, signal.SIGKILL)

    def end(self) -> None:
        self.kill(float("inf"))
        for child in self.lives:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def _be(life: Life) -> int:
    """The child's whole course; what it does not survive by itself goes to the log."""
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    try:
        return live(life)
    except Exception as error:  # noqa: BLE001 - a fork must not go on as its parent
        _told(type(error), error, error.__traceback__)
        return 1


def _told(*error: Any) -> None:
    traceback.print_exception(*error)
    sys.stderr.flush()


def _serve() -> None:
    for name in HEAVY:
        import_module(name)
    from ..operations import catalogue

    catalogue.gazetteer()
    catalogue.incident_types()
    keeper, rest = _Keeper(), b""
    while True:
        keeper.reap()
        keeper.kill(time.monotonic())
        if not select.select([0], [], [], TICK_S)[0]:
            continue
        said = os.read(0, 65536)
        if not said:
            break
        *calls, rest = (rest + said).split(b"\n")
        for call in calls:
            keeper.fork(json.loads(call))
    keeper.end()


if __name__ == "__main__":
    _serve()
