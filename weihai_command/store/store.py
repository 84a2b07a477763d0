"""One city's store: the two files, who may write them, and what happened to them when they were opened."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import TypeVar

from ..domain.faults import StoreFault
from . import ballast, opening, trouble
from .pool import Pool
from .profile import Profile

T = TypeVar("T")


class Store:
    """desk.db (only we have it) and mirror.db (can be fetched again). Thread-safe; one writer per file, readers per thread.

    `notes`: Chinese sentences about what was mended or given up; the desk shows them.
    """

    def __init__(self, profile: Profile, desk: Pool, mirror: Pool, notes: list[str]) -> None:
        self.profile = profile
        self.notes = notes
        self._desk = desk
        self._mirror = mirror

    @classmethod
    def open(cls, profile: Profile, *, ballast: bool = True) -> Store:
        """Create, migrate or mend both files and open them.

        StoreFault: a newer major schema, a damaged desk.db without a good backup, a full disk, a folder that is not writable.
        """
        notes: list[str] = []
        try:
            profile.folder.mkdir(parents=True, exist_ok=True)
            _reserve(profile, notes, ballast)
            desk = opening.open_desk(profile, notes)
            try:
                mirror = opening.open_mirror(profile, notes)
            except BaseException:
                desk.close()
                raise
        except (sqlite3.Error, OSError) as error:
            raise trouble.fault_of(error, profile.desk_db) or error from error
        return cls(profile, desk, mirror, notes)

    def desk_write(self) -> AbstractContextManager[sqlite3.Connection]:
        """The desk's writer inside BEGIN IMMEDIATE: committed and on disk at the end, rolled back on any exception (StoreFault)."""
        return self._writing(self._desk)

    def mirror_write(self) -> AbstractContextManager[sqlite3.Connection]:
        """The mirror's writer inside BEGIN IMMEDIATE (StoreFault); keep it below 50 ms."""
        return self._writing(self._mirror)

    def desk_read(self) -> AbstractContextManager[sqlite3.Connection]:
        """This thread's reader of desk.db in one snapshot (StoreFault); writes are refused."""
        return self._reading(self._desk)

    def mirror_read(self) -> AbstractContextManager[sqlite3.Connection]:
        """This thread's reader of mirror.db in one snapshot (StoreFault); writes are refused."""
        return self._reading(self._mirror)

    def desk_change(self, change: Callable[[sqlite3.Connection], T]) -> T:
        """Run `change` in a write of desk.db; on a full disk once more after giving up the ballast."""
        return self._changed(self._desk, change)

    def mirror_change(self, change: Callable[[sqlite3.Connection], T]) -> T:
        """Run `change` in a write of mirror.db; on a full disk once more after giving up the ballast."""
        return self._changed(self._mirror, change)

    def generation(self) -> tuple[int, int]:
        """(desk, mirror): each number changes when *another* process has written, now and then also when it only closed.

        Cheap enough to ask every second; never waits.
        """
        return self._desk.foreign_version(), self._mirror.foreign_version()

    def checkpoint(self) -> None:
        """Fold both write-ahead logs into their files; call it now and then from a quiet moment."""
        self._desk.checkpoint()
        self._mirror.checkpoint()

    def close(self) -> None:
        """Close all connections, those of other threads too; later calls raise StoreFault (code Closed)."""
        self._mirror.close()
        self._desk.close()

    @contextmanager
    def _writing(self, pool: Pool) -> Iterator[sqlite3.Connection]:
        self._make_room()
        with self._faults(pool), pool.write() as db:
            yield db

    @contextmanager
    def _reading(self, pool: Pool) -> Iterator[sqlite3.Connection]:
        with self._faults(pool), pool.read() as db:
            yield db

    @contextmanager
    def _faults(self, pool: Pool) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            fault = trouble.fault_of(error, pool.file)
            if fault is None:
                raise
            if trouble.is_corrupt(error):
                opening.mark_suspicious(pool.file)
            raise fault from error

    def _changed(self, pool: Pool, change: Callable[[sqlite3.Connection], T]) -> T:
        try:
            with self._writing(pool) as db:
                return change(db)
        except StoreFault as fault:
            if fault.code != "DiskFull" or not self._give_up():
                raise
        with self._writing(pool) as db:
            return change(db)

    def _make_room(self) -> None:
        # Asked before, not only after: a caller's block cannot be run a second time.
        with suppress(OSError):
            if ballast.free(self.profile.folder) < ballast.LOW:
                self._give_up()

    def _give_up(self) -> bool:
        given = ballast.give_up(self.profile.ballast)
        if given:
            self.notes.append(_GIVEN_UP)
        return given


_GIVEN_UP = "磁盘将满：已动用 16 MB 预留空间，操作仍可保存。请尽快腾出至少 64 MB 空间，腾出后重新打开时会恢复预留。"


def _reserve(profile: Profile, notes: list[str], wanted: bool) -> None:
    if ballast.free(profile.folder) < ballast.LOW:
        if ballast.give_up(profile.ballast):
            notes.append(_GIVEN_UP)
    elif wanted:
        ballast.lay(profile.ballast)
