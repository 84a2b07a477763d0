"""How the two files of a store are opened: created, brought up to date, and mended where they can be."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from ..domain.faults import StoreFault
from . import chain, copies, trouble
from .desk_migrations import DESK_MIGRATIONS
from .migrations import Migration, migrate, pending
from .mirror_migrations import MIRROR_MIGRATIONS
from .pool import Pool, connect
from .profile import Profile
from .readings_migrations import READINGS_MIGRATIONS

#: A desk file up to this size is checked whole at every start (some milliseconds), a larger one only after trouble.
CHECKED_BYTES = 4_000_000
_LOCK_S = 30.0


def open_desk(profile: Profile, notes: list[str]) -> Pool:
    """desk.db, restored from its newest good backup when it is damaged or gone (StoreFault when there is none)."""
    file = profile.desk_db
    happened = good = ""
    if not file.exists() and copies.newest_good(profile) is not None:
        happened = f"{file.name} 不见了"
        good, note = _restore(profile, happened)
        notes.append(note)
    try:
        pool = _open(profile, file, "FULL", DESK_MIGRATIONS, _is_suspicious(file) or _is_small(file))
        if good:
            _write_down(profile, "restore", good, happened, notes)
        return pool
    except sqlite3.DatabaseError as error:
        if not trouble.is_corrupt(error):
            raise
    with _alone(profile):
        happened = f"{file.name} 已损坏"
        good, note = _restore(profile, happened)
    notes.append(note)
    pool = _open(profile, file, "FULL", DESK_MIGRATIONS, False)
    _write_down(profile, "restore", good, happened, notes)
    return pool


def open_mirror(profile: Profile, notes: list[str]) -> Pool:
    """mirror.db, moved aside and begun anew when it is damaged: everything in it can be fetched again."""
    note = "镜像文件 {} 已损坏，已另存为 {} 并重建；待发送的操作都在，其余数据下次同步时从平台取回。"
    return _renewable(profile, profile.mirror_db, MIRROR_MIGRATIONS, "renew_mirror", note, notes)


def open_readings(profile: Profile, notes: list[str]) -> Pool:
    """readings.db, moved aside and begun anew when it is damaged: readings come again, no act is among them."""
    note = "测值文件 {} 已损坏，已另存为 {} 并重新开始；操作与告警都在，损坏之前的测值曲线看不到了。"
    return _renewable(profile, profile.readings_db, READINGS_MIGRATIONS, "renew_readings", note, notes)


def _renewable(profile: Profile, file: Path, migrations: Sequence[Migration], verb: str, note: str, notes: list[str]) -> Pool:
    try:
        return _open(profile, file, "NORMAL", migrations, _is_suspicious(file))
    except sqlite3.DatabaseError as error:
        if not trouble.is_corrupt(error):
            raise
    with _alone(profile):
        aside = copies.move_aside(file)
    _write_down(profile, verb, aside.name, f"{file.name} 已损坏", notes)
    notes.append(note.format(file.name, aside.name))
    return _open(profile, file, "NORMAL", migrations, False)


def mark_suspicious(file: Path) -> None:
    """Let the next start check the whole file."""
    with suppress(OSError):
        _mark(file).touch()


def _mark(file: Path) -> Path:
    return file.with_name(file.name + ".suspicious")


def _is_suspicious(file: Path) -> bool:
    return _mark(file).exists()


def _is_small(file: Path) -> bool:
    return file.exists() and file.stat().st_size <= CHECKED_BYTES


def _open(profile: Profile, file: Path, synchronous: str, migrations: Sequence[Migration], check: bool) -> Pool:
    db = connect(file, synchronous)
    try:
        if check:
            copies.check(db)
            _mark(file).unlink(missing_ok=True)
        if pending(db, file, migrations):
            with _alone(profile):
                migrate(db, file, migrations, profile.backups)
    except BaseException:
        db.close()
        raise
    return Pool(file, synchronous, db)


@contextmanager
def _alone(profile: Profile) -> Iterator[None]:
    """Only one process creates, migrates or mends at a time."""
    from filelock import FileLock, Timeout

    try:
        with FileLock(profile.open_lock, timeout=_LOCK_S):
            yield
    except Timeout as error:
        raise StoreFault("另一个程序正在整理这个存储", "已有数据未动", "请等它结束后再打开", code="Busy") from error


def _write_down(profile: Profile, verb: str, subject: str, why: str, notes: list[str]) -> None:
    """The audit says what was mended without anybody asking; a disk that is full keeps nobody from the desk."""
    try:
        with closing(connect(profile.desk_db, "FULL")) as db:
            db.execute("BEGIN IMMEDIATE")
            chain.append(db, datetime.now().astimezone().isoformat(timespec="seconds"), "system", verb, subject, {"why": why, "auto": True})
            db.execute("COMMIT")
    except sqlite3.Error as error:
        notes.append(f"{why}，已自动修复，但没能记入审计：{error}")


def _restore(profile: Profile, happened: str) -> tuple[str, str]:
    """Put the newest good backup in place; its name and the sentence that says so (StoreFault when there is none)."""
    good = copies.newest_good(profile)
    if good is None:
        raise StoreFault(
            f"{happened}，而且没有可用的备份", f"原文件保留在 {profile.desk_db}",
            "请用 weihai-command restore 指定一份备份；或把该文件移走后重新开始", code="DeskLost",
        )
    aside = copies.move_aside(profile.desk_db) if profile.desk_db.exists() else None
    copies.put_in_place(good.file, profile.desk_db)
    _mark(profile.desk_db).unlink(missing_ok=True)
    kept = f"原文件另存为 {aside.name}；" if aside else ""
    until = f"备份中最后一条操作的时间是 {good.last_act}" if good.last_act else "备份中还没有操作"
    return good.file.name, f"{happened}，已用备份 {good.file.name} 恢复（{until}），{kept}此后在本席位所做而尚未送达平台的操作可能缺失，请核对。"
