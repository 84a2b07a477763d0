"""Who sits at the desk. A password is checked by the platform, or offline against what was kept of the last good sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..domain.faults import PlatformFault, Refused, StoreFault, Unauthorised, Unreachable
from ..domain.words import ROLES
from ..store import accounts, audit
from ..store.accounts import Account
from . import posts
from .desk import Desk, Officer

if TYPE_CHECKING:
    from ..feeds.kinto import KintoPlatform

SAMPLE_OFFICERS = {"officer": "王海宁", "shift_leader": "刘晓东", "leader": "孙敏", "trainer": "赵文博"}
#: argon2id rounds, KiB and lanes as OWASP has them: the default's 64 MiB on four lanes cost a second on a busy two-core desk.
HASH_COST = (2, 19_456, 1)
#: The strongest role first, for accounts that stand in several groups.
_RANK = ("shift_leader", "officer", "department", "leader", "trainer", "admin")


def sign_in(desk: Desk, user: str, password: str, *, offline: PlatformFault | None = None, ask: bool = True) -> Officer:
    """Name the officer; from now on acts go out under this account (Unauthorised, Unreachable).

    `offline` is the fault of a try that was just made: then the platform is not asked again. With `ask` False an account
    that was verified on this machine before is believed by what was kept of its password.
    """
    if desk.city.embedded:
        officer = Officer(user, SAMPLE_OFFICERS.get(user, user), user if user in SAMPLE_OFFICERS else "officer")
        _note(desk, user, "sign_in", role=officer.role)
        return _sit(desk, officer)
    from ..feeds.kinto import KintoPlatform

    platform = KintoPlatform(desk.city.platform or "", user, password)
    platform.wake()
    try:
        known = None if ask else _remembered(desk, user, password)
        if known is None:
            known, offline = _checked(desk, platform, user, password, offline)
            _note(desk, user, "sign_in", role=known.role, offline=bool(offline))
    except BaseException as error:
        platform.close()
        if isinstance(error, Unauthorised):
            _note(desk, user, "sign_in_refused")
        raise
    desk.platforms[user] = platform
    desk.refused.discard(user)
    desk.link.state = "offline" if offline else "syncing"
    desk.link.error = offline.happened if offline else ""
    return _sit(desk, known)


def _checked(
    desk: Desk, platform: KintoPlatform, user: str, password: str, offline: PlatformFault | None
) -> tuple[Officer, PlatformFault | None]:
    if offline is None:
        try:
            officer = _verified(platform, user)
        except Unreachable as trouble:
            offline = trouble
        else:
            _keep(desk, officer, password)
            return officer, None
    known = _remembered(desk, user, password)
    if known is None:
        raise Unauthorised(
            f"平台连不上，本机也核对不了账号“{user}”", "待发的操作和本机数据都没有动", "请核对密码，或等网络恢复后登录"
        ) from offline
    return known, offline


def _verified(platform: KintoPlatform, user: str) -> Officer:
    groups = {name.rsplit("/", 1)[-1] for name in platform.role_groups()}
    role = next((each for each in _RANK if each in groups), "observer")
    post = posts.from_groups(groups) if role == "department" else None
    return Officer(user, f"{ROLES[role]} {user}" if role in ROLES else user, role, post)


def _keep(desk: Desk, officer: Officer, password: str) -> None:
    """Keep what the password can be checked against without the network, never the password."""
    from argon2 import PasswordHasher

    hasher = PasswordHasher(*HASH_COST)
    accounts.put(desk.store, Account(officer.user, officer.name, officer.role, hasher.hash(password), desk.now()))
    posts.keep(desk.store, officer.user, officer.post)


def _remembered(desk: Desk, user: str, password: str) -> Officer | None:
    """The officer as this machine knows him, None when it does not or the password differs."""
    from argon2 import PasswordHasher
    from argon2.exceptions import Argon2Error, InvalidHashError

    known = accounts.get(desk.store, user)
    if known is None or known.verifier is None:
        return None
    try:
        PasswordHasher().verify(known.verifier, password)
    except (Argon2Error, InvalidHashError):
        return None
    return Officer(user, known.name, known.role, posts.remembered(desk.store, user) if known.role == "department" else None)


def _note(desk: Desk, user: str, verb: str, **detail: object) -> None:
    """Write who came and went to the audit; a full disk keeps nobody from the desk."""
    try:
        audit.note(desk.store, desk.now(), user, verb, desk.city.platform or desk.city.name, detail)
    except StoreFault as fault:
        desk.store.notes.append(f"{fault.happened}，登录情况没能记入审计。")


def _sit(desk: Desk, officer: Officer) -> Officer:
    desk.officer = officer
    if desk.city.embedded:
        twin = next(iter(desk.platforms.values()))
        desk.platforms = {officer.user: twin}
    return officer


def sign_out(desk: Desk) -> None:
    """Leave the desk: the password is forgotten, what is unsent waits for its author."""
    if desk.officer is None:
        raise Refused("没有人登录", "没有改动", code="signed_out")
    _note(desk, desk.officer.user, "sign_out")
    leaving = desk.platforms.get(desk.officer.user)
    if not desk.city.embedded:
        desk.platforms.pop(desk.officer.user, None)
        closing = getattr(leaving, "close", None)
        if closing:
            closing()
    desk.officer = None
