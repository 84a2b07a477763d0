"""One file of the data folder that takes the place of the program's own: read, or a fault that names file, line and reason."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from ..domain.faults import StoreFault

T = TypeVar("T")
_SPOT = re.compile(r"at line (\d+), column (\d+)")
#: What the parsers of domain name in their reasons: `stage.verify`, or the n-th holiday.
_PATH = re.compile(r"(?<![\w.])([a-z_][a-z0-9_]*(?:\.[a-z0-9_]+)*)")
_NTH = re.compile(r"第 (\d+) 个假日")


def read(file: Path, parse: Callable[[dict[str, Any], str], T]) -> T:
    """What `parse` makes of the file's table and name (StoreFault: 文件 deadlines.toml 第 3 行有误：…)."""
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise _wrong(file.name, " ", "不是 UTF-8 文字" if isinstance(error, UnicodeDecodeError) else f"读不出来，{error.strerror}") from error
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        spot = _SPOT.search(str(error))
        line = int(spot[1]) if spot else len(text.splitlines())
        raise _wrong(file.name, f" 第 {line} 行", f"第 {spot[2]} 列起写法不对" if spot else "文件没有写完整") from error
    try:
        return parse(raw, file.name)
    except StoreFault as fault:
        line = line_of(text, fault.happened)
        happened = fault.happened.replace(" 有误：", f" 第 {line} 行有误：", 1) if line else fault.happened
        raise StoreFault(happened, fault.kept, fault.todo, code=fault.code) from fault


def _wrong(name: str, where: str, why: str) -> StoreFault:
    return StoreFault(f"文件 {name}{where}有误：{why}", "没有改动，暂按程序自带的那一份", "请改好后重新打开", code="bad_file")


def line_of(text: str, reason: str) -> int:
    """The line that a reason speaks of, from 1; 0 where it cannot be told."""
    lines = text.splitlines()
    if nth := _NTH.search(reason):
        heads = [n for n, line in enumerate(lines, 1) if line.replace(" ", "").startswith("[[holiday]]")]
        return heads[int(nth[1]) - 1] if int(nth[1]) <= len(heads) else 0
    for path in _PATH.findall(reason.partition("有误：")[2]):
        if found := _line_of_path(lines, path.split(".")):
            return found
    return 0


def _line_of_path(lines: list[str], path: list[str]) -> int:
    """Where a dotted name is written: its table, or its key in the table before it."""
    table: list[str] = []
    best, depth = 0, 0
    for n, line in enumerate(lines, 1):
        bare = line.strip()
        if bare.startswith("["):
            table = [part.strip(' "') for part in bare.strip("[] ").partition("]")[0].split(".")]
            here = table
        else:
            here = [*table, *(part.strip(' "') for part in bare.partition("=")[0].split("."))] if "=" in bare else []
        if here == path[: len(here)] and len(here) > depth:
            best, depth = n, len(here)
    return best
