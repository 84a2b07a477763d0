"""Who fills which place at the least cost: a small minimum-cost flow. Knows nothing of units and incidents."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Mapping, Sequence
from typing import Any


class _Net:
    """Edges in pairs: edge ^ 1 is the way back."""

    def __init__(self, nodes: int) -> None:
        self.ends: list[int] = []
        self.room: list[int] = []
        self.cost: list[int] = []
        self.out: list[list[int]] = [[] for _ in range(nodes)]

    def add(self, tail: int, head: int, room: int, cost: int) -> int:
        for end, free, price, start in ((head, room, cost, tail), (tail, 0, -cost, head)):
            self.out[start].append(len(self.ends))
            self.ends.append(end)
            self.room.append(free)
            self.cost.append(price)
        return len(self.ends) - 2

    def widen(self, source: int, sink: int) -> bool:
        """One more unit of flow by the cheapest way; False when there is no way left."""
        best: dict[int, int] = {source: 0}
        by: dict[int, int] = {}
        waiting = deque([source])
        queued = {source}
        while waiting:
            node = waiting.popleft()
            queued.discard(node)
            for edge in self.out[node]:
                head, price = self.ends[edge], best[node] + self.cost[edge]
                if self.room[edge] > 0 and (head not in best or price < best[head]):
                    best[head], by[head] = price, edge
                    if head not in queued:
                        queued.add(head)
                        waiting.append(head)
        if sink not in best:
            return False
        node = sink
        while node != source:
            self.room[by[node]] -= 1
            self.room[by[node] ^ 1] += 1
            node = self.ends[by[node] ^ 1]
        return True


def matched(
    counts: Sequence[int], costs: Mapping[tuple[int, int], int], groups: Sequence[Hashable], spare: Mapping[Any, int], last_cost: int
) -> list[tuple[int, int]]:
    """(place, one) pairs: as many as can be, then as cheap as can be; each one fills at most one place.

    counts: how many each place takes. costs: (place, one) -> cost >= 0; what is not in it does not fit. groups: the group of each
    one, None for none. Of a group only `spare` may go freely, one more costs `last_cost`, further ones the same (ValueError: negative cost).
    """
    if any(cost < 0 for cost in costs.values()) or last_cost < 0:
        raise ValueError("a cost below zero")
    known = list(dict.fromkeys(group for group in groups if group is not None))
    first_one, first_group = 2 + len(counts), 2 + len(counts) + len(groups)
    net = _Net(first_group + len(known))
    for place, count in enumerate(counts):
        net.add(0, 2 + place, count, 0)
    edges = {pair: net.add(2 + pair[0], first_one + pair[1], 1, cost) for pair, cost in sorted(costs.items())}
    for one, group in enumerate(groups):
        net.add(first_one + one, 1 if group is None else first_group + known.index(group), 1, 0)
    for at, group in enumerate(known):
        free = max(spare.get(group, 0), 0)
        net.add(first_group + at, 1, free, 0)
        net.add(first_group + at, 1, len(groups), last_cost)
    while net.widen(0, 1):
        pass
    return [pair for pair, edge in edges.items() if net.room[edge] == 0]
