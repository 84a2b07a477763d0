"""What the open message and the report being written suggest, asked off the window's thread whenever their words change."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal

from .advice import Advice, parts_of, similar_row, taken
from .bridge import Bridge
from .detail_board import DetailBoard
from .place_words import place_word

#: States in which a message is still being taken in.
EARLY = frozenset({"new", "reported", "verifying", "queued"})
#: What of an incident the advice depends on.
_READ = ("id", "title", "description", "type", "grade", "priority", "lon", "lat", "place", "state", "track")


class IntakeBoard(QObject):
    """`advised(Advice)` for the open incident, `drafted(Advice)` and `located(PlaceWord)` for the report that is being written; `asked` before the former is thought of."""

    asked = Signal()
    advised = Signal(object)
    drafted = Signal(object)
    located = Signal(object)

    def __init__(self, bridge: Bridge, detail: DetailBoard) -> None:
        super().__init__()
        self._bridge, self._detail = bridge, detail
        self._read: tuple[Any, ...] = ()
        self._is_asked = False
        for told in (detail.changed, detail.settled):
            told.connect(self._on_detail)
        detail.opened.connect(lambda _: self._forget())
        bridge.changed.connect(self._on_changed)

    @property
    def is_thinking(self) -> bool:
        """Whether something about the open incident is still to be found out."""
        return self._is_asked or not self._detail.is_settled

    def advise(self, draft: dict[str, Any]) -> None:
        """Suggest for what stands in the report: a dict as ReportPanel.draft gives it."""
        self._bridge.ask("advice:draft", lambda: self._of_draft(draft), self.drafted.emit)

        place = "" if "lon" in draft else str(draft.get("place") or "")
        self._bridge.ask("advice:place", lambda: place_word(place), self.located.emit)

    def _of_draft(self, draft: dict[str, Any]) -> Advice:
        queries, desk = self._bridge.queries, self._bridge.desk
        found = queries.suggested_text(str(draft.get("title") or ""), str(draft.get("description") or ""))
        parts = parts_of(found, draft)
        return Advice(parts, tuple(similar_row(each) for each in queries.similar_draft(desk, {**taken(parts), **draft})))

    def _on_detail(self) -> None:
        raw = self._detail.detail.incident if self._detail.detail and self._detail.is_settled and not self._detail.is_behind else None
        if raw is None:
            return
        read = tuple(raw.get(name) for name in _READ)
        if read == self._read:
            return
        self._read = read
        if raw.get("state") in EARLY:
            self._ask(raw)
        else:
            self.advised.emit(Advice())

    def _ask(self, raw: dict[str, Any]) -> None:
        self._is_asked = True
        self._bridge.ask("advice", lambda: self._of_incident(raw), lambda advice: self._take(str(raw["id"]), advice))

    def _of_incident(self, raw: dict[str, Any]) -> Advice:
        queries, desk = self._bridge.queries, self._bridge.desk
        found = queries.suggested(desk, str(raw["id"]))
        return Advice(parts_of(found, raw), tuple(similar_row(each) for each in queries.similar(desk, str(raw["id"]))))

    def _take(self, incident_id: str, advice: Advice) -> None:
        self._is_asked = False
        if incident_id == self._detail.incident_id:
            self.advised.emit(advice)

    def _forget(self) -> None:
        self._read, self._is_asked = (), False
        self.advised.emit(Advice())
        self.asked.emit()

    def _on_changed(self, kinds: frozenset[str]) -> None:
        """Another incident may have become similar, or ended: ask again when the open one is read again."""
        if "incidents" in kinds:
            self._read = ()
