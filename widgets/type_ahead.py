"""A wish that has to wait for the desk, and the keys that were typed after it: done and handed on in order, never to the wrong pane."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

#: After this long nobody expects the answer to a key any more.
WAIT_MS = 15_000
_KEYS = frozenset({QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.ShortcutOverride})
_COMMAND = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class TypeAhead(QObject):
    """Keeps one wish, the newest. Esc, a click, another command (F2, Ctrl+O …) and WAIT_MS forget it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._wish: Callable[[], None] | None = None
        self._typed: list[tuple[int, Qt.KeyboardModifier, str]] = []
        self._patience = QTimer(self, singleShot=True, interval=WAIT_MS)
        self._patience.timeout.connect(self.forget)

    @property
    def is_waiting(self) -> bool:
        return self._wish is not None

    def hold(self, wish: Callable[[], None]) -> None:
        """`wish` waits from now on, and what is typed waits with it."""
        app = QCoreApplication.instance()
        if self._wish is None and app is not None:
            app.installEventFilter(self)
        self._wish, self._typed = wish, []
        self._patience.start()

    def forget(self) -> None:
        app = QCoreApplication.instance()
        if self._wish is not None and app is not None:
            app.removeEventFilter(self)
        self._wish, self._typed = None, []
        self._patience.stop()

    def settle(self) -> None:
        """The desk is ready: do the wish, then give the keys to whoever has the keyboard now."""
        wish, typed = self._wish, self._typed
        self.forget()
        if wish is None:
            return
        wish()
        for key, modifiers, text in typed:
            target = self._window.focusWidget() or self._window
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                QCoreApplication.sendEvent(target, QKeyEvent(kind, key, modifiers, text))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonPress:
            self.forget()
            return False
        if event.type() not in _KEYS or not isinstance(event, QKeyEvent) or Qt.Key.Key_Shift <= event.key() <= Qt.Key.Key_ScrollLock:
            return False
        if event.modifiers() & _COMMAND or Qt.Key.Key_F1 <= event.key() <= Qt.Key.Key_F35:
            if event.type() != QEvent.Type.KeyRelease:
                self.forget()
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            # Accepted, it comes as a key and no shortcut takes it.
            event.accept()
        elif event.type() == QEvent.Type.KeyPress:
            self._keep(event)
        return True

    def _keep(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.forget()
        elif not event.isAutoRepeat():
            self._typed.append((event.key(), event.modifiers(), event.text()))

