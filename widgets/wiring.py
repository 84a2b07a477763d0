"""Which wish of a pane goes to which act, and which news of a board goes where. The window itself only arranges."""

from __future__ import annotations

from typing import Any, Protocol

from PySide6.QtCore import SignalInstance

from weihai_command.boards.act_board import sentence
from weihai_command.boards.desk_boards import DeskBoards
from weihai_command.domain.faults import Ambiguous, Fault

from .advice_wiring import connect_advice
from .incident_detail import IncidentDetail
from .incident_list import IncidentList
from .message_bar import MessageBar
from .panels import Panels
from .supervision_chip import SupervisionChip
from .top_bar import TopBar
from .unit_wiring import connect_units
from .units_board import UnitsBoard
from .views import Views


class Window(Protocol):
    """The parts that are joined here; the main window is one."""

    boards: DeskBoards
    list: IncidentList
    detail: IncidentDetail
    units: UnitsBoard
    message: MessageBar
    top: TopBar
    supervised: SupervisionChip
    panels: Panels
    views: Views
    incident_selected: SignalInstance
    unit_selected: SignalInstance
    place_pick_requested: SignalInstance
    vanish_allowed: SignalInstance

    def open_incident(self, incident_id: str) -> None: ...

    def show_exercise(self) -> None: ...


def connect(window: Window) -> None:
    """Join all panes of `window` to its boards; called once."""
    _selection(window)
    _wishes(window)
    _panel_wishes(window)
    _news(window)
    connect_advice(window)
    connect_units(window)


def _selection(window: Window) -> None:
    detail = window.boards.detail
    window.list.chosen.connect(detail.open)
    window.list.opened.connect(lambda _: window.detail.setFocus())
    window.units.incident_wanted.connect(detail.open)
    window.supervised.incident_wanted.connect(detail.open)
    window.boards.supervision.said.connect(window.message.show_done)
    window.units.unit_chosen.connect(window.unit_selected)
    detail.opened.connect(window.list.select)
    detail.opened.connect(window.incident_selected)


def _wishes(window: Window) -> None:
    acts, detail = window.boards.acts, window.detail
    detail.dispatch_wanted.connect(window.panels.open_dispatch)
    detail.dispatch_requested.connect(acts.dispatch)
    detail.act_requested.connect(acts.perform)
    detail.note_wanted.connect(window.panels.start_note)
    detail.state_requested.connect(acts.set_unit_state)
    detail.resolve_requested.connect(acts.resolve)
    detail.refused.connect(window.message.show_fault)
    window.units.state_requested.connect(acts.set_unit_state)
    window.units.leave_requested.connect(lambda unit, reason: acts.set_unit_state(unit, "unavailable", reason))


def _panel_wishes(window: Window) -> None:
    acts, panels = window.boards.acts, window.panels
    panels.report.submitted.connect(acts.report)
    panels.report.pick_wanted.connect(window.place_pick_requested)
    panels.dispatch.submitted.connect(acts.dispatch)
    panels.dispatch.move_requested.connect(acts.move)
    panels.outbox.withdraw_requested.connect(acts.withdraw)
    panels.outbox.retry_requested.connect(acts.retry)
    panels.outbox.resolve_requested.connect(acts.resolve)
    panels.outbox.vanish_allowed.connect(window.vanish_allowed)
    panels.outbox.incident_wanted.connect(lambda number: _open_number(window, number))
    panels.sign_in.submitted.connect(acts.sign_in)
    panels.sign_in.sign_out_wanted.connect(acts.sign_out)
    window.top.view_wanted.connect(window.views.show)
    window.views.changed.connect(window.top.show_view)
    window.top.outbox_wanted.connect(panels.toggle_outbox)
    window.top.officer_wanted.connect(panels.toggle_sign_in)


def _news(window: Window) -> None:
    boards = window.boards
    boards.acts.done.connect(lambda act, outcome: _on_done(window, act, outcome))
    boards.acts.refused.connect(lambda act, fault: _on_refused(window, act, fault))
    boards.bridge.failed.connect(window.message.show_fault)
    boards.status.changed.connect(window.show_exercise)


def _on_done(window: Window, act: str, outcome: Any) -> None:
    panels = window.panels
    embedded = window.boards.status.status["connection"] == "local"
    window.message.show_done(sentence(act, outcome, embedded=embedded))
    if act == "report":
        if panels.report.is_saving:
            panels.report.finish()
        window.open_incident(outcome.id)
    elif act in ("dispatch", "move"):
        panels.dispatch.finish()
    elif act in ("sign_in", "sign_out"):
        panels.sign_in.finish()


def _on_refused(window: Window, act: str, fault: Fault) -> None:
    window.message.show_fault(fault)
    if act == "report" and window.panels.report.is_saving:
        window.panels.report.refuse()
        if isinstance(fault, Ambiguous):
            window.panels.report.offer([label for _, label in fault.candidates])
    elif act in ("sign_in", "sign_out"):
        window.panels.sign_in.refuse(fault.sentence())


def _open_number(window: Window, number: str) -> None:
    row = window.boards.incidents.by_number(number)
    if row:
        window.open_incident(row.id)
