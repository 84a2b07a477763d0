"""Taking rows out of the desk: a CSV or a text in the city's folder, written whole or not at all, and told to the audit."""

from __future__ import annotations

import csv
import io
import os
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from ..domain.faults import Refused, StoreFault
from ..store import audit
from .desk import Desk

#: A cell that begins so is a formula to a table program.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
FOLDER = "exports"


def guarded(cell: object) -> str:
    """A cell that no table program takes for a formula: an apostrophe stands before what looks like one, behind spaces too."""
    text = "" if cell is None else str(cell)
    # A wide = + - @ counts for some programs as the narrow one.
    first = text.lstrip(" \u3000\u00a0")[:1]
    return f"'{text}" if text[:1] in FORMULA or first in (*FORMULA, "＝", "＋", "－", "＠") else text


def csv_text(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """The table as a table program reads it, every cell guarded."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return out.getvalue()


def export_csv(desk: Desk, what: str, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> Path:
    """Write `rows` as a CSV (UTF-8 with its mark); an exercise says so in the first column of every row. The file's path."""
    if desk.city.exercise:
        heads, rows = ["演练", *heads], [["演练", *row] for row in rows]
    return _write(desk, what, "csv", "\ufeff" + csv_text(heads, rows), len(rows))


def export_text(desk: Desk, what: str, text: str) -> Path:
    """Write a text for reading and printing; an exercise says so in its first line. The file's path."""
    return _write(desk, what, "txt", f"【演练】{desk.city.name}\n{text}" if desk.city.exercise else text, len(text.splitlines()))


def _write(desk: Desk, what: str, ending: str, text: str, lines: int) -> Path:
    if desk.officer is None:
        raise Refused("还没有登录", "没有导出", "请先登录", code="signed_out")
    folder = desk.profile.folder / FOLDER
    path = folder / f"{what}_{desk.clock():%Y%m%d_%H%M%S}.{ending}"
    # Who took what out is known before it is out.
    audit.note(desk.store, desk.now(), desk.officer.user, "export", path.name, {"rows": f"{lines} 行"})
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder, prefix=".export-")
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8", "replace"))
        os.replace(name, path)
    except OSError as error:
        raise StoreFault(f"导出文件写不进去：{folder}", "城市数据没有改动", "请检查磁盘空间和文件夹权限") from error
    return path
