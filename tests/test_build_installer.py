"""The installer's decisions, without installing: what is missing, for whom, and what is then started."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]
linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="apt and the loader are Linux's")


@pytest.fixture
def installer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """A fresh copy of the module whose `.venv` is a temporary folder."""
    spec = importlib.util.spec_from_file_location("installer_under_test", ROOT / "build_installer.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "VENV", tmp_path / "venv")
    monkeypatch.setattr(module, "STAMP", tmp_path / "venv" / "weihai_stamp.json")
    monkeypatch.delenv("SUDO_USER", raising=False)
    return module


@pytest.mark.parametrize(
    ("soname", "package"),
    [
        ("libX11.so.6", "libx11-6"),
        ("libxcb-cursor.so.0", "libxcb-cursor0"),
        ("libxcb-dri3.so.0", "libxcb-dri3-0"),
        ("libgssapi_krb5.so.2", "libgssapi-krb5-2"),
        ("libnss3.so", "libnss3"),
        ("libsmime3.so", "libnss3"),
        ("libglib-2.0.so.0", "libglib2.0-0"),
        ("libz.so.1", "zlib1g"),
    ],
)
def test_package_of(installer: ModuleType, soname: str, package: str) -> None:
    assert installer.package_of(soname) == package


@linux_only
def test_the_loader_is_asked(installer: ModuleType) -> None:
    assert installer.missing_sonames(["libc.so.6", "libno-such-thing.so.9"]) == ["libno-such-thing.so.9"]


def test_libraries_renamed_by_a_later_release(installer: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = subprocess.CompletedProcess([], 0, stdout="libasound2t64\nlibgl1\n")
    monkeypatch.setattr(installer.subprocess, "run", lambda *a, **k: answer)
    assert installer.renamed(["libasound2", "libgl1"]) == ["libasound2t64", "libgl1"]


def without_rights(installer: ModuleType, monkeypatch: pytest.MonkeyPatch, lost: list[str]) -> None:
    monkeypatch.setattr(installer, "LINUX", True)
    monkeypatch.setattr(installer, "is_root", lambda: False)
    monkeypatch.setattr(installer, "missing_sonames", lambda names: lost)
    monkeypatch.setattr(installer, "venv_package", lambda: ["python3-venv"])
    monkeypatch.setattr(installer, "has_chinese_font", lambda: False)
    monkeypatch.setattr(installer, "renamed", lambda names: names)
    monkeypatch.setattr(installer.shutil, "which", lambda tool, path=None: f"/usr/bin/{tool}")


def test_without_rights_the_exact_line_is_said(
    installer: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    without_rights(installer, monkeypatch, ["libEGL.so.1"])
    assert installer.main(["setup"]) == 2
    line = "sudo apt-get update && sudo apt-get install -y --no-install-recommends python3-venv libegl1 fontconfig fonts-noto-cjk\n"
    assert line in capsys.readouterr().err


def test_tests_want_a_virtual_screen(installer: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    without_rights(installer, monkeypatch, [])
    monkeypatch.setattr(installer.shutil, "which", lambda tool, path=None: None)
    assert installer.missing_packages(for_tests=True)[-2:] == ["xvfb", "xdotool"]
    assert "xvfb" not in installer.missing_packages(for_tests=False)


def test_tests_want_servers_only_where_they_may_be_installed(installer: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    without_rights(installer, monkeypatch, [])
    asked: list[str] = []
    monkeypatch.setattr(installer.shutil, "which", lambda tool, path=None: asked.append(path) or f"/usr/bin/{tool}")
    monkeypatch.setattr(installer, "is_root", lambda: True)
    assert "postgresql" not in installer.missing_packages(for_tests=True)
    assert all("/postgresql/" in path for path in asked[-1:] if Path("/usr/lib/postgresql").is_dir())
    monkeypatch.setattr(installer.shutil, "which", lambda tool, path=None: None)
    assert installer.missing_packages(for_tests=True)[-2:] == ["mosquitto", "postgresql"]
    assert not {"mosquitto", "postgresql"} & set(installer.missing_packages(for_tests=False))
    monkeypatch.setattr(installer, "is_root", lambda: False)
    assert not {"mosquitto", "postgresql"} & set(installer.missing_packages(for_tests=True))


@pytest.mark.parametrize(
    ("arguments", "verb"),
    [
        ([], ""),
        (["--platform", "http://127.0.0.1:8888/v1", "--user", "officer"], ""),
        (["--scale=small", "--json"], ""),
        (["--profile", "doctor", "doctor", "--json"], "doctor"),
        (["hub", "--port", "0"], "hub"),
        (["--help"], "--help"),
    ],
)
def test_verb_of(installer: ModuleType, arguments: list[str], verb: str) -> None:
    assert installer.verb_of(arguments) == verb


@pytest.mark.parametrize(
    ("env", "shown"),
    [
        ({}, False),
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, False),
        ({"QT_QPA_PLATFORM": "vnc"}, True),
    ],
)
def test_has_display(installer: ModuleType, monkeypatch: pytest.MonkeyPatch, env: dict[str, str], shown: bool) -> None:
    monkeypatch.setattr(installer, "LINUX", True)
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    assert installer.has_display() is shown


@pytest.fixture
def started(installer: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], dict[str, str]]]:
    """What would have been started, with nothing installed and nothing run."""
    commands: list[tuple[list[str], dict[str, str]]] = []

    def note(command: list[str], env: dict[str, str]) -> int:
        commands.append((command, env))
        return 0

    monkeypatch.setattr(installer, "ready", lambda extras: commands.append((["ready", *sorted(extras)], {})))
    monkeypatch.setattr(installer, "call", lambda command, env: note(command, env))
    monkeypatch.setattr(installer, "become", note)
    monkeypatch.setattr(installer.os, "chdir", lambda folder: None)
    return commands


def test_without_display_the_desk_is_drawn_and_the_state_told(
    installer: ModuleType, started: list[tuple[list[str], dict[str, str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installer, "has_display", lambda: False)
    assert installer.main(["run", "--", "--role", "leader", "--scale", "city"]) == 0
    ready, shot, status = started
    assert ready[0] == ["ready"]
    assert shot[0][1:3] == ["shot", "desk"]
    assert shot[0][3].endswith("desk.png")
    assert shot[0][4:] == ["--scale", "city"]
    assert status[0][1:] == ["status", "--scale", "city"]
    assert shot[1]["QT_QPA_PLATFORM"] == status[1]["QT_QPA_PLATFORM"] == "offscreen"


def test_a_verb_is_passed_on_and_the_hub_brings_its_extra(
    installer: ModuleType, started: list[tuple[list[str], dict[str, str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installer, "has_display", lambda: False)
    assert installer.main(["run", "--", "hub", "--port", "0"]) == 0
    assert started[0][0] == ["ready", "hub"]
    assert started[1][0][1:] == ["hub", "--port", "0"]


def test_the_suite_runs_offscreen_with_all_extras(installer: ModuleType, started: list[tuple[list[str], dict[str, str]]]) -> None:
    assert installer.main(["test", "--", "-k", "lock"]) == 0
    assert started[0][0] == ["ready", "dev", "hub"]
    command, env = started[1]
    assert command[1:] == ["-m", "pytest", "-n2", "--dist=loadfile", "-k", "lock"]
    assert env["QT_QPA_PLATFORM"] == "offscreen"


@pytest.mark.parametrize(("root", "sudo", "off"), [(True, None, True), (True, "duty", False), (False, None, False)])
def test_the_sandbox_is_off_for_plain_root_only(
    installer: ModuleType, monkeypatch: pytest.MonkeyPatch, root: bool, sudo: str | None, off: bool
) -> None:
    monkeypatch.delenv("QTWEBENGINE_DISABLE_SANDBOX", raising=False)
    monkeypatch.setattr(installer, "is_root", lambda: root)
    monkeypatch.setattr(installer, "as_caller", dict)
    if sudo:
        monkeypatch.setenv("SUDO_USER", sudo)
    assert ("QTWEBENGINE_DISABLE_SANDBOX" in installer.environment()) is off


@linux_only
def test_under_sudo_children_are_the_callers(installer: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    import pwd

    entry = pwd.getpwnam("nobody")
    monkeypatch.setattr(installer, "is_root", lambda: True)
    monkeypatch.setenv("SUDO_USER", "nobody")
    who = installer.as_caller()
    assert (who["user"], who["group"]) == (entry.pw_uid, entry.pw_gid)
    assert who["env"]["HOME"] == entry.pw_dir
    if os.geteuid() == 0:
        done = subprocess.run(["id", "-un"], capture_output=True, text=True, cwd="/", **who)
        assert done.stdout.strip() == "nobody"


def test_a_finished_environment_is_left_alone(installer: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    python = Path(installer.in_venv("python"))
    python.parent.mkdir(parents=True)
    python.touch()
    installer.STAMP.write_text(json.dumps({"of": installer.fingerprint(), "extras": ["dev", "hub"]}), encoding="utf-8")
    monkeypatch.setattr(installer, "call", lambda *a, **k: pytest.fail("nothing may be run"))
    installer.install({"hub"})
    installer.STAMP.write_text(json.dumps({"of": "another lock", "extras": ["dev", "hub"]}), encoding="utf-8")
    assert installer.installed_extras() is None


@pytest.mark.parametrize(("version", "old"), [("2.28", True), ("2.33", True), ("2.34", False), ("2.36", False)])
def test_old_glibc(installer: ModuleType, monkeypatch: pytest.MonkeyPatch, version: str, old: bool) -> None:
    monkeypatch.setattr(installer, "LINUX", True)
    monkeypatch.setattr(installer.platform, "libc_ver", lambda: ("glibc", version))
    assert installer.is_old_glibc() is old


@pytest.mark.parametrize("old", [True, False])
def test_what_is_installed_on_an_old_glibc(installer: ModuleType, monkeypatch: pytest.MonkeyPatch, old: bool) -> None:
    locked: list[str] = []
    plain: list[str] = []
    installer.VENV.mkdir()
    monkeypatch.setattr(installer, "is_old_glibc", lambda: old)
    monkeypatch.setattr(installer, "make_venv", lambda: None)
    monkeypatch.setattr(installer, "qt_ready", lambda: None)
    monkeypatch.setattr(installer, "install_locked", locked.append)
    monkeypatch.setattr(installer, "pip", lambda *arguments: plain.extend(arguments))
    monkeypatch.setattr(installer, "compile_ours", lambda: None)
    installer.install(set())
    assert ("\npyside6==" in locked[0]) is not old
    assert (installer.OLD_GLIBC_QT in plain) is old
    assert "--editable" in plain
    assert json.loads(installer.STAMP.read_text(encoding="utf-8"))["extras"] == []


def test_an_older_python_gets_a_sentence(
    installer: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(installer.sys, "version_info", (3, 9, 2))
    assert installer.main(["setup"]) == 2
    assert "3.11" in capsys.readouterr().err


def test_help_and_wrong_usage() -> None:
    command = [sys.executable, str(ROOT / "build_installer.py")]
    helped = subprocess.run([*command, "--help"], capture_output=True, text=True, encoding="utf-8")
    assert helped.returncode == 0
    assert all(verb in helped.stdout for verb in ("run", "setup", "test"))
    assert subprocess.run([*command, "fly"], capture_output=True).returncode == 2
