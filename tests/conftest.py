"""What every test stands on: a quiet Qt, a city folder of its own, and guards against what a test leaves behind.

An unexpected Python warning (pyproject's filterwarnings), a Qt message that is not on the list, a thread or a child
process that outlives its test: each fails that test.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# Messages of the platform and of Chromium that say nothing about our code.
HARMLESS_QT = re.compile(
    r"This plugin does not support (propagateSizeHints|raise\(\)|grabbing the keyboard|createPlatformOpenGLContext|setting window)"
    r"|QStandardPaths: (XDG_RUNTIME_DIR not set|runtime directory|wrong permissions)"
    r"|Could not initialize GLX|OpenGL context creation failed"
    r"|[Ff]ailed to (create|initialize) .*([Vv]ulkan|EGL|GL|GBM)|createPlatformVulkanInstance|GBM is not supported|GPUInfo not initialized"
    r"|QRhiGles2|QRhi\w* is not supported|Using (null|software) rendering|Unable to detect GPU vendor|GPU vendor|GLImplementation"
    r"|libGL error|MESA|dbus|D-Bus|DBus|QDBus"
    r"|PulseAudioService|pa_context|No QtMultimedia backends|QtMultimedia is using|Using Qt multimedia with FFmpeg|[Aa]udio (device|output)|Couldn't (load|resolve) (pipewire|va)\b"
    r"|Sandboxing disabled by user|Running without the SUID sandbox|QtWebEngineProcess .* sandbox"
    r"|Qt WebEngine (resources|locales) not found|Installed Qt WebEngine locales"
    r"|Release of profile requested but WebEnginePage still not deleted"  # the page goes with its own event loop
    r"|Path override failed for key base::DIR_APP_DICTIONARIES"
)
# Threads that belong to the interpreter, to pytest or to Qt; Dummy-N is how Python sees a thread that Qt made.
KNOWN_THREADS = re.compile(r"^(MainThread|Dummy-\d+|pytest[_-]timeout.*|asyncio_\d+|pydevd.*)$")
# The browser's own processes live as long as the application object, which the whole session shares.
KNOWN_CHILDREN = re.compile(r"^(QtWebEngineProc.*|chrome.*|zygote.*)$")
PATIENCE = 5.0  # seconds a thread or process gets to end by itself

_home = Path(tempfile.mkdtemp(prefix="weihai-tests-"))
_qt_messages: list[str] = []
_qt_handler: list[object] = []


def pytest_configure(config: pytest.Config) -> None:
    """No window, no keyring and no data folder of the person who runs the tests."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    if getattr(os, "geteuid", lambda: 1)() == 0:
        os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        os.environ[name] = str(_home / name.lower())
    runtime = _home / "runtime"
    runtime.mkdir(mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    _calm_hypothesis()


def _calm_hypothesis() -> None:
    """Examples may be slow on a shared machine; a machine's CI sees the same ones every time."""
    try:
        from hypothesis import HealthCheck, settings
    except ImportError:
        return
    settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.register_profile("ci", settings.get_profile("house"), derandomize=True)
    settings.load_profile("ci" if os.environ.get("CI") else "house")


def pytest_unconfigure(config: pytest.Config) -> None:
    if _qt_handler:
        from PySide6.QtCore import qInstallMessageHandler

        qInstallMessageHandler(None)
    shutil.rmtree(_home, ignore_errors=True)


def pytest_collection_finish(session: pytest.Session) -> None:
    _listen_to_qt()


def _listen_to_qt() -> None:
    """Keep what Qt says, once Qt is there at all (it is never loaded for the guard's sake)."""
    if _qt_handler or "PySide6.QtCore" not in sys.modules:
        return
    from PySide6.QtCore import qInstallMessageHandler

    def keep(kind: object, context: object, text: str) -> None:
        _qt_messages.append(f"{getattr(kind, 'name', kind)}: {text}")

    _qt_handler.append(keep)
    qInstallMessageHandler(keep)


def _is_unexpected(message: str) -> bool:
    return not message.startswith(("QtDebugMsg", "QtInfoMsg")) and not HARMLESS_QT.search(message)


@pytest.fixture
def qt_messages() -> list[str]:
    """What Qt has said in this test; a test that provokes a message looks at it and clears it."""
    _listen_to_qt()
    return _qt_messages


def _strange_threads(before: set[threading.Thread]) -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread not in before and not KNOWN_THREADS.match(thread.name)]


def _children() -> dict[int, str]:
    """Living child processes of this one, by /proc; {} where there is none."""
    mine, found = os.getpid(), {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            head, _, tail = entry.read_text(errors="replace").rpartition(")")
        except OSError:
            continue
        state, parent = tail.split()[:2]
        if int(parent) == mine and state != "Z":
            found[int(entry.parent.name)] = head.partition("(")[2]
    return found


def _strange_children(before: dict[int, str]) -> list[str]:
    return [f"{name} ({pid})" for pid, name in _children().items() if pid not in before and not KNOWN_CHILDREN.match(name)]


def _collect() -> None:
    """Parts of a window that a test left to the collector die between two tests on this thread, never on a worker's in the middle of another one."""
    turns = sys.modules.get("weihai_command.operations.undisturbed")
    if turns is not None:
        turns.collect()


def _left_behind(threads: set[threading.Thread], children: dict[int, str]) -> list[str]:
    """What is still there after some patience."""
    until = time.monotonic() + PATIENCE
    while True:
        left = [f"thread {name}" for name in _strange_threads(threads)] + [f"process {name}" for name in _strange_children(children)]
        if not left or time.monotonic() > until:
            return left
        time.sleep(0.02)


@pytest.fixture(autouse=True)
def nothing_is_left_behind() -> Iterator[None]:
    """Fails a test that leaves a thread, a process or an unexpected Qt message."""
    _listen_to_qt()
    _qt_messages.clear()
    threads, children = set(threading.enumerate()), _children()
    yield
    _collect()
    unexpected = [message for message in _qt_messages if _is_unexpected(message)]
    _qt_messages.clear()
    left = _left_behind(threads, children)
    assert not unexpected, "Qt said: " + "; ".join(unexpected[:5])
    assert not left, "left behind: " + ", ".join(left)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real messages and recordings beside the checkout; absent: skip visibly, in CI fail."""
    folder = ROOT.parent / "shared" / "data"
    if folder.is_dir():
        return folder
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(f"{folder} must be there in CI")
    pytest.skip(f"{folder} is not there")


@pytest.fixture(scope="session")
def qapp() -> Iterator[object]:
    """The one application object; `weihai://` is registered before it exists, as Qt demands."""
    _register_scheme()
    from PySide6.QtCore import QCoreApplication, QEvent, Qt
    from PySide6.QtWidgets import QApplication

    from weihai_command.operations import undisturbed

    _listen_to_qt()
    undisturbed.take_over()
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    app = QApplication.instance() or QApplication(["weihai-command"])
    yield app
    undisturbed.give_back()
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        app.processEvents()


def _register_scheme() -> None:
    import importlib.util

    if importlib.util.find_spec("layers.scheme"):
        importlib.import_module("layers.scheme").register()
