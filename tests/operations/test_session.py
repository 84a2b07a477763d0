"""Who comes and goes is written to the audit; a disk without room keeps nobody away."""

from __future__ import annotations

from typing import Any

import pytest

from weihai_command.domain.faults import StoreFault, Unauthorised, Unreachable
from weihai_command.feeds import kinto
from weihai_command.operations import session
from weihai_command.operations.desk import Desk
from weihai_command.store import audit


class Seat:
    """A platform that knows one password."""

    reachable = True

    def __init__(self, url: str, user: str, password: str) -> None:
        self.user, self.password = user, password

    def wake(self) -> None: ...

    def close(self) -> None: ...

    def role_groups(self) -> list[str]:
        if not self.reachable:
            raise Unreachable("平台连不上")
        if self.password != "right":
            raise Unauthorised("密码不对")
        return ["/buckets/city/groups/officer"]


@pytest.fixture(autouse=True)
def seat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Seat, "reachable", True)
    monkeypatch.setattr(kinto, "KintoPlatform", Seat)


def lines(desk: Desk) -> list[tuple[str, str]]:
    return [(line.verb, line.actor) for line in reversed(audit.rows(desk.store))]


def test_coming_failing_and_going_are_written_down_without_the_password(desk: Desk) -> None:
    session.sign_in(desk, "li", "right")
    session.sign_out(desk)
    with pytest.raises(Unauthorised):
        session.sign_in(desk, "li", "wrong-password")
    assert lines(desk) == [("sign_in", "li"), ("sign_out", "li"), ("sign_in_refused", "li")]
    assert "wrong-password" not in str(audit.rows(desk.store)) and audit.verify(desk.store) == []


def test_a_sign_in_without_network_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    session.sign_in(desk, "li", "right")
    monkeypatch.setattr(Seat, "reachable", False)
    session.sign_in(desk, "li", "right")
    assert audit.rows(desk.store)[0].detail == {"offline": True, "role": "officer"}


def test_a_verb_that_trusts_this_machine_leaves_no_line(desk: Desk) -> None:
    session.sign_in(desk, "li", "right")
    session.sign_in(desk, "li", "right", ask=False)
    assert lines(desk) == [("sign_in", "li")]


def test_a_full_disk_keeps_nobody_away(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise StoreFault("磁盘已满")

    session.sign_in(desk, "li", "right")
    monkeypatch.setattr(audit, "note", full)
    session.sign_out(desk)
    assert desk.officer is None and "审计" in desk.store.notes[-1]



def test_signing_in_again_ends_what_the_platform_refused(desk: Desk) -> None:
    desk.refused.add("li")
    session.sign_in(desk, "li", "right")
    assert desk.refused == set() and desk.pusher("li") is desk.platforms["li"]
