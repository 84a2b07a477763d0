"""Open a city: the embedded sample city, or a platform's mirror with the officer's account."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..domain.city import ServerMeta
from ..domain.faults import PlatformFault, StoreFault, Unreachable
from ..domain.kinds import KINDS
from ..store import mirror, settings
from ..store.profile import Profile, default_root, read_settings, write_settings
from ..store.store import Store
from . import session, syncing
from .desk import City, Desk, Officer

log = logging.getLogger(__name__)
SCALES = ("small", "city")
SAMPLE_NAME = "威海市"
#: Marks a sample city whose masses are all in the mirror.
SEEDED = "sample_seeded"
Progress = Callable[[str], None]


def quiet(_: str) -> None:
    """For callers that show no progress."""


def open_sample(root: Path | None, scale: str, *, role: str = "officer", progress: Progress = quiet) -> Desk:
    """The embedded exercise city, made on first use (StoreFault); it needs no server and no network."""
    folder = root or default_root()
    profile = Profile(folder, f"sample-{scale}")
    store = Store.open(profile)
    desk = Desk(profile, store, City(SAMPLE_NAME, exercise=True, scale=scale), root=folder)
    desk.officer = Officer("officer", session.SAMPLE_OFFICERS.get(role, "值班员"), role)
    try:
        _join_twin(desk, scale, progress)
    except BaseException:
        desk.close()
        raise
    return desk


def _join_twin(desk: Desk, scale: str, progress: Progress) -> None:
    from ..feeds.twin import TwinPlatform

    twin = TwinPlatform(str(desk.profile.folder / "platform.db"))
    assert desk.officer is not None
    desk.platforms[desk.officer.user] = twin
    desk.link.state = "local"
    if not settings.get(desk.store, SEEDED) or mirror.count(desk.store, "facilities") == 0:
        progress(f"首次打开，正在生成演练城市（{'35 万路摄像机' if scale == 'city' else '300 路摄像机'}）…")
        seed(desk, twin, scale)
        syncing.sync(desk, full=True)


def seed(desk: Desk, twin: Any, scale: str) -> None:
    """Write the sample city: what officers change goes to the twin platform, the standing masses straight into the mirror."""
    from ..drill import sample_city

    now = desk.clock()
    version = int(now.timestamp() * 1000) - 60_000
    for kind, group in groupby(sample_city.records(scale, now), key=lambda pair: pair[0]):
        if kind in syncing.EMBEDDED_KINDS:
            twin.load(group)
        elif kind != "meta":
            mirror.bulk(desk.store, kind, ({**record, "last_modified": version} for _, record in group))
    settings.put(desk.store, SEEDED, desk.now())


def open_platform(root: Path | None, url: str, user: str, password: str, *, progress: Progress = quiet, ask: bool = True) -> Desk:
    """A real platform's city. Without network the mirror opens when this machine has known the platform before.

    With `ask` False nothing is asked of a platform that this machine knows, as long as the account was here before.

    Raises Unreachable on a first visit without network, Unauthorised for a wrong password, StoreFault.
    """
    folder = root or default_root()
    known = {} if ask else _known(folder, url)
    fault: PlatformFault | None = None
    if known:
        meta = ServerMeta(str(known["id"]), "", bool(known["exercise"]))
    else:
        meta, fault = _identify(folder, url, user, password, progress)
    profile = Profile(folder, f"platform-{meta.id}")
    desk = Desk(profile, Store.open(profile), City(SAMPLE_NAME, meta.exercise, platform=url), root=folder)
    try:
        if meta.epoch:
            _mind_epoch(desk, meta.epoch)
        session.sign_in(desk, user, password, offline=fault, ask=not known)
    except BaseException:
        desk.close()
        raise
    log.info("opened %s", urlsplit(url).hostname)
    return desk


def _known(root: Path, url: str) -> dict[str, Any]:
    """What this machine remembers of a platform: {id, exercise}, empty when it never met it."""
    from ..feeds.kinto import base_url

    found: dict[str, Any] = read_settings(root).get("platforms", {}).get(base_url(url), {})
    return found


def _identify(root: Path, url: str, user: str, password: str, progress: Progress) -> tuple[ServerMeta, PlatformFault | None]:
    """Who answers at `url`; from memory, with the fault, where nobody answers."""
    from ..feeds.kinto import KintoPlatform

    progress("正在连接平台…")
    platform = KintoPlatform(url, user, password)
    try:
        meta = platform.meta()
    except Unreachable as fault:
        known = _known(root, url)
        if not known:
            raise
        return ServerMeta(str(known["id"]), "", bool(known["exercise"])), fault
    finally:
        platform.close()
    meta = replace(meta, id=_safe(meta.id))
    _remember(root, url, meta)
    return meta, None


def _remember(root: Path, url: str, meta: ServerMeta) -> None:
    from ..feeds.kinto import base_url

    found = read_settings(root)
    found.setdefault("platforms", {})[base_url(url)] = {"id": meta.id, "exercise": meta.exercise}
    try:
        write_settings(root, found)
    except OSError as error:
        raise StoreFault("配置写不进去：" + str(error.strerror), "平台上的数据没有动", "请检查磁盘空间和文件夹权限") from error


def _safe(server_id: str) -> str:
    """A server's id as a folder name: no path leaves its folder."""
    kept = "".join(letter for letter in server_id if letter.isalnum() or letter in "-_")[:64]
    if not kept:
        raise PlatformFault("平台没有报出可用的身份", "本机数据没有动", "请联系平台管理员", code="not_ours")
    return kept


def _mind_epoch(desk: Desk, epoch: str) -> None:
    """A changed epoch means that the server was restored: forget the cursors, so that the next pull reads all of it."""
    if settings.get(desk.store, "epoch") not in ("", epoch):
        for kind in KINDS:
            mirror.forget_cursor(desk.store, kind)
    settings.put(desk.store, "epoch", epoch)


def profile_of(root: Path, url: str | None, scale: str) -> Profile:
    """The profile of a city without opening it."""
    known = _known(root, url) if url else {}
    if url and not known:
        raise StoreFault(f"本机没有这个平台的数据：{url}", "没有改动", "请先联网登录一次")
    return Profile(root, f"platform-{known['id']}" if url else f"sample-{scale}")
