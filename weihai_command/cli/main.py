"""From the words of the command line to a verb; what a verb does stands in its own file."""

from __future__ import annotations

import argparse
import logging
import os
import sqlite3
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from ..domain.faults import Fault
from ..output import refuse
from ..store.trouble import fault_of, is_full
from .parser import build

#: verb -> module and function; loaded when asked, because the desk must not pay for the others.
VERBS: dict[str | None, tuple[str, str]] = {
    None: ("weihai_command.app", "run"),
    "doctor": ("weihai_command.cli.machine", "doctor"),
    "hub": ("weihai_command.cli.machine", "hub"),
    "status": ("weihai_command.cli.reading", "status"),
    "query": ("weihai_command.cli.reading", "query"),
    "sync": ("weihai_command.cli.reading", "sync"),
    "feeds": ("weihai_command.cli.reading", "feeds"),
    "do": ("weihai_command.cli.doing", "do"),
    "situation": ("weihai_command.situation", "run"),
    "shot": ("weihai_command.shots", "run"),
    "bench": ("weihai_command.bench", "run"),
    "backup": ("weihai_command.cli.machine", "backup"),
    "restore": ("weihai_command.cli.machine", "restore"),
    "verify": ("weihai_command.cli.machine", "verify"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb; faults become a Chinese sentence and their exit code, bugs a logged traceback and 70."""
    words = sys.argv[1:] if argv is None else list(argv)
    logging.basicConfig(level=os.environ.get("WEIHAI_LOG", "WARNING"), format="%(asctime)s %(name)s %(message)s")
    try:
        return _run(build().parse_args(words))
    except Fault as fault:
        return refuse(fault, "--json" in words)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 0
    except Exception:
        logging.getLogger(__name__).exception("bug in %s", words[:1])
        fault = Fault("程序出错，已记入日志", "已保存的操作都在", "请把日志交给维护人员", code="bug")
        refuse(fault, "--json" in words)
        return 70


def _run(args: argparse.Namespace) -> int:
    args.profile = getattr(args, "profile", None)
    args.json = getattr(args, "json", False)
    for name in ("platform", "user", "scale"):
        setattr(args, name, getattr(args, name, None))
    try:
        return _verb(args.verb)(args)
    except (OSError, sqlite3.Error) as error:
        is_disk = isinstance(error, (PermissionError, sqlite3.Error)) or is_full(error)
        fault = fault_of(error, Path(getattr(error, "filename", None) or args.profile or ".")) if is_disk else None
        if fault is None:
            raise
        raise fault from error


def _verb(name: str | None) -> Callable[[argparse.Namespace], int]:
    module, function = VERBS[name]
    found: Callable[[argparse.Namespace], int] = getattr(import_module(module), function)
    return found


if __name__ == "__main__":
    sys.exit(main())
