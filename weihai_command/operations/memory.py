"""What the program remembers of a data folder between two starts (last city, platforms met), and how that survives a broken file."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson

from ..domain.faults import StoreFault
from ..store.profile import write_settings

log = logging.getLogger(__name__)
Tell = Callable[[str], None]


def recall(root: Path, tell: Tell | None = None) -> dict[str, Any]:
    """The remembered settings; a broken file is put aside and its last good copy taken, and `tell` says so (StoreFault: not readable)."""
    file = root / "settings.json"
    try:
        return _parsed(file.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except ValueError:
        return _mended(file, tell or log.warning)
    except OSError as error:
        raise StoreFault(
            f"配置文件 {file} 读不出来（{error.strerror}）", "没有改动，各城市的数据都在", "请检查文件权限，或用 --profile 换一个文件夹",
        ) from error


def remember(root: Path, found: dict[str, Any]) -> None:
    """Replace the remembered settings, keeping the ones before (OSError)."""
    if found == recall(root):
        return
    file = root / "settings.json"
    if file.exists():
        _copy(root).write_bytes(file.read_bytes())
    write_settings(root, found)


def _mended(file: Path, tell: Tell) -> dict[str, Any]:
    try:
        found = _parsed(_copy(file.parent).read_bytes())
    except (OSError, ValueError):
        found = {}
    aside = _aside(file)
    aside.write_bytes(file.read_bytes())
    write_settings(file.parent, found)
    kept = "已换回上一份" if found else "已重新开始，请重新指定平台和账号"
    tell(f"配置文件 {file.name} 读不懂，{kept}；坏的那份另存为 {aside.name}，各城市的数据和待发的操作都没有动。")
    return found


def _parsed(text: bytes) -> dict[str, Any]:
    found = orjson.loads(text)
    if not isinstance(found, dict) or not all(isinstance(found.get(name, {}), dict) for name in ("last", "platforms")):
        raise ValueError("not our settings")
    return found


def _copy(root: Path) -> Path:
    return root / "settings.json.before"


def _aside(file: Path) -> Path:
    n = 1
    while (target := file.with_name(f"{file.name}.aside-{n}")).exists():
        n += 1
    return target
