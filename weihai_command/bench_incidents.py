"""A hundred thousand made-up incidents for `bench desk`: Chinese titles and places of the gazetteer, the same ones every time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from .drill.sample_city_ground import ground, ids, rng, scatter
from .operations import catalogue

EMERGENCY = ("new", "queued", "assigned", "active", "monitored")
MUNICIPAL = ("reported", "verifying", "registered", "dispatched", "accepted", "handling", "suspended", "handled", "checking")
PRIORITIES = ("low", "normal", "high", "urgent", None)
SOURCES = ("hotline_12345", "grid", "city_management", "linked_110_119_120", "sensor", "public")
TOLD = (
    "来电人称现场情况还在扩大，请尽快派人到场查看。", "已有多名群众在现场围观，附近道路通行缓慢。", "网格员巡查时发现，已拍照上传，暂无人员受伤。",
    "居民反映同样的情况上周也发生过，希望彻底解决。", "现场靠近学校门口，放学时段人流较大，请注意安全。", "值班电话已回访，来电人愿意在现场等候。",
)
#: Of so many incidents in the store one is still open, where the share is that of a running city.
ONE_OPEN_IN = 40


def made(count: int, now: datetime, *, all_open: bool) -> Iterator[dict[str, Any]]:
    """Wire records of `count` incidents: all open, or as they lie in a store that has run for months, one in ONE_OPEN_IN open."""
    random, land = rng("bench incidents"), ground()
    village = random.choice(len(land.villages), count, p=land.share)
    lon, lat = scatter(village, "bench incidents")
    types = list(catalogue.incident_types().values())
    picks = random.integers(0, 1 << 30, (count, 6))
    numbers = {"emergency": 0, "municipal": 0}
    for at, name in enumerate(ids("bench incidents", count)):
        kind = types[int(picks[at, 0]) % len(types)]
        numbers[kind.track] = numbers.get(kind.track, 0) + 1
        is_open = all_open or at % ONE_OPEN_IN == 0
        # The newest come last, as they do in a store.
        age = timedelta(minutes=(count - at) * (0.05 if all_open else 2.6))
        yield {
            **_place(land, int(village[at])), "id": name, "lon": float(lon[at]), "lat": float(lat[at]),
            **_told(kind, numbers[kind.track], picks[at].tolist(), now - age, is_open=is_open), "last_modified": at + 1,
        }


def _place(land: Any, village: int) -> dict[str, Any]:
    town = land.towns[int(land.town[village])]
    return {"district": town.district, "town": town.name, "place": f"{town.name} {land.villages[village]}"}


def _told(kind: Any, number: int, picks: list[int], at: datetime, *, is_open: bool) -> dict[str, Any]:
    """What the incident is and how far it has come; `picks` are six numbers thrown for it."""
    emergency = kind.track == "emergency"
    states = EMERGENCY if emergency else MUNICIPAL
    state = states[picks[1] % len(states)] if is_open else "ended" if emergency else "closed"
    steps = [at + timedelta(minutes=each) for each in (0, 4, 9, 31)][: 2 + picks[2] % 3]
    acts = ("report", "queue" if emergency else "verify", "claim" if emergency else "register", "dispatch")
    history = [{"at": _iso(each), "act": act, "from": state, "to": state, "by": "officer", "op": f"{number}-{act}"} for each, act in zip(steps, acts, strict=False)]
    return {
        "number": f"{'应' if emergency else '案'}{number:05d}{'ACDEFGHJ'[picks[3] % 8]}", "title": f"{kind.name}（{picks[4] % 97 + 1}号）", "track": kind.track,
        "type": kind.code, "grade": (1, 2, 3, 4, 4, None)[picks[5] % 6] if emergency else None, "priority": PRIORITIES[picks[4] % 5], "state": state,
        "source": SOURCES[picks[3] % 6], "description": TOLD[picks[2] % 6] + TOLD[picks[5] % 6], "phone": f"000-{5_000_000 + picks[1] % 900_000}",
        "owner": ("officer", "li", "zhang", None)[picks[2] % 4], "department": None if emergency else kind.department,
        "reported_at": _iso(at), "state_at": _iso(steps[-1]), "due_at": _iso(at + timedelta(minutes=picks[0] % 9_000)) if picks[1] % 3 else None,
        "unit_ids": [], "history": history,
    }  # fmt: skip


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
