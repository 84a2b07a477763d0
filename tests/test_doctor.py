"""The doctor finds what is missing, says how to mend it, and survives a broken Qt."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest

from weihai_command import doctor

ROOT = Path(__file__).parents[1]


@pytest.fixture
def no_children(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_ask_child", lambda code: {"outputs": ["扬声器"], "renderer": "llvmpipe (LLVM 15)"})


@pytest.mark.usefixtures("no_children")
def test_the_report_in_json(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert doctor.run(json=True, profile=tmp_path) == 0
    out, err = capsys.readouterr()
    report = json.loads(out)
    assert set(report) == {"ok", "checks"}
    assert all(set(check) == {"name", "ok", "detail", "mend"} for check in report["checks"])
    assert report["ok"] is all(check["ok"] for check in report["checks"])
    names = {check["name"] for check in report["checks"]}
    assert {"Python", "PySide6", "系统库", "中文字体", "浏览器沙箱", "声音", "密码保管", "磁盘空间", "数据目录", "图形", "glibc"} <= names
    assert not err


@pytest.mark.usefixtures("no_children")
def test_the_report_for_people(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "font", lambda: doctor.Check("中文字体", False, "没有找到", "装字体"))
    assert doctor.run(json=False, profile=tmp_path) == 0
    out = capsys.readouterr().out
    assert "✗ 中文字体：没有找到\n    → 装字体\n" in out


@pytest.mark.usefixtures("no_children")
def test_every_fault_has_a_way_out(tmp_path: Path) -> None:
    assert all(check.mend for check in doctor.checks(tmp_path) if not check.ok)


@pytest.mark.parametrize(("version", "ok"), [("6.7.3", False), ("6.8.0.2", True), ("6.11.3", True), ("6.12.0", False), ("7.0.0", False)])
def test_qt_version(monkeypatch: pytest.MonkeyPatch, version: str, ok: bool) -> None:
    monkeypatch.setattr(doctor.metadata, "version", lambda name: version)
    assert doctor.qt_version().ok is ok


def test_qt_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(doctor.metadata, "version", absent)
    monkeypatch.setattr(doctor.util, "find_spec", lambda name: None)
    assert not doctor.qt_version().ok
    assert not doctor.libraries().ok


def test_missing_libraries_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "\tlibxcb-cursor.so.0 => not found\n\tlibc.so.6 => /lib/libc.so.6 (0x1)\n"
    monkeypatch.setattr(doctor.sys, "platform", "linux")
    monkeypatch.setattr(doctor.shutil, "which", lambda name: "ldd")
    monkeypatch.setattr(doctor.subprocess, "run", lambda *a, **k: subprocess.CompletedProcess(a, 0, stdout=text))
    check = doctor.libraries()
    assert not check.ok
    assert "libxcb-cursor.so.0" in check.detail
    assert "build_installer.py setup" in check.mend


@pytest.mark.parametrize(("uid", "off", "ok"), [(0, "", False), (1000, "", True), (1000, "1", False)])
def test_sandbox(monkeypatch: pytest.MonkeyPatch, uid: int, off: str, ok: bool) -> None:
    monkeypatch.setattr(doctor.os, "geteuid", lambda: uid, raising=False)
    monkeypatch.setenv("QTWEBENGINE_DISABLE_SANDBOX", off)
    assert doctor.sandbox().ok is ok


def test_without_keyring_passwords_are_asked() -> None:
    """The suite runs with keyring's fail backend."""
    check = doctor.keyring()
    assert check.ok
    assert "每次登录询问密码" in check.detail


def test_sound() -> None:
    assert doctor.audio({"outputs": ["扬声器"]}).ok
    assert not doctor.audio({"outputs": []}).ok
    assert "libpulse" in doctor.audio({"outputs": None, "audio_error": "libpulse.so.0: cannot open"}).detail
    assert not doctor.audio("Qt died").ok


def test_graphics_by_software_is_enough() -> None:
    assert doctor.graphics({"renderer": "llvmpipe (LLVM 15)"}).ok
    assert "软件渲染" in doctor.graphics({"renderer": ""}).detail
    assert doctor.graphics({"renderer": "NVIDIA"}).detail == "NVIDIA"
    assert not doctor.graphics("died").ok


def test_a_full_disk_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10, 9, 1))
    assert not doctor.disk(tmp_path / "not" / "there").ok


def test_the_folder_need_not_exist_yet(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there"
    assert doctor.writable(folder).ok
    assert not (tmp_path / "not").exists()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(**where: object) -> object:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(doctor.tempfile, "NamedTemporaryFile", refused)
    assert not doctor.writable(tmp_path).ok


def test_a_child_that_dies_becomes_a_sentence() -> None:
    assert "boom" in doctor._ask_child("raise SystemExit('boom')")
    assert doctor._ask_child("import os; os.abort()") == "探测进程异常退出"
    assert doctor._ask_child("print('{\"renderer\": \"x\"}')") == {"renderer": "x"}


@pytest.mark.slow
def test_a_broken_qt_does_not_break_the_doctor(tmp_path: Path) -> None:
    """A PySide6 that cannot be imported stands before the real one."""
    (tmp_path / "PySide6").mkdir()
    (tmp_path / "PySide6" / "__init__.py").write_text("raise ImportError('libEGL.so.1: cannot open')\n", encoding="utf-8")
    code = "from weihai_command.doctor import run; run(True)"
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    found = {check["name"]: check for check in json.loads(done.stdout)["checks"]}
    assert "libEGL.so.1" in found["Qt 载入"]["detail"]


@pytest.mark.slow
def test_it_needs_no_display(tmp_path: Path) -> None:
    code = f"from pathlib import Path; from weihai_command.doctor import run; run(True, Path({str(tmp_path)!r}))"
    env = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, encoding="utf-8")
    found = {check["name"]: check for check in json.loads(done.stdout)["checks"]}
    assert found["Qt 载入"]["ok"], found["Qt 载入"]
    assert found["图形"]["ok"], found["图形"]
