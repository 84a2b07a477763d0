"""When each kind on the map was last brought, and by whom: the platform, the feeds of feeds.toml, the live stream."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from ..domain.faults import StoreFault
from ..domain.foreign import moment, one_line
from ..domain.freshness import Freshness, Reading, judge
from ..store import feed_status
from ..store.feed_status import FeedStatus
from .desk import Desk
from .live import PERIOD_S
from .picture import PICTURED

#: The longest wait of a desk between two pulls while the platform answers late (boards/sync_board.py): no shorter age tells anything.
PLATFORM_S = 15.0
MOVERS = "movers"
_STREAM = "实时流"


def freshness(desk: Desk, reported: Mapping[str, float], kinds: Sequence[str] = (*PICTURED, MOVERS)) -> dict[str, Freshness]:
    """How fresh each of `kinds` is; `reported`: kind -> epoch seconds of the live stream's last report, where there was one."""
    known = {status.feed: status for status in feed_status.rows(desk.store)}
    base = _platform(desk, known)
    feeds = _feeds(desk, known)
    now = desk.clock()
    found = {}
    for kind in kinds:
        readings = [base] if kind != MOVERS or desk.city.embedded else []
        readings += feeds.get(kind, [])
        if kind in reported and not desk.city.embedded:
            readings.append(Reading(_STREAM, datetime.fromtimestamp(reported[kind], UTC), PERIOD_S))
        found[kind] = judge(readings, now)
    return found


def _platform(desk: Desk, known: Mapping[str, FeedStatus]) -> Reading:
    if desk.city.embedded:
        return Reading("示例城市", is_own=True)
    # One pull of the platform brings all kinds; its row is the one without a kind.
    status = next((each for each in known.values() if not each.kind), FeedStatus(""))
    return Reading(f"平台 {one_line(status.feed, 40)}".strip(), moment(status.last_ok), PLATFORM_S, was_tried=status.last_try is not None)


def _feeds(desk: Desk, known: Mapping[str, FeedStatus]) -> dict[str, list[Reading]]:
    """Readings of the declared feeds by kind; none from a file that cannot be read, which the feeds' own board tells."""
    file = (desk.root or desk.profile.root) / "feeds.toml"
    if not file.exists():
        return {}
    from ..feeds import config

    try:
        declared = config.load(file)
    except StoreFault:
        return {}
    found: dict[str, list[Reading]] = {}
    for each in declared:
        status = known.get(each.name, FeedStatus(each.name))
        reading = Reading(one_line(each.name, 40), moment(status.last_ok), each.every, was_tried=status.last_try is not None)
        found.setdefault(each.kind, []).append(reading)
    return found
