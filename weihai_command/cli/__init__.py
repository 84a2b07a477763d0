"""The command line of commands.md: one contract for scripts, tests and administrators."""

from .main import main

__all__ = ["main"]
