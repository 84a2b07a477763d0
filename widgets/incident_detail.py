"""The open incident: head and acts, conflict, facts, units sent and recommended, timeline. It shows a board and emits wishes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QStackedLayout, QTabBar, QVBoxLayout, QWidget

from weihai_command.boards.detail_board import DetailBoard
from weihai_command.boards.incident_rows import INTAKE
from weihai_command.boards.timeline_board import TimelineBoard
from weihai_command.domain.faults import Refused
from weihai_command.domain.words import ACTS

from .act_form import UNFILLABLE, ActForm
from .advice_box import AdviceBox
from .alarm_lines import AlarmLines
from .checklist_section import ChecklistSection
from .conflict_panel import ConflictPanel
from .detail_head import DetailHead
from .detail_sections import Assignments, Facts
from .nearby_section import NearbySection
from .parts import Plain, SectionTitle, rule
from .plan_section import PlanSection
from .timeline_list import TimelineList

TABS = ("概况", "派遣", "时间线")
#: The least of the timeline (pixels): four rows; two where a plan's next items need the room.
TIMELINE, TIMELINE_BESIDE_PLAN = 112, 56


class SnugScroll(QScrollArea):
    """As high as its content while there is room, scrolling where there is not."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setWidget(content)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        content.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def sizeHint(self) -> QSize:
        content = self.widget()
        width = max(self.viewport().width(), 100)
        height = content.heightForWidth(width) if content.hasHeightForWidth() else content.sizeHint().height()
        return QSize(super().sizeHint().width(), height + 2)


class IncidentDetail(QWidget):
    """Wishes: dispatch_wanted (open the list of units), dispatch_requested(id, unit ids), act_requested(act, id, fields),
    note_wanted, state_requested(unit, state), resolve_requested(op, side), refused(Fault)."""

    dispatch_wanted = Signal()
    dispatch_requested = Signal(str, list)
    act_requested = Signal(str, str, dict)
    note_wanted = Signal()
    state_requested = Signal(str, str)
    resolve_requested = Signal(str, str)
    refused = Signal(object)

    def __init__(self, board: DetailBoard, timeline: TimelineBoard, can: Callable[[str], bool], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("surface")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("事件详情")
        self.board, self._can = board, can
        self.head, self.form, self.conflict, self.advice = DetailHead(), ActForm(), ConflictPanel(), AdviceBox()
        self.facts, self.assignments, self.recommended, self.checklist = Facts(), Assignments(), PlanSection(), ChecklistSection()
        self.timeline, self.timeline_title = TimelineList(timeline), SectionTitle("时间线")
        self.alarms, self.tabs = AlarmLines(), QTabBar()
        self._compact, self._shown = False, ""
        self.nearby: NearbySection | None = None
        self._later: Callable[[], None] | None = None
        self._build(timeline)
        self._connect()
        self.show_board()

    def set_compact(self, compact: bool) -> None:
        self._compact = compact
        self.head.set_compact(compact)
        self.assignments.set_compact(compact)
        self.recommended.set_compact(compact)
        if self.board.detail:
            self.head.show_detail(self.board.detail, self._can, self.board.clock.now())
        self.tabs.setVisible(compact)
        if self.nearby:
            self.nearby.set_compact(compact)
        self._show_tab()

    def add_nearby(self, section: NearbySection) -> None:
        """What stands around the incident: the last line of the pane, on a narrow desk a page of its own."""
        self.nearby = section
        self._column.addWidget(section)
        self.tabs.addTab("周边")
        section.set_compact(self._compact)
        section.board.ringed.connect(self._show_tab)
        self._show_tab()

    def open_nearby(self) -> None:
        """Ctrl+N: the list of what stands around, with the keyboard on it; once more folds it."""
        if self.board.detail is None or self.nearby is None or self.nearby.board.place is None:
            self.refused.emit(Refused("周边要有一件已定位的事件", "没有改动", "先在列表里选一件有位置的"))
        elif self._compact:
            self.tabs.setCurrentIndex(len(TABS))
            self.nearby.enter()
        else:
            self.nearby.toggle()

    def start_dispatch(self) -> None:
        """F4: the list of units, or first what the tables still need, or the reason why not."""
        self.start_act("dispatch")

    def start_act(self, act: str) -> None:
        """An act of the open incident by its key; where it cannot be done, the reason. It waits for an incident that is still being read."""
        if self.board.is_behind:
            self._later = lambda: self.start_act(act)
            self.board.hurry()
            return
        entry = self.head.entry(act)
        if self.board.detail is None:
            self.refused.emit(Refused("还没有选中事件", "没有改动", "先在列表里选一件"))
        elif entry is None:
            self.refused.emit(Refused(f"{self.board.detail.row.number}现在是“{self.board.detail.row.word}”，不能{ACTS[act]}", "没有改动"))
        else:
            self.want(entry)

    def want(self, entry: dict[str, Any]) -> None:
        """Do an act of queries.allowed: at once, after its form, or say why not."""
        detail = self.board.detail
        if detail is None:
            return
        if not entry["allowed"]:
            self.refused.emit(Refused(f"{detail.row.number}不能{entry['word']}：{entry['reason']}", "没有改动"))
            return
        needs = [need for need in entry["needs"] if need not in UNFILLABLE and need != "owner"]
        if entry["act"] == "dispatch" and detail.row.track == "emergency":
            self._want_units(needs)
        elif needs:
            self.form.ask(entry["act"], f"{entry['word']} {detail.row.number}", needs)
        else:
            self.act_requested.emit(entry["act"], detail.row.id, {})

    def start_edit(self) -> None:
        if self.board.detail:
            self.form.ask("edit", f"修改 {self.board.detail.row.number}", ["title", "type", "priority"], self.board.detail.incident)

    def _want_units(self, needs: list[str]) -> None:
        detail = self.board.detail
        if needs and detail:
            self.form.ask("edit", f"派遣 {detail.row.number} 之前先补齐", needs)
        else:
            self.dispatch_wanted.emit()

    def show_board(self) -> None:
        detail = self.board.detail
        self._stack.setCurrentIndex(0 if detail else 1)
        if detail is None:
            self.form.hide()
            return
        raw = detail.incident
        self.head.show_detail(detail, self._can, self.board.clock.now())
        self.conflict.show_conflict(detail.conflicts[0] if detail.conflicts else None)
        self.facts.show_facts(self.board.facts())
        place = " ".join(part for part in (str(raw.get("district") or ""), str(raw.get("place") or raw.get("town") or "")) if part)
        text = " ".join(str(raw.get("description") or "").split())
        self.facts.show_texts(place, self.board.masked(text), has_phone=bool(raw.get("phone")), revealed=self.board.shows_phone)
        self.facts.lead_with_words(detail.row.state in INTAKE)
        self.assignments.show_rows(detail.assignments)
        self.recommended.show_plan(detail.view, fresh=self._shown != detail.row.id)
        self._shown = detail.row.id
        self.timeline_title.remark.setText(f"只增不改 · {len(detail.timeline)}")
        self._show_tab()

    def keyPressEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        place = event.key() - Qt.Key.Key_1
        alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
        plain = not event.modifiers() & ~(Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.KeypadModifier)
        pressed = 0 <= place < 9 and plain and self.assignments.press(place) if alt else self.recommended.press(event)
        if not pressed and not self.conflict.press(event) and not (self.nearby and self.nearby.press(event)):
            super().keyPressEvent(event)

    def minimumSizeHint(self) -> QSize:
        return QSize(340, 240)

    def _connect(self) -> None:
        self.board.changed.connect(self.show_board)
        self.board.changed.connect(self._do_later)
        self.board.opened.connect(lambda _: self.form.hide())
        self.board.clock.aged.connect(self.show_board)
        self.head.act_wanted.connect(self.want)
        self.head.note_wanted.connect(self.note_wanted)
        self.head.edit_wanted.connect(self.start_edit)
        self.form.submitted.connect(self._on_submitted)
        self.form.left.connect(lambda: self.setFocus(Qt.FocusReason.ShortcutFocusReason))
        self.conflict.resolved.connect(self.resolve_requested)
        self.assignments.state_requested.connect(self.state_requested)
        self.recommended.send_requested.connect(self._on_send)
        self.recommended.level_wanted.connect(self._on_level)
        self.facts.reveal_toggled.connect(self.board.reveal)
        self.checklist.changed.connect(self._show_tab)
        self.checklist.entered.connect(lambda: self.tabs.setCurrentIndex(1))
        self.tabs.currentChanged.connect(lambda _: self._show_tab())

    def _do_later(self) -> None:
        """The key that was pressed while the incident was being read."""
        if not self.board.is_behind:
            later, self._later = self._later, None
            if later:
                later()

    def _on_send(self, unit_ids: list[str]) -> None:
        # To the incident that the officer sees, and to none while another one is on its way.
        if self.board.detail and not self.board.is_behind:
            self.dispatch_requested.emit(self.board.detail.row.id, unit_ids)

    def _on_level(self, level: int) -> None:
        if self.board.detail and not self.board.is_behind:
            self.act_requested.emit("edit", self.board.detail.row.id, {"alarm_level": level})

    def _on_submitted(self, act: str, fields: dict[str, Any]) -> None:
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.act_requested.emit(act, self.board.incident_id, fields)

    def _show_tab(self) -> None:
        tab = self.tabs.currentIndex()
        detail = self.board.detail
        emergency = detail is not None and detail.row.track == "emergency"
        # The facts leave room below them on a narrow desk: the last that happened stands there too.
        pages = ((self.facts, (0,)), (self.alarms, (0,)), (self.assignments, (1,)), (self.recommended, (1,)), (self.timeline, (0, 2)), (self.timeline_title, (0, 2)))
        for widget, places in pages:
            widget.setVisible(not self._compact or tab in places)
        if self.nearby:
            self.nearby.setVisible(self.nearby.board.place is not None and (not self._compact or tab == len(TABS)))
        self.checklist.setVisible(self.checklist.view.is_there and (not self._compact or tab == 1))
        self._rules[4].setVisible(self.checklist.isVisibleTo(self))
        self.timeline.setMinimumHeight(TIMELINE_BESIDE_PLAN if self.checklist.isVisibleTo(self) and not self._compact else TIMELINE)
        if not emergency or (detail and detail.row.ended):
            self.recommended.hide()
        if not emergency:
            self.assignments.hide()
        self._scroll.setVisible(not self._compact or tab < 2)
        self._rules[1].setVisible(self.assignments.isVisibleTo(self._scroll))
        self._rules[2].setVisible(self.recommended.isVisibleTo(self._scroll))
        if self.nearby:
            is_page = self._compact and tab == len(TABS)
            self._column.setStretchFactor(self.nearby, 1 if is_page else 0)
            self._title_box.setVisible(not is_page)
        self._rules[3].setVisible(self.timeline.isVisibleTo(self))
        self._fit_plan()
        self._scroll.updateGeometry()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_plan()

    def _fit_plan(self) -> None:
        """The plan's rows give way first: what happened last is to be read without scrolling."""
        above = (self.head, self.form, self.conflict, self.advice, self.assignments, self.checklist, self._title_box, self.nearby, self.alarms)
        taken = sum(each.sizeHint().height() for each in above if each and not each.isHidden())
        facts = self.facts.heightForWidth(max(self.width() - 32, 100))
        self.recommended.fit(self.height() if self._compact else self.height() - taken - facts - self.timeline.minimumHeight())

    def _build(self, timeline: TimelineBoard) -> None:
        for name in TABS:
            self.tabs.addTab(name)
        self.tabs.setExpanding(True)
        self.tabs.setDrawBase(False)
        self.tabs.hide()
        self._rules = [rule() for _ in range(5)]
        self._scroll = SnugScroll(self._sections())
        page = QWidget()
        self._column = column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.head, self.form, self.conflict, self.advice, self.tabs, self._rules[0], self._scroll, self._rules[3]):
            column.addWidget(widget)
        self._title_box = self._inset(self.timeline_title)
        column.addWidget(self._inset(self.checklist))
        column.addWidget(self._rules[4])
        column.addWidget(self._title_box)
        column.addWidget(self.timeline, 1)
        column.addStretch(0)
        self.timeline.setMinimumHeight(TIMELINE)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(page)
        self._stack.addWidget(self._empty_page())

    def _sections(self) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(16, 0, 16, 0)
        column.setSpacing(0)
        for line, section in ((None, self.facts), (None, self.alarms), (self._rules[1], self.assignments), (self._rules[2], self.recommended)):
            if line:
                column.addWidget(line)
            column.addWidget(section)
        column.addStretch(1)
        return content

    @staticmethod
    def _inset(widget: QWidget) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(16, 0, 16, 0)
        column.addWidget(widget)
        return box

    @staticmethod
    def _empty_page() -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.addStretch(2)
        for text, tone in (("没有打开的事件", ""), ("在列表里用 ↑ ↓ 选一件，或按 F2 接报", "second")):
            column.addWidget(Plain(text, tone=tone), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        return page
