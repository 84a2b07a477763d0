"""OGC SensorThings 1.1: datastreams become our sensors, observations our readings. Read only.

Servers differ in what they can: whether they filter and order by time is tried, not believed. A server that cannot filter is read from
the newest back to what is known; one that cannot order either is read whole. Observations are known by their @iot.id.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from weihai_command.domain.faults import PlatformFault

from . import trouble
from .feed import FeedConfig, Memory
from .mapping import BadField, find, mapped
from .measured import Measured, number_of, seconds_of
from .platform import Flags, Page, Reject
from .shapes import BadGeometry, representative
from .transport import Answer, Transport
from .whole import Item, compare
from .wire import validate

#: Rows that are asked for at once; a server may give fewer. Pages of one reading at most: behind them is no city.
ROWS, MOST_PAGES = 1_000, 2_000
#: How far back the first reading looks, how much every one reads again for what came late, how far ahead a clock is believed; seconds.
FIRST_S, OVERLAP_S, AHEAD_S = 86_400.0, 600.0, 60.0
#: Below this many datastreams only a source that is wholly empty counts as shrunken.
SHRINK_FROM = 8
_ROOT = uuid.uuid5(uuid.NAMESPACE_DNS, "sensorthings.weihai-command")
_TIMES = ("phenomenonTime", "resultTime")
_EXPANDS = ("Datastream($select=id)", "Datastream($select=@iot.id)", "Datastream")
_PATHS = {
    "quantity": "ObservedProperty.name", "unit": "unitOfMeasurement.symbol", "district": "Thing.properties.district",
    "town": "Thing.properties.town", "owner": "Thing.properties.owner", "field": "Thing.properties.field",
}
#: What stays as it is in an address that is asked for.
_SAFE = "/:?&=$(),'@%+;"
_DATASTREAMS = "Datastreams?$expand=Thing($expand=Locations),ObservedProperty"


@dataclass(frozen=True, slots=True)
class Ability:
    """What a server was seen to do: the time by which it filters, or else by which it orders ("" = by none), and how it names the datastream."""

    filters: str = ""
    orders: str = ""
    expand: str = _EXPANDS[0]


@dataclass(frozen=True, slots=True)
class Seen:
    """Up to which time observations are known (epoch seconds), and the page that is read next in the middle of a reading."""

    until: float | None = None
    next: str | None = None
    newest: float | None = None


class SensorThingsFeed:
    """`source` of feeds.toml is the address that ends in /v1.1. `read` brings the sensors, `observations` the readings."""

    can = Flags(deletions=True)

    def __init__(self, config: FeedConfig, secret: str | None = None, *, now: Callable[[], float] = time.time) -> None:
        self.config, self.now = config, now
        self.name, self.kind, self.every = config.name, config.kind, config.every
        auth = None if secret is None else (config.user, secret) if config.user else secret
        self.http = Transport(config.source, auth)
        self.base = config.source.rstrip("/") + "/"
        self.ability: Ability | None = None
        self._top: str | None = None
        self._pages: set[str] = set()
        self._recent: dict[str, float] = {}

    def close(self) -> None:
        self.http.close()

    def sensor_id(self, datastream: object) -> str:
        """The id that stays: of the feed and of the datastream's own."""
        return str(uuid.uuid5(_ROOT, f"{self.name}:{datastream}"))

    # -- sensors -------------------------------------------------------------------------------------------------------------

    def read(self, memory: Memory, *, accept_shrink: bool = False) -> tuple[Page, Memory]:
        """All datastreams as sensors; what is new, changed or gone is found by comparing."""
        streams = list(self._entries(_DATASTREAMS + self._many()))
        before = len(memory.versions)
        if not accept_shrink and ((before and not streams) or (before >= SHRINK_FROM and len(streams) * 2 < before)):
            raise trouble.shrunken(self.name, before, len(streams))
        nameless = any(each.get("@iot.id") is None for each in streams)
        items = (Item(self.sensor_id(each.get("@iot.id")), partial(self._sensor, each), each) for each in streams)
        page, digests = compare(items, memory, self.now(), total=len(streams), nameless=nameless)
        return page, replace(memory.following(page), digests=digests)

    def _sensor(self, stream: Any) -> dict[str, Any]:
        """Our record of one datastream, checked. Raises BadField or Invalid."""
        if stream.get("@iot.id") is None:
            raise BadField("@iot.id", "缺少编号")
        record = mapped("sensors", stream, {**_PATHS, **self.config.fields}, self.config.values)
        names = [str(name) for name in (find(stream, "Thing.name"), find(stream, "name")) if name]
        record = {"name": " ".join(dict.fromkeys(names)), "field": "municipal", "period_s": self.every, **record}
        place = self._place(stream)
        if place and "lon" not in record and "lat" not in record:
            record["lon"], record["lat"] = place
        id = self.sensor_id(stream.get("@iot.id"))
        return validate("sensors", {"feed": self.name, "source_id": str(stream.get("@iot.id")), **record, "id": id})

    def _place(self, stream: Any) -> tuple[float, float] | None:
        location = find(stream, "Thing.Locations.0.location") or find(stream, "observedArea")
        try:
            return representative(find(location, "geometry") if find(location, "type") == "Feature" else location)
        except BadGeometry as bad:
            raise BadField("location", str(bad)) from None

    # -- readings ------------------------------------------------------------------------------------------------------------

    def observations(self, seen: Seen) -> tuple[Measured, Seen]:
        """One page of what is new since `seen`; read on until `next` is None. Raises Unreachable, Unauthorised or PlatformFault."""
        since = (self.now() - FIRST_S) if seen.until is None else seen.until - OVERLAP_S
        if seen.next is None:
            self._pages = set()
            self._recent = {id: at for id, at in self._recent.items() if at >= since}
            self.ability = self.ability or self._probed()
        if self.ability is None:
            return Measured(), seen
        entries, following = self._page(seen.next or self._question(since))
        found, newest, is_known = self._taken(entries, since)
        newest = max(newest, seen.newest or 0.0, seen.until or 0.0)
        if following is None or (is_known and self.ability.orders):
            return found, Seen(newest or None)
        return found, Seen(seen.until, following, newest)

    def _question(self, since: float) -> str:
        assert self.ability is not None
        asked = f"Observations?$expand={self.ability.expand}{self._many()}"
        if self.ability.filters:
            return f"{asked}&$filter={self.ability.filters} gt {_iso(since)}"
        return f"{asked}&$orderby={self.ability.orders} desc" if self.ability.orders else asked

    def _taken(self, entries: list[Any], since: float) -> tuple[Measured, float, bool]:
        """What a page brings that is new, the newest time in it, and whether it reaches back to what is known."""
        found, newest, is_known = Measured(), 0.0, False
        for entry in entries:
            id = entry.get("@iot.id")
            try:
                at = _time(entry)
                is_known |= at < since
                if id is not None and str(id) not in self._recent and at >= since:
                    # A clock that runs ahead must not hide what comes after.
                    newest = max(newest, at) if at <= self.now() + AHEAD_S else newest
                    found.add(self._stream(entry), at, number_of("result", find(entry, "result")), f"{self.name}:{id}")
                    self._recent[str(id)] = at
            except BadField as bad:
                if str(id) not in self._recent:
                    self._recent[str(id)] = self.now()
                    found.rejected.append(Reject(str(id)[:200], bad.field, bad.reason, str(entry)[:2000]))
        return found, newest, is_known

    def _stream(self, entry: Any) -> str:
        stream = (entry.get("Datastream") or {}).get("@iot.id") if isinstance(entry.get("Datastream"), Mapping) else None
        if stream is None:
            raise BadField("Datastream", "没有说是哪一路测值")
        return self.sensor_id(stream)

    def _probed(self) -> Ability | None:
        """What this server can do, tried on its own observations; None while it has none."""
        for expand in _EXPANDS:
            first = self._tried(f"Observations?$top=2&$expand={expand}")
            if first == []:
                return None
            if first and isinstance(first[0], Mapping) and isinstance(first[0].get("Datastream"), Mapping):
                break
        else:
            raise trouble.cut_page(self.http.host)
        for name in _TIMES:
            if self._filters(name, first[0]):
                return Ability(name, "", expand)
        return Ability("", next((name for name in _TIMES if self._orders(name)), ""), expand)

    def _filters(self, name: str, known: Any) -> bool:
        """Whether a filter leaves out what it should and nothing else."""
        try:
            before = _iso(seconds_of(name, _end(known.get(name))) - 1)
        except BadField:
            return False
        ahead, behind = (self._tried(f"Observations?$top=1&$filter={name} gt {time}") for time in ("2999-01-01T00:00:00Z", before))
        return ahead == [] and bool(behind)

    def _orders(self, name: str) -> bool:
        up, down = (self._tried(f"Observations?$top=20&$orderby={name} {way}") for way in ("asc", "desc"))
        try:
            rising, falling = ([seconds_of(name, _end(each.get(name))) for each in rows or ()] for rows in (up, down))
        except (BadField, AttributeError):
            return False
        return bool(rising) and rising == sorted(rising) and falling == sorted(falling, reverse=True) and rising[0] <= falling[-1]

    # -- the way -------------------------------------------------------------------------------------------------------------

    def _entries(self, question: str) -> Iterator[Any]:
        self._pages = set()
        following: str | None = question
        while following is not None:
            entries, following = self._page(following)
            yield from entries

    def _page(self, question: str) -> tuple[list[Any], str | None]:
        """The entries behind an address, and that of the next page: of the same origin, never one that was read before."""
        url = urljoin(self.base, quote(question, safe=_SAFE))
        if urlsplit(url)[:2] != urlsplit(self.base)[:2]:
            raise trouble.redirected(self.http.host, urlsplit(url).netloc)
        if url in self._pages or len(self._pages) >= MOST_PAGES:
            raise trouble.cut_page(self.http.host)
        answer = self.http.send("GET", url)
        if answer.status != 200:
            raise self._refused(answer)
        self._pages.add(url)
        document = answer.json()
        entries, following = find(document, "value"), document.get("@iot.nextLink") if isinstance(document, dict) else None
        if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries) or not isinstance(following, (str, type(None))):
            raise trouble.cut_page(self.http.host)
        return entries, following if entries else None

    def _many(self) -> str:
        """The wish for large pages; some servers refuse what is more than they give instead of giving less."""
        if self._top is None:
            wish = f"&$top={ROWS}"
            self._top = "" if self._tried("Datastreams?$select=id" + wish) is None and self._tried("Datastreams?$select=id") is not None else wish
        return self._top

    def _tried(self, question: str) -> list[Any] | None:
        """The entries, None where the server refuses or fails at the question."""
        answer = self.http.send("GET", urljoin(self.base, quote(question, safe=_SAFE)))
        if answer.status in (401, 403):
            raise self._refused(answer)
        entries = find(answer.json(), "value") if answer.status == 200 else None
        return entries if isinstance(entries, list) else None

    def _refused(self, answer: Answer) -> PlatformFault:
        user = self.config.user or self.name
        if answer.status in (401, 403):
            return trouble.wrong_password(user) if answer.status == 401 else trouble.forbidden(user)
        if answer.status >= 500 or answer.status in (408, 425, 429):
            return trouble.busy(self.http.host, answer.status, answer.retry_after)
        return trouble.refused_read(self.http.host, answer.status, "")


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(max(0.0, seconds), UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _end(moment: Any) -> Any:
    """The end of an interval, a moment as it is."""
    return moment.rpartition("/")[2] if isinstance(moment, str) else moment


def _time(entry: Mapping[str, Any]) -> float:
    name = next((name for name in _TIMES if entry.get(name) is not None), _TIMES[0])
    return seconds_of(name, _end(entry.get(name)))
