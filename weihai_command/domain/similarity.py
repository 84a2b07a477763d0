"""Open incidents that may be the same as another one: near in place and time, of the same kind, told in the same words. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from .foreign import moment
from .geometry import flat_m
from .incident import Incident

#: From this score on an incident is offered for merging.
THRESHOLD = 0.55
#: Beyond these nothing is similar, whatever the words say.
FARTHEST_M, LONGEST = 3_000.0, timedelta(hours=24)
#: So much of the score comes from each; what is not known on either side counts half.
WEIGHTS = {"place": 0.35, "time": 0.2, "type": 0.25, "words": 0.2}
#: Radii beyond this say nothing of where it is: the distance then counts as not known.
VAGUE_M = 1_500.0
_NO_WORD = re.compile(r"[\W_]+")
#: Bigrams of a title and the beginning of a text; the rest repeats itself.
READ = 200


@dataclass(frozen=True, slots=True)
class Similar:
    """`score` 0 … 1; `distance_m` between the places less their radii, None where one is not known; `apart_s` between the reports."""

    incident_id: str
    score: float
    distance_m: float | None
    apart_s: float | None
    reasons: tuple[str, ...] = ()


def similar(subject: Incident, others: Iterable[Incident], categories: Mapping[str, str], most: int = 5) -> list[Similar]:
    """The open incidents that `subject` may repeat, the likest first; `categories` maps type to category."""
    found = [compared(subject, each, categories) for each in others if each.id != subject.id and not each.is_ended]
    fits = [each for each in found if each is not None and each.score >= THRESHOLD]
    return sorted(fits, key=lambda each: (-each.score, each.incident_id))[:most]


def compared(subject: Incident, other: Incident, categories: Mapping[str, str]) -> Similar | None:
    """How much `other` is like `subject` and why; None where place or time rule it out."""
    distance, vague = _distance(subject, other)
    apart = _apart(subject, other)
    if (distance is not None and distance > FARTHEST_M) or (apart is not None and apart > LONGEST.total_seconds()):
        return None
    place = 0.5 if distance is None or vague else 1.0 - distance / FARTHEST_M
    time = 0.5 if apart is None else 1.0 - apart / LONGEST.total_seconds()
    kind = _kind(subject.type, other.type, categories)
    words = shared_bigrams(_told(subject), _told(other))
    score = WEIGHTS["place"] * place + WEIGHTS["time"] * time + WEIGHTS["type"] * kind + WEIGHTS["words"] * min(1.0, 2.0 * words)
    return Similar(other.id, round(score, 4), distance, apart, _reasons(kind, words, vague))


def estimates(distance: NDArray[np.float64] | None, apart: NDArray[np.float64], kin: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n,) what `compared` would score without the words: metres (None where no place counts), seconds (NaN unknown), kin 1 … 0; -1 ruled out."""
    day = LONGEST.total_seconds()
    place = 0.5 if distance is None else 1.0 - np.minimum(distance, FARTHEST_M) / FARTHEST_M
    time = np.where(np.isnan(apart), 0.5, 1.0 - apart / day)
    score = WEIGHTS["place"] * place + WEIGHTS["time"] * time + WEIGHTS["type"] * kin
    return np.where(time < 0, -1.0, score)


def shared_bigrams(one: str, other: str) -> float:
    """The share of the shorter text's pairs of characters that the other one has too (0 … 1; 0 where either has none)."""
    first, second = _bigrams(one), _bigrams(other)
    least = min(len(first), len(second))
    return len(first & second) / least if least else 0.0


def _bigrams(text: str) -> set[str]:
    plain = _NO_WORD.sub("", text)
    return {plain[place : place + 2] for place in range(len(plain) - 1)}


def _told(incident: Incident) -> str:
    return f"{incident.title} {incident.description or ''}"[:READ]


def _distance(one: Incident, other: Incident) -> tuple[float | None, bool]:
    """(metres between the two circles, whether their radii are so large that this says little)."""
    if one.lon is None or one.lat is None or other.lon is None or other.lat is None:
        return None, True
    reach = (one.radius_m or 0.0) + (other.radius_m or 0.0)
    return max(0.0, flat_m(one.lon, one.lat, other.lon, other.lat) - reach), reach > VAGUE_M


def _apart(one: Incident, other: Incident) -> float | None:
    first, second = moment(one.reported_at or one.occurred_at), moment(other.reported_at or other.occurred_at)
    return abs((first - second).total_seconds()) if first and second else None


def _kind(one: str | None, other: str | None, categories: Mapping[str, str]) -> float:
    if not one or not other:
        return 0.5
    if one == other:
        return 1.0
    return 0.6 if categories.get(one) and categories.get(one) == categories.get(other) else 0.0


def _reasons(kind: float, words: float, vague: bool) -> tuple[str, ...]:
    told = {1.0: "同类型", 0.6: "同类别"}.get(kind, "")
    same = f"用词相同 {words * 100:.0f} %" if words >= 0.2 else ""
    return tuple(each for each in (told, same, "位置只知大概" if vague else "") if each)
