"""Two servers on one database: of those who write one version of a record at the same moment, one does."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from weihai_command.chaos import cluster
from weihai_command.feeds.kinto import KintoPlatform

pytestmark = [pytest.mark.slow, pytest.mark.kinto, pytest.mark.timeout(120)]
WRITERS, ROUNDS = 6, 12


def test_of_writers_at_the_same_moment_one_writes_and_the_others_are_told() -> None:
    try:
        with cluster.cluster() as url, cluster.hubs(url, 2) as hubs:
            seats = [KintoPlatform(hubs[n % 2].url, "officer", hubs[0].accounts["officer"]) for n in range(WRITERS)]
            try:
                answers = _race(seats)
            finally:
                for seat in seats:
                    seat.close()
    except cluster.NoCluster as missing:
        if os.environ.get("CI"):
            pytest.fail(f"two servers must run in CI: {missing}")
        pytest.skip(str(missing))
    assert answers == [["applied", *["stale"] * (WRITERS - 1)]] * ROUNDS


def _race(seats: list[KintoPlatform]) -> list[list[str]]:
    """Each round's answers, sorted."""
    made = seats[0].create("incidents", {"id": "22222222-0000-4000-8000-000000000001", "title": "0"}, "made")
    assert made.record
    version, found, together = int(made.record["last_modified"]), [], threading.Barrier(WRITERS)

    def write(n: int) -> tuple[str, int]:
        together.wait(20)
        reply = seats[n].patch("incidents", "22222222-0000-4000-8000-000000000001", {"title": str(n)}, version, f"op {version} {n}")
        return reply.status, int((reply.record or reply.existing or {}).get("last_modified", 0))

    with ThreadPoolExecutor(WRITERS) as pool:
        for _ in range(ROUNDS):
            replies = list(pool.map(write, range(WRITERS)))
            found.append(sorted(status for status, _ in replies))
            version = max(each for _, each in replies)
    return found
