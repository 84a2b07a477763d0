from __future__ import annotations

import csv

import pytest

from weihai_command.domain.faults import Refused
from weihai_command.operations import exporting, queries

EVIL = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u3000=1", "＝1+1", "＋1"]


@pytest.mark.parametrize("cell", EVIL)
def test_no_cell_is_a_formula(cell):
    assert exporting.guarded(cell) == "'" + cell


def test_ordinary_cells_stay():
    assert [exporting.guarded(cell) for cell in ("消防101", "3-5 人", "", None, 7)] == ["消防101", "3-5 人", "", "", "7"]


def test_a_file_is_written_guarded_and_told(desk):
    path = exporting.export_csv(desk, "指挥日志", ("时间", "内容"), [("16:00", "=cmd|' /C calc'!A0"), ("16:01", '他说"好",走了')])
    assert path.parent == desk.profile.folder / "exports"
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [["演练", "时间", "内容"], ["演练", "16:00", "'=cmd|' /C calc'!A0"], ["演练", "16:01", '他说"好",走了']]
    assert (queries.audit(desk)[0]["verb"], queries.audit(desk)[0]["subject"]) == ("export", path.name)
    assert queries.logbook(desk)[0]["text"] == f"导出 {path.name} 2 行"


def test_nobody_exports_unseen(desk):
    desk.officer = None
    with pytest.raises(Refused, match="没有登录"):
        exporting.export_text(desk, "交接班", "x")
    assert not (desk.profile.folder / "exports").exists()


def test_a_text_of_an_exercise_says_so(desk):
    assert exporting.export_text(desk, "交接班", "无事").read_text(encoding="utf-8").splitlines() == ["【演练】威海市", "无事"]
