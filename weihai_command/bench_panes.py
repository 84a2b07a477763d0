"""What `bench desk` does to the real window of panes: loads, filters, sorts, searches, opens; and the obvious way beside it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from widgets.main_window import MainWindow

from .app import THEME
from .bench_naive import Naive
from .bench_probe import Heartbeat, memory_mb, pause, spread, until
from .boards.desk_boards import make_boards
from .boards.incident_board import SORTS, URGENCY
from .boards.incident_rows import CHIPS
from .boards.map_board import MapBoard
from .operations import opening, queries, verbs
from .operations.runner import Runner
from .qt_start import make_application, prepare_environment
from .store import mirror, view

SIZE = (1600, 900)
LENGTHS, PER_LENGTH, TIMES = range(1, 7), 12, 8
TYPED = ("皇冠街道积水", "应0417", "消防通道堵塞", "不存在的地名")
#: Rows that a search of the store gives at once.
FIRST = 50
#: The first look at all limits is waited for so long; a city in which none has run out has nothing to show.
LIMITS_S = 30.0


def measure(root: Path) -> dict[str, Any]:
    """Open the panes on the store under `root`, measure, close; the figures are those of `bench desk --help`."""
    prepare_environment(offscreen=False)
    app = make_application(THEME)
    app.setQuitOnLastWindowClosed(False)
    bench = PaneBench(root)
    try:
        return bench.run()
    finally:
        bench.close()


#: (length, query, milliseconds, ids in order)
Answers = list[tuple[int, str, float, list[str]]]


class PaneBench(QObject):
    """The whole window but for the map, whose incidents are read all the same."""

    def __init__(self, root: Path) -> None:
        super().__init__()
        self.heart = Heartbeat()
        self.desk = opening.open_sample(root, "small")
        self.runner = Runner()
        self.boards = make_boards(self.desk, self.runner, queries, verbs)
        self.board = self.boards.incidents
        self.picture = MapBoard(self.boards.bridge, self.boards.detail, self.boards.incidents)
        self.window = MainWindow(QWidget(), self.boards)
        self.window.resize(*SIZE)
        self.window.show()
        self.random = np.random.default_rng(4)
        self.stalls: dict[str, float] = {}
        self._counted = 0
        self.board.counted.connect(self._count)

    def close(self) -> None:
        self.window.close()
        self.boards.close()
        self.desk.hang_up()
        self.runner.close()
        self.desk.close()

    def run(self) -> dict[str, Any]:
        found = self._load()
        for name, what in (
            ("chip", self._chips), ("typing", self._typing), ("sort", self._sorts), ("change", self._changes), ("open", self._opens),
        ):
            pause(0.5)
            self.heart.take()
            found[f"{name}_ms"] = spread(what())
            self.stalls[name] = self.heart.take()
        # Beside other work everything takes longer: whoever reads the figures has to know.
        found["memory_mb"], found["load"] = memory_mb(), round(os.getloadavg()[0], 2)
        pause(0.5)
        searched = self._searches()
        found["stall_ms"], found["stalls"] = max(value for name, value in self.stalls.items() if name != "load"), self.stalls
        naive = Naive(self.desk)
        found["search"] = beside(searched, naive)
        found["store_search"] = beside(self._store_searches(), Naive.of_store(self.desk), FIRST)
        found["naive"] = {name: spread(each) for name, each in naive.figures().items()}
        return found

    def _count(self) -> None:
        self._counted += 1

    def _timed(self, change: Callable[[], Any], is_done: Callable[[], Any] | None = None) -> float:
        """Milliseconds from `change` until the list has taken it up and is painted."""
        before, began = self._counted, time.perf_counter()
        change()
        until(is_done or (lambda: self._counted > before), "the list")
        self.window.list.table.viewport().repaint()
        return (time.perf_counter() - began) * 1000

    def _load(self) -> dict[str, Any]:
        self.heart.take()
        began = time.perf_counter()
        self.boards.start()
        until(lambda: self.board.rowCount(), "the rows")
        loaded = time.perf_counter() - began
        self.picture.start(("incidents",))
        until(lambda: self.board.is_ready, "what is made ahead")
        ready = time.perf_counter() - began
        # Telling every history once takes longer than reading the rows; everything after is measured without it.
        until(lambda: self.boards.supervision.notices or time.perf_counter() - began > LIMITS_S, "the limits")
        pause(1.0)
        self.stalls["load"] = self.heart.take()
        return {"rows": self.board.rowCount(), "load_s": round(loaded, 2), "ready_s": round(ready, 2)}

    def _chips(self) -> list[float]:
        keys = [key for key, *_ in CHIPS if key != "all"]
        took = []
        for key in keys:
            for chip in (self.window.list.chips[key], self.window.list.chips["all"]):
                took.append(self._timed(chip.click))
                pause(0.03)
        return took

    def _typing(self) -> list[float]:
        field, took = self.window.list.search, []
        for text in TYPED:
            for letter in text:
                took.append(self._timed(lambda letter=letter: field.insert(letter)))
                pause(0.05)
            took.append(self._timed(field.clear))
        return took

    def _sorts(self) -> list[float]:
        took = []
        for column in (*range(len(SORTS)), URGENCY):
            for is_falling in (False, True):
                took.append(self._timed(lambda column=column, is_falling=is_falling: self.board.order_by(column, is_falling=is_falling)))
                pause(0.03)
        self._timed(lambda: self.board.order_by(URGENCY))
        return took

    def _someone(self) -> str:
        rows = (self.board.row_at(place) for place in self.random.permutation(min(2_000, self.board.rowCount())).tolist())
        # What has ended is not edited any more.
        return next(row.id for row in rows if row is not None and not row.ended)

    def _changes(self) -> list[float]:
        """Acts of this desk and records of the platform in turn, until the list shows them."""
        took = []
        for turn in range(TIMES):
            took.append(self._change(self._someone(), f"改过的标题{turn}", is_mine=turn % 2 > 0))
            pause(0.3)
        return took

    def _change(self, ident: str, title: str, *, is_mine: bool) -> float:
        record = view.record(self.desk.store, "incidents", ident) or {}
        newer = {**record, "title": title, "last_modified": int(record.get("last_modified") or 0) + 1}
        newer.pop("sync", None)

        def change() -> None:
            if is_mine:
                self.boards.acts.perform("edit", ident, {"title": title})
            else:
                mirror.apply(self.desk.store, "incidents", [newer])
                self.runner.announce({"incidents"})

        def is_shown() -> bool:
            place = self.board.row_of_id(ident)
            row = self.board.row_at(place) if place >= 0 else None
            return row is not None and row.title == title

        return self._timed(change, is_shown)

    def _opens(self) -> list[float]:
        """From the row that becomes the current one to the painted detail."""
        detail, table, took = self.boards.detail, self.window.list.table, []
        for place in self.random.integers(0, min(500, self.board.rowCount()), TIMES * 2).tolist():
            row = self.board.row_at(place)
            assert row is not None
            began = time.perf_counter()
            table.selectRow(place)
            until(lambda ident=row.id: detail.detail is not None and detail.detail.row.id == ident, "the detail")
            self.window.detail.repaint()
            took.append((time.perf_counter() - began) * 1000)
            pause(0.1)
        return took

    def _queries(self, length: int) -> list[str]:
        """Pieces of what random rows can be found by, and one in ten that stands nowhere."""
        found: list[str] = []
        while len(found) < PER_LENGTH:
            row = self.board.row_at(int(self.random.integers(0, self.board.rowCount())))
            text = row.text if row else ""
            at = int(self.random.integers(0, max(1, len(text) - length)))
            piece = text[at : at + length] if len(found) % 10 else "鑫垚犇猋骉麤"[:length]
            if len(piece) == length and not any(letter.isspace() for letter in piece):
                found.append(piece)
        return found

    def _searches(self) -> Answers:
        """What the list shows for each query, and the milliseconds until it does."""
        asked = {length: self._queries(length) for length in LENGTHS}
        pause(0.5)
        self.heart.take()
        answers: Answers = []
        for length, pieces in asked.items():
            for query in pieces:
                before, began = self._counted, time.perf_counter()
                self.board.search(query)
                until(lambda before=before: self._counted > before, "the search")
                took = (time.perf_counter() - began) * 1000
                self.stalls["search"] = max(self.stalls.get("search", 0.0), self.heart.take())
                answers.append((length, query, took, [self.board.row_at(row).id for row in range(self.board.rowCount())]))  # type: ignore[union-attr]
                self.heart.take()
        self.board.search("")
        return answers

    def _store_searches(self) -> Answers:
        """`query incidents --text`: the first rows of all in the store, in the order of arrival."""
        until(lambda: not self.board.is_narrowed, "the whole list")
        answers: Answers = []
        for length in LENGTHS:
            for query in self._queries(length):
                began = time.perf_counter()
                rows = queries.rows(self.desk, "incidents", text=query, limit=FIRST)
                answers.append((length, query, (time.perf_counter() - began) * 1000, [row["id"] for row in rows]))
        return answers


def beside(answers: Answers, naive: Naive, first: int | None = None) -> dict[str, dict[str, float]]:
    """Per length of the query what it took and what the scan took; StoreFault where a row differs."""
    scanned = [(length, naive.compare(query, ids, first)) for length, query, _, ids in answers]
    return {
        str(length): {
            **spread([took for each, _, took, _ in answers if each == length]),
            "naive_p95": spread([took for each, took in scanned if each == length])["p95"],
        }
        for length in LENGTHS
    }
