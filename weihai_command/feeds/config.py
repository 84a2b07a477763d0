"""feeds.toml: which neighbours are read, how often, and how their fields become ours. Credentials are in the keyring, never in the file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from weihai_command.domain.kinds import KINDS

from . import trouble
from .feed import Feed, FeedConfig

GROUP = "weihai_command.feeds"
SERVICE = "weihai-command"
#: Used where no entry points are to be found: a checkout, a frozen program.
BUILT_IN = {
    "geojson": "weihai_command.feeds.geojson:GeoJsonFeed", "kinto": "weihai_command.feeds.kinto:KintoFeed", "cap": "weihai_command.feeds.cap:CapFeed",
    "qweather": "weihai_command.feeds.qweather:QWeatherFeed", "sensorthings": "weihai_command.feeds.sensorthings:SensorThingsFeed",
}
_SECONDS = {"s": 1, "sec": 1, "min": 60, "m": 60, "h": 3600, "d": 86400, "秒": 1, "分": 60, "分钟": 60, "小时": 3600}
_KNOWN = frozenset({"name", "adapter", "source", "kind", "every", "fields", "values", "user", "topics"})


def load(path: Path) -> list[FeedConfig]:
    """The feeds of the file, none where there is no file. Raises StoreFault that names the line or the field."""
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise trouble.bad_config(str(path), f"读不出来（{error}）") from None
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise trouble.bad_config(str(path), _place(str(error))) from None
    tables = document.get("feed", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise trouble.bad_config(str(path), "数据源要写成 [[feed]]")
    try:
        return _distinct([_config(table, path.parent) for table in tables])
    except _Wrong as wrong:
        raise trouble.bad_config(str(path), wrong.told(text)) from None


class _Wrong(Exception):
    def __init__(self, feed: str, field: str, reason: str) -> None:
        super().__init__(reason)
        self.feed, self.field, self.reason = feed, field, reason

    def told(self, text: str) -> str:
        """The sentence, with the line where the feed's name or the field first stands."""
        name = re.search(rf'^\s*name\s*=\s*["\']{re.escape(self.feed)}["\']', text, re.M)
        after = name.start() if name else 0
        field = re.compile(rf"^\s*{re.escape(self.field.split('.')[-1])}\s*=", re.M).search(text, after)
        found = field or name
        line = f"第 {text.count(chr(10), 0, found.end()) + 1} 行，" if found else ""
        return f"{line}数据源“{self.feed}”的 {self.field} {self.reason}"


def _place(message: str) -> str:
    spot = re.search(r"at line (\d+), column (\d+)", message)
    return f"第 {spot[1]} 行第 {spot[2]} 列写法有误" if spot else f"文件没有写完整（{message}）"


def _config(table: Mapping[str, Any], folder: Path) -> FeedConfig:
    name = table.get("name")
    if not isinstance(name, str) or not name:
        raise _Wrong("（未命名）", "name", "没有写")
    for field in ("adapter", "source", "kind"):
        if not isinstance(table.get(field), str) or not table[field]:
            raise _Wrong(name, field, "没有写")
    if unknown := sorted(set(table) - _KNOWN):
        raise _Wrong(name, unknown[0], "不是已知的设置项")
    if table["kind"] not in KINDS:
        raise _Wrong(name, "kind", f"“{table['kind']}”不是已知的记录种类")
    fields = _table(name, "fields", table.get("fields", {}), str)
    values = _table(name, "values", table.get("values", {}), dict)
    every = _period(name, table.get("every", "300 s"))
    topics = _table(name, "topics", table.get("topics", {}), str)
    return FeedConfig(name, table["adapter"], table["source"], table["kind"], every, fields, values, str(table.get("user", "")), folder, topics)


def _table(name: str, field: str, value: Any, shape: type) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _Wrong(name, field, "应为一张表")
    for key, entry in value.items():
        if not isinstance(entry, shape):
            raise _Wrong(name, f"{field}.{key}", "应为文字" if shape is str else "应为一张表")
    return value


def _period(name: str, value: Any) -> float:
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([a-z秒分钟小时]*)\s*", str(value))
    seconds = float(match[1]) * _SECONDS.get(match[2] or "s", 0) if match else 0.0
    if seconds <= 0:
        raise _Wrong(name, "every", f"“{value}”不是时间间隔，例如 \"60 s\"")
    return seconds


def _distinct(configs: list[FeedConfig]) -> list[FeedConfig]:
    names = [config.name for config in configs]
    for name in names:
        if names.count(name) > 1:
            raise _Wrong(name, "name", "重复")
    return configs


def adapter(name: str) -> Callable[..., Feed] | None:
    """The adapter of that name: an installed entry point, else one of our own."""
    for point in entry_points(group=GROUP, name=name):
        return point.load()  # type: ignore[no-any-return]
    if name not in BUILT_IN:
        return None
    module, _, attribute = BUILT_IN[name].partition(":")
    return getattr(import_module(module), attribute)  # type: ignore[no-any-return]


def build(config: FeedConfig, secret: Callable[[str], str | None] | None = None) -> Feed:
    """The feed that a config describes. Raises StoreFault for an unknown adapter, PlatformFault for a source that is not allowed."""
    make = adapter(config.adapter)
    if make is None:
        raise trouble.bad_config(str(config.folder / "feeds.toml"), f"数据源“{config.name}”的 adapter “{config.adapter}”没有安装")
    return make(config, (secret or credential)(config.name))


def credential(feed: str) -> str | None:
    """The feed's password or token from the keyring; None where there is none or no keyring."""
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(SERVICE, f"feed:{feed}")
    except KeyringError:
        return None
