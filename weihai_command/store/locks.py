"""Who may push, and who takes readings: one process at a time each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..domain.faults import StoreFault
from .profile import Profile


@contextmanager
def push_right(profile: Profile) -> Iterator[bool]:
    """True while this process alone may push, False when another one does; never waits. Goes with the process that dies.

    StoreFault when the lock file cannot be made.
    """
    with _held(profile.push_lock, "发送", "待发送的操作都在") as mine:
        yield mine


@contextmanager
def ingest_right(profile: Profile) -> Iterator[bool]:
    """The same for who takes readings: two windows of one city would judge each of them twice."""
    with _held(profile.folder / "ingest.lock", "测值", "已有的测值都在") as mine:
        yield mine


@contextmanager
def _held(file: Path, word: str, kept: str) -> Iterator[bool]:
    from filelock import FileLock, Timeout

    lock = FileLock(file)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        yield False
        return
    except OSError as error:
        raise StoreFault(f"不能建立{word}锁 {file.name}（{error}）", kept, "请检查数据目录的权限与空间") from error
    try:
        yield True
    finally:
        lock.release()
