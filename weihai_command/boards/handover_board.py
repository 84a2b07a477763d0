"""The handover as a page to read: sections with counts first, each row opens its incident; and the kept ones with their signatures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from weihai_command.domain.foreign import one_line
from weihai_command.domain.log_words import KINDS
from weihai_command.domain.words import ACTS, PRIORITIES, STATES, TRACKS, UNIT_STATES

from . import words
from .bridge import Bridge, as_fault
from .clock import Clock
from .rows_model import RowsModel

SECTIONS = {
    "open": "在办事件", "unsent": "待发动作", "conflicts": "冲突", "suspended": "挂账", "monitored": "关注", "shelved": "搁置告警", "units": "在外力量",
    "notes": "本班记录", "feeds": "数据源异常",
}
#: Seconds before the limit from which the time left is shown as nearly over.
NEARLY_DUE_S = 600
HEADS = ("编号", "内容", "状态", "时限 / 时间")


@dataclass(frozen=True, slots=True)
class PageRow:
    """One row of the page; `is_head` a section's own line. `mood` of the last cell as in tables.MOODS."""

    cells: tuple[str, str, str, str]
    is_head: bool = False
    incident_id: str = ""
    mood: str = "plain"


def page_rows(data: Mapping[str, Any], names: Mapping[str, str], now: Any) -> list[PageRow]:
    """The sections of a handover's data, a stranger's too: what cannot be read is blank. `now` is the moment that times are told from."""
    counts, found = _mapping(data.get("counts")), []
    for name, word in SECTIONS.items():
        rows = [each for each in data.get(name) or () if isinstance(each, Mapping)] if isinstance(data.get(name), (list, tuple)) else []
        count = counts.get(name, len(rows))
        found.append(PageRow((f"{word} {count}", _remark(name, data, len(rows), count, names), "", ""), True))
        found += [_row(name, each, names, now) for each in rows]
    return found


def counts_line(data: Mapping[str, Any]) -> str:
    """`在办事件 12（超时 2） · 待发动作 0 …`, by track and priority behind it."""
    counts, tally = _mapping(data.get("counts")), _mapping(data.get("tally"))
    parts = [f"{word} {counts.get(name, 0)}" + (f"（超时 {data['overdue']}）" if name == "open" and data.get("overdue") else "") for name, word in SECTIONS.items()]
    parts.append(f"隔离 {counts.get('quarantine', 0)}")
    by = [("类别", "track", TRACKS), ("优先级", "priority", PRIORITIES), ("级别", "grade", {str(grade): word for grade, word in enumerate("ⅠⅡⅢⅣ", 1)})]
    lines = []
    for word, name, known in by:
        told = [f"{known.get(str(code), '未定')}（{n}）" for code, n in sorted(_mapping(tally.get(name)).items(), key=lambda each: str(known.get(str(each[0]), "9")))]
        lines += [f"{word} {'、'.join(told)}"] if told else []
    return " · ".join(parts) + ("\n" + " · ".join(lines) if lines else "")


def page_text(title: str, remarks: str, data: Mapping[str, Any], names: Mapping[str, str], now: Any) -> str:
    """The whole page for a printer."""
    lines = [title, counts_line(data), f"备注：{remarks}" if remarks else "", ""]
    for row in page_rows(data, names, now):
        cells = [cell for cell in row.cells if cell]
        lines.append(("■ " if row.is_head else "   ") + "  ".join(cells))
    return "\n".join(lines) + "\n"


def _remark(name: str, data: Mapping[str, Any], shown: int, count: Any, names: Mapping[str, str]) -> str:
    if name == "unsent" and shown:
        return "、".join(f"{one_line(names.get(str(user), user), 40)} {n}" for user, n in _mapping(data.get("unsent_by")).items()) + "（留在作者名下，登录后发出）"
    return f"另有 {count - shown} 条未列出" if isinstance(count, int) and count > shown else ""


def _row(name: str, row: Mapping[str, Any], names: Mapping[str, str], now: Any) -> PageRow:
    number, at = one_line(row.get("number"), 40), words.day_and_clock(row.get("at"), now)
    text = words.masked(one_line(row.get("text"), 200))
    if name in ("open", "suspended", "monitored"):
        return _case(name, row, number, now)
    if name in ("unsent", "conflicts"):
        return PageRow((number, f"{ACTS.get(str(row.get('verb')), one_line(row.get('verb'), 40))}：{text}", one_line(names.get(str(row.get("actor")), row.get("actor")), 40), at))
    if name == "units":
        return PageRow((number, one_line(row.get("name"), 60), UNIT_STATES.get(str(row.get("state")), one_line(row.get("state"), 20)), at,),
                       incident_id=str(row.get("incident_id") or ""))
    if name == "notes":
        kind = KINDS.get(str(row.get("kind")), "记录")
        who = one_line(names.get(str(row.get("by")), row.get("by")), 40)
        return PageRow((number, text, f"{kind} {who}", at), incident_id=str(row.get("incident_id") or ""))
    return PageRow(("", " ".join(part for part in (one_line(row.get("name"), 80), text) if part), "", at))


def _case(name: str, row: Mapping[str, Any], number: str, now: Any) -> PageRow:
    state, left = STATES.get(str(row.get("state")), one_line(row.get("state"), 20)), row.get("left_s")
    title = words.masked(one_line(row.get("title"), 200))
    priority = PRIORITIES.get(str(row.get("priority")), "")
    if name == "open":
        text, mood = ("", "plain") if not isinstance(left, (int, float)) else _left(left)
    else:
        until = words.day_and_clock(row.get("until"), now)
        text, mood = f"到 {until}" if until else "", "plain"
        title = f"{title}（{reason}）" if (reason := words.masked(one_line(row.get("reason"), 80))) else title
    parts = (state, f"优先 {priority}" if priority else "", f"力量 {row['units']}" if row.get("units") else "")
    return PageRow((number, title, " · ".join(part for part in parts if part), text), incident_id=str(row.get("id") or ""), mood=mood)


def _left(seconds: float) -> tuple[str, str]:
    if seconds < 0:
        return f"超 {words.hours(-seconds)}", "over"
    return f"剩 {words.hours(seconds)}", "near" if seconds <= NEARLY_DUE_S else "plain"


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


class PageModel(RowsModel):
    """The rows of one page."""

    heads = HEADS

    def cells(self, row: PageRow) -> tuple[str, ...]:
        return row.cells

    def told(self, text: str, role: int) -> Any:
        return text if role == Qt.ItemDataRole.AccessibleTextRole else super().told(text, role)


class HandoverBoard(QObject):
    """`changed` after every answer; `waiting` handovers lack their second signature. `exported(file name)`, `refused(Fault)`."""

    changed = Signal()
    exported = Signal(str)
    refused = Signal(object)

    def __init__(self, bridge: Bridge, clock: Clock) -> None:
        super().__init__()
        self._bridge, self._clock = bridge, clock
        self.waiting = 0
        self.summary: dict[str, Any] = {}
        self.kept: list[dict[str, Any]] = []
        self.is_watched = False
        bridge.changed.connect(self._on_changed)

    def watch(self, watched: bool) -> None:
        self.is_watched = watched
        if watched:
            self.refresh()

    def refresh(self) -> None:
        """How many wait; while somebody looks, all of it."""
        queries, desk = self._bridge.queries, self._bridge.desk
        self._bridge.ask("handovers waiting", lambda: queries.waiting_handovers(desk), self._take_waiting)
        if self.is_watched:
            self._bridge.ask("handover", lambda: (queries.handover_summary(desk), queries.handovers(desk)), self._take)

    def now(self) -> Any:
        return self._clock.now()

    def names(self) -> dict[str, str]:
        return self._bridge.names()

    def export(self, data: Mapping[str, Any], title: str, remarks: str, *, csv: bool) -> None:
        """A page as text or as CSV, into a file; the audit is told."""
        bridge, names, now = self._bridge, self._bridge.names(), self._clock.now()

        def write() -> Any:
            if not csv:
                return bridge.acts.export_text(bridge.desk, "交接班", page_text(title, remarks, data, names, now))
            rows = [row.cells for row in page_rows(data, names, now)]
            return bridge.acts.export_csv(bridge.desk, "交接班", HEADS, [(title, remarks, "", ""), *rows])

        bridge.act(write, lambda path: self.exported.emit(str(path)), lambda fault: self.refused.emit(as_fault(fault)), frozenset({"outbox"}))

    def _take_waiting(self, waiting: int) -> None:
        if waiting != self.waiting:
            self.waiting = waiting
            self.changed.emit()

    def _take(self, answer: tuple[dict[str, Any], list[dict[str, Any]]]) -> None:
        self.summary, self.kept = answer
        self.changed.emit()

    def _on_changed(self, kinds: frozenset[str]) -> None:
        if self.is_watched or kinds & {"log", "officer"}:
            self.refresh()
