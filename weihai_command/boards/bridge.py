"""The one crossing between the Runner's threads and the window's thread. Nothing else here touches a worker thread."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from weihai_command.domain.faults import Fault
from weihai_command.domain.words import ROLES

log = logging.getLogger(__name__)
#: Changes that arrive together are told once; short enough for an echo below 0.1 s.
GATHER_MS = 30


class Runs(Protocol):
    """What a Runner offers: `query` on a pool, `change` on the one writer thread, `announce` to the `listeners` which kinds changed."""

    listeners: list[Callable[[Any], None]]

    def query(self, key: str, fn: Callable[[], Any], done: Callable[[Any], None], failed: Callable[[Exception], None]) -> Any: ...

    def change(self, fn: Callable[[], Any], done: Callable[[Any], None], failed: Callable[[Exception], None]) -> Any: ...

    def announce(self, kinds: Iterable[str]) -> None: ...


class Bridge(QObject):
    """Runs queries and changes of `desk` and brings their ends into the window's thread.

    `changed(frozenset of kinds)` after changes and sync; `failed(Fault)` for what nobody else takes: a query that went wrong.
    """

    changed = Signal(object)
    failed = Signal(object)
    _arrived = Signal(object)

    def __init__(self, desk: Any, runner: Runs, queries: Any, acts: Any, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.desk, self.queries, self.acts = desk, queries, acts
        self._runner = runner
        self._open = True
        self._kinds: set[str] = set()
        self._gather = QTimer(self, singleShot=True, interval=GATHER_MS)
        self._gather.timeout.connect(self._tell)
        self._arrived.connect(self._call, Qt.ConnectionType.QueuedConnection)
        runner.listeners.append(self._on_changes)

    def ask(self, key: str, fn: Callable[[], Any], done: Callable[[Any], None]) -> None:
        """Run `fn` on the reader pool; an answer to an older question of the same `key` never arrives."""
        self._runner.query(key, fn, lambda value: self._post(lambda: done(value)), lambda error: self._post(lambda: self.fail(error)))

    def act(
        self, fn: Callable[[], Any], done: Callable[[Any], None], refused: Callable[[Fault], None], kinds: frozenset[str]
    ) -> None:
        """Run `fn` on the writer thread, then announce `kinds`; a Fault, and a bug as a sentence, goes to `refused`."""

        def settled(value: Any) -> None:
            self._runner.announce(kinds)
            self._post(lambda: done(value))

        self._runner.change(fn, settled, lambda error: self._post(lambda: refused(as_fault(error))))

    def consult(
        self, key: str, fn: Callable[[], Any], done: Callable[[Any], None], refused: Callable[[Fault], None], kinds: frozenset[str]
    ) -> None:
        """As `act`, for what waits for the network: on the reader pool, so that no officer's act stands behind it."""

        def settled(value: Any) -> None:
            self._runner.announce(kinds)
            self._post(lambda: done(value))

        self._runner.query(key, fn, settled, lambda error: self._post(lambda: refused(as_fault(error))))

    def names(self) -> dict[str, str]:
        """People's names by account, as far as this desk knows them."""
        officer = self.desk.officer
        own = {str(officer.user): str(officer.name)} if officer else {}
        return {"system": "系统", "feed": ROLES["feed"]} | own

    def fail(self, error: Exception) -> None:
        self.failed.emit(as_fault(error))

    def close(self) -> None:
        """Late answers and changes find nobody at home from here on."""
        self._open = False
        if self._on_changes in self._runner.listeners:
            self._runner.listeners.remove(self._on_changes)

    def _post(self, call: Callable[[], None]) -> None:
        if self._open:
            self._arrived.emit(call)

    def _call(self, call: Callable[[], None]) -> None:
        if self._open:
            call()

    def _on_changes(self, changes: Any) -> None:
        kinds = frozenset(changes.kinds)
        self._post(lambda: self._note(kinds))

    def _note(self, kinds: frozenset[str]) -> None:
        self._kinds |= kinds
        if not self._gather.isActive():
            self._gather.start()

    def _tell(self) -> None:
        kinds, self._kinds = frozenset(self._kinds), set()
        self.changed.emit(kinds)


def as_fault(error: Exception) -> Fault:
    """`error` itself where a person can act on it; else it is a bug: logged whole, shown in short."""
    if isinstance(error, Fault):
        return error
    log.error("unexpected failure", exc_info=error)
    return Fault("程序出了没有料到的差错", "已保存的数据没有丢", "请再试一次；再出现请把日志交给管理员", code="bug")
