"""What a wall is like: its settings by the command line or as this machine remembers them, and its place among the monitors."""

from __future__ import annotations

import argparse
from typing import Any

from .domain.faults import Usage


def settings_of(args: argparse.Namespace) -> Any:
    """What the wall is like, by the words of the command line (Usage: a distance without its pitch, figures that are none)."""
    from widgets.situation.plan import body_of
    from widgets.situation.screen import Settings

    distance, pitch = getattr(args, "distance", None), getattr(args, "pitch", None)
    if (distance is None) != (pitch is None):
        raise Usage("--distance 和 --pitch 要一起写：观看距离（米）和像素间距（毫米）")
    if distance is not None and (distance <= 0 or pitch <= 0):
        raise Usage("--distance 和 --pitch 要大于 0")
    across, down = getattr(args, "seam", None), getattr(args, "seam_y", None)
    seams = ((), ()) if getattr(args, "no_seams", False) else (tuple(across) if across else None, tuple(down) if down else None)
    # Who names seams one way has none the other way unless they are named too.
    if any(seams):
        seams = (seams[0] or (), seams[1] or ())
    return Settings(*seams, None if distance is None else body_of(distance, pitch))


def kept_settings(kept: object) -> tuple[Any, str | None]:
    """(Settings, monitor) as this machine remembers them; the usual ones where nothing fit for it was kept."""
    from widgets.situation.screen import Settings

    known = kept if isinstance(kept, dict) else {}

    def figures(name: str) -> tuple[float, ...] | None:
        value = known.get(name)
        return tuple(float(each) for each in value) if isinstance(value, list) and all(isinstance(each, (int, float)) for each in value) else None

    body, monitor = known.get("body"), known.get("monitor")
    made = Settings(figures("seams_x"), figures("seams_y"), float(body) if isinstance(body, (int, float)) and body > 0 else None)
    return made, monitor if isinstance(monitor, str) else None


def remember(args: argparse.Namespace) -> None:
    """What the line says of the wall holds for the desk's own key (Ctrl+2) as well, until another line says otherwise."""
    from .store.profile import default_root, read_settings, write_settings

    made, root = settings_of(args), args.profile or default_root()
    wanted = {"monitor": args.monitor, "seams_x": made.seams_x, "seams_y": made.seams_y, "body": made.body}
    if all(value is None for value in wanted.values()):
        return
    try:
        write_settings(root, {**read_settings(root), "situation": {name: list(value) if isinstance(value, tuple) else value for name, value in wanted.items()}})
    except OSError:
        # A full disk must not keep the screen away.
        return


def place(window: Any, monitor: str | None) -> None:
    """Full screen on a monitor by name (a part of it is enough) or number from 1 (Usage with the names that there are)."""
    from PySide6.QtGui import QGuiApplication

    screens = QGuiApplication.screens()
    found = window.screen() or screens[0]
    if monitor:
        named = [screen for screen in screens if monitor.lower() in screen.name().lower()]
        numbered = [screens[int(monitor) - 1]] if monitor.isdigit() and 0 < int(monitor) <= len(screens) else []
        if not (named or numbered):
            names = "、".join(f"{place} {screen.name()} {screen.size().width()}×{screen.size().height()}" for place, screen in enumerate(screens, 1))
            raise Usage(f"没有这个显示器：{monitor}", "没有改动", f"可用：{names}")
        found = (named or numbered)[0]
    window.setScreen(found)
    window.setGeometry(found.geometry())
    window.showFullScreen()
