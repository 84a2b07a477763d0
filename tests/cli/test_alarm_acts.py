"""Alarms from the command line: the one that is named, by number or by its sensor, and no other."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
#: What detection would bring to the city in `folder`, in a process of its own.
BRING = """
import sys
from pathlib import Path
from weihai_command.domain.detection import Transition
from weihai_command.operations import alarms
from weihai_command.operations.desk import City, Desk
from weihai_command.store.profile import Profile
from weihai_command.store.store import Store
profile = Profile(Path(sys.argv[1]), sys.argv[2])
desk = Desk(profile, Store.open(profile, ballast=False), City("x", True))
base = {"quantity": "pump_level", "unit": "m", "district": "经区", "town": "凤林街道", "lon": 122.12, "lat": 37.41}
sensors = [{"id": f"s{n}", "name": f"凤林街道 泵站前池水位 0{n}", **base} for n in range(3)]
now = desk.clock().timestamp()
alarms.apply(desk, sensors, [Transition(n, "high", "raise", 3 - n, now - 60 + n, 4.62, 4.2) for n in range(3)])
desk.close()
"""


def city(seat: Any) -> tuple[str, str]:
    (folder,) = (each.parent for each in Path(seat.folder).rglob("desk.db"))
    return str(folder.parent), folder.name


def test_alarms_are_listed_and_acted_upon_one_by_one(alone: Any) -> None:
    alone("status")
    subprocess.run([sys.executable, "-c", BRING, *city(alone)], cwd=ROOT, check=True)
    first, second, third = [row for row in alone.rows("alarms") if row["sensor_id"] in {"s0", "s1", "s2"}]
    assert [row["severity"] for row in (first, second, third)] == [1, 2, 3] and first["standing"] == "unacked"
    assert first["text"] == "泵站前池水位 4.62 m，限 4.20" and first["raised_at"].startswith("20")
    assert alone("status")["alarms_10min"] >= 3
    assert alone.do("ack-alarm", first["id"][:13], "--reason", "已核实")["number"] == "凤林街道 泵站前池水位 02"
    assert alone.do("ack-alarm", first["id"], code=1)["code"] == "already_acked"
    assert alone.do("ack-alarm", "凤林街道 泵站前池水位", code=1)["code"] == "Ambiguous"
    alone.do("shelve", "凤林街道 泵站前池水位 01", "--reason", "检修", "--hours", "2")
    assert alone.do("shelve", third["id"], "--reason", "检修", "--hours", "9", code=1)["code"] == "shelf_too_long"
    assert {row["sensor_id"]: row["standing"] for row in alone.rows("alarms") if row["sensor_id"] in {"s0", "s1", "s2"}} == {
        "s0": "unacked", "s1": "shelved", "s2": "acked"}
    alone.do("unshelve", second["id"])
    alone.do("dismiss", second["id"], "--reason", "误报")
    assert second["id"] not in {row["id"] for row in alone.rows("alarms")}
    made = alone.do("alarm-incident", third["id"])
    assert alone.row("incidents", made["id"])["source"] == "sensor"
    assert alone.do("alarm-incident", third["id"], code=1)["code"] == "already_linked"
    texts = [row["text"] for row in alone.rows("log") if row["kind"] == "alarm"]
    assert len(texts) == 5 and all("泵站前池水位" in text for text in texts), json.dumps(texts, ensure_ascii=False)
