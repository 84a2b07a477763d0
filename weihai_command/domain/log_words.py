"""The Chinese words of the command log: kinds of entry, and what happens at a desk without touching a record."""

from __future__ import annotations

#: Kinds of line, in the order of the filter. act, unit: history and steps; desk: this desk's own audit.
KINDS = {
    "act": "动作", "unit": "力量", "edit": "修改", "note": "记录", "radio": "电台", "phone": "电话", "roll_call": "点名", "handover": "交班",
    "signature": "接班", "plan": "预案", "plan_tick": "预案执行", "alarm": "告警", "desk": "本席",
}
#: What an officer writes by F9.
NOTES = {kind: KINDS[kind] for kind in ("note", "radio", "phone")}
#: Verbs of the audit that leave nothing in a record.
DESK_ACTS = {
    "sign_in": "登录", "sign_out": "退出", "sign_in_refused": "登录被拒", "resolve": "冲突处理", "retry": "重发", "withdraw": "撤回", "undo": "撤回",
    "export": "导出", "open_camera": "调看", "accept_vanished": "接受平台删除", "restore": "恢复副本", "renew_mirror": "重建镜像", "renew_readings": "重建测值",
}


def change(word: str, before: str, after: str) -> str:
    """How a line tells that a field was changed: "" stands for what was, or is, not said."""
    if not before:
        return f"{word} 设为 {after}"
    return f"{word} {before} → {after}" if after else f"{word} 清空（原为 {before}）"
