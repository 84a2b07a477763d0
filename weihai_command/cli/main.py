"""From the words of the command line to a verb; what a verb does stands in its own file."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from ..domain.faults import Fault, StoreFault
from ..output import refuse
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
    "shot": ("weihai_command.shots", "run"),
    "bench": ("weihai_command.bench", "run"),
    "backup": ("weihai_command.cli.machine", "backup"),
    "restore": ("weihai_command.cli.machine", "restore"),
    "verify": ("weihai_command.cli.machine", "verify"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb; faults become a Chinese sentence and their exit code, bugs a logged traceback and 70."""
    args = build().parse_args(argv)
    args.profile = getattr(args, "profile", None)
    args.json = getattr(args, "json", False)
    for name in ("platform", "user", "scale"):
        setattr(args, name, getattr(args, name, None))
    logging.basicConfig(level=os.environ.get("WEIHAI_LOG", "WARNING"), format="%(asctime)s %(name)s %(message)s")
    try:
        return _verb(args.verb)(args)
    except Fault as fault:
        return refuse(fault, args.json)
    except PermissionError as error:
        return refuse(StoreFault(f"没有权限：{error.filename}", "没有改动", "请检查文件夹的权限，或用 --profile 换一个文件夹"), args.json)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 0
    except Exception:
        logging.getLogger(__name__).exception("bug in %s", args.verb)
        print("程序出错，已记入日志；已保存的操作都在。请把日志交给维护人员。", file=sys.stderr)
        return 70


def _verb(name: str | None) -> Callable[[argparse.Namespace], int]:
    module, function = VERBS[name]
    found: Callable[[argparse.Namespace], int] = getattr(import_module(module), function)
    return found


if __name__ == "__main__":
    sys.exit(main())
