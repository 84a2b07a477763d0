"""`bench NAME`: the measurements by name; what each measures stands in its own file."""

from __future__ import annotations

import argparse
from importlib import import_module

#: name → module with `run(args)`; loaded when asked.
BENCHES = {name: f"weihai_command.bench_{name}" for name in ("start", "map", "desk", "chaos", "watch")}


def run(args: argparse.Namespace) -> int:
    """Run the measurement that was asked for."""
    return int(import_module(BENCHES[args.name]).run(args))
