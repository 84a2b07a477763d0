"""`weihai-command hub`: start the existing Kinto server as our city, say where it is, and end cleanly."""

from __future__ import annotations

import argparse
import contextlib
import json
import signal
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from weihai_command.domain.faults import Fault, StoreFault

if TYPE_CHECKING:
    from .hub_server import Server

DEFAULT_PORT = 8888


def main(host: str = "127.0.0.1", port: int = DEFAULT_PORT, postgres: str | None = None, data: Path | None = None,
         seed: str | None = None, ready: Callable[[dict[str, Any]], None] | None = None) -> int:
    """Serve until Ctrl-C or SIGTERM. `ready` gets {"url", "accounts"} once (default: one JSON line on standard output)."""
    stop = _Stop()
    with _signals(stop):
        try:
            return _serve(host, port, postgres, data, seed, ready or _print_line, stop)
        except _Stopped:
            return 0
        except Fault as fault:
            print(fault, file=sys.stderr)
            return fault.exit_code


def _serve(host: str, port: int, postgres: str | None, data: Path | None, seed: str | None,
           ready: Callable[[dict[str, Any]], None], stop: _Stop) -> int:
    from .hub_server import Server

    _warn(host, postgres)
    server = Server(host, port, postgres)
    try:
        accounts = _prepare(server, postgres, data, seed)
        stop.ready = True
        ready({"url": server.url, "accounts": accounts})
        while server.is_alive() and not stop.wait(0.5):
            pass
        return 0 if stop.is_set() else 3
    finally:
        server.close()


class _Stopped(Exception):
    """The person ended the hub while it was still starting."""


class _Stop(threading.Event):
    """Set by the signals. Until the hub is ready they break off whatever the start is doing."""

    ready = False

    def on_signal(self, *_: object) -> None:
        again = self.is_set()
        self.set()
        if not self.ready and not again:
            raise _Stopped


def _prepare(server: Server, postgres: str | None, data: Path | None, seed: str | None) -> dict[str, str]:
    from .hub_setup import Setup

    setup = Setup(server.local, server.password)
    accounts = setup.prepare(server_id=_server_id(data), durable=bool(postgres), exercise=not postgres or bool(seed))
    if seed and setup.is_empty():
        from weihai_command.drill.sample_city import records

        # The city's own identity is the hub's to give, so the sample's is left out.
        sample = (pair for pair in records(seed, datetime.now().astimezone()) if pair[0] != "meta")
        setup.seed(sample, durable=bool(postgres))
    setup.finish()
    return accounts


def _server_id(data: Path | None) -> str | None:
    """The identity kept in `data`, so that a memory hub started again is known to be the same place with a new epoch."""
    if data is None:
        return None
    file = data / "hub.json"
    try:
        if file.exists():
            return str(json.loads(file.read_text("utf-8"))["server_id"])
        data.mkdir(parents=True, exist_ok=True)
        server_id = str(uuid.uuid4())
        file.write_text(json.dumps({"server_id": server_id}), "utf-8")
        return server_id
    except (OSError, ValueError, KeyError) as error:
        raise StoreFault(f"目录 {data} 无法使用：{error}", "没有改动任何数据", "请换一个目录，或删去其中的 hub.json") from None


def _warn(host: str, postgres: str | None) -> None:
    if host not in ("127.0.0.1", "::1", "localhost"):
        print(f"警告：平台服务监听 {host}，没有 TLS。", "请置于带 TLS 且拒绝 DELETE 的反向代理之后；席位端拒绝以明文连接非本机地址。", file=sys.stderr)
    if not postgres:
        print("数据只在内存中，退出即失，平台标记为演练；实用请加 --postgres。", file=sys.stderr)


def _print_line(line: dict[str, Any]) -> None:
    print(json.dumps(line, ensure_ascii=False), flush=True)


@contextlib.contextmanager
def _signals(stop: _Stop) -> Iterator[None]:
    """Ctrl-C and SIGTERM end the hub while this lasts."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    previous = {number: signal.signal(number, stop.on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def run(arguments: list[str] | None = None) -> int:
    """The verb's own command line, for `python -m weihai_command.hub`."""
    parser = argparse.ArgumentParser(prog="weihai-command hub", description="启动平台服务（现成的 Kinto）")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT)
    parser.add_argument("--postgres")
    parser.add_argument("--data", type=Path)
    parser.add_argument("--seed", choices=("small", "city"))
    given = parser.parse_args(arguments)
    return main(given.host, given.port, given.postgres, given.data, given.seed)


if __name__ == "__main__":
    sys.exit(run())
