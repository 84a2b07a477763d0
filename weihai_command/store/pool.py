"""The connections to one database file: one writer behind a lock, one reader for each thread. No tables are known here."""

from __future__ import annotations

import sqlite3
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from . import trouble

BUSY_MS = 5000
#: How long closing waits for reads that are under way, and again after it has interrupted them.
PATIENCE_S = 1.0


class Connection(sqlite3.Connection):
    """Closes with its thread."""

    def __del__(self) -> None:
        with suppress(sqlite3.Error):
            self.close()


#: KiB that a connection may keep of its file in memory.
_CACHE_KIB = 16_000


def connect(file: Path, synchronous: str) -> sqlite3.Connection:
    """A connection in autocommit mode with this house's pragmas (sqlite3.Error)."""
    db = sqlite3.connect(file, isolation_level=None, check_same_thread=False, timeout=BUSY_MS / 1000, factory=Connection)
    try:
        # Only a new file takes the page size; rows of half a kilobyte fill 8 kB pages better.
        db.execute("PRAGMA page_size=8192")
        db.execute("PRAGMA journal_mode=WAL")
        db.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")
        db.execute(f"PRAGMA synchronous={synchronous}")
        db.execute("PRAGMA foreign_keys=ON")
        db.execute("PRAGMA recursive_triggers=ON")
    except sqlite3.Error:
        db.close()
        raise
    return db


class Pool:
    """Writer and readers of one file. Thread-safe; `close` also closes the connections of other threads."""

    def __init__(self, file: Path, synchronous: str, writer: sqlite3.Connection | None = None) -> None:
        self.file = file
        self._synchronous = synchronous
        self._writer = writer or connect(file, synchronous)
        self._write_lock = threading.RLock()
        self._state = threading.Condition()
        self._reading = 0
        self._closed = False
        self._readers: weakref.WeakSet[sqlite3.Connection] = weakref.WeakSet()
        self._local = threading.local()
        self._data_version = 0

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """The writer inside BEGIN IMMEDIATE; commits at the end, rolls back on any exception."""
        with self._write_lock:
            if self._closed:
                raise trouble.closed()
            db = self._writer
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("COMMIT")
            except BaseException:
                # SQLite has already rolled back by itself after some errors.
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """This thread's reader in one consistent snapshot; may be nested."""
        with self._state:
            if self._closed:
                raise trouble.closed()
            self._reading += 1
        try:
            db = self._reader()
            outermost = not db.in_transaction
            if outermost:
                db.execute("BEGIN")
            try:
                yield db
            finally:
                if outermost and db.in_transaction:
                    db.execute("COMMIT")
        finally:
            with self._state:
                self._reading -= 1
                self._state.notify_all()

    def _reader(self) -> sqlite3.Connection:
        db: sqlite3.Connection | None = getattr(self._local, "db", None)
        if db is None:
            db = connect(self.file, self._synchronous)
            db.execute("PRAGMA query_only=ON")
            self._local.db = db
            with self._state:
                self._readers.add(db)
        return db

    def foreign_version(self) -> int:
        """Changes whenever another process (or another store object) has committed; never waits for a writer."""
        if self._write_lock.acquire(blocking=False):
            try:
                if not self._closed and not self._writer.in_transaction:
                    self._data_version = int(self._writer.execute("PRAGMA data_version").fetchone()[0])
            finally:
                self._write_lock.release()
        return self._data_version

    def checkpoint(self) -> None:
        """Move the write-ahead log into the file as far as readers allow."""
        with self._write_lock, suppress(sqlite3.OperationalError):
            self._writer.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def close(self) -> None:
        """Wait for a write and for reads under way (interrupted after PATIENCE_S), checkpoint, close all connections."""
        with self._write_lock:
            with self._state:
                if self._closed:
                    return
                self._closed = True
                if not self._state.wait_for(lambda: self._reading == 0, PATIENCE_S):
                    for reader in list(self._readers):
                        reader.interrupt()
                    self._state.wait_for(lambda: self._reading == 0, PATIENCE_S)
                # A connection that is still in use would crash its thread when closed; it goes with its thread.
                idle = list(self._readers) if self._reading == 0 else []
            for reader in idle:
                reader.close()
            with suppress(sqlite3.Error):
                self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._writer.close()
