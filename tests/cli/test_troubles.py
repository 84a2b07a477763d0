"""Must-show 4: each trouble is a Chinese sentence with what happened, what was kept and what to do; no traceback, nothing lost."""

from __future__ import annotations

import os
import re
import shutil
import socket
import sqlite3
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

SeatOf = Callable[..., Any]
KEPT = re.compile(r"保留|没有动|没有改动|都在|未动|没有写入|没有删除")
ADVICE = re.compile(r"请|稍后|自动|可以")


def told(answer: dict[str, Any], *words: str) -> None:
    """The answer of a refused verb says what happened, what was kept and what to do, in Chinese."""
    assert set(answer) >= {"error", "code", "happened", "kept", "todo"}
    for word in words:
        assert word in answer["error"], answer
    assert re.search(r"[\u4e00-\u9fff]{4,}", answer["happened"])
    assert KEPT.search(answer["kept"]) and ADVICE.search(answer["todo"]), answer


def folder_of(seat: Any) -> Path:
    """The one city's folder of a desk."""
    (found,) = [each for each in seat.folder.iterdir() if each.is_dir()]
    return Path(found)


def garbage(file: Path) -> None:
    for each in file.parent.glob(file.name + "-*"):
        each.unlink()
    file.write_bytes(b"\x00garbage\xff" * 5000)


# -- the platform ------------------------------------------------------------------------------------------------------------


@pytest.mark.kinto
def test_wrong_password(city: Any, seat: SeatOf) -> None:
    desk = seat()
    act = desk.do("report", "--title", "先记下")
    right, desk.password = desk.password, "wrong"
    told(desk.sync(code=3), "officer", "密码")
    stranger = seat("officer2", synced=False)
    stranger.password = "wrong"
    told(stranger.sync(code=3), "officer2", "密码")
    desk.password = right
    assert desk.sync()["pushed"] == 1 and city.writes_of(act["op_id"]) == 1


@pytest.mark.kinto
def test_a_password_that_was_changed_on_the_platform_pauses_the_outbox(hub: Any, city: Any, seat: SeatOf, line: Any) -> None:
    desk = seat()
    desk.do("report", "--title", "先记下")
    path, other = "/accounts/officer", {"data": {"password": "another-one"}}
    try:
        assert hub.send("admin", "PUT", path, other).status == 200
        told(desk.sync(code=3), "密码")
        (row,) = desk.rows("outbox")
        assert row["state"] == "pending"
    finally:
        hub.send("admin", "PUT", path, {"data": {"password": hub.accounts["officer"]}})
    assert desk.sync()["pushed"] == 1


@pytest.mark.kinto
def test_unreachable_host(city: Any, seat: SeatOf, line: Any) -> None:
    desk = seat()
    line.down()
    desk.do("report", "--title", "先记下")
    told(desk.sync(code=3), "无法连接平台")
    assert desk("status")["pending"] == 1


def test_no_such_host(alone: Any) -> None:
    alone.url, alone.user, alone.password = "https://platform.invalid/v1", "officer", "x"
    told(alone.sync(code=3), "platform.invalid")


def test_plain_http_beyond_this_machine_is_refused(alone: Any) -> None:
    alone.url, alone.user, alone.password = "http://192.0.2.1/v1", "officer", "x"
    told(alone.sync(code=3), "明文", "https")


@pytest.fixture
def self_signed(tmp_path: Path) -> Iterator[int]:
    """A TLS server that vouches for itself; its port."""
    if not shutil.which("openssl"):
        pytest.skip("no openssl to make a certificate with")
    pair = tmp_path / "pair.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost", "-keyout", pair, "-out", tmp_path / "c"]
    subprocess.run(command, check=True, capture_output=True)
    pair.write_bytes(pair.read_bytes() + (tmp_path / "c").read_bytes())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair)
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            with closing(client):
                try:
                    context.wrap_socket(client, server_side=True).close()
                except OSError:
                    continue

    thread = threading.Thread(target=serve)
    thread.start()
    yield listener.getsockname()[1]
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join(5)


def test_refused_tls(alone: Any, self_signed: int) -> None:
    alone.url, alone.user, alone.password = f"https://localhost:{self_signed}/v1", "officer", "x"
    told(alone.sync(code=3), "TLS", "证书", "不会跳过")


def test_something_else_answers(alone: Any) -> None:
    """A web server that is no platform, as a public network's sign-in page."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        page = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\n<html>"
        thread = threading.Thread(target=_answer, args=(listener, page))
        thread.start()
        alone.url, alone.user, alone.password = f"http://127.0.0.1:{listener.getsockname()[1]}/v1", "officer", "x"
        told(alone.sync(code=3), "不是威海城市运行指挥平台")
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def _answer(listener: socket.socket, page: bytes) -> None:
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        with closing(client):
            client.recv(65536)
            client.sendall(page)


# -- the disk ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(alone: Any) -> Iterator[Path]:
    """A desk on a disk of its own of 90 MB; only root can mount one."""
    alone.folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=90m", "tmpfs", alone.folder], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("no right to mount a small disk: " + mounted.stderr.decode(errors="replace").strip())
    yield alone.folder
    subprocess.run(["umount", alone.folder], check=True)


def fill(folder: Path, name: str) -> None:
    with (folder / name).open("wb", buffering=0) as file:
        try:
            while file.write(b"\xff" * 65_536):
                pass
        except OSError:
            return


def test_full_disk(alone: Any, small_disk: Path) -> None:
    first = alone.do("report", "--title", "盘满之前")
    for copy in small_disk.glob("*/backups/*.db"):
        os.utime(copy, (0, 0))
    fill(small_disk, "one")
    # The ballast gives way: the act is kept, and the desk says that it is the last room.
    second = alone.do("report", "--title", "盘满之时")
    assert "预留空间" in alone.said and "暂时没有备份" in alone.said
    fill(small_disk, "two")
    told(alone.do("report", "--title", "再也写不下", code=4), "磁盘已满", "64 MB")
    (small_disk / "one").unlink()
    (small_disk / "two").unlink()
    titles = {row["id"]: row["title"] for row in alone.rows("incidents")}
    assert titles[first["id"]] == "盘满之前" and titles[second["id"]] == "盘满之时" and "再也写不下" not in titles.values()
    assert alone("verify") == {"ok": True, "problems": []}


# -- the files ---------------------------------------------------------------------------------------------------------------


@pytest.mark.kinto
def test_corrupt_mirror_of_a_platform(city: Any, seat: SeatOf) -> None:
    incident = city.incident("应0001A")
    desk = seat()
    act = desk.do("edit", incident, "--set", "description=待发")
    garbage(folder_of(desk) / "mirror.db")
    assert desk.rows("incidents") == [] and "mirror.db 已损坏" in desk.said and "待发送的操作都在" in desk.said and "下次同步" in desk.said
    assert [row["op_id"] for row in desk.rows("outbox")] == [act["op_id"]]
    report = desk.sync()
    assert (report["pushed"], report["conflicts"], report["rejected"]) == (1, 0, 0)
    assert desk.row("incidents", incident)["description"] == "待发"
    assert list(folder_of(desk).glob("mirror.db.aside-*"))


def test_corrupt_mirror_of_the_sample_city(alone: Any) -> None:
    act = alone.do("report", "--title", "要留下的")
    seeded = next(row["number"] for row in alone.rows("incidents") if row["state"] == "active")
    alone.do("edit", seeded, "--set", "description=也要留下")
    before = alone("status")
    garbage(folder_of(alone) / "mirror.db")
    after = alone("status")
    assert "mirror.db 已损坏" in alone.said
    assert {key: after[key] for key in ("video_points", "sensors", "facilities", "units", "incidents")} == {
        key: before[key] for key in ("video_points", "sensors", "facilities", "units", "incidents")
    }
    assert alone.row("incidents", act["id"])["title"] == "要留下的"
    assert [row["description"] for row in alone.rows("incidents", "--where", f"number={seeded}")] == ["也要留下"]


def test_corrupt_platform_file_of_the_sample_city(alone: Any) -> None:
    alone.do("report", "--title", "已送达")
    garbage(folder_of(alone) / "platform.db")
    after = alone("status")
    assert "platform.db 已损坏" in alone.said and "另存" in alone.said
    assert after["facilities"] and sum(after["incidents"].values()) > 5
    assert alone("verify")["ok"]


def test_corrupt_desk_db_comes_back_from_its_newest_copy(alone: Any) -> None:
    alone.do("report", "--title", "在备份里")
    file = folder_of(alone) / "desk.db"
    assert list((file.parent / "backups").glob("desk-*.db"))
    garbage(file)
    assert [each["verb"] for each in alone.rows("audit")] == ["restore", "report"]
    assert "desk.db 已损坏" in alone.said and "已用备份" in alone.said and "请核对" in alone.said
    assert list(file.parent.glob("desk.db.aside-*")) and alone("verify")["ok"]


def test_corrupt_desk_db_without_a_copy_is_left_as_it_is(alone: Any) -> None:
    alone.do("report", "--title", "x")
    file = folder_of(alone) / "desk.db"
    kept = alone.folder / "kept.db"
    alone("backup", str(kept))
    shutil.rmtree(file.parent / "backups")
    garbage(file)
    told(alone("status", code=4), "desk.db 已损坏", "没有可用的备份", "restore")
    assert file.read_bytes().startswith(b"\x00garbage")
    assert alone("restore", str(kept))["ok"] and [row["verb"] for row in alone.rows("audit")] == ["restore", "report"]


@pytest.mark.parametrize("name", ["desk.db", "mirror.db"])
def test_newer_schema(alone: Any, name: str) -> None:
    alone("status")
    file = folder_of(alone) / name
    with closing(sqlite3.connect(file)) as db, db:
        db.execute("INSERT INTO schema_version(number, major, minor, name, at) VALUES(99, 9, 0, 'later', '')")
    before = file.read_bytes()
    told(alone("status", code=4), name, "更新版本", "升级")
    assert file.read_bytes() == before


def test_unreadable_feeds(alone: Any) -> None:
    alone("status")
    (alone.folder / "feeds.toml").write_text('[[feed]]\nname = "quakes"\nadapter = \n', "utf-8")
    told(alone("feeds", "list", code=4), "feeds.toml", "第 3 行")
    # The rest of the desk does not care.
    assert alone.rows("units")


def test_unreadable_settings(alone: Any) -> None:
    alone("status", "--scale", "small")
    file = alone.folder / "settings.json"
    file.write_text("{ half", "utf-8")
    assert alone("status")["city"] == "威海市"
    assert "settings.json 读不懂" in alone.said and "没有动" in alone.said
    assert (alone.folder / "settings.json.aside-1").read_text("utf-8") == "{ half"
    alone("status")
    assert "settings.json" not in alone.said


@pytest.mark.kinto
def test_unreadable_settings_do_not_cut_a_desk_off_from_its_acts(city: Any, seat: SeatOf, line: Any) -> None:
    incident = city.incident("应0001A")
    desk = seat()
    desk.do("claim", incident)
    line.down()
    (desk.folder / "settings.json").write_bytes(b"\x00\x01")
    (row,) = desk.rows("outbox")
    assert row["verb"] == "claim" and "已换回上一份" in desk.said


def test_a_folder_that_cannot_be_written(alone: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    alone.folder = tmp_path / "file" / "below"
    told(alone("status", code=4), "不能写入")
