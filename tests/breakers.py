"""A line between a desk and its platform that breaks on purpose; it lives with the campaign, which needs it outside the tests too."""

from weihai_command.chaos.line import Line, broken_line

__all__ = ["Line", "broken_line"]
