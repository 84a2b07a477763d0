"""The words of the command line about the leaders' screen; what they do stands in weihai_command/situation.py."""

from __future__ import annotations

import argparse
from collections.abc import Callable


def declare(situation: argparse.ArgumentParser, shot: argparse.ArgumentParser, city: Callable[[argparse.ArgumentParser], None]) -> None:
    """`situation` with its monitor, and for both verbs what the wall is like."""
    situation.add_argument("--monitor", metavar="NAME", help="显示器的名称（或其一部分）或序号；不写则用当前的")
    situation.add_argument("--role", choices=("leader", "officer", "shift_leader"), default="leader", help="演练城市中的角色")
    city(situation)
    for parser in (situation, shot):
        parser.add_argument("--distance", type=float, metavar="M", help="最远的人离屏幕多少米；与 --pitch 一起决定字号")
        parser.add_argument("--pitch", type=float, metavar="MM", help="像素间距，毫米")
        parser.add_argument("--seam", type=float, nargs="+", metavar="X", help="竖拼缝的位置，像素；不写则按 1920×1080 的拼接单元")
        parser.add_argument("--seam-y", type=float, nargs="+", metavar="Y", help="横拼缝的位置，像素")
        parser.add_argument("--no-seams", action="store_true", help="整块屏，没有拼缝")
