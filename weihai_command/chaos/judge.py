"""Reads what the server remembers and what the desks hold, and says what became of every act. Knows nothing of how a desk syncs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from ..domain.act import Act, Step
from ..domain.kinds import KINDS
from ..domain.unit import COMMITTED
from ..feeds.kinto import KintoPlatform
from ..store import mirror, outbox
from ..store.profile import Profile
from ..store.store import Store
from .evidence import story
from .journal import lines
from .officer import COUNTER
from .tables import broken

#: What a person never wrote: the server's own fields, the traces of acts, and what machines report.
BOOKKEEPING = frozenset({"id", "last_modified", "schema", "last_op", "ops"})
SYNCED = ("incidents", "units", "assignments", "log", "warnings")
#: Examples of each finding that the report shows.
SHOWN = 5
Record = dict[str, Any]
Key = tuple[str, str]


@dataclass(slots=True)
class Held:
    """What one desk holds at the end, and what it wrote down on its way."""

    acts: dict[str, Act]
    steps: dict[str, list[Step]]
    rows: dict[str, dict[str, Record]]
    journal: list[dict[str, Any]]

    def ops(self, what: str) -> set[str]:
        return {str(line["op"]) for line in self.journal if line["what"] == what}


@dataclass(slots=True)
class Findings:
    """Sentences by what they accuse of."""

    by_name: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    #: The records that are meant, in the order of the sentences.
    accused: list[Key] = field(default_factory=list)

    def add(self, name: str, sentence: str, *keys: Key) -> None:
        self.by_name[name].append(sentence)
        if len(self.by_name[name]) <= SHOWN:
            self.accused += keys


class Judge:
    """`admin` reads the server's history; `folders` are the desks' by account, their processes ended."""

    def __init__(self, admin: KintoPlatform, folders: Mapping[str, Path]) -> None:
        self.desks = {user: _held(folder) for user, folder in folders.items()}
        self.history = _history(admin)
        self.now = {kind: {row["id"]: row for row in _all(admin, f"collections/{kind}/records") if not row.get("deleted")} for kind in SYNCED}
        self.found = Findings()

    def report(self) -> dict[str, Any]:
        """Counts and the first examples; all zeros but the amounts of work is innocence."""
        written = Counter((version["last_op"], *key) for key, versions in self.history.items() for version in _fresh(versions))
        for user, desk in self.desks.items():
            self._lost(user, desk, written)
            self._silent(user, desk)
            self._unequal(user, desk)
        self._twice(written)
        self._overwritten()
        self._rules()
        self._torn()
        counters = self._counters()
        names = ("lost", "twice", "overwritten", "rules_broken", "unpresented", "unequal", "waiting", "miscounted", "torn", "adrift")
        return {
            "acts": self._amounts(), **{name: len(self.found.by_name[name]) for name in names}, "counters": counters,
            "conflicts": self._conflicts(), "history": sum(map(len, self.history.values())),
            "examples": {name: self.found.by_name[name][:SHOWN] for name in names if self.found.by_name[name]}, "evidence": self._evidence(),
        }

    # -- each desk -------------------------------------------------------------------------------------------------------------

    def _lost(self, user: str, desk: Held, written: Counter[Any]) -> None:
        """Everything that an officer was told is kept has arrived whole, or was taken back by him."""
        decided = desk.ops("deciding")
        for op in sorted(desk.ops("kept") | set(desk.acts)):
            act = desk.acts.get(op)
            if act is None:
                self.found.add("lost", f"{user}: act {op} was kept and is gone")
                continue
            if act.state not in {"done", "withdrawn"}:
                self.found.add("waiting", f"{user}: {act.verb} {op} is {act.state} at the end")
            if act.state == "withdrawn" and op not in decided:
                self.found.add("lost", f"{user}: {act.verb} {op} was withdrawn by nobody")
            for step in desk.steps[op]:
                self._arrived(user, act, step, written)

    def _arrived(self, user: str, act: Act, step: Step, written: Counter[Any]) -> None:
        times = written[(step.op_id, step.kind, step.record_id)]
        if step.state == "done" and not times:
            self.found.add("lost", f"{user}: {act.verb} {step.op_id} step {step.n} is done, the server never had it")
        if step.state == "withdrawn" and times:
            self.found.add("lost", f"{user}: {act.verb} {step.op_id} step {step.n} was withdrawn, the server has it")
        if step.state == "done" and times and not self._stood(step):
            self.found.add("lost", f"{user}: {act.verb} {step.op_id} step {step.n} arrived with other values")

    def _stood(self, step: Step) -> bool:
        return any(
            version["last_op"] == step.op_id and all(_same(version.get(name), value) for name, value in step.patch.items() if name not in BOOKKEEPING)
            for version in self.history[(step.kind, step.record_id)]
        )

    def _silent(self, user: str, desk: Held) -> None:
        """What stopped, or was taken back, stood before the officer first."""
        shown = desk.ops("presented")
        for op in sorted(desk.ops("stopped") - shown):
            self.found.add("unpresented", f"{user}: {op} stopped and was never shown")
        wanted = {line["op"] for line in desk.journal if line["what"] == "deciding" and line["take"] == "back"}
        for act in desk.acts.values():
            if act.state == "withdrawn" and act.op_id not in shown | wanted:
                self.found.add("unpresented", f"{user}: {act.verb} {act.op_id} went back unseen")

    def _unequal(self, user: str, desk: Held) -> None:
        for kind, there in self.now.items():
            here = desk.rows[kind]
            for record_id in sorted(there.keys() | here.keys()):
                if sentence := _apart(here.get(record_id), there.get(record_id)):
                    self.found.add("unequal", f"{user}: {kind} {record_id} {sentence}", (kind, record_id))

    # -- the server's history --------------------------------------------------------------------------------------------------

    def _twice(self, written: Counter[Any]) -> None:
        for (op, kind, record_id), times in written.items():
            if op and times > 1:
                self.found.add("twice", f"{op} was written {times} times on {kind} {record_id}")

    def _overwritten(self) -> None:
        """What a step replaced is what its officer had seen."""
        steps = {(step.op_id, step.kind, step.record_id): step for desk in self.desks.values() for many in desk.steps.values() for step in many}
        for key, versions in self.history.items():
            for before, after in pairwise(versions):
                step = steps.get((after["last_op"], *key))
                if step is None or step.method != "patch":
                    continue
                changed = _differing(key[0], step.base, before)
                if changed & step.patch.keys() or (changed and not step.mergeable):
                    self.found.add("overwritten", f"{after['last_op']} on {key[0]} {key[1]} had not seen {sorted(changed)}", key)

    def _rules(self) -> None:
        undone = {op for desk in self.desks.values() for op, act in desk.acts.items() if act.verb == "undo"}
        for (kind, record_id), versions in self.history.items():
            for before, after in zip([None, *versions], versions, strict=False):
                for sentence in broken(kind, before, after, is_undo=after["last_op"] in undone):
                    self.found.add("rules_broken", f"{kind} {record_id} at {after['last_modified']}: {sentence}", (kind, record_id))

    def _counters(self) -> dict[str, int]:
        """Each count added one to what stood there; what was counted is what it says."""
        counts = {step.op_id for desk in self.desks.values() for steps in desk.steps.values() for step in steps if _is_count(step)}
        total = said = 0
        for (kind, record_id), versions in self.history.items():
            if kind != "incidents" or versions[0].get("title") != COUNTER:
                continue
            done = [(_value(before), _value(after)) for before, after in pairwise(versions) if after["last_op"] in counts]
            for was, became in done:
                if became != was + 1:
                    self.found.add("miscounted", f"counter {record_id} went from {was} to {became}", (kind, record_id))
            total += len(done)
            said += _value(versions[-1])
        if total != said:
            self.found.add("miscounted", f"{total} counts arrived, the counters say {said}")
        return {"arrived": total, "say": said}

    def _torn(self) -> None:
        """A list holds no unit that is elsewhere, and names every unit that is there: one that it does not name is adrift."""
        units, incidents = self.now["units"], self.now["incidents"]
        for unit_id, unit in units.items():
            at = str(unit.get("incident_id"))
            if unit["state"] in COMMITTED and unit_id not in (incidents.get(at, {}).get("unit_ids") or ()):
                self.found.add("adrift", f"unit {unit_id} is {unit['state']} on {at}, which does not have it", ("units", unit_id), ("incidents", at))
        for incident_id, incident in incidents.items():
            for unit_id in incident.get("unit_ids") or ():
                if units[unit_id].get("incident_id") != incident_id:
                    self.found.add("torn", f"incident {incident_id} has {unit_id}, which is {units[unit_id]['state']} elsewhere", ("incidents", incident_id), ("units", unit_id))

    def _evidence(self) -> list[str]:
        """What became of each accused record."""
        acts = {op: (user, act, desk.steps[op]) for user, desk in self.desks.items() for op, act in desk.acts.items()}
        return [line for key in dict.fromkeys(self.found.accused) for line in story(key, self.history.get(key, []), acts)]

    # -- amounts ---------------------------------------------------------------------------------------------------------------

    def _amounts(self) -> dict[str, Any]:
        acts = [act for desk in self.desks.values() for act in desk.acts.values()]
        kept = sum(len(desk.ops("kept")) for desk in self.desks.values())
        return {
            "kept": len(acts), "journalled": kept, "done": sum(act.state == "done" for act in acts), "withdrawn": sum(act.state == "withdrawn" for act in acts),
            "by_verb": dict(Counter(act.verb for act in acts).most_common()), "steps": sum(len(many) for desk in self.desks.values() for many in desk.steps.values()),
        }

    def _conflicts(self) -> dict[str, int]:
        journals = [line for desk in self.desks.values() for line in desk.journal]
        taken = Counter(line["take"] for line in journals if line["what"] == "decided")
        presented = {line["op"] for line in journals if line["what"] == "presented" and "fields" in line}
        stopped = {line["op"] for line in journals if line["what"] == "stopped" and line["state"] == "conflict"}
        refused = sum(line["what"] == "refused" for line in journals)
        return {"stopped": len(stopped), "presented": len(presented), "mine": taken["mine"], "theirs": taken["theirs"], "taken_back": taken["back"], "mine_refused": refused}


def _held(folder: Path) -> Held:
    (city,) = folder.glob("platform-*")
    store = Store.open(Profile(folder, city.name), ballast=False)
    try:
        acts = {act.op_id: act for act in outbox.acts(store, ("pending", "sending", "conflict", "rejected", "done", "withdrawn"))}
        steps = {op: outbox.steps_of(store, op) for op in acts}
        rows = {kind: {each: mirror.get(store, kind, each) or {} for each in mirror.versions(store, kind)} for kind in SYNCED}
        return Held(acts, steps, rows, lines(folder / "journal"))
    finally:
        store.close()


def _history(admin: KintoPlatform) -> dict[Key, list[Record]]:
    """(kind, id) -> all versions in order, each with a `last_op` ("" by strangers)."""
    found: dict[Key, list[Record]] = defaultdict(list)
    for entry in _all(admin, "history", resource_name="record"):
        if entry["collection_id"] in SYNCED and entry["action"] != "delete":
            found[(entry["collection_id"], entry["record_id"])].append({"last_op": "", **entry["target"]["data"]})
    return {key: sorted(versions, key=lambda version: int(version["last_modified"])) for key, versions in found.items()}


def _all(admin: KintoPlatform, path: str, **query: str) -> list[Record]:
    asked: str | None = urlencode({"_sort": "last_modified", "_limit": 1000, **query})
    rows: list[Record] = []
    while asked:
        answer = admin.http.send("GET", f"{admin.url}/buckets/city/{path}?{asked}")
        body = answer.json()
        assert answer.status == 200 and isinstance(body, dict), answer.body[:300]
        rows += body["data"]
        asked = urlsplit(answer.headers.get("Next-Page", "")).query or None
    return rows


def _fresh(versions: Iterable[Record]) -> Iterable[Record]:
    return (version for version in versions if version["last_op"])


def _differing(kind: str, base: Mapping[str, Any], stood: Mapping[str, Any]) -> set[str]:
    names = (base.keys() | stood.keys()) - BOOKKEEPING - set(KINDS[kind].telemetry)
    return {name for name in names if not _same(base.get(name), stood.get(name))}


def _same(one: Any, other: Any) -> bool:
    """Equal to a person: absent, null and empty are one."""
    empty = (None, "", [], ())
    if one in empty or other in empty:
        return one in empty and other in empty
    return bool((list(one) if isinstance(one, tuple) else one) == (list(other) if isinstance(other, tuple) else other))


def _plain(record: Record) -> Record:
    return {name: value for name, value in record.items() if name != "schema" and value not in (None, [], "")}


def _apart(here: Record | None, there: Record | None) -> str:
    """How a desk's record differs from the server's, with both versions; "" where it does not."""
    if here is None or there is None:
        known = here or there or {}
        where = "is not at the desk" if here is None else "is not on the server"
        return "" if here is there else f"{where}: {known.get('last_modified')}"
    mine, theirs = _plain(here), _plain(there)
    names = sorted(name for name in mine.keys() | theirs.keys() if mine.get(name) != theirs.get(name))
    told = ", ".join(f"{name} {str(mine.get(name))[:40]} / {str(theirs.get(name))[:40]}" for name in names if name not in BOOKKEEPING)
    versions = f"here {here['last_modified']}, on the server {there['last_modified']}"
    return f"differs in {', '.join(names)}: {versions}; {told}" if names else ""


def _is_count(step: Step) -> bool:
    return step.kind == "incidents" and set(step.patch) == {"description"}


def _value(version: Record) -> int:
    text = str(version.get("description") or "0")
    return int(text) if text.isdigit() else 0
