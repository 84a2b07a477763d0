"""One whole push and pull, by whoever holds the right to push; never two at a time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace

from ..domain.city import ServerMeta
from ..domain.faults import PlatformFault, Refused, Unauthorised
from ..domain.kinds import KINDS
from ..domain.rights import holds as role_holds
from ..feeds.platform import Platform
from ..store import audit, feed_status, holds, locks, mirror, outbox, settings
from ..sync import pull as pulling
from ..sync import push as pushing
from . import alarms, keeping, tidying, upkeep
from .desk import Desk

#: How long a person who asks for a sync waits for another process that is pushing.
PATIENCE_S = 5.0
REFUSED = "平台不再接受这个账号的密码"
#: Seconds between two comparisons of all ids with the platform, for kinds of up to FEW rows and for the masses.
RECONCILE_S, RECONCILE_MASS_S = 600.0, 21_600.0
FEW = 20_000
#: The embedded city keeps its masses in the mirror alone; only what officers change goes through the platform's twin.
EMBEDDED_KINDS = ("incidents", "units", "assignments", "log")


@dataclass(slots=True)
class Report:
    """What commands.md promises of `sync`, and the kinds whose rows changed.

    `refused` tells the officer that the platform did not accept his own account just now; what others sent and the pull were done.
    """

    pushed: int = 0
    pulled: dict[str, int] = field(default_factory=dict)
    deleted: int = 0
    pending: int = 0
    conflicts: int = 0
    rejected: int = 0
    quarantined: int = 0
    held: list[str] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    refused: Unauthorised | None = None

    def as_json(self) -> dict[str, object]:
        return {key: value for key, value in asdict(replace(self, refused=None)).items() if key not in {"kinds", "refused"}}


def sync(desk: Desk, *, full: bool = False, allow_vanish: bool | str = False, wake: bool = False) -> Report:
    """Push what waits, then pull (PlatformFault passes through; what was kept before stays). Sets desk.link.

    `allow_vanish`: the officer lets go what stands held, of one kind or of all; never more than he was told (Refused).
    """
    with desk.syncing:
        report = Report()
        platform = desk.platform()
        agreed = _agreed(desk, allow_vanish) if allow_vanish else {}
        if platform is None:
            desk.link.state = "paused"
            return _counted(desk, report)
        if wake:
            platform.wake()
        try:
            with _push_right(desk, PATIENCE_S if wake else 0.0) as ours:
                due = _due(desk, full)
                # Before anything is sent: behind a line that was down, or after a while, another server may stand there.
                if due or (desk.link.state != "synced" and not desk.city.embedded):
                    mind_server(desk, platform.meta())
                if ours:
                    if wake:
                        outbox.wake(desk.store)
                    _push(desk, report)
                # Whom the push found refused is not asked to read where another account is signed in.
                _pull(desk, desk.platform() or platform, report, due, full, agreed)
                # At once, before anybody builds upon the list.
                if ours and tidying.tidy(desk):
                    _push(desk, report)
        except PlatformFault as fault:
            _down(desk, platform, fault)
            raise
        finally:
            keeping.mind(desk.store)
        if not desk.has_quiet:
            upkeep.keep_columns(desk)
        _mind_own_account(desk)
        return _counted(desk, report)


def _mind_own_account(desk: Desk) -> None:
    """Nothing of this officer goes out before he signs in again, whatever was read."""
    if desk.officer is not None and desk.officer.user in desk.refused:
        desk.link.state = "paused"
        desk.link.error = REFUSED


def _agreed(desk: Desk, kind: bool | str) -> dict[str, int]:
    """What was asked and is let go now, written to the audit."""
    if desk.officer is None or not role_holds(desk.role, ("officer",)):
        raise Refused("接受大批删除要由值班员来做", "本机一条未删", "请以值班员登录后再决定", code="wrong_role")
    held = {hold.kind: hold for hold in holds.rows(desk.store) if kind is True or hold.kind == kind}
    for each in held.values():
        said = {"vanished": each.vanished, "total": each.total, "since": each.at}
        audit.note(desk.store, desk.now(), desk.officer.user, "accept_vanished", each.kind, said)
    return {name: each.vanished for name, each in held.items()}


@contextmanager
def _push_right(desk: Desk, patience_s: float) -> Iterator[bool]:
    until = time.monotonic() + patience_s
    while True:
        with locks.push_right(desk.profile) as ours:
            if ours or time.monotonic() >= until or desk.leaving.is_set():
                yield ours
                return
        time.sleep(0.1)


def _push(desk: Desk, report: Report) -> None:
    before = dict(desk.platforms)
    pushed = pushing.push(desk.store, desk.pusher, time.time)
    report.pushed += pushed.acts
    report.kinds |= pushed.kinds
    # Who signed in anew while this was sent is not held to what became of his old password.
    refused = {user for user in pushed.refused if desk.platforms.get(user) is before.get(user)}
    desk.refused |= refused
    if desk.officer is not None and desk.officer.user in refused:
        report.refused = Unauthorised(REFUSED, "待发的操作都还在本机", "请重新登录，登录后自动续发")


def _pull(desk: Desk, platform: Platform, report: Report, due: list[str], full: bool, agreed: pulling.Agreed) -> None:
    kinds = EMBEDDED_KINDS if desk.city.embedded else pulling.ORDER
    at = desk.now()
    pulled = pulling.pull(desk.store, platform, at, kinds=kinds, full=full, agreed=agreed)
    for kind in due:
        if kind not in pulled.whole and kind not in pulled.held:
            pulled.add(pulling.reconcile(desk.store, platform, kind, at, agreed=agreed))
        settings.put(desk.store, f"reconciled:{kind}", str(int(desk.epoch())))
    report.pulled = {kind: n for kind, n in pulled.rows.items() if n}
    report.deleted, report.quarantined, report.held = pulled.deleted, pulled.quarantined, pulled.held
    report.kinds |= pulled.kinds
    if "log" in pulled.kinds and alarms.follow(desk):
        report.kinds.add(alarms.KIND)
    desk.link.state = "local" if desk.city.embedded else "synced"
    desk.link.last_ok, desk.link.error, desk.link.offset_s = at, "", platform.offset()
    feed_status.put(desk.store, feed_status.FeedStatus(platform.name, "", at, at, None, None, sum(report.pulled.values())))


def _due(desk: Desk, full: bool) -> list[str]:
    """Kinds whose ids are to be compared with the platform's in this sync."""
    return [] if desk.city.embedded else [kind for kind in pulling.ORDER if full or _is_due(desk, kind)]


def _is_due(desk: Desk, kind: str) -> bool:
    """Whether all ids of a kind are to be compared again; a clock that ran backwards counts as due."""
    since = desk.epoch() - float(settings.get(desk.store, f"reconciled:{kind}", "0"))
    return not 0 <= since < (RECONCILE_S if mirror.count(desk.store, kind) <= FEW else RECONCILE_MASS_S)


def safe_id(server_id: str) -> str:
    """A server's id as a folder name: no path leaves its folder."""
    kept = "".join(letter for letter in server_id if letter.isalnum() or letter in "-_")[:64]
    if not kept:
        raise PlatformFault("平台没有报出可用的身份", "本机数据没有动", "请联系平台管理员", code="not_ours")
    return kept


def mind_server(desk: Desk, meta: ServerMeta) -> None:
    """A changed epoch means that the server was restored: the next pull reads all of it. Another identity is another city (PlatformFault)."""
    known, here = settings.get(desk.store, "server_id"), safe_id(meta.id)
    if known not in ("", here):
        raise PlatformFault(
            "这个地址上的平台换了身份，已停止同步", "本机数据和待发的操作都没有动", "请重新打开本程序，核对平台地址", code="other_server",
        )
    if settings.get(desk.store, "epoch") not in ("", meta.epoch):
        for kind in KINDS:
            mirror.forget_cursor(desk.store, kind)
    settings.put(desk.store, "server_id", here)
    settings.put(desk.store, "epoch", meta.epoch)


def _down(desk: Desk, platform: Platform, fault: PlatformFault) -> None:
    desk.link.state = "paused" if isinstance(fault, Unauthorised) else "offline"
    desk.link.error = fault.happened
    known = feed_status.get(desk.store, platform.name)
    feed_status.put(desk.store, replace(known, last_try=desk.now(), error=fault.happened))


def _counted(desk: Desk, report: Report) -> Report:
    counts = outbox.counts(desk.store)
    report.pending = counts["pending"] + counts["sending"]
    report.conflicts, report.rejected = counts["conflict"], counts["rejected"]
    return report
