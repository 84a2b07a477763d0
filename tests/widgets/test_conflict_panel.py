"""A conflict tells what is done, where it stopped, what waits, and what each key does."""

from __future__ import annotations

from widgets.conflict_panel import ConflictPanel, told

STEPS = [
    {"word": "消防101 → 派遣中", "state": "done", "undo": "可撤回：恢复为空闲"}, {"word": "消防102 → 派遣中", "state": "conflict", "undo": ""},
    {"word": "应0001A → 处置中", "state": "pending", "undo": ""}, {"word": "派遣单 消防101", "state": "pending", "undo": ""},
]


def test_every_step_is_told_with_what_becomes_of_it():
    assert told({"steps": STEPS, "mine_refused": ""}) == [
        "已到平台：消防101 → 派遣中（可撤回：恢复为空闲）", "停在：消防102 → 派遣中", "还没发出：应0001A → 处置中；派遣单 消防101",
        "M 用我的：按平台现在的情况再做这一步，接着发后面 2 步", "P 用平台的：放弃没到的步骤，另发一个动作撤回已到的 1 步",
    ]


def test_what_the_rules_forbid_now_is_dim_and_says_why(qapp):
    panel = ConflictPanel()
    panel.show_conflict({"op_id": "o", "verb_word": "派遣", "number": "应0001A", "steps": STEPS, "fields": [], "mine_refused": "<b>消防102</b>现在是“不可用”"})
    assert "现在做不了，<b>消防102</b>" in panel._done.text() and panel.mine.property("dim") is True
    panel.deleteLater()


def test_the_head_names_the_unit_that_it_is_about(qapp):
    panel = ConflictPanel()
    heads = []
    for number, name in (("应0001A", "消防101"), ("消防101", "消防101"), ("应0001A", ""), ("", "消防101")):
        panel.show_conflict({"op_id": number + name, "verb_word": "派遣", "number": number, "name": name})
        heads.append(panel._head.text())
    assert heads == [f"冲突：派遣 {subject}，别的席位先改了" for subject in ("应0001A · 消防101", "消防101", "应0001A", "消防101")]
    panel.deleteLater()
