"""What SQLite and the disk say, as sentences for a person."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

from ..domain.faults import StoreFault
from . import ballast

_CORRUPT = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_DISK = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}
_CLOSED_TO_US = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_CANTOPEN}


def _code(error: BaseException) -> int:
    return int(getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF


def is_full(error: BaseException) -> bool:
    """True when the disk (or quota) has no room left."""
    if isinstance(error, OSError):
        return error.errno in {errno.ENOSPC, errno.EDQUOT}
    return _code(error) == sqlite3.SQLITE_FULL


def is_corrupt(error: BaseException) -> bool:
    """True when the file is not (or no longer) a sound database."""
    return isinstance(error, sqlite3.DatabaseError) and _code(error) in _CORRUPT


def fault_of(error: BaseException, file: Path) -> StoreFault | None:
    """The fault behind an error of SQLite or the disk; None when it is a bug of ours."""
    # Without room SQLite's shared memory file fails first, and that reads as an I/O error.
    if is_full(error) or (_code(error) in _DISK and _is_crowded(file)):
        return full(file)
    if is_corrupt(error):
        return damaged(file)
    if _code(error) in _BUSY:
        return _fault(
            "Busy", f"另一个程序正占用存储 {file.name}，等了 5 秒仍未放开",
            "这一步没有写入，已有数据未动", "请稍后再试；若反复出现，请关掉其他窗口或命令",
        )
    if _code(error) in _CLOSED_TO_US or isinstance(error, OSError):
        return not_writable(file, error)
    if _code(error) == sqlite3.SQLITE_IOERR:
        return _fault(
            "DiskError", f"读写 {file.name} 时磁盘出错（{error}）",
            "这一步没有写入，已有数据未动", "请检查磁盘与挂载，再重新打开",
        )
    return None


def _is_crowded(file: Path) -> bool:
    try:
        return ballast.free(file.parent) < 65_536
    except OSError:
        return False


def full(file: Path) -> StoreFault:
    return _fault(
        "DiskFull", f"磁盘已满，写不进 {file.parent}",
        "已确认的操作都在；这一步没有写入", "请腾出至少 64 MB 空间后再试一次",
    )


def damaged(file: Path) -> StoreFault:
    return _fault(
        "Damaged", f"存储文件 {file.name} 已损坏",
        "文件原样保留，没有删除", "请关闭并重新打开本程序，打开时会自动修复",
    )


def not_writable(file: Path, error: BaseException) -> StoreFault:
    return _fault(
        "NotWritable", f"不能写入数据目录 {file.parent}（{error}）",
        "没有改动任何文件", "请检查目录权限，或用 --profile 指定另一个目录",
    )


def closed() -> StoreFault:
    return _fault(
        "Closed", "存储已经关闭",
        "已确认的操作都在", "请重新打开本程序",
    )


def newer(file: Path, theirs: int, ours: int) -> StoreFault:
    return _fault(
        "NewerSchema", f"{file.name} 由更新版本的程序建立（格式 {theirs}，本程序只认识到 {ours}）",
        "文件未动，数据都在", "请升级本程序后再打开，或用 --profile 指定另一个目录",
    )


def not_ours(file: Path) -> StoreFault:
    return _fault(
        "NotOurs", f"{file.name} 不是本程序的备份文件",
        "没有改动任何文件", "请选择由“备份”生成的文件",
    )


def unusable_copy(file: Path, error: BaseException) -> StoreFault:
    return _fault(
        "BadCopy", f"备份文件 {file.name} 不能使用（{error}）",
        "没有改动任何文件", "请换一份备份",
    )


def _fault(code: str, happened: str, kept: str, todo: str) -> StoreFault:
    return StoreFault(happened, kept, todo, code=code)
