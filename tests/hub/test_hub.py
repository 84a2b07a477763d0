"""The hub as a process: it says one line, ends cleanly, leaves nothing, and tells a person what is wrong."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from weihai_command import hub as module
from weihai_command.domain.faults import StoreFault
from weihai_command.feeds.kinto import KintoPlatform
from weihai_command.hub_setup import ACCOUNTS, MASS, _batches, schema

pytestmark = pytest.mark.kinto
ROOT = Path(__file__).parents[2]


def test_one_line_with_address_and_every_account(hub) -> None:
    assert hub.url.startswith("http://127.0.0.1:") and hub.url.endswith("/v1")
    assert set(hub.accounts) == set(ACCOUNTS) and {"admin", "officer", "leader", "trainer"} <= set(hub.accounts)
    assert len(set(hub.accounts.values())) == len(ACCOUNTS) and all(len(word) >= 16 for word in hub.accounts.values())


def _spawn(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-m", "weihai_command.hub", "--port", "0", *arguments], cwd=ROOT, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)})


def test_a_seeded_hub_from_its_line_to_ctrl_c(tmp_path: Path) -> None:
    process = _spawn("--data", str(tmp_path), "--seed", "small")
    with process:
        ready = json.loads(process.stdout.readline())
        _work_with_the_sample(ready)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=15)
    assert process.returncode == 0 and out == "" and "Traceback" not in err
    assert "演练" in err
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", int(ready["url"].split(":")[2].split("/")[0]))) != 0
    kept = (tmp_path / "hub.json").read_text()
    assert json.loads(kept)["server_id"] and not any(password in kept for password in ready["accounts"].values())


def _work_with_the_sample(ready: dict) -> None:
    platform = KintoPlatform(ready["url"], "officer", ready["accounts"]["officer"])
    try:
        assert platform.meta().exercise
        assert len(platform.versions("units")) > 10 and len(platform.versions("video_points")) == 300
        incident = platform.page("incidents").records[0]
        # A seeded record is as much the officers' as one of their own.
        assert platform.patch("incidents", incident["id"], {"description": "已核"}, incident["last_modified"], "op").status == "applied"
    finally:
        platform.close()


@pytest.mark.parametrize("seconds", [2.0, 6.0])
def test_sigterm_during_the_start_ends_it_too(seconds: float) -> None:
    process = _spawn("--seed", "city")
    with process:
        time.sleep(seconds)
        process.terminate()
        _, err = process.communicate(timeout=30)
    # Before Python has put up its handlers the signal simply kills; either way nothing stays.
    assert process.returncode in (0, -signal.SIGTERM) and "Traceback" not in err


def test_a_taken_port_is_told_in_chinese(hub) -> None:
    port = hub.url.split(":")[2].split("/")[0]
    process = _spawn("--port", port)
    with process:
        out, err = process.communicate(timeout=30)
    assert process.returncode == 3 and out == "" and "无法在" in err and "端口" in err and "Traceback" not in err


def test_the_place_keeps_its_identity(tmp_path: Path) -> None:
    first = module._server_id(tmp_path / "new")
    assert first and first == module._server_id(tmp_path / "new")
    assert module._server_id(None) is None
    (tmp_path / "new" / "hub.json").write_text("{")
    with pytest.raises(StoreFault, match=r"hub\.json"):
        module._server_id(tmp_path / "new")


def test_beyond_this_machine_it_warns(capsys: pytest.CaptureFixture[str]) -> None:
    module._warn("0.0.0.0", "postgresql://x")
    assert "没有 TLS" in capsys.readouterr().err
    module._warn("127.0.0.1", "postgresql://x")
    assert capsys.readouterr().err == ""


def test_masses_are_batched_and_nothing_is_left_out() -> None:
    kinds = ["units", "video_points", "sensors", "incidents"]
    records = [(kinds[n % 4], {"id": str(n)}) for n in range(2000)]
    batches = list(_batches(iter(records)))
    assert sorted(int(row["id"]) for _, batch in batches for row in batch) == list(range(2000))
    assert all(len(batch) == 1 for kind, batch in batches if kind not in MASS) and max(len(batch) for _, batch in batches) == 200


def test_schemas_are_shipped() -> None:
    assert schema("incidents")["required"] == ["id", "title"]
