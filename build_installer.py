#!/usr/bin/env python3
"""Set up, start and test the city's duty desk with nothing but Python's standard library.

    python3 build_installer.py run [-- ARGS]          install what is missing, then open the desk (or `-- hub …`)
    python3 build_installer.py setup [--with hub]     install what is missing, start nothing
    python3 build_installer.py test [-- PYTEST ARGS]  the same with the test tools, then the whole suite

Nothing of the program itself lives here. Exit codes: 2 when a person has to do something first, otherwise the
code of what was started.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
LOCK = HERE / "requirements.lock"
PYPROJECT = HERE / "pyproject.toml"
STAMP = VENV / "weihai_stamp.json"
WINDOWS = os.name == "nt"
LINUX = sys.platform.startswith("linux")
EXTRAS, ABREAST = ("hub", "dev"), ("-n2", "--dist=loadfile")  # the suite mostly waits, for servers and windows

# What Qt's widgets, its X11 and Wayland platforms, its browser and its sound ask of the system's loader.
SONAMES = """
libEGL.so.1 libGL.so.1 libX11-xcb.so.1 libX11.so.6 libXcomposite.so.1 libXdamage.so.1 libXext.so.6 libXfixes.so.3 libXrandr.so.2 libXtst.so.6
libasound.so.2 libdbus-1.so.3 libdrm.so.2 libexpat.so.1 libfontconfig.so.1 libfreetype.so.6 libgbm.so.1 libglib-2.0.so.0 libgssapi_krb5.so.2
libnspr4.so libnss3.so libpulse.so.0 libstdc++.so.6 libudev.so.1 libwayland-client.so.0 libwayland-cursor.so.0 libxcb-cursor.so.0
libxcb-dri3.so.0 libxcb-icccm.so.4 libxcb-image.so.0 libxcb-keysyms.so.1 libxcb-randr.so.0 libxcb-render-util.so.0 libxcb-render.so.0
libxcb-shape.so.0 libxcb-shm.so.0 libxcb-sync.so.1 libxcb-util.so.1 libxcb-xfixes.so.0 libxcb-xkb.so.1 libxcb.so.1 libxkbcommon-x11.so.0
libxkbcommon.so.0 libxkbfile.so.1 libz.so.1
""".split()
# Debian names a library's package after its soname (libX11.so.6 is in libx11-6); these are the exceptions.
ODD_PACKAGES = {"libglib-2.0.so.0": "libglib2.0-0", "libgthread-2.0.so.0": "libglib2.0-0", "libz.so.1": "zlib1g", "libnssutil3.so": "libnss3", "libsmime3.so": "libnss3"}
QT_FILES = (
    "lib/libQt6WebEngineCore.so.6", "lib/libQt6WebEngineWidgets.so.6", "lib/libQt6Widgets.so.6", "lib/libQt6Svg.so.6", "lib/libQt6Multimedia.so.6",
    "lib/libQt6Network.so.6", "lib/libQt6OpenGLWidgets.so.6", "libexec/QtWebEngineProcess", "plugins/platforms/libqxcb.so",
    "plugins/platforms/libqoffscreen.so", "plugins/platforms/libqwayland.so", "plugins/platforms/libqwayland-generic.so",
    "plugins/xcbglintegrations/libqxcb-glx-integration.so",
)  # fmt: skip
# The lock's Qt needs this much; below it the newest Qt that still installs is taken, without the lock's hashes.
MODERN_GLIBC, OLD_GLIBC_QT = (2, 34), "pyside6>=6.8.0.2,<6.9"
QT_FAMILY = frozenset({"pyside6", "pyside6-addons", "pyside6-essentials", "shiboken6"})


class Halt(Exception):
    """A person has to do something first; the text says what."""


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def caller() -> str | None:
    """The person who called sudo, or None."""
    name = os.environ.get("SUDO_USER")
    return name if is_root() and name != "root" else None


def as_caller() -> dict:
    """Arguments for subprocess that give a child the rights and the home of the person who called sudo."""
    if (name := caller()) is None:
        return {}
    import pwd

    entry = pwd.getpwnam(name)
    env = {**os.environ, "HOME": entry.pw_dir, "USER": name, "LOGNAME": name}
    if (runtime := Path(f"/run/user/{entry.pw_uid}")).is_dir():
        env["XDG_RUNTIME_DIR"] = str(runtime)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": os.getgrouplist(name, entry.pw_gid), "env": env}


def call(command: list[str], **extra: object) -> int:
    return subprocess.run(command, cwd=HERE, **{**as_caller(), **extra}).returncode  # type: ignore[call-overload]


PROBE = "import ctypes, sys\nfor n in sys.argv[1:]:\n    try: ctypes.CDLL(n)\n    except OSError: print(n)\n"


def missing_sonames(sonames: list[str]) -> list[str]:
    """Those that the loader cannot open, asked in a fresh process (its cache is read once)."""
    return subprocess.run([sys.executable, "-c", PROBE, *sonames], capture_output=True, text=True, check=True).stdout.split()


def missing_in_qt(site: Path) -> list[str]:
    """What the installed Qt asks for and the loader does not have; [] without ldd."""
    files = [str(site / "PySide6" / "Qt" / name) for name in QT_FILES if (site / "PySide6" / "Qt" / name).exists()]
    answer = subprocess.run(["ldd", *files], capture_output=True, text=True).stdout if files and shutil.which("ldd") else ""
    return sorted(set(re.findall(r"(\S+) => not found", answer)))


def package_of(soname: str) -> str:
    """Debian's package for a soname: libX11.so.6 → libx11-6, libnss3.so → libnss3."""
    if soname in ODD_PACKAGES:
        return ODD_PACKAGES[soname]
    stem, _, number = soname.partition(".so")
    stem, number = stem.lower().replace("_", "-"), number.lstrip(".")
    return f"{stem}-{number}" if number and stem[-1].isdigit() else stem + number


def has_chinese_font() -> bool:
    if shutil.which("fc-list"):
        return bool(subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True).stdout.strip())
    known = re.compile(r"cjk|wqy|sourcehans|uming|ukai|droidsansfallback|noto.*sc", re.I)
    folders = map(Path, ("/usr/share/fonts", "/usr/local/share/fonts", Path.home() / ".local/share/fonts", Path.home() / ".fonts"))
    return any(known.search(path.name) for folder in folders for path in folder.rglob("*.[to]t[fc]"))


def venv_package() -> list[str]:
    """The package that lets this Python make environments, where it cannot."""
    if importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv"):
        return []
    usual = Path("/usr/bin/python3").resolve() == Path(sys.executable).resolve()
    return ["python3-venv" if usual else f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"]


def missing_packages(for_tests: bool) -> list[str]:
    """Debian packages for all that the loader, the fonts and the tools lack."""
    packages = venv_package() + [package_of(name) for name in missing_sonames(SONAMES)]
    if not has_chinese_font():
        packages += ["fontconfig", "fonts-noto-cjk"]
    if for_tests:
        # Who may not install PostgreSQL and Mosquitto runs the suite without them: what needs them skips.
        tools = {"Xvfb": "xvfb", "xdotool": "xdotool"} | ({"mosquitto": "mosquitto", "initdb": "postgresql"} if is_root() else {})
        path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", *map(str, Path("/usr/lib/postgresql").glob("*/bin"))])
        packages += [package for tool, package in tools.items() if not shutil.which(tool, path=path)]
    return list(dict.fromkeys(packages))


def renamed(packages: list[str]) -> list[str]:
    """The names of this release: since the move to 64-bit time some libraries end in t64."""
    known = set(subprocess.run(["apt-cache", "pkgnames"], capture_output=True, text=True).stdout.split())
    return [name + "t64" if name + "t64" in known else name for name in packages]


def install_packages(packages: list[str]) -> None:
    """By apt, or say exactly what to type. Raises Halt where it cannot be done."""
    if not packages:
        return
    if not shutil.which("apt-get"):
        raise Halt("缺少系统组件，本机没有 apt，请用系统的软件管理安装（名称按 Debian）:\n  " + " ".join(packages))
    if not is_root():
        line = "apt-get install -y --no-install-recommends " + " ".join(renamed(packages))
        raise Halt(f"缺少系统组件，请先执行 / system packages are missing, please run first:\n  sudo apt-get update && sudo {line}")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-q"], env=env, stdout=sys.stderr)
    names = renamed(packages)
    say("安装系统组件 / installing: " + " ".join(names))
    done = subprocess.run(["apt-get", "install", "-y", "-q", "--no-install-recommends", *names], env=env, stdout=sys.stderr)
    if done.returncode:
        raise Halt("apt 未能装全，请看上面的报错，修好后再运行一次 / apt failed, see above; mend it and run this again")


def ready(extras: set[str]) -> None:
    """First what the system must bring, then Python's packages."""
    if LINUX:
        install_packages(missing_packages(for_tests="dev" in extras))
        if lost := missing_sonames(SONAMES):
            raise Halt("装完后加载器仍找不到 / the loader still cannot find: " + " ".join(lost))
    install(extras)


def plain_name(requirement: str) -> str:
    """`Kinto[postgresql]>=17 ; …` → `kinto`, spelt as the lock spells it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\s\[<>=!~;(@]", requirement.strip(), maxsplit=1)[0]).lower()


def lock_blocks(text: str) -> list[tuple[str, str, set[str]]]:
    """The lock cut into (name, its lines, names of those that ask for it)."""
    blocks = []
    for block in re.findall(r"^[A-Za-z0-9].*(?:\n[ ].*)*", text, re.M):
        askers = re.findall(r"^ +#(?: {1,3}via)? +([A-Za-z0-9].*)$", block.replace("# via\n", "#\n"), re.M)
        blocks.append((plain_name(block), block, {plain_name(asker) for asker in askers}))
    return blocks


def roots(extras: set[str]) -> set[str]:
    """What we ask for ourselves: dependencies, the build tool, and the extras' lists."""
    import tomllib  # Python 3.11; older ones get a sentence before this line

    data = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))
    optional = data["project"].get("optional-dependencies", {})
    asked = list(data["project"]["dependencies"]) + list(data["build-system"]["requires"])
    for extra in sorted(extras):
        asked += optional[extra]
    return {plain_name(one) for one in asked}


def closure(text: str, wanted: set[str], but: frozenset[str] = frozenset()) -> str:
    """The part of the lock that these names need, hashes and markers kept; `but` is left out."""
    blocks = lock_blocks(text)
    kept = set(wanted)
    while True:
        grown = kept | {name for name, _, askers in blocks if askers & kept}
        if grown == kept:
            return "\n".join(lines for name, lines, _ in blocks if name in kept - but) + "\n"
        kept = grown


def in_venv(name: str) -> str:
    return str(VENV / "Scripts" / f"{name}.exe" if WINDOWS else VENV / "bin" / name)


def is_old_glibc() -> bool:
    """Whether this Linux is older than what the lock's Qt was built for."""
    name, version = platform.libc_ver()
    return LINUX and name == "glibc" and tuple(map(int, re.findall(r"\d+", version)[:2])) < MODERN_GLIBC


def fingerprint() -> str:
    return hashlib.sha256(LOCK.read_bytes() + PYPROJECT.read_bytes() + f"{sys.version} {HERE}".encode()).hexdigest()


def installed_extras() -> set[str] | None:
    """The extras that stand in the environment, or None where it must be made (again)."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return set(stamp["extras"]) if stamp.get("of") == fingerprint() and Path(in_venv("python")).exists() else None


def write_for_caller(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    if who := as_caller():
        os.chown(path, who["user"], who["group"])


def make_venv() -> None:
    if Path(in_venv("python")).exists() and call([in_venv("python"), "-m", "pip", "--version"], stdout=subprocess.DEVNULL) == 0:
        return
    say("建立运行环境 / making .venv")
    if call([sys.executable, "-m", "venv", "--clear", str(VENV)]):
        raise Halt(f"建不了 {VENV}：请看上面的报错；目录要能由运行的人写入 / cannot make .venv, see above; the folder must be writable")


def pip(*arguments: str) -> None:
    if call([in_venv("python"), "-m", "pip", "install", "--disable-pip-version-check", *arguments], stdout=sys.stderr):
        raise Halt("软件包未能装全：请看上面的报错（网络、镜像、磁盘、目录权限），修好后再运行一次 / packages failed to install, see above")


def install_locked(text: str) -> None:
    """Install pinned and hashed packages by uv where it is there and able, else by pip."""
    wanted = VENV / "wanted.txt"
    write_for_caller(wanted, text)
    how = ["pip", "install", "--python", in_venv("python"), "--compile-bytecode", "--require-hashes", "-r", str(wanted)]
    if (uv := shutil.which("uv")) and call([uv, *how], stdout=sys.stderr) == 0:
        return
    pip("--require-hashes", "-r", str(wanted))


def compile_ours() -> None:
    """Bytecode for a quick start, also where the environment forbids Python to write it by itself."""
    call([in_venv("python"), "-m", "compileall", "-q", *(str(HERE / name) for name in ("weihai_command", "widgets", "layers"))])


def install(extras: set[str]) -> None:
    """Make `.venv` hold the base, these extras and the project itself; quick where it already does."""
    there = installed_extras()
    if there is not None and extras <= there:
        return
    extras = extras | (there or set())
    make_venv()
    say("安装软件包 / installing packages" + "".join(f" + {extra}" for extra in sorted(extras)))
    old = is_old_glibc()
    install_locked(closure(LOCK.read_text(encoding="utf-8"), roots(extras), QT_FAMILY if old else frozenset()))
    if old:
        say(f"本机 glibc 较旧，改装 {OLD_GLIBC_QT}（不在锁定文件内） / old glibc: Qt comes from outside the lock")
        pip(OLD_GLIBC_QT)
    pip("-qqq", "--no-deps", "--no-build-isolation", "--editable", str(HERE))
    compile_ours()
    if LINUX:
        qt_ready()
    write_for_caller(STAMP, json.dumps({"of": fingerprint(), "extras": sorted(extras)}))


def qt_ready() -> None:
    """Ask the loader about the Qt that was really installed."""
    for site in VENV.glob("lib/python3*/site-packages"):
        install_packages([package_of(name) for name in missing_in_qt(site)])
        if lost := missing_in_qt(site):
            say("仍缺 / Qt still misses: " + " ".join(lost))


def has_display() -> bool:
    if not LINUX:
        return True
    if chosen := os.environ.get("QT_QPA_PLATFORM"):
        return not chosen.startswith(("offscreen", "minimal"))
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def environment() -> dict[str, str]:
    env = dict(as_caller().get("env", os.environ))
    env["VIRTUAL_ENV"] = str(VENV)
    env["PATH"] = str(Path(in_venv("python")).parent) + os.pathsep + env.get("PATH", "")
    if is_root() and caller() is None:  # Chromium's sandbox refuses root; the page holds only our own local content
        env["QTWEBENGINE_DISABLE_SANDBOX"] = "1"
    return env


def become(command: list[str], env: dict[str, str]) -> int:
    """Turn into the command, so that signals reach it; on Windows wait for it."""
    if WINDOWS:
        return subprocess.run(command, env=env).returncode
    if who := as_caller():
        os.setgroups(who["extra_groups"])
        os.setgid(who["group"])
        os.setuid(who["user"])
    sys.stdout.flush()
    return os.execve(command[0], command, env)


def run_offscreen(arguments: list[str], env: dict[str, str]) -> int:
    """No display: draw the desk into a file and tell the city's state."""
    say("没有图形显示：不打开窗口，把值班台画到 desk.png，并打印城市状态 / no display: drawing desk.png and printing the city's state")
    env = {**env, "QT_QPA_PLATFORM": "offscreen"}
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--role")  # only the window asks who is on duty
    arguments = parser.parse_known_args(arguments)[1]
    program = in_venv("weihai-command")
    code = call([program, "shot", "desk", str(Path.cwd() / "desk.png"), *arguments], env=env)
    return call([program, "status", *arguments], env=env) or code


def verb_of(arguments: list[str]) -> str:
    """The program's verb among its arguments; "" is the desk itself."""
    words = iter(arguments)
    for word in words:
        if not word.startswith("-") or word in ("-h", "--help"):
            return word
        if "=" not in word and word != "--json":
            next(words, None)
    return ""


def run(arguments: list[str]) -> int:
    verb = verb_of(arguments)
    ready({"hub"} if verb == "hub" else set())
    env = environment()
    if not has_display() and not verb:
        return run_offscreen(arguments, env)
    if not has_display():
        env["QT_QPA_PLATFORM"] = "offscreen"
    return become([in_venv("weihai-command"), *arguments], env)


def test(arguments: list[str]) -> int:
    ready(set(EXTRAS))
    os.chdir(HERE)
    return become([in_venv("python"), "-m", "pytest", *ABREAST, *arguments], {**environment(), "QT_QPA_PLATFORM": "offscreen"})


def parse(argv: list[str]) -> tuple[argparse.Namespace, list[str]]:
    """Our own words before `--`, everything behind it for the program."""
    cut = argv.index("--") if "--" in argv else len(argv)
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("run", help="install what is missing and open the desk; -- ARGS go to the program")
    setup = verbs.add_parser("setup", help="install what is missing")
    setup.add_argument("--with", dest="extras", action="append", choices=EXTRAS, default=[], help="also the platform server, or the test tools")
    verbs.add_parser("test", help="install the test tools too and run the suite; -- ARGS go to pytest")
    return parser.parse_args(argv[:cut]), argv[cut + 1 :]


def main(argv: list[str]) -> int:
    if sys.version_info < (3, 11):
        say("需要 Python 3.11 或更新 / Python 3.11 or newer is needed; this is " + platform.python_version())
        return 2
    for stream in (each for each in (sys.stdout, sys.stderr) if hasattr(each, "reconfigure")):
        stream.reconfigure(errors="replace")
    options, rest = parse(argv)
    try:
        if start := {"run": run, "test": test}.get(options.verb):
            return start(rest)
        ready(set(options.extras))
        say("就绪 / ready: python3 build_installer.py run")
        return 0
    except Halt as halt:
        say(str(halt))
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
