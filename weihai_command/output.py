"""What goes to standard output and what to people: with --json one object, and every word on standard error."""

from __future__ import annotations

import sys
from typing import Any

import orjson

from .domain.faults import Fault


def emit(result: dict[str, Any], as_json: bool, words: str) -> None:
    """Print `result` as one JSON object, or `words` for a person."""
    if as_json:
        sys.stdout.write(orjson.dumps(result, default=_plain).decode() + "\n")
    elif words:
        print(words)


def refuse(fault: Fault, as_json: bool) -> int:
    """Say what happened, what was kept, what to do; give the exit code."""
    print(fault.sentence(), file=sys.stderr)
    if as_json:
        emit({"error": fault.sentence(), "code": fault.code, "happened": fault.happened, "kept": fault.kept, "todo": fault.todo}, True, "")
    return fault.exit_code


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def _plain(value: Any) -> Any:
    if isinstance(value, (set, frozenset, tuple)):
        return list(value)
    return str(value)
