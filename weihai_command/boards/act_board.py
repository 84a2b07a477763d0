"""The officer's acts as the window asks for them: sent to the writer thread, answered by what became of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Signal

from weihai_command.domain.faults import Refused
from weihai_command.domain.lifecycle import TABLE
from weihai_command.domain.words import ACTS, STATES
from weihai_command.operations import catalogue

from . import words
from .bridge import Bridge

RECORDS = frozenset({"incidents", "units", "assignments", "log"})
TOUCHES = {
    **dict.fromkeys(("note", "amend", "hand_over", "sign_handover", "roll_call"), frozenset({"log"})), "sign_in": frozenset({"officer"}), "sign_out": frozenset({"officer"}),
}


class ActBoard(QObject):
    """`done(act, outcome)` with the act's name of domain.words.ACTS; `refused(act, Fault)`; `officer_changed` after signing in or out."""

    done = Signal(str, object)
    refused = Signal(str, object)
    officer_changed = Signal()

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge

    def can(self, act: str) -> bool:
        """True when this edition can do `act` at all."""
        return self._operation(act) is not None

    def report(self, draft: dict[str, Any]) -> None:
        self._send("report", lambda act, desk: act(desk, **draft))

    def dispatch(self, incident_id: str, unit_ids: list[str]) -> None:
        self._send("dispatch", lambda act, desk: act(desk, incident_id, unit_ids))

    def set_unit_state(self, unit_id: str, state: str, reason: str | None = None) -> None:
        self._send("status", lambda act, desk: act(desk, unit_id, state, **({"reason": reason} if reason else {})))

    def move(self, unit_id: str, incident_id: str) -> None:
        """A committed unit goes on to another incident."""
        self._send("move", lambda act, desk: act(desk, unit_id, incident_id))

    def assign(self, unit_id: str, incident_id: str | None) -> None:
        """A free unit is meant for an incident; with None it is meant for none any longer."""
        if incident_id is None:
            self._send("unassign", lambda act, desk: act(desk, unit_id))
        else:
            self._send("assign", lambda act, desk: act(desk, unit_id, incident_id))

    def roll_call(self, unit_id: str, answer: str) -> None:
        """`answer` of domain.roll_call.ANSWERS."""
        self._send("roll_call", lambda act, desk: act(desk, unit_id, answer))

    def note(self, incident_id: str, text: str, kind: str = "note", party: str = "") -> None:
        """A line of the command log; without an incident it is the city's."""
        more = {name: value for name, value, plain in (("kind", kind, "note"), ("party", party, "")) if value != plain}
        self._send("note", lambda act, desk: act(desk, incident_id or None, text, **more))

    def amend(self, entry_id: str, text: str) -> None:
        self._send("amend", lambda act, desk: act(desk, entry_id, text))

    def hand_over(self, text: str) -> None:
        self._send("hand_over", lambda act, desk: act(desk, text))

    def sign_handover(self, entry_id: str) -> None:
        self._send("sign_handover", lambda act, desk: act(desk, entry_id))

    def perform(self, act: str, incident_id: str, fields: dict[str, Any]) -> None:
        """Any act of the tables on one incident; `fields` are what the act needs and the incident itself lacks: one act, done or refused whole."""
        if act == "edit":
            self._send("edit", lambda operation, desk: operation(desk, incident_id, located(fields)))
            return
        if act == "verify":
            fields = {"owner": self._user(), **fields}
        # A municipal case goes to a department: no unit is sent.
        sent: tuple[Any, ...] = ((),) if act == "dispatch" else ()
        self._send(act, lambda operation, desk: operation(desk, incident_id, *sent, **fields))

    def join(self, incident_id: str, parent_id: str) -> None:
        self._send("join", lambda act, desk: act(desk, incident_id, parent_id))

    def resolve(self, op_id: str, take: str) -> None:
        self._send("resolve", lambda act, desk: act(desk, op_id, take=take))

    def retry(self, op_id: str) -> None:
        self._send("retry", lambda act, desk: act(desk, op_id))

    def withdraw(self, op_id: str) -> None:
        self._send("withdraw", lambda act, desk: act(desk, op_id))

    def sign_in(self, user: str, password: str) -> None:
        self._send("sign_in", lambda act, desk: act(desk, user, password), self._tell_officer, waits=True)

    def sign_out(self) -> None:
        self._send("sign_out", lambda act, desk: act(desk), self._tell_officer)

    def _operation(self, act: str) -> Any:
        names = (act, f"{act}_") if act != "return" else ("return_",)
        found = next((found for name in names if (found := getattr(self._bridge.acts, name, None)) is not None), None)
        return found or self._transition(act)

    def _transition(self, act: str) -> Any:
        """Acts of the tables without an operation of their own go through the general one."""
        transition = getattr(self._bridge.acts, "transition", None)
        if transition is None or not any(row.act == act for row in TABLE):
            return None
        return lambda desk, incident_id, **fields: transition(desk, incident_id, act, **fields)

    def _send(self, act: str, call: Callable[[Any, Any], Any], then: Callable[[], None] | None = None, *, waits: bool = False) -> None:
        operation, desk = self._operation(act), self._bridge.desk
        if operation is None:
            self.refused.emit(act, Refused(f"这一版还不能{ACTS.get(act, act)}", "没有改动", code="not_here"))
            return
        run = partial(self._bridge.consult, act) if waits else self._bridge.act
        run(
            lambda: call(operation, desk), lambda outcome: self._finish(act, outcome, then), lambda fault: self.refused.emit(act, fault),
            TOUCHES.get(act, RECORDS),
        )

    def _finish(self, act: str, outcome: Any, then: Callable[[], None] | None) -> None:
        if then:
            then()
        self.done.emit(act, outcome)

    def _user(self) -> str:
        officer = self._bridge.desk.officer
        return str(officer.user) if officer else ""

    def _tell_officer(self) -> None:
        self.officer_changed.emit()


def located(fields: dict[str, Any]) -> dict[str, Any]:
    """`fields` with the position and the stated radius of a place that was given by name (Ambiguous, Refused)."""
    if not fields.get("place") or "lon" in fields:
        return fields
    found = catalogue.gazetteer().resolve(str(fields["place"]))
    known = {"lon": found.lon, "lat": found.lat, "radius_m": found.radius_m, "district": found.district, "town": found.town}
    return {**fields, "place": found.name, **known}


def sentence(act: str, outcome: Any, *, embedded: bool = False) -> str:
    """What the message bar says after an act: `派遣 应0417：处置中 · 已保存，待发送`; an embedded city sends nothing anywhere."""
    if act in ("sign_in", "sign_out"):
        return "已登录" if act == "sign_in" else "已退出，未发送的动作留给它的作者"
    word = {"resolve": "冲突已处理", "withdraw": "已撤回", "retry": "重新排队"}.get(act, ACTS.get(act, act))
    number = str(getattr(outcome, "number", "") or "")
    state = str(getattr(outcome, "state", "") or "")
    what = f"{number} → {words.unit_state(state)}" if act == "status" else f"{word} {number}".strip()
    now = f"：{STATES[state]}" if act != "status" and state in STATES else ""
    return what + now + (" · 已记入本机" if embedded else " · 已保存，待发送")
