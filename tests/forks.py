"""`python -m weihai_command` a hundred times without importing it a hundred times: one process that forks a fresh one for each call.

As a script it reads one JSON line a call {argv, env, out, err} and answers with the exit code.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parents[1]
#: What the verbs load when they are asked; none of it keeps state of a call.
HEAVY = (
    "weihai_command.cli.main", "weihai_command.cli.doing", "weihai_command.cli.reading", "weihai_command.cli.machine", "weihai_command.feeds.kinto",
    "weihai_command.feeds.wire", "weihai_command.feeds.twin", "weihai_command.feeds.config", "weihai_command.operations.catalogue",
    "weihai_command.operations.feeding", "weihai_command.drill.sample_city", "argon2", "filelock", "keyring",
)


class Forks:
    """`run(argv, env)` gives (exit code, stdout, stderr) of a fresh process."""

    def __init__(self, folder: Path) -> None:
        self._out, self._err = folder / "out", folder / "err"
        self._process = subprocess.Popen(
            [sys.executable, __file__], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )

    def run(self, argv: Sequence[str], env: dict[str, str]) -> subprocess.CompletedProcess[str]:
        assert self._process.stdin and self._process.stdout
        call = {"argv": list(argv), "env": env, "out": str(self._out), "err": str(self._err)}
        self._process.stdin.write(json.dumps(call) + "\n")
        self._process.stdin.flush()
        code = int(self._process.stdout.readline())
        return subprocess.CompletedProcess(list(argv), code, self._out.read_text("utf-8"), self._err.read_text("utf-8"))

    def close(self) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


@contextmanager
def forking() -> Iterator[Forks]:
    with tempfile.TemporaryDirectory(prefix="weihai-forks-") as folder:
        made = Forks(Path(folder))
        try:
            yield made
        finally:
            made.close()


def _serve() -> None:
    for name in HEAVY:
        import_module(name)
    for text in sys.stdin:
        call = json.loads(text)
        child = os.fork()
        if child == 0:
            _be(call)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _be(call: dict[str, object]) -> None:
    """The fresh process: streams of its own, then the program's own main."""
    from weihai_command.cli import main

    for number, name in ((1, "out"), (2, "err")):
        target = os.open(str(call[name]), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        os.dup2(target, number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.update(call["env"])  # type: ignore[arg-type]
    try:
        code = main(call["argv"])  # type: ignore[arg-type]
    except SystemExit as end:
        code = int(end.code or 0)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    _serve()
