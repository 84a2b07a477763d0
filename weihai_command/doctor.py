"""What this machine lacks for the desk, and how to mend it.

Looks, and changes nothing. Whatever could abort (Qt, the sound and the graphics driver) is asked in a child process,
so that a broken Qt becomes a line of the report and not a crash of it. Never needs a display.
"""

from __future__ import annotations

import json as jsonlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib import metadata, util
from pathlib import Path
from typing import Any

import platformdirs

APP = "weihai-command"
SETUP = "运行 sudo python3 build_installer.py setup"
LEAST_FREE = 2 << 30  # bytes: a full city, its mirror's rebuild and the ballast file
QT_FILES = (
    "lib/libQt6WebEngineCore.so.6",
    "lib/libQt6Widgets.so.6",
    "lib/libQt6Multimedia.so.6",
    "lib/libQt6Svg.so.6",
    "plugins/platforms/libqxcb.so",
    "plugins/platforms/libqoffscreen.so",
    "plugins/platforms/libqwayland.so",
    "plugins/platforms/libqwayland-generic.so",
    "libexec/QtWebEngineProcess",
)

PROBE_QT = """
import json
from PySide6.QtCore import QCoreApplication
from PySide6 import QtWidgets, QtSvg, QtWebEngineCore
found = {"outputs": None}
app = QCoreApplication([])
try:
    from PySide6.QtMultimedia import QMediaDevices
    found["outputs"] = [device.description() for device in QMediaDevices.audioOutputs()]
except Exception as error:
    found["audio_error"] = str(error)
print(json.dumps(found), flush=True)
import os
os._exit(0)
"""
PROBE_GL = """
import json, os
from PySide6.QtGui import QGuiApplication, QOffscreenSurface, QOpenGLContext
app = QGuiApplication([])
context, surface = QOpenGLContext(), QOffscreenSurface()
surface.create()
name = ""
if context.create() and context.makeCurrent(surface):
    name = str(context.functions().glGetString(0x1F01))
print(json.dumps({"renderer": name}), flush=True)
os._exit(0)
"""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the report: `mend` says what to do, or is empty."""

    name: str
    ok: bool
    detail: str
    mend: str = ""


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text)[:3])


def _ask_child(code: str) -> dict[str, Any] | str:
    """What a probe printed, or a sentence about how it died."""
    env = dict(os.environ)
    if sys.platform.startswith("linux") and not (env.get("DISPLAY") or env.get("WAYLAND_DISPLAY")):
        env["QT_QPA_PLATFORM"] = "offscreen"
    try:
        done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, timeout=40, errors="replace")
        answer: dict[str, Any] = jsonlib.loads(done.stdout.strip().splitlines()[-1])
    except subprocess.TimeoutExpired:
        return "探测超过 40 秒没有回答"
    except (OSError, ValueError, IndexError):
        lines = done.stderr.strip().splitlines() if "done" in locals() else []
        return lines[-1][:300] if lines else "探测进程异常退出"
    return answer


def python() -> Check:
    ok = sys.version_info >= (3, 11)
    return Check("Python", ok, platform.python_version(), "" if ok else "请安装 Python 3.11 或更新的版本")


def qt_version() -> Check:
    try:
        version = metadata.version("PySide6")
    except metadata.PackageNotFoundError:
        return Check("PySide6", False, "没有安装", SETUP)
    if _version(version) >= (6, 12):
        return Check("PySide6", False, f"{version}：6.12 会在数千次调用后异常退出", "请安装 6.12 以前的版本：" + SETUP)
    ok = _version(version) >= (6, 8)
    return Check("PySide6", ok, version, "" if ok else SETUP)


def qt_loads(answer: dict[str, Any] | str) -> Check:
    if isinstance(answer, str):
        return Check("Qt 载入", False, answer, SETUP)
    return Check("Qt 载入", True, "界面与浏览器组件都能载入")


def libraries() -> Check:
    """Every library that the installed Qt names must be found by the loader."""
    name = "系统库"
    spec = util.find_spec("PySide6")
    if spec is None or not spec.submodule_search_locations:
        return Check(name, False, "PySide6 不在，无从检查", SETUP)
    if not sys.platform.startswith("linux"):
        return Check(name, True, "本系统不需要另装")
    folder = Path(next(iter(spec.submodule_search_locations))) / "Qt"
    files = [str(folder / one) for one in QT_FILES if (folder / one).exists()]
    ldd = shutil.which("ldd")
    if ldd is None or not files:
        return Check(name, True, "没有 ldd，未检查")
    text = subprocess.run([ldd, *files], capture_output=True, text=True, errors="replace").stdout
    lost = sorted(set(re.findall(r"(\S+) => not found", text)))
    return Check(name, not lost, "缺少 " + "、".join(lost) if lost else f"{len(files)} 个 Qt 组件所需的库都在", SETUP if lost else "")


def font() -> Check:
    name = "中文字体"
    if not sys.platform.startswith("linux"):
        return Check(name, True, "系统自带")
    lister = shutil.which("fc-list")
    if lister:
        text = subprocess.run([lister, ":lang=zh-cn", "family"], capture_output=True, text=True, errors="replace").stdout
        families = sorted({line.split(",")[0].strip() for line in text.splitlines() if line.strip()})
    else:
        known = re.compile(r"cjk|wqy|sourcehans|uming|ukai|noto.*sc", re.IGNORECASE)
        folders = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts"]
        families = sorted({path.name for folder in folders for path in folder.rglob("*.[to]t[fc]") if known.search(path.name)})
    mend = "" if families else f"{SETUP}，或 apt-get install fonts-noto-cjk"
    return Check(name, bool(families), "、".join(families[:3]) or "没有找到，界面会显示方框", mend)


def sandbox() -> Check:
    """Chromium refuses to sandbox root; the page holds only our own local content, yet it is said."""
    name = "浏览器沙箱"
    if getattr(os, "geteuid", lambda: 1)() == 0:
        return Check(name, False, "以 root 运行，沙箱关闭（页面只载入本机自带内容）", "请用普通用户运行值班台")
    if os.environ.get("QTWEBENGINE_DISABLE_SANDBOX") == "1":
        return Check(name, False, "环境变量 QTWEBENGINE_DISABLE_SANDBOX 关闭了沙箱", "去掉这个环境变量")
    return Check(name, True, "开启")


def audio(answer: dict[str, Any] | str) -> Check:
    name = "声音"
    if isinstance(answer, str):
        return Check(name, False, "Qt 不能载入，未能检查", "先修好“Qt 载入”")
    outputs = answer.get("outputs")
    if outputs:
        return Check(name, True, "、".join(outputs[:3]))
    if broken := answer.get("audio_error"):
        return Check(name, False, broken, SETUP)
    return Check(name, False, "没有声音输出设备，红色告警将只有画面", "接上音箱或耳机，并确认系统声音服务在运行")


def keyring() -> Check:
    """No keyring is a way of working, not a fault: passwords are then asked and never written."""
    name = "密码保管"
    try:
        import keyring as library

        backend = library.get_keyring()
        kind = f"{type(backend).__module__}.{type(backend).__name__}"
        usable = float(backend.priority) >= 1
    except Exception as error:  # noqa: BLE001 - a foreign backend may raise anything, and that is the finding
        return Check(name, True, f"钥匙串不可用（{type(error).__name__}），每次登录询问密码，不落盘")
    if not usable or ".fail." in kind or ".null." in kind:
        return Check(name, True, "没有系统钥匙串，每次登录询问密码，不落盘")
    return Check(name, True, kind)


def _nearest(folder: Path) -> Path:
    """The folder itself or the closest one above it that exists."""
    return next((one for one in (folder, *folder.parents) if one.is_dir()), Path(folder.anchor or "."))


def disk(folder: Path) -> Check:
    try:
        free = shutil.disk_usage(_nearest(folder)).free
    except OSError as error:
        return Check("磁盘空间", False, f"{folder}：{error.strerror}", "检查这块磁盘是否挂载")
    ok = free >= LEAST_FREE
    return Check("磁盘空间", ok, f"{folder} 可用 {free / 2**30:.1f} GB", "" if ok else "请腾出至少 2 GB，或用 --profile 换一个目录")


def writable(folder: Path) -> Check:
    try:
        with tempfile.NamedTemporaryFile(dir=_nearest(folder), prefix=".weihai-"):
            pass
    except OSError as error:
        return Check("数据目录", False, f"{folder} 不能写入：{error.strerror}", "修正目录权限，或用 --profile 换一个目录")
    return Check("数据目录", True, f"{folder} 可写入")


def tables(folder: Path) -> Check:
    """The user's own files in the data folder: what is wrong in one is said, and the program's own is used."""
    name = "自备数据文件"
    if not any(folder.glob("*.toml")):
        return Check(name, True, "没有，全部用程序自带的")
    from .operations import user_files

    names, wrong = user_files.check(folder)
    return Check(name, not wrong, "；".join(wrong) or "、".join(names) or "没有，全部用程序自带的", "改好后重新打开；或移走该文件，用程序自带的" if wrong else "")


def graphics(answer: dict[str, Any] | str) -> Check:
    """Software drawing is enough (the map needs no WebGL); a driver that kills the process is not."""
    if isinstance(answer, str):
        return Check("图形", False, answer, "检查显卡驱动；也可设 QT_OPENGL=software")
    renderer = str(answer.get("renderer") or "")
    soft = not renderer or re.search(r"llvmpipe|softpipe|swrast|swiftshader", renderer, re.IGNORECASE)
    return Check("图形", True, f"软件渲染（{renderer or '没有 OpenGL'}），可以使用" if soft else renderer)


def glibc() -> Check:
    name, version = platform.libc_ver()
    if not sys.platform.startswith("linux") or name != "glibc":
        return Check("glibc", True, "不适用" if not name else f"{name} {version}")
    if _version(version) < (2, 28):
        return Check("glibc", False, f"{version}：Qt 6.8 需要 2.28", "请升级操作系统")
    note = "" if _version(version) >= (2, 34) else "，较旧：使用 PySide6 6.8"
    return Check("glibc", True, version + note)


def checks(profile: Path | None = None) -> list[Check]:
    """All findings, in the order in which they are worth mending; `profile` is the data folder in use."""
    folder = profile or platformdirs.user_data_path(APP)
    qt, gl = _ask_child(PROBE_QT), _ask_child(PROBE_GL)
    asked: list[Callable[[], Check]] = [
        python,
        glibc,
        qt_version,
        libraries,
        lambda: qt_loads(qt),
        font,
        sandbox,
        lambda: graphics(gl),
        lambda: audio(qt),
        keyring,
        lambda: disk(folder),
        lambda: writable(folder),
        lambda: tables(folder),
    ]
    return [one() for one in asked]


def run(json: bool, profile: Path | None = None) -> int:
    """Print the report (one JSON object, or lines for people) and give 0: finding something is not failing."""
    found = checks(profile)
    ok = all(check.ok for check in found)
    if json:
        print(jsonlib.dumps({"ok": ok, "checks": [asdict(check) for check in found]}, ensure_ascii=False))
        return 0
    for check in found:
        print(f"{'✓' if check.ok else '✗'} {check.name}：{check.detail}")
        if check.mend:
            print(f"    → {check.mend}")
    print("一切就绪。" if ok else "有需要处理的项目，见上面的箭头。")
    return 0
