"""Which city a verb works on: the one named, else the one that this profile opened last, else the small sample city."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from .domain.faults import Unauthorised
from .operations import memory, opening
from .operations.desk import Desk
from .output import say
from .store.profile import default_root

KEYRING = "weihai-command"


@contextmanager
def opened(args: argparse.Namespace, *, ask: bool = True) -> Iterator[Desk]:
    """The desk of this call, closed afterwards; `ask` False works from this machine's memory where it can."""
    desk = open_city(args, ask=ask)
    told = len(desk.store.notes)
    for sentence in desk.store.notes:
        say(sentence)
    try:
        yield desk
    finally:
        # What was mended or given up meanwhile.
        for sentence in desk.store.notes[told:]:
            say(sentence)
        desk.close()


def open_city(
    args: argparse.Namespace, *, ask: bool = True, role: str = "officer", progress: opening.Progress = say, prompt: bool = True,
    renew: bool = False,
) -> Desk:
    """The city as named, with the officer signed in (PlatformFault, StoreFault); `prompt` False never asks on the terminal.

    `args.secret` is a password that a window has asked for; the command line has no such option.
    """
    root: Path = args.profile or default_root()
    known = memory.recall(root, say)
    last = known.get("last", {}) if not args.platform and not args.scale else {}
    url = args.platform or last.get("platform")
    if not url:
        scale = args.scale or last.get("scale") or "small"
        desk = opening.open_sample(root, scale, role=role, progress=progress, renew=renew)
        remember(root, {"scale": scale})
        return desk
    user = args.user or last.get("user") or os.environ.get("USER", "")
    secret = getattr(args, "secret", None) or password(url, user, prompt=prompt)
    desk = opening.open_platform(root, url, user, secret, ask=ask)
    remember(root, {"platform": url, "user": user})
    return desk


def remember(root: Path, last: dict[str, str]) -> None:
    """Keep what was opened, for verbs that name no city; a full disk does not stop the verb."""
    try:
        memory.remember(root, {**memory.recall(root), "last": last})
    except OSError:
        say("没能记住这次打开的城市（磁盘写不进去），其余不受影响。")


def password(url: str, user: str, *, prompt: bool = True) -> str:
    """From WEIHAI_PASSWORD, the keyring, or a prompt; never from an argument (Unauthorised when there is none)."""
    given = os.environ.get("WEIHAI_PASSWORD")
    if given is not None:
        return given
    kept = _from_keyring(f"{user}@{urlsplit(url).netloc}")
    if kept is not None:
        return kept
    if prompt and sys.stdin is not None and sys.stdin.isatty():
        return getpass.getpass(f"{user} 的密码：")
    raise Unauthorised(f"没有账号“{user}”的密码", "没有改动", "请登录；脚本里请设环境变量 WEIHAI_PASSWORD")


def _from_keyring(name: str) -> str | None:
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(KEYRING, name)
    except (KeyringError, RuntimeError):
        return None


def open_desk(args: argparse.Namespace, progress: opening.Progress = say) -> Desk:
    """The city for the window: as named on the command line, else the sample city."""
    if not args.platform and not args.scale:
        args.scale = "small"
    return open_city(args, role=getattr(args, "role", "officer"), progress=progress, prompt=False, renew=True)
