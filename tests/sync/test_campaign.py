"""Two desks and strangers on one platform whose line breaks at random: nothing lost, nothing twice, nobody overwritten unseen."""

from __future__ import annotations

import contextlib
import itertools
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from weihai_command.domain.faults import PlatformFault, Refused
from weihai_command.feeds.twin import TwinPlatform
from weihai_command.operations import acts, queries, resolving, syncing
from weihai_command.operations.desk import City, Desk, Officer
from weihai_command.store import outbox
from weihai_command.store.profile import Profile
from weihai_command.store.store import Store
from weihai_command.sync.conflict import differing

FIRE, POLICE, GAS = (
    "11111111-0000-4000-8000-000000000001", "11111111-0000-4000-8000-000000000002", "22222222-0000-4000-8000-000000000001",
)
DESKS = st.sampled_from([0, 1])
UNITS = st.sampled_from([FIRE, POLICE])
FIELDS = st.sampled_from(["phone", "description", "reporter"])


class Campaign(RuleBasedStateMachine):
    servers: Any = None
    cities: Any = None

    @initialize()
    def open(self) -> None:
        self.closing = contextlib.ExitStack()
        folder = Path(self.closing.enter_context(tempfile.TemporaryDirectory(prefix="weihai-campaign-")))
        self.twin = TwinPlatform()
        self.server = self.servers.Server(lambda user: self.twin, self.twin)
        self.server.load(self.cities())
        self.words = (f"word {n}" for n in itertools.count())
        self.done: list[set[str]] = [set(), set()]
        self.desks = [self._desk(folder / user, user) for user in ("officer", "officer2")]
        for desk in self.desks:
            syncing.sync(desk)

    def _desk(self, folder: Path, user: str) -> Desk:
        profile = Profile(folder, "platform-test")
        store = Store.open(profile, ballast=False)
        self.closing.callback(store.close)
        return Desk(profile, store, City("威海市", True, "http://127.0.0.1"), Officer(user, user, "officer"), {user: self.server.seat(user)})

    def _act(self, n: int, act: Any) -> None:
        """An officer's act; a refusal by the rules is no act."""
        with contextlib.suppress(Refused):
            self.done[n].add(act().op_id)

    @rule(n=DESKS, field=FIELDS)
    def edit(self, n: int, field: str) -> None:
        self._act(n, lambda: acts.edit(self.desks[n], GAS, {field: next(self.words)}))

    @rule(n=DESKS)
    def claim(self, n: int) -> None:
        self._act(n, lambda: acts.claim(self.desks[n], GAS))

    @rule(n=DESKS)
    def report_and_note(self, n: int) -> None:
        def both() -> Any:
            made = acts.report(self.desks[n], title=next(self.words))
            self.done[n].add(made.op_id)
            return acts.note(self.desks[n], made.id, next(self.words))

        self._act(n, both)

    @rule(n=DESKS, unit=UNITS)
    def dispatch(self, n: int, unit: str) -> None:
        self._act(n, lambda: acts.dispatch(self.desks[n], GAS, [unit]))

    @rule(n=DESKS, unit=UNITS, state=st.sampled_from(["on_scene", "returning", "available"]))
    def status(self, n: int, unit: str, state: str) -> None:
        self._act(n, lambda: acts.status(self.desks[n], unit, state))

    @rule(n=DESKS)
    def close_incident(self, n: int) -> None:
        self._act(n, lambda: acts.transition(self.desks[n], GAS, "close", outcome=next(self.words)))

    @rule(field=FIELDS)
    def stranger_writes(self, field: str) -> None:
        self.server.stranger("incidents", GAS, **{field: next(self.words)})

    @rule(unit=UNITS, lon=st.floats(122.0, 122.5))
    def unit_moves(self, unit: str, lon: float) -> None:
        self.server.stranger("units", unit, lon=lon)

    @rule(n=DESKS, fault=st.sampled_from(["none", "none", "lost", "lost", "dropped", "offline"]))
    def sync(self, n: int, fault: str) -> None:
        self.server.lost, self.server.dropped, self.server.offline = int(fault == "lost"), int(fault == "dropped"), fault == "offline"
        with contextlib.suppress(PlatformFault):
            syncing.sync(self.desks[n], wake=True)
        self.server.lost = self.server.dropped = 0
        self.server.offline = False

    @rule(n=DESKS, take=st.sampled_from(["mine", "theirs"]))
    def settle(self, n: int, take: str) -> None:
        for told in queries.conflicts(self.desks[n])[:1]:
            with contextlib.suppress(Refused):
                resolving.resolve(self.desks[n], told["op_id"], take)

    @rule(n=DESKS, which=st.integers(0, 3))
    def withdraw(self, n: int, which: int) -> None:
        for row in queries.outbox(self.desks[n])[which : which + 1]:
            with contextlib.suppress(Refused):
                resolving.withdraw(self.desks[n], row["op_id"])

    def teardown(self) -> None:
        if not hasattr(self, "desks"):
            return
        with self.closing:
            try:
                self._settle_all()
                self._nothing_lost_and_nothing_twice()
                self._nobody_overwritten_unseen()
            finally:
                self.server.close()

    def _settle_all(self) -> None:
        for _ in range(40):
            for n, desk in enumerate(self.desks):
                syncing.sync(desk, wake=True)
                self.settle(n, "theirs")
                for row in queries.outbox(desk):
                    if row["state"] == "rejected":
                        resolving.withdraw(desk, row["op_id"])
            if not any(queries.outbox(desk) for desk in self.desks):
                break
        assert [queries.outbox(desk) for desk in self.desks] == [[], []]
        for desk in self.desks:
            syncing.sync(desk)
            for kind in ("incidents", "units", "assignments", "log"):
                assert {row["id"]: row["last_modified"] for row in queries.rows(desk, kind)} == self.twin.versions(kind)
        gas = self.twin.get("incidents", GAS)
        assert gas and not (gas["state"] == "ended" and gas.get("unit_ids"))

    def _nothing_lost_and_nothing_twice(self) -> None:
        for desk, done in zip(self.desks, self.done, strict=True):
            for op_id in done:
                act = outbox.get(desk.store, op_id)
                assert act and act.state in {"done", "withdrawn"}
                written = [(entry.kind, entry.id) for entry in self.twin.history(op_id)]
                assert len(written) == len(set(written)), "an op was applied twice"
                for step in outbox.steps_of(desk.store, op_id):
                    assert ((step.kind, step.record_id) in written) == (step.state == "done"), (act.verb, step.state)

    def _nobody_overwritten_unseen(self) -> None:
        """Each write that landed was based on what stood there, in the fields that matter to it."""
        steps = {
            (step.op_id, step.kind, step.record_id): step
            for desk in self.desks
            for act in outbox.recent(desk.store, 10_000)
            for step in outbox.steps_of(desk.store, act.op_id)
        }
        import orjson

        before: dict[tuple[str, str], dict[str, Any]] = {(kind, record["id"]): record for kind, record in self.cities()}
        for op, kind, record_id, raw in self.twin._db.execute("SELECT op, kind, id, raw FROM history ORDER BY n"):
            step = steps.get((op, kind, record_id))
            stood = before.get((kind, record_id))
            if step is not None and step.method == "patch":
                assert stood is not None
                unseen = differing(kind, step.base, stood)
                assert unseen.isdisjoint(step.patch), f"{unseen} overwritten"
                assert step.mergeable or not unseen
            before[(kind, record_id)] = orjson.loads(raw)


@pytest.mark.slow
def test_campaign(servers: Any) -> None:
    machine = type("OneCampaign", (Campaign,), {"servers": servers, "cities": staticmethod(_city)})
    run_state_machine_as_test(machine, settings=settings(max_examples=50, stateful_step_count=25, deadline=None))


def _city() -> list[tuple[str, dict[str, Any]]]:
    place = {"lon": 122.12, "lat": 37.5}
    return [
        ("units", {"id": FIRE, "name": "消防101", "kind": "fire", "state": "available", **place}),
        ("units", {"id": POLICE, "name": "巡警12", "kind": "police", "state": "available", **place}),
        ("incidents", {"id": GAS, "number": "应0001A", "title": "燃气泄漏", "track": "emergency", "state": "queued", "type": "gas_leak",
                       "priority": "urgent", "history": [], **place}),
    ]
