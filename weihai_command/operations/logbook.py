"""The command log (指挥日志) as it is read: histories, steps of units, entries and what happened at this desk, newest first, in one list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from ..domain.amending import Chain, chains, may_amend
from ..domain.faults import Usage
from ..domain.foreign import moment
from ..domain.log_words import DESK_ACTS, KINDS
from ..domain.words import ACTS, STATES, UNIT_STATES
from ..store import audit, logbook, outbox, view
from .desk import Desk

#: Audit lines looked at; the log of the city itself has no such limit.
MOST_AUDIT = 2_000
#: Corrections are followed back so far.
MOST_BACK = 20
Line = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """What of the log: `since`/`until` ISO 8601, one incident, one officer's account, kinds of domain.log_words.KINDS, words in the text."""

    since: str | None = None
    until: str | None = None
    incident_id: str | None = None
    by: str | None = None
    kinds: frozenset[str] = frozenset()
    text: str = ""

    def fits(self, line: Line) -> bool:
        if (self.kinds and line["kind"] not in self.kinds) or (self.by and line["by"] != self.by):
            return False
        hay = " ".join((line["text"], line["number"], line["by"], *(each["text"] for each in line["originals"]))).casefold()
        return all(word in hay for word in self.text.casefold().split())

    def covers(self, at: float) -> bool:
        """Whether a moment (epoch seconds) lies in the period."""
        return (self.since is None or at >= _seconds(self.since)) and (self.until is None or at < _seconds(self.until))


@dataclass(frozen=True, slots=True)
class Page:
    """`rows` are the newest lines {id, at, by, kind, text, number, incident_id, sync, originals, amends, amendable}, `total` how many fit."""

    rows: list[Line]
    total: int
    people: tuple[str, ...] = ()


def log_page(desk: Desk, asked: Asked, limit: int = 200) -> Page:
    """The newest `limit` lines that fit (Usage for an unknown kind)."""
    unknown = asked.kinds - set(KINDS)
    if unknown:
        raise Usage(f"指挥日志没有这一类：{'、'.join(sorted(unknown))}", "", "可用：" + "、".join(KINDS))
    known = [line for line in _lines(desk, asked) if asked.covers(line["touched"])]
    found = [line for line in known if asked.fits(line)]
    return Page(_newest(found)[:limit], len(found), tuple(sorted({line["by"] for line in known if line["by"]})))


def timeline(desk: Desk, incident_id: str) -> list[Line]:
    """The lines of one incident, newest first; [] where there is no such incident. What this desk did about its acts is not among them."""
    if view.record(desk.store, "incidents", incident_id) is None:
        return []
    return _newest([line for line in _lines(desk, Asked(incident_id=incident_id)) if line["kind"] != "desk"])


def rows(desk: Desk) -> list[Line]:
    """The whole log, for `query logbook`."""
    return log_page(desk, Asked(), 1_000_000).rows


def _newest(lines: list[Line]) -> list[Line]:
    # Stable, then turned round: of what happened in the same second the last written stands first.
    return sorted(lines, key=lambda line: _seconds(line["at"]))[::-1]


def _seconds(text: Any) -> float:
    at = moment(text)
    return at.timestamp() if at else 0.0


def _lines(desk: Desk, asked: Asked) -> Iterator[Line]:
    read = _Reading(desk, asked)
    for incident in read.incidents.values():
        yield from read.history(incident)
    for row in read.assignments:
        yield from read.steps(row)
    for chain in chains(read.entries):
        yield read.entry(chain)
    yield from _desk_lines(desk, asked)


class _Reading:
    """The records that one question may concern, read once."""

    def __init__(self, desk: Desk, asked: Asked) -> None:
        self._user, self._role = desk.officer.user if desk.officer else "", desk.role
        store, day = desk.store, _day(asked.since)
        waiting = outbox.acts(store)
        self._waiting, self._unsent = {act.op_id: act.state for act in waiting}, {act.at: act.state for act in waiting}
        where = {"incident_id": asked.incident_id or ""}
        if asked.incident_id:
            incident = view.record(store, "incidents", asked.incident_id)
            found, self.entries = [incident] if incident else [], view.rows(store, "log", where=where)
            self.assignments = view.rows(store, "assignments", where=where)
        else:
            found, self.entries = view.incidents(store, day or "0"), logbook.entries(store, day)
            self.assignments = logbook.assignments(store, day)
        self.incidents = {str(row["id"]): row for row in found}
        # Most incidents have no unit, and all units are many.
        units = view.rows(store, "units") if self.assignments else ()
        self._units = {str(row["id"]): str(row.get("name") or "力量") for row in units}
        self._sent: dict[tuple[str, Any], list[str]] = {}
        for row in self.assignments:
            self._sent.setdefault((str(row.get("incident_id")), row.get("created_at")), []).append(self._unit(row))
        self._told = {(id_, line.get("at")) for id_, row in self.incidents.items() for line in _history(row) if line.get("act") == "dispatch"}
        self.entries += _corrected(desk, self.entries)
        self._numbers = {id_: str(row.get("number") or "") for id_, row in self.incidents.items()}
        self._store = store

    def history(self, incident: Mapping[str, Any]) -> Iterator[Line]:
        for place, line in enumerate(_history(incident)):
            sent = self._sent.get((str(incident["id"]), line.get("at")), []) if line.get("act") == "dispatch" else []
            state = self._waiting.get(str(line.get("op")), "synced")
            yield self._line(f"{incident['id']}/{place}", line, "act", _act_words(line, sent), incident["id"], state)

    def steps(self, row: Mapping[str, Any]) -> Iterator[Line]:
        # The dispatch itself is told by the incident's own line, with the names of all that were sent.
        incident = str(row.get("incident_id"))
        named = row.get("created_at") if (incident, row.get("created_at")) in self._told else None
        for place, step in enumerate(_dicts(row.get("steps"))):
            if step.get("state") == "dispatching" and step.get("at") == named:
                continue
            mark = "（推断）" if step.get("inferred") else ""
            state = self._unsent.get(str(step.get("at", "")), "synced") if row["sync"] != "synced" else "synced"
            yield self._line(f"{row['id']}/{place}", step, "unit", f"{self._unit(row)} {_word(UNIT_STATES, step.get('state'))}{mark}", incident, state)

    def entry(self, chain: Chain) -> Line:
        first, last = chain.first, chain.last
        kind, sync = str(first.get("kind") or "note"), str(last.get("sync") or "synced")
        made = self._line(str(last.get("id")), first, kind, _entry_words(last), first.get("incident_id"), sync)
        originals = [{"at": str(row.get("at", "")), "by": str(row.get("by", "")), "text": _entry_words(row)} for row in chain.earlier]
        return made | {
            "touched": chain.touched, "originals": originals, "amended_by": str(last.get("by", "")) if originals else "",
            "amends": str(first.get("amends") or ""), "amendable": may_amend(last, self._user, self._role),
        }

    def _line(self, id_: str, said: Mapping[str, Any], kind: str, text: str, incident: Any, sync: str) -> Line:
        return _made(id_, str(said.get("at", "")), str(said.get("by") or ""), kind, text, str(incident or ""), self._number(incident), sync)

    def _number(self, incident: Any) -> str:
        id_ = str(incident or "")
        if id_ and id_ not in self._numbers:
            self._numbers[id_] = str((view.record(self._store, "incidents", id_) or {}).get("number") or "")
        return self._numbers.get(id_, "")

    def _unit(self, row: Mapping[str, Any]) -> str:
        return self._units.get(str(row.get("unit_id")), "力量")


def _made(id_: str, at: str, by: str, kind: str, text: str, incident: str, number: str, sync: str = "synced") -> Line:
    return {
        "id": id_, "at": at, "by": by, "kind": kind, "text": text, "incident_id": incident, "number": number, "sync": sync,
        "originals": [], "amended_by": "", "amends": "", "amendable": False, "touched": _seconds(at),
    }


def _corrected(desk: Desk, entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Entries of another period that those of this one correct."""
    known = {str(row["id"]) for row in entries}
    more: list[dict[str, Any]] = []
    new = entries
    for _ in range(MOST_BACK):
        wanted = {str(row["amends"]) for row in new if row.get("amends")} - known
        new = [row for each in sorted(wanted) if (row := view.record(desk.store, "log", each))]
        known |= wanted
        more += new
        if not new:
            break
    return more


def _desk_lines(desk: Desk, asked: Asked) -> Iterator[Line]:
    """What happened at this desk without touching a record: who sat down, what was taken back, decided, sent again, copied out."""
    for line in audit.chosen(desk.store, tuple(DESK_ACTS), MOST_AUDIT):
        act = outbox.get(desk.store, line.subject) if line.verb in ("resolve", "retry", "withdraw") else None
        if asked.incident_id and (act is None or act.record_id != asked.incident_id):
            continue
        incident = act.record_id if act and act.kind == "incidents" else ""
        text = f"{DESK_ACTS[line.verb]} {_about(line, ACTS.get(act.verb, act.verb) if act else '')}".strip()
        yield _made(f"desk/{line.seq}", line.at, line.actor, "desk", text, incident, act.number if act else "")


def _about(line: audit.AuditLine, act: str) -> str:
    detail = line.detail
    if line.verb == "resolve":
        return f"{act}：用我的"
    if line.verb == "withdraw":
        return f"{act}：{detail.get('why')}" if detail.get("why") not in (None, "撤回") else act
    if line.verb == "undo":
        return f"{detail.get('verb', '')} {line.subject}"
    if act or line.verb.startswith("sign_"):
        return act
    auto = f"（自动：{detail.get('why')}）" if detail.get("auto") else ""
    return f"{line.subject} {detail.get('rows', '')}".strip() + auto


def _day(since: str | None) -> str:
    """The day before `since`: the text of a time says another day in another zone."""
    at = moment(since)
    return (at - timedelta(days=1)).date().isoformat() if at else ""


def _dicts(value: Any) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, (list, tuple)) else []


def _history(incident: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return _dicts(incident.get("history"))


def _word(words: Mapping[str, str], code: Any) -> str:
    """A history may hold anything: what is no known code stands for itself."""
    return words.get(str(code), str(code)) if code is not None else ""


def _act_words(line: Mapping[str, Any], sent: list[str]) -> str:
    change = "" if line.get("from") == line.get("to") else f"：{_word(STATES, line.get('to'))}"
    names = f" {'、'.join(sent)}" if sent else ""
    said = next((line[name] for name in ("reason", "outcome", "result") if line.get(name)), "")
    reason = f"（{said}）" if said else ""
    return f"{_word(ACTS, line.get('act'))}{names}{change}{reason}"


def _entry_words(row: Mapping[str, Any]) -> str:
    """The text of an entry as it is read: a note by radio or phone names whom it was with, an edit that it is one."""
    kind, text, data = str(row.get("kind") or "note"), str(row.get("text") or ""), row.get("data")
    party = str(data.get("party") or "") if isinstance(data, Mapping) else ""
    if kind in ("radio", "phone"):
        return f"{KINDS[kind]}{' ' + party if party else ''}：{text}"
    return f"{KINDS[kind]} {text}" if kind == "edit" else text


def with_corrections(rows: list[dict[str, Any]]) -> list[Line]:
    """Entries of one kind with their corrections, newest first, each with the id of its `first` entry."""
    found = []
    for chain in chains(rows):
        originals = [{"at": str(row.get("at", "")), "by": str(row.get("by", "")), "text": str(row.get("text") or "")} for row in chain.earlier]
        found.append({"first": chain.first["id"], "at": chain.first.get("at"), "text": str(chain.last.get("text") or ""), "originals": originals})
    return _newest(found)
