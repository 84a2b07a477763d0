"""Verbs about the machine and its files: doctor, hub, backup, restore, verify."""

from __future__ import annotations

import argparse
import getpass

from ..cities import opened
from ..output import emit, say
from ..store import backup as copies
from ..store.profile import Profile, default_root


def doctor(args: argparse.Namespace) -> int:
    from .. import doctor as checking

    return checking.run(args.json, args.profile)


def hub(args: argparse.Namespace) -> int:
    from .. import hub as serving

    return serving.main(args.host, args.port, args.postgres, args.data, args.seed)


def backup(args: argparse.Namespace) -> int:
    with opened(args, ask=False) as desk:
        copies.backup(desk.store, args.file)
    emit({"ok": True, "problems": [], "file": str(args.file)}, args.json, f"已备份到 {args.file}")
    return 0


def restore(args: argparse.Namespace) -> int:
    copies.restore(_profile(args), args.file, _person())
    emit({"ok": True, "problems": [], "file": str(args.file)}, args.json, f"已从 {args.file} 恢复；原文件留在备份文件夹")
    return 0


def verify(args: argparse.Namespace) -> int:
    with opened(args, ask=False) as desk:
        problems = copies.verify(desk.store)
    emit({"ok": not problems, "problems": problems}, args.json, "\n".join(problems) or "存储与审计链完整")
    return 4 if problems else 0


def _person() -> str:
    """Who sits at this machine, for the audit: a store is brought back without signing in."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


def _profile(args: argparse.Namespace) -> Profile:
    """The profile of the named or last city, without opening its store: it may be what is broken."""
    from ..operations import memory
    from ..operations.opening import profile_of

    root = args.profile or default_root()
    last = memory.recall(root, say).get("last", {})
    return profile_of(root, args.platform or (None if args.scale else last.get("platform")), args.scale or last.get("scale") or "small")
