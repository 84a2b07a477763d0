"""Open a city: the embedded sample city, or a platform's mirror with the officer's account."""

from __future__ import annotations

import logging
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ..domain.city import ServerMeta
from ..domain.faults import PlatformFault, StoreFault, Unauthorised
from ..domain.foreign import moment
from ..store import mirror, points, settings, trouble
from ..store.copies import move_aside
from ..store.profile import Profile, default_root
from ..store.store import Store
from . import keeping, memory, session, syncing, user_files
from .desk import City, Desk, Officer

if TYPE_CHECKING:
    from ..feeds.twin import TwinPlatform

log = logging.getLogger(__name__)
SCALES = ("small", "city")
SAMPLE_NAME = "威海市"
#: Marks a sample city whose masses are all in the mirror.
SEEDED = "sample_seeded"
SAMPLE_LIFE = timedelta(hours=18)
Progress = Callable[[str], None]


def quiet(_: str) -> None:
    """For callers that show no progress."""


def open_sample(root: Path | None, scale: str, *, role: str = "officer", progress: Progress = quiet, renew: bool = False) -> Desk:
    """The embedded exercise city, made on first use (StoreFault); it needs no server and no network.

    With `renew` a city of an earlier day is kept beside and made anew: its happenings would all be long overdue.
    """
    folder = root or default_root()
    profile = Profile(folder, f"sample-{scale}")
    store = Store.open(profile)
    if renew and _is_of_another_day(store):
        store = _renewed(profile, store)
    desk = Desk(profile, store, City(SAMPLE_NAME, exercise=True, scale=scale), root=folder)
    desk.store.notes += user_files.begin(folder)
    desk.officer = Officer("officer", session.SAMPLE_OFFICERS.get(role, "值班员"), role)
    try:
        _join_twin(desk, scale, progress)
    except BaseException:
        desk.close()
        raise
    return desk


def _is_of_another_day(store: Store) -> bool:
    made = moment(settings.get(store, SEEDED))
    return made is not None and datetime.now(made.tzinfo) - made > SAMPLE_LIFE


def _renewed(profile: Profile, store: Store) -> Store:
    """An empty store in the old one's place; the old one stays as `<city>-earlier`, the one before it goes."""
    store.close()
    earlier = profile.folder.with_name(f"{profile.city}-earlier")
    try:
        if earlier.exists():
            shutil.rmtree(earlier)
        profile.folder.rename(earlier)
    except OSError as error:
        log.warning("the sample city could not be renewed: %s", error)
        return Store.open(profile)
    fresh = Store.open(profile)
    fresh.notes.append(f"演练城市已按今天重新生成；上一次的演练原样留在 {earlier.name}")
    return fresh


def _join_twin(desk: Desk, scale: str, progress: Progress) -> None:
    twin = _twin(desk)
    assert desk.officer is not None
    desk.platforms[desk.officer.user] = twin
    desk.link.state = "local"
    if not settings.get(desk.store, SEEDED) or mirror.count(desk.store, "facilities") == 0 or twin.count() == 0:
        progress(f"首次打开，正在生成演练城市（{'35 万路摄像机' if scale == 'city' else '300 路摄像机'}）…")
        seed(desk, twin, scale)
        syncing.sync(desk, full=True)
    keeping.mind(desk.store)


def _twin(desk: Desk) -> TwinPlatform:
    """The exercise city's platform; a damaged one is put aside, and what was done in the exercise is gone with it."""
    from ..feeds.twin import TwinPlatform

    file = desk.profile.folder / "platform.db"
    try:
        return TwinPlatform(str(file))
    except sqlite3.DatabaseError as error:
        if not trouble.is_corrupt(error):
            raise
    aside = move_aside(file)
    desk.store.notes.append(
        f"演练城市的平台文件 {file.name} 已损坏，另存为 {aside.name}，演练城市按初始状态重建；本席位的操作和审计记录都在，但已送达的演练进展需要重做。"
    )
    for kind in syncing.EMBEDDED_KINDS:
        mirror.forget_cursor(desk.store, kind)
    return TwinPlatform(str(file))


def seed(desk: Desk, twin: TwinPlatform, scale: str) -> None:
    """Write the sample city: what officers change goes to the twin platform, the standing masses straight into the mirror.

    A platform that holds something keeps it: only the mirror was lost, and what officers did must stand.
    """
    from ..drill import sample_city

    now = desk.clock()
    version = int(now.timestamp() * 1000) - 60_000
    # Making it may have been cut short: only a city that was once whole is kept.
    is_new = twin.count() == 0 or not settings.get(desk.store, SEEDED)
    for kind, group in groupby(sample_city.records(scale, now), key=lambda pair: pair[0]):
        if kind in syncing.EMBEDDED_KINDS:
            if is_new:
                twin.load(group)
        elif kind != "meta":
            bring(desk, kind, (record for _, record in group), version)
    settings.put(desk.store, SEEDED, desk.now())


def bring(desk: Desk, kind: str, records: Iterable[Mapping[str, Any]], version: int) -> None:
    """Store a standing mass and keep its columns, so that the next start reads those. Some seconds; nobody works with the store yet."""
    mirror.bulk(desk.store, kind, ({**record, "last_modified": version} for record in records))
    points.keep(desk.store, (kind,))


def open_platform(root: Path | None, url: str, user: str, password: str, *, progress: Progress = quiet, ask: bool = True) -> Desk:
    """A real platform's city. Without network the mirror opens when this machine has known the platform before.

    With `ask` False nothing is asked of a platform that this machine knows, as long as the account was here before.

    Raises Unreachable on a first visit without network, Unauthorised for a wrong password, StoreFault.
    """
    folder = root or default_root()
    before = _known(folder, url, progress)
    known = {} if ask else before
    fault: PlatformFault | None = None
    if known:
        meta = ServerMeta(str(known["id"]), "", bool(known["exercise"]))
    else:
        meta, fault = _identify(folder, url, user, password, progress)
    profile = Profile(folder, f"platform-{meta.id}")
    desk = Desk(profile, Store.open(profile), City(SAMPLE_NAME, meta.exercise, platform=url), root=folder)
    desk.store.notes += user_files.begin(folder)
    try:
        if meta.epoch:
            syncing.mind_server(desk, meta)
        if before and before["id"] != meta.id:
            desk.store.notes.append(_moved(str(before["id"])))
        session.sign_in(desk, user, password, offline=fault, ask=not known)
        keeping.mind(desk.store)
    except BaseException:
        desk.close()
        raise
    log.info("opened %s", urlsplit(url).hostname)
    return desk


def _moved(before: str) -> str:
    return (
        f"这个地址上的平台换了身份（原身份 {before[:8]}…），已为它另开一份数据；"
        f"原平台的数据和待发的操作仍在文件夹 platform-{before} 里，没有动。请与平台管理员核对。"
    )


def _known(root: Path, url: str, tell: Progress = log.warning) -> dict[str, Any]:
    """What this machine remembers of a platform: {id, exercise}, empty when it never met it."""
    from ..feeds.kinto import base_url

    found: dict[str, Any] = memory.recall(root, tell).get("platforms", {}).get(base_url(url), {})
    return found


def _identify(root: Path, url: str, user: str, password: str, progress: Progress) -> tuple[ServerMeta, PlatformFault | None]:
    """Who answers at `url`; from memory, with the fault, where nobody answers or somebody else does (a public network's sign-in page)."""
    from ..feeds.kinto import KintoPlatform

    progress("正在连接平台…")
    platform = KintoPlatform(url, user, password)
    try:
        meta = platform.meta()
    except PlatformFault as fault:
        known = _known(root, url)
        if not known or isinstance(fault, Unauthorised):
            raise
        return ServerMeta(str(known["id"]), "", bool(known["exercise"])), fault
    finally:
        platform.close()
    meta = replace(meta, id=syncing.safe_id(meta.id))
    _remember(root, url, meta)
    return meta, None


def _remember(root: Path, url: str, meta: ServerMeta) -> None:
    from ..feeds.kinto import base_url

    found = memory.recall(root)
    platforms = {**found.get("platforms", {}), base_url(url): {"id": meta.id, "exercise": meta.exercise}}
    try:
        memory.remember(root, {**found, "platforms": platforms})
    except OSError as error:
        raise StoreFault("配置写不进去：" + str(error.strerror), "平台上的数据没有动", "请检查磁盘空间和文件夹权限") from error


def profile_of(root: Path, url: str | None, scale: str) -> Profile:
    """The profile of a city without opening it."""
    known = _known(root, url) if url else {}
    if url and not known:
        raise StoreFault(f"本机没有这个平台的数据：{url}", "没有改动", "请先联网登录一次")
    return Profile(root, f"platform-{known['id']}" if url else f"sample-{scale}")
