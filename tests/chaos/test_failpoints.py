"""Counts outlive the process that is killed, and the process dies at its point and nowhere else."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from weihai_command.chaos.failpoints import POINTS, Counts
from weihai_command.chaos.journal import Journal, lines

ROOT = Path(__file__).parents[2]
KEEP_TWO = """
import sys
from pathlib import Path
from weihai_command.chaos.failpoints import Counts, Failpoints
from weihai_command.chaos.journal import Journal
from weihai_command.domain.act import Act
from weihai_command.store import outbox
from weihai_command.store.profile import Profile
from weihai_command.store.store import Store
folder = Path(sys.argv[1])
journal = Journal(folder / "journal")
Failpoints(Counts(folder / "counts"), journal, (sys.argv[2], 2)).arm()
store = Store.open(Profile(folder, "platform-test"), ballast=False)
for op in ("one", "two"):
    outbox.add(store, Act(op, "note", "log", op, "officer", "2026-07-16T16:00:00+08:00"), [], {})
    journal.write("kept", op)
"""


@pytest.mark.parametrize(("point", "told"), [("outbox.add.before", ["one"]), ("outbox.add.inside", ["one"]), ("outbox.add.after", ["one"])])
def test_it_dies_at_the_second_pass_of_its_point(tmp_path: Path, point: str, told: list[str]) -> None:
    done = subprocess.run([sys.executable, "-c", KEEP_TWO, str(tmp_path), point], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
    assert done.returncode == -9
    with closing(Counts(tmp_path / "counts")) as counts:
        hits, deaths = counts.hits(), counts.deaths()
    reached = POINTS.index(point) - POINTS.index("outbox.add.before")
    assert [hits[f"outbox.add.{place}"] for place in ("before", "inside", "after")] == [2] * (reached + 1) + [1] * (2 - reached)
    assert deaths == {**dict.fromkeys(POINTS, 0), point: 1}
    assert [line["op"] for line in lines(tmp_path / "journal")] == told


def test_a_journal_goes_on_where_it_was(tmp_path: Path) -> None:
    for op in ("one", "two"):
        journal = Journal(tmp_path / "journal")
        journal.write("kept", op, to=3)
        journal.close()
    assert lines(tmp_path / "journal") == [{"what": "kept", "op": "one", "to": 3}, {"what": "kept", "op": "two", "to": 3}]
    assert lines(tmp_path / "none") == []
