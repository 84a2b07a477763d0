"""An incident as one row of the list: parsed once, sorted by urgency, filtered by chips and words. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from weihai_command.domain.calendar import URGENT
from weihai_command.domain.foreign import fold, one_line
from weihai_command.domain.incident import EMERGENCY, FINAL
from weihai_command.domain.rights import Post
from weihai_command.domain.words import PRIORITIES, STATES
from weihai_command.operations import catalogue

from . import limit_words, words

#: States in which nobody has taken the next step yet: shown bold.
WAITING = frozenset({"new", "reported", "returned"})
INTAKE = frozenset({"new", "reported"})
UNSENT = frozenset({"pending", "sending", "conflict", "rejected"})
#: What a search looks into, besides the word of the type.
_SEARCHED = ("number", "title", "place", "town", "district", "phone", "owner", "department", "description")


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """Words and times of one incident. `rank` is 1–4, or 1.5 while nobody has ranked it; `units` counts committed units."""

    id: str
    number: str
    title: str
    track: str
    state: str
    word: str
    grade: int | None
    priority: str
    rank: float
    type: str
    place: str
    started: datetime | None
    stopped: datetime | None
    due: datetime | None
    paused: bool
    ended: bool
    owner: str
    responsible: str
    units: int
    sync: str
    text: str
    source: str = ""
    #: The kind of time that the limit counts in, and since when a paused one stands still.
    unit: str = URGENT
    since: datetime | None = None
    #: Whether the department that sits here may work on it.
    own: bool = False

    def elapsed(self, now: datetime) -> str:
        return words.elapsed(self.started, self.stopped or now) or words.BLANK

    def left(self, now: datetime) -> tuple[str, str]:
        """(text, mood) as limit_words.left; an ended incident has no limit any more."""
        return (words.BLANK, "still") if self.ended else limit_words.left(self.due, now, paused=self.paused, unit=self.unit, since=self.since)

    def is_overdue(self, now: datetime) -> bool:
        return not self.ended and not self.paused and self.due is not None and self.due < now

    def symbol(self, now: datetime) -> str:
        """The id in symbols.svg: by grade for emergencies, the sheet for municipal cases."""
        if self.track == EMERGENCY:
            return f"g{self.grade or 0}"
        return "mo" if self.is_overdue(now) else "mu"

    @property
    def is_unclaimed(self) -> bool:
        """A message that nobody has taken on yet."""
        return not self.owner and self.state in INTAKE

    @property
    def is_unsent(self) -> bool:
        return self.sync in UNSENT


def row_of(raw: dict[str, Any], names: Mapping[str, str] = {}, post: Post | None = None) -> IncidentRow:
    """Read a dict of queries.incidents; whatever it lacks is blank. `names` are people's names by account, `post` a department's account's."""
    state, track = str(raw.get("state") or ""), str(raw.get("track") or EMERGENCY)
    ended = state in FINAL.get(track, frozenset())
    number, title, place, town, district, phone, owner, department, description = [one_line(raw.get(name)) for name in _SEARCHED]
    kind = _type_word(one_line(raw.get("type")))
    return IncidentRow(
        id=str(raw["id"]), number=number, title=title, track=track, state=state, word=_state_word(raw, state),
        grade=raw.get("grade") if raw.get("grade") in (1, 2, 3, 4) else None, priority=words.priority(raw.get("priority")),
        rank=float(PRIORITIES.get(str(raw.get("priority")), "1.5")), type=kind or title, place=town or place or district,
        started=words.moment(raw.get("reported_at") or raw.get("occurred_at")),
        stopped=words.moment(raw.get("state_at")) if ended else None, due=None if ended else limit_words.due_of(raw),
        unit=limit_words.unit_of(raw), since=words.moment(raw.get("state_at")) if state == "suspended" else None,
        paused=state == "suspended", ended=ended, owner=owner, responsible=_responsible(raw, ended, names),
        units=len(raw.get("unit_ids") or ()), sync=str(raw.get("sync") or "synced"), source=words.source(one_line(raw.get("source"), 20)),
        own=post is not None and post.covers(department or None, catalogue.area_code(district, town)),
        text=fold("\n".join((kind, number, title, place, town, district, phone, owner, department, description))),
    )


@lru_cache(maxsize=1_024)
def _type_word(code: str) -> str:
    return words.incident_type(code)


def _state_word(raw: dict[str, Any], state: str) -> str:
    if state == "handling" and raw.get("rework_count"):
        return "返工"
    return STATES.get(state, one_line(state, 20))


def _responsible(raw: dict[str, Any], ended: bool, names: Mapping[str, str]) -> str:
    if raw.get("department"):
        return words.department(raw["department"], raw.get("district"))
    owner = one_line(raw.get("owner"))
    return names.get(owner, owner) or (words.BLANK if ended or raw.get("unit_ids") else "未派")


def urgency(row: IncidentRow) -> tuple[Any, ...]:
    """Sort key: open before ended, by priority, by limit (paused and unlimited last), then the older first."""
    far = float("inf")
    due = row.due.timestamp() if row.due and not row.paused else far
    return (row.ended, row.rank, due, row.started.timestamp() if row.started else far, row.number)


def matches(row: IncidentRow, query: str) -> bool:
    """True when every word of `query` stands somewhere in the row."""
    return all(word in row.text for word in fold(query).split())


Test = Callable[[IncidentRow, str, datetime], bool]
#: (key, word, test(row, user, now)); a gap separates what from whose. With time alone a test may change only when `due` passes.
CHIPS: tuple[tuple[str, str, Test], ...] = (
    ("own", "本部门", lambda row, user, now: row.own),
    ("all", "全部", lambda row, user, now: True),
    ("intake", "受理", lambda row, user, now: row.is_unclaimed),
    ("emergency", "应急", lambda row, user, now: row.track == EMERGENCY),
    ("municipal", "市政", lambda row, user, now: row.track != EMERGENCY),
    ("mine", "我负责", lambda row, user, now: bool(user) and row.owner == user),
    ("unsent_units", "未派", lambda row, user, now: not row.ended and row.responsible == "未派"),
    ("overdue", "超时", lambda row, user, now: row.is_overdue(now)),
    ("pending", "待发", lambda row, user, now: row.is_unsent),
)


def count(rows: Iterable[IncidentRow], user: str, now: datetime) -> dict[str, int]:
    """How many rows each chip would show."""
    kept = list(rows)
    return {key: sum(test(row, user, now) for row in kept) for key, _, test in CHIPS}
