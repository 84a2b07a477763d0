"""Ten thousand records as nobody should send them, the same for the same seed: wrong types, states and steps, times beyond all days, markup, formulas."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from weihai_command.feeds.platform import Page
from weihai_command.feeds.wire import MODELS
from weihai_command.operations.desk import City, Desk, Officer
from weihai_command.store.profile import Profile
from weihai_command.store.store import Store
from weihai_command.sync import pull

#: kind → how many of ten thousand.
SHARES = {
    "incidents": 3000, "units": 1500, "assignments": 1500, "log": 1500, "warnings": 500, "plans": 300, "facilities": 600, "sensors": 600,
    "video_points": 500,
}
MARKUP = (
    "<b>粗</b>", "<img src=x onerror=alert(1)>", "<a href='http://example.invalid'>点我</a>", "<script>alert(1)</script>", "</td></table><h1>大</h1>",
    "&lt;b&gt;&#x202e;", "<!-- -->", "<qt><font color=red size=7>红</font></qt>", "{{7*7}}${x}", "<svg/onload=alert(1)>",
)
FORMULAS = ("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1:A9)", "\t=1", "\r=1", '=HYPERLINK("http://example.invalid","x")', "＝1+1")
ODD = (
    "😀👩‍👩‍👧‍👦🇨🇳", "\u202e倒过来\u202c", "\x00\x07\x1b[31m红\x1b[0m", "\ud800", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚", "\n\n\n", " ", "", "null", "NaN", "%s%n{0}", "';DROP TABLE incidents;--",
    "../../etc/passwd", "a\tb\rc", "\ufeff标", "٣٤٥", "威海" * 300,
)
TIMES = (
    "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "2099-01-01T00:00:00+08:00", "2026-07-16T16:00:00", "昨天", "2026-02-30T00:00:00Z",
    "1969-12-31T23:59:59Z", "275760-09-13T00:00:00Z", "2026-07-16T16:00:00+99:00", "2026-W29-4", "1e400",
)
WRONG: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**62, -(2**62), 1.5, 1e308, -1e308, [], {}, [[]], [None], [1, "a", {}], {"a": {"b": [1]}}, ["x"] * 200, "5", "true",
)
STATES = (
    "new", "queued", "active", "monitored", "ended", "reported", "handling", "suspended", "closed", "teleported", "*before", "*open", "-", "available",
    "on_scene", "dispatching", "returning", "released", "ACTIVE",
)
MEGABYTE = 1_000_000
#: Records of each kind that carry a text of a megabyte.
HUGE = 2
PLACES = ((122.12, 37.5), (122.12, None), (37.5, 122.12), (0, 0), (1e300, -1e300), (181, 91), (-122.12, -37.5))


class Source:
    """A platform that serves these records page by page, with versions, and takes no writes."""

    name = "恶意平台"

    def __init__(self, records: dict[str, list[dict[str, Any]]], rows: int = 1000) -> None:
        self.records, self.rows = records, rows

    def page(self, kind: str, *, since: int | None = None, next: str | None = None) -> Page:
        start = int(next or 0)
        end = start + self.rows
        known = self.records.get(kind, [])
        return Page(known[start:end], [], str(end) if end < len(known) else None, len(known) + 1000)


NOW = datetime.fromisoformat("2026-07-16T16:00:00+08:00")


def desk(folder: Path) -> tuple[Desk, pull.Pulled]:
    """A desk that has pulled them all through the border, and what the border said."""
    profile = Profile(folder, "platform-test")
    made = Desk(profile, Store.open(profile, ballast=False), City("威海市", True, "http://127.0.0.1"), Officer("wang", "王", "officer"), clock=lambda: NOW)
    source: Any = Source(records())
    return made, pull.pull(made.store, source, made.now())


def records(seed: int = 4, total: int = 10_000) -> dict[str, list[dict[str, Any]]]:
    """kind → records; one in five is in order but for its texts, so that there is something beside the refused ones."""
    made = random.Random(seed)
    return {kind: list(_kind(made, kind, share * total // sum(SHARES.values()))) for kind, share in SHARES.items()}


def _kind(made: random.Random, kind: str, count: int) -> Iterator[dict[str, Any]]:
    for n in range(count):
        record = {**_sound(made, kind, n), "id": f"{kind}-{n}", "last_modified": 1000 + n}
        for name in made.sample(sorted(MODELS[kind].model_fields), made.randint(0, 3)):
            if name not in {"id", "last_op", "ops"}:
                record[name] = value(made, name)
        if n < HUGE:
            record[_texts(kind)[n % len(_texts(kind))]] = made.choice(("<b>长</b>", "=长", "长😀")) * (MEGABYTE // 5)
        if made.random() < 0.05:
            record[made.choice(("sync", "feed", "confirmed", "deleted", "rank", "__class__", "schema"))] = made.choice(WRONG)
        if made.random() < 0.01:
            record["id"] = made.choice(("", 5, None, f"../x{n}", f"<b>{n}", f"{n}" + "x" * 2000, f"😀{n}", f" {n}"))
        yield record


def _sound(made: random.Random, kind: str, n: int) -> dict[str, Any]:
    """A record that passes, with texts and places that are none."""
    lon, lat = made.choice(PLACES)
    place = {"lon": lon, "lat": lat}
    incident, unit = f"incidents-{made.randrange(60)}", f"units-{made.randrange(60)}"
    steps = [{"state": made.choice(STATES), "at": made.choice(TIMES), "by": text(made), "inferred": made.choice(WRONG)} for _ in range(made.randint(0, 3))]
    if kind == "incidents":
        track = made.choice(("emergency", "municipal"))
        history = [{"at": made.choice((*TIMES, 5)), "act": made.choice((*STATES, "close", ["x"])), "from": made.choice(STATES), "to": made.choice(STATES),
                    "by": text(made), "op": made.choice(WRONG), "reason": made.choice((text(made), {"a": 1}))} for _ in range(made.randint(0, 4))]
        return {"title": text(made) or "x", "track": track, "state": made.choice(STATES), "number": f"{text(made)}{n}", "history": history,
                "type": made.choice(("gas_leak", "manhole_missing", text(made))), "unit_ids": made.choice(([], [unit, text(made)])), "frozen": made.choice((None, {"state": 5})),
                "before": made.choice(STATES), "due_at": made.choice(TIMES), "reported_at": made.choice(TIMES), "state_at": made.choice(TIMES), **place}
    if kind == "units":
        return {"name": f"{text(made)}{n}", "kind": made.choice(("fire", "police", "sea", text(made) or "x")), "state": made.choice(STATES), "steps": steps,
                "incident_id": incident, "assignment_id": f"assignments-{n}", "position_at": made.choice(TIMES), "contact": text(made), **place}
    if kind == "assignments":
        return {"incident_id": incident, "unit_id": unit, "state": made.choice(STATES), "steps": steps, "created_at": made.choice(TIMES)}
    if kind == "log":
        data = {"answer": made.choice(WRONG), "call": made.choice(WRONG), "party": made.choice(WRONG), "handover": made.choice(WRONG), "lists": made.choice(WRONG)}
        return {"text": text(made) or "x", "at": made.choice(TIMES), "by": text(made) or "x", "incident_id": made.choice((incident, None)), "unit_id": unit,
                "kind": made.choice(("note", "radio", "roll_call", "handover", "signature", "x")), "amends": f"log-{made.randrange(60)}", "data": data}
    named = {"name": f"{text(made)}{n}", "title": text(made) or "x", "field": "x", "quantity": text(made) or "x", "kind": text(made) or "x", **place}
    wanted = {"facilities": ("name", "kind"), "sensors": ("name", "field", "quantity"), "video_points": ("name",)}.get(kind, ("title",))
    return {name: each for name, each in named.items() if name in (*wanted, "lon", "lat")}


def text(made: random.Random) -> str:
    return made.choice(made.choice((MARKUP, FORMULAS, ODD)))


def value(made: random.Random, name: str) -> Any:
    """Something for a field: often of a type that it cannot have."""
    return made.choice((made.choice(WRONG), made.choice(TIMES), text(made), made.choice(STATES)))


def _texts(kind: str) -> tuple[str, ...]:
    return {"incidents": ("title", "description"), "log": ("text", "text"), "assignments": ("by", "by")}.get(kind, ("title", "title") if kind in {
        "warnings", "plans"} else ("name", "name"))
