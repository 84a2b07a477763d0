"""How one act is put together: records read as the officer sees them, steps in order, kept in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

from ..domain.act import Act, Step
from ..domain.faults import Refused
from ..domain.kinds import KINDS, TECHNICAL
from ..domain.record import difference, full, read
from ..store import outbox, view
from ..store.store import Store
from . import keeping
from .desk import Desk, Officer

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an act left behind: `state` is the record's state after it, as this desk sees it."""

    op_id: str
    kind: str
    id: str
    number: str
    state: str


class Draft:
    """Collects the steps of one act. Nothing is written before `keep`."""

    def __init__(self, desk: Desk, verb: str, op_id: str | None = None) -> None:
        if desk.officer is None:
            raise Refused("还没有登录", "没有改动", "请先登录，再做这个操作", code="signed_out")
        self.desk = desk
        self.store: Store = desk.store
        self.officer: Officer = desk.officer
        self.verb = verb
        self.op_id = op_id or desk.new_id()
        self.now = desk.now()
        self.steps: list[Step] = []
        self._seen: dict[tuple[str, str], dict[str, Any]] = {}

    def known(self) -> Outcome | None:
        """The outcome of this op id when it was done before: the same op id twice acts once."""
        act = outbox.get(self.store, self.op_id)
        return outcome_of(self.store, act) if act else None

    def load(self, kind: str, record_id: str, as_type: type[T], raw: dict[str, Any] | None = None) -> T:
        """The record as the officer sees it, or `raw` in its place (Refused when there is none)."""
        raw = raw or view.record(self.store, kind, record_id)
        if raw is None:
            raise Refused(f"没有这条{KINDS[kind].word}：{record_id}", "没有改动", "请核对编号", code="unknown_record")
        if raw.get("feed"):
            raise Refused(f"这条{KINDS[kind].word}来自数据源“{raw['feed']}”，只能看", "没有改动", "如需处置请另行接报", code="read_only")
        self._seen[(kind, record_id)] = raw
        return read(as_type, raw)

    def create(self, kind: str, record: Any) -> None:
        self.steps.append(Step(self.op_id, len(self.steps), kind, record.id, "create", full(record)))

    def change(self, kind: str, old: Any, new: Any, *, mergeable: bool = False) -> None:
        """A guarded change of a loaded record; nothing when nothing differs."""
        patch = difference(old, new)
        if not patch:
            return
        raw = self._seen[(kind, old.id)]
        base = {name: value for name, value in raw.items() if name not in TECHNICAL and name not in {"sync", "confirmed"}}
        version = int(raw["last_modified"]) if raw.get("sync") == "synced" and raw.get("last_modified") else None
        self.steps.append(
            Step(self.op_id, len(self.steps), kind, old.id, "patch", patch, base, version, mergeable=mergeable)
        )

    def made(self, kind: str, record_id: str, number: str = "", **detail: Any) -> tuple[Act, list[Step], dict[str, Any]]:
        """The act, its steps and what the audit says of it, not kept yet."""
        act = Act(self.op_id, self.verb, kind, record_id, self.officer.user, self.now, number, self.desk.link.offset_s)
        return act, self.steps, {key: value for key, value in detail.items() if value not in (None, "", ())}

    def keep(self, kind: str, record_id: str, number: str = "", **detail: Any) -> Outcome:
        """Write steps, overlay and audit at once; after this the act is kept whatever happens."""
        kept = outbox.add(self.store, *self.made(kind, record_id, number, **detail))
        if not self.desk.has_quiet:
            keeping.mind(self.store)
        return outcome_of(self.store, kept)


def outcome_of(store: Store, act: Act) -> Outcome:
    raw = view.record(store, act.kind, act.record_id) or {}
    number = act.number or str(raw.get("number") or raw.get("name") or "")
    return Outcome(act.op_id, act.kind, act.record_id, number, str(raw.get("state", "")))
