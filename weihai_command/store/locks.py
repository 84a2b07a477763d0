"""Who may push: one process at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ..domain.faults import StoreFault
from .profile import Profile


@contextmanager
def push_right(profile: Profile) -> Iterator[bool]:
    """True while this process alone may push, False when another one does; never waits. Goes with the process that dies.

    StoreFault when the lock file cannot be made.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(profile.push_lock)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        yield False
        return
    except OSError as error:
        raise StoreFault(f"不能建立发送锁 {profile.push_lock.name}（{error}）", "待发送的操作都在", "请检查数据目录的权限与空间") from error
    try:
        yield True
    finally:
        lock.release()
