"""A desk made of plain lists, for tests of boards and widgets: the same functions as operations, without store or threads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from weihai_command.boards.clock import Clock
from weihai_command.boards.desk_boards import DeskBoards, make_boards
from weihai_command.domain.alarm import Alarm
from weihai_command.domain.faults import Refused
from weihai_command.operations.incident_list import Listing

NOW = datetime(2026, 7, 16, 8, 42, 8, tzinfo=UTC)


def ago(minutes: float) -> str:
    return (NOW - timedelta(minutes=minutes)).isoformat()


def incident(number: str, **fields: Any) -> dict[str, Any]:
    base = {
        "id": f"i-{number}", "number": number, "title": f"{number} 标题", "track": "emergency", "state": "active", "priority": "high",
        "reported_at": ago(23), "sync": "synced", "unit_ids": [],
    }
    return {**base, **fields}


def unit(name: str, state: str = "available", **fields: Any) -> dict[str, Any]:
    home = {"home_lon": 122.1, "home_lat": 37.5, "lon": 122.1, "lat": 37.5, "position_at": ago(1)}
    return {"id": f"u-{name}", "name": name, "kind": "fire", "state": state, "state_at": ago(14), "sync": "synced", **home, **fields}


ACTS = (
    "report", "dispatch", "status", "move", "note", "edit", "claim", "transition", "resolve", "retry", "withdraw", "sign_in", "sign_out",
    "amend", "hand_over", "sign_handover", "export_csv", "export_text", "join", "take", "roll_call", "write_lapsed", "assign", "unassign",
    "ack_alarm", "shelve_alarm", "unshelve_alarm", "dismiss_alarm", "alarm_incident", "take_alarm_incident_back",
)


class InlineRunner:
    """Does everything at once in the calling thread; `held` keeps answers back until `let_go`."""

    def __init__(self) -> None:
        self.listeners: list[Callable[[Any], None]] = []
        self.asked: list[str] = []

    def query(self, key: str, fn: Callable[[], Any], done: Callable[[Any], None], failed: Callable[[Exception], None]) -> None:
        self.asked.append(key)
        self._run(fn, done, failed)

    def change(self, fn: Callable[[], Any], done: Callable[[Any], None], failed: Callable[[Exception], None]) -> None:
        self._run(fn, done, failed)

    def announce(self, kinds: Any) -> None:
        for listener in list(self.listeners):
            listener(SimpleNamespace(kinds=frozenset(kinds)))

    @staticmethod
    def _run(fn: Callable[[], Any], done: Callable[[Any], None], failed: Callable[[Exception], None]) -> None:
        try:
            value = fn()
        except Exception as error:  # noqa: BLE001 - the runner hands on whatever went wrong
            failed(error)
        else:
            done(value)


class FakeCity:
    """What operations would answer; tests write into the lists. `calls` are the acts asked for, `refusal` makes them all refused."""

    def __init__(self) -> None:
        self.desk = SimpleNamespace(
            city=SimpleNamespace(name="威海市", exercise=True, platform="https://p", scale=None),
            officer=SimpleNamespace(user="wang", name="王海宁", role="officer"),
        )
        self.incident_rows: list[dict[str, Any]] = []
        self.unit_rows: list[dict[str, Any]] = []
        self.assignment_rows: list[dict[str, Any]] = []
        self.recommended_rows: list[dict[str, Any]] = []
        self.plan_now: dict[str, Any] | None = None
        self.timeline_rows: list[dict[str, Any]] = []
        self.allowed_rows: list[dict[str, Any]] = []
        self.outbox_rows: list[dict[str, Any]] = []
        self.conflict_rows: list[dict[str, Any]] = []
        self.quarantine_rows: list[dict[str, Any]] = []
        self.suggestion: dict[str, Any] = {}
        self.similar_rows: list[dict[str, Any]] = []
        self.log_rows: list[dict[str, Any]] = []
        self.handover_rows: list[dict[str, Any]] = []
        self.summary_now: dict[str, Any] = {}
        self.status_now: dict[str, Any] = {"connection": "synced"}
        self.calls: list[tuple[Any, ...]] = []
        self.refusal: Refused | None = None
        self.notice_rows: list[Any] = []
        self.alarm_rows: list[Any] = []
        self.alarm_groups: tuple[Any, ...] = ()
        self.alarm_proposal: Any = None
        self.supervision = SimpleNamespace(
            notices=lambda desk: list(self.notice_rows), look_at=lambda desk, incident: None, write=lambda desk: 0, unknown_years=lambda desk: [],
        )
        self.runner = InlineRunner()
        self.clock = Clock(lambda: NOW)
        self.queries = SimpleNamespace(
            supervision=self.supervision, incidents=lambda desk: list(self.incident_rows),
            incident_changes=lambda desk, shape, mark=None: Listing([shape(row) for row in self.incident_rows], set(), None, is_whole=True),
            units=lambda desk: list(self.unit_rows),
            assignments=lambda desk, id_: [row for row in self.assignment_rows if row["incident_id"] == id_],
            timeline=lambda desk, id_: list(self.timeline_rows), recommended=lambda desk, id_, limit=8: list(self.recommended_rows),
            plan=lambda desk, id_, level=None: self.plan_now, advised=lambda desk, id_, limit=8: (self.plan_now, list(self.recommended_rows)),
            record=lambda desk, kind, id_: next((row for row in self.incident_rows if row["id"] == id_), None),
            allowed=lambda desk, raw: list(self.allowed_rows), outbox=lambda desk: list(self.outbox_rows),
            conflicts=lambda desk: list(self.conflict_rows), status=lambda desk: dict(self.status_now),
            suggested=lambda desk, id_: self.suggestion, similar=lambda desk, id_: list(self.similar_rows),
            suggested_text=lambda title, text="": self.suggestion if title or text else {}, similar_draft=lambda desk, draft: list(self.similar_rows),
            quarantine=lambda desk, limit=None: list(self.quarantine_rows), log_page=self._log_page,
            waiting_handovers=lambda desk: sum(row["waits"] for row in self.handover_rows), handovers=lambda desk: list(self.handover_rows),
            handover_summary=lambda desk: dict(self.summary_now), alarm_desk=self._alarm_desk(),
        )
        self.verbs = SimpleNamespace(**{name: self._act(name) for name in ACTS})

    def boards(self) -> DeskBoards:
        return make_boards(self.desk, self.runner, self.queries, self.verbs, self.clock)

    def _log_page(self, desk: Any, asked: Any, limit: int = 200) -> Any:
        found = [row for row in self.log_rows if asked.fits(row)]
        return SimpleNamespace(rows=found[:limit], total=len(found), people=tuple(sorted({row["by"] for row in self.log_rows})))

    def _alarm_desk(self) -> Any:
        def standing(*names: str) -> list[Any]:
            return [each for each in self.alarm_rows if each.alarm.standing in names]

        def picture(desk: Any) -> Any:
            names = ("unacked", "acked", "shelved", "cleared")
            grouped = {alarm.id for group in self.alarm_groups for alarm in group.alarms}
            single = tuple(each for each in standing("unacked") if each.alarm.id not in grouped)
            counts = {name: len(standing(name)) for name in names}
            return SimpleNamespace(load=len(self.alarm_rows), groups=self.alarm_groups, single=single, cleared=tuple(standing("cleared")), counts=counts)

        return SimpleNamespace(
            picture=picture, listed=lambda desk, standings=None: standing("unacked", "acked", "shelved", "cleared"),
            of_incident=lambda desk, id_: [each for each in self.alarm_rows if each.alarm.incident_id == id_],
            of_sensor=lambda desk, id_: [each for each in self.alarm_rows if each.alarm.sensor_id == id_],
            proposal=lambda desk, id_: self.alarm_proposal, tick=lambda desk: 0,
        )

    def _act(self, name: str) -> Callable[..., Any]:
        def act(desk: Any, *args: Any, **fields: Any) -> Any:
            if self.refusal:
                raise self.refusal
            self.calls.append((name, *args, fields))
            return SimpleNamespace(op_id="op", kind="incidents", id="i-应0417", number="应0417", state="active")

        return act


def alarm(ident: str, severity: int = 2, *, text: str = "", place: str = "凤林街道", number: str = "", begun: float = 2.0, **fields: Any) -> SimpleNamespace:
    """An alarm with its words, begun so many minutes ago."""
    at = (NOW - timedelta(minutes=begun)).timestamp()
    given = {"value": 4.62, "limit": 4.2, "announced_at": at, "recent": (at,), "name": f"传感器 {ident}", "town": place, "cause": "water", **fields}
    return SimpleNamespace(alarm=Alarm(f"a-{ident}", f"s-{ident}", "high", severity, at, **given), text=text or f"{ident} 水位 4.62 m，限 4.20", place=place, number=number)


def allowed(act: str, word: str, *, ok: bool = True, reason: str = "", needs: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"act": act, "word": word, "allowed": ok, "reason": reason, "needs": list(needs)}


def busy_city() -> FakeCity:
    """A city with something in every pane."""
    city = FakeCity()
    city.incident_rows = [
        incident("应0417", title="皇冠街道燃气泄漏", type="gas_leak", grade=3, priority="urgent", town="皇冠街道", owner="wang", phone="13812345678",
                 due_at=ago(-7), unit_ids=["u-消防101"], lon=122.1492, lat=37.4415, radius_m=20, description="来电 13812345678"),
        incident("应0421", title="海边有人落水", state="new", priority=None, sync="pending", reported_at=ago(2)),
        incident("案2086", title="供水爆管", track="municipal", state="handling", due_at=ago(14), department="water", reported_at=ago(94)),
        incident("应0402", title="旧事", state="ended", state_at=ago(30), reported_at=ago(90)),
    ]
    city.unit_rows = [
        unit("消防101", "on_scene", incident_id="i-应0417"), unit("消防203"), unit("巡警12", lon=122.2, kind="police"),
        unit("急救07", "dispatching", kind="medical", sync="pending"), unit("消防401", "unavailable", reason="检修"),
    ]
    city.assignment_rows = [
        {"id": "a1", "incident_id": "i-应0417", "unit_id": "u-消防101", "state": "on_scene", "steps": [], "sync": "synced", "ended_at": None},
    ]
    city.recommended_rows = [
        {"unit_id": "u-消防203", "name": "消防203", "kind": "fire", "state": "available", "free": True, "distance_m": 4600.0, "reason": "直线 4.6 km"},
    ]
    city.timeline_rows = [{"at": ago(1), "text": "<b>到场</b> 电话 13812345678", "by": "wang", "kind": "note", "sync": "pending"}]
    city.allowed_rows = [
        allowed("dispatch", "派遣", needs=("unit",)), allowed("monitor", "转关注", needs=("reason",)), allowed("claim", "认领"),
        allowed("close", "结束", ok=False, reason="还有力量在处置", needs=("outcome",)),
    ]
    return city


def conflict(op_id: str = "op-9") -> dict[str, Any]:
    return {
        "op_id": op_id, "verb_word": "派遣", "number": "应0417", "record_id": "i-应0417", "done_steps": ["消防203 已锁定"],
        "fields": [{"field": "state", "word": "状态", "base": "处置中", "mine": "处置中", "theirs": "<i>结束</i>"}],
    }
