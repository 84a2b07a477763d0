"""What has to happen before and right after QApplication exists, in the order that Qt wants."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

#: Seconds for which a thread that computes may keep the interpreter while the window's thread waits for it (Python's own: 0.005).
TURN_S = 0.001
COLLECT_MS = 500


def runs_as_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def prepare_environment(*, offscreen: bool) -> None:
    """Root cannot use the browser's sandbox (the page loads only our own content); without a display Qt draws offscreen."""
    if runs_as_root():
        os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")
    has_display = sys.platform != "linux" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if offscreen or not has_display:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    # Nothing of Chromium may look for the network: the page is ours alone.
    flags = os.environ.get("QTWEBENGINE_CHROMIUM_FLAGS", "")
    quiet = "--disable-background-networking --disable-component-update --disable-sync --no-first-run --no-proxy-server"
    os.environ["QTWEBENGINE_CHROMIUM_FLAGS"] = f"{flags} {quiet}".strip()


def make_application(theme: str) -> QApplication:
    """The application object with the map's scheme registered, our theme, and Ctrl-C and SIGTERM that end it in order."""
    from layers import scheme

    sys.setswitchinterval(TURN_S)
    scheme.register()
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    app.setApplicationName("weihai-command")
    app.setApplicationDisplayName("威海城市运行指挥平台")
    from widgets import theme as dress

    dress.apply(app, theme)
    # Python sees a signal when it next runs: the desk's clock ticks every second. Before the loop begins leaving it means nothing, and
    # `quit` would ask windows first: hence in a turn of the loop, and by `exit`.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: QTimer.singleShot(0, app, app.exit))
    _collect_here(app)
    return app


def _collect_here(app: QApplication) -> None:
    """What nobody holds any more is collected on the window's thread alone, between two of its turns."""
    from PySide6.QtCore import QTimer

    from .operations import undisturbed

    undisturbed.take_over()
    timer = QTimer(app, interval=COLLECT_MS)
    timer.timeout.connect(undisturbed.collect)
    timer.start()
