"""The sources of readings of a desk: made from feeds.toml, told once when they are lost and once when they are back."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..domain.faults import Fault
from ..feeds.measured import Source
from ..feeds.platform import Reject
from ..store import feed_status, quarantine, settings
from ..store.feed_status import FeedStatus
from .desk import Desk

if TYPE_CHECKING:
    from ..feeds.feed import FeedConfig

log = logging.getLogger(__name__)
#: Adapters whose readings a seat follows.
ADAPTERS = frozenset({"mqtt", "sensorthings"})
#: Unreadable messages of one batch that are put aside; all are counted.
PUT_ASIDE = 20
_CLIENT = "mqtt_client"
#: Seconds between two notes of when a broker last brought something.
NOTED_S = 15.0


class Sources:
    """`lost(Fault)` and `found(sentence)` once each. Only the ingest thread calls, but for `stop`."""

    def __init__(self, desk: Desk, sources: Sequence[Source], lost: Callable[[Fault], None], found: Callable[[str], None]) -> None:
        self._desk, self._sources, self._lost, self._found = desk, list(sources), lost, found
        self._told: dict[str, str] = {}
        self._started = False
        self._noted: dict[str, tuple[float | None, str | None]] = {}

    def start(self, wake: Callable[[], None]) -> None:
        if not self._started:
            self._started = True
            for source in self._sources:
                source.wake = wake
                source.start()

    def stop(self) -> None:
        if self._started:
            for source in self._sources:
                source.stop()

    def ready(self) -> Iterator[tuple[int, Source]]:
        """(place, source) of all."""
        return iter(list(enumerate(self._sources)))

    def of_feeds(self, feeds: Sequence[str]) -> NDArray[np.int64]:
        """The place (n,) of each feed's source, -1 for what comes from elsewhere."""
        places = {source.name: place for place, source in enumerate(self._sources)}
        return np.array([places.get(each, -1) for each in feeds], np.int64).reshape(-1)

    def are_there(self) -> NDArray[np.bool_]:
        """By place whether a source has no fault; the last entry, for -1, is True."""
        return np.array([*(source.fault is None for source in self._sources), True])

    def look(self) -> None:
        """Tell what was lost and what is back."""
        for source in self._sources:
            fault, before = source.fault, self._told.get(source.name)
            self._note(source)
            if fault is not None and before is None:
                self._told[source.name] = fault.happened
                self._lost(Fault(f"数据源“{source.name}”：{fault.happened}", "已有的测值都还在，断线期间的恢复后补收", fault.todo, code=fault.code))
            elif fault is None and before is not None:
                del self._told[source.name]
                self._found(f"数据源“{source.name}”已恢复")

    def _note(self, source: Source) -> None:
        """How a broker fares, as for every feed that is pulled; now and then, and when it changed."""
        came: float | None = getattr(source, "came", None)
        state = source.fault
        stamp = (None if came is None else came // NOTED_S, state.happened if state else None)
        if not getattr(source, "is_stream", False) or self._noted.get(source.name) == stamp:
            return
        self._noted[source.name] = stamp
        known = feed_status.get(self._desk.store, source.name)
        last_ok = datetime.fromtimestamp(came).astimezone().isoformat(timespec="seconds") if came else known.last_ok
        told = FeedStatus(source.name, "sensors", last_ok, self._desk.now(), state.sentence() if state else None, records=known.records)
        feed_status.put(self._desk.store, told)

    def tell(self, error: Exception) -> None:
        """Say once that readings cannot be kept; it is tried again."""
        if not isinstance(error, Fault):
            log.error("ingest failed", exc_info=error)
        happened = error.happened if isinstance(error, Fault) else "测值处理出了没有料到的差错"
        if self._told.get("") != happened:
            self._told[""] = happened
            self._lost(Fault(happened, "未收下的测值仍在来源处", "稍后会自动重试"))

    def quarantine(self, place: int, rejected: Sequence[Reject]) -> None:
        """Put aside what no reading could be made of, some of a batch."""
        name = self._sources[place].name if 0 <= place < len(self._sources) else ""
        for each in rejected[:PUT_ASIDE]:
            quarantine.put(self._desk.store, name, "sensors", each.record_id, each.field, each.reason, each.raw, self._desk.now())


def declared(desk: Desk) -> list[Source]:
    """The sources that feeds.toml names (StoreFault: the file; a source of it that cannot be made)."""
    file = (desk.root or desk.profile.root) / "feeds.toml"
    if not file.exists():
        return []
    from ..feeds import config

    return [_made(desk, each, config.credential(each.name)) for each in config.load(file) if each.adapter in ADAPTERS]


def _made(desk: Desk, config: FeedConfig, secret: str | None) -> Any:
    if config.adapter == "mqtt":
        from ..feeds.mqtt import MqttSource

        return MqttSource(config, secret, client_id=_client_id(desk))
    from ..feeds.polling import SensorThingsSource

    key = f"readings:{config.name}"
    until = settings.get(desk.store, key)
    return SensorThingsSource(config, secret, until=float(until) if until else None, noted=lambda at: settings.put(desk.store, key, str(at)))


def _client_id(desk: Desk) -> str:
    """The broker keeps a session under this name: it stays for the life of the desk's file."""
    if not settings.get(desk.store, _CLIENT):
        settings.put(desk.store, _CLIENT, f"weihai-command-{desk.new_id()}")
    return settings.get(desk.store, _CLIENT)
