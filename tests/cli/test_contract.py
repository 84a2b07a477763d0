"""The command line as its contract has it: verbs and options in the help, JSON shapes, exit codes, one object on standard output."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from weihai_command.cli.main import VERBS

#: verb → what its help must name.
CONTRACT = {
    "doctor": (), "hub": ("--host", "--port", "--postgres", "--data", "--seed", "small", "city"), "sync": ("--platform", "--user"),
    "feeds": ("list", "check", "pull", "NAME"), "query": ("--where", "FIELD=VALUE", "--text", "--near", "LON,LAT", "--radius", "--limit"),
    "do": (), "shot": ("OUT.png", "--size", "desk"), "bench": ("start", "chaos"), "backup": (), "restore": (), "verify": (),
}
#: do verb → what its help must name.
ACTS = {
    "report": ("--title", "--type", "--priority", "--lon", "--lat", "--place", "--source", "--description"), "claim": ("INC",),
    "register": ("INC",), "dispatch": ("INC", "UNIT"), "status": ("UNIT", "STATE"), "note": ("INC", "TEXT"), "promote": ("INC",),
    "suspend": ("INC", "--reason"), "resume": ("INC",), "return": ("INC", "--reason"), "rework": ("INC", "--reason"), "check": ("INC",),
    "close": ("INC", "--outcome"), "resolve": ("INC", "--take", "mine", "theirs"), "withdraw": ("OP",),
    "move": ("UNIT", "INC"), "assign": ("UNIT", "INC"), "unassign": ("UNIT",), "call": ("UNIT", "--ask", "--missed", "--seen"),
    "respond": ("WARNING", "--incident", "--plan", "--level"), "tick": ("INC", "ITEM", "--undo"),
}
COMMON = ("--profile", "--json", "--help")


def helped(alone: Any, *words: str) -> str:
    done = alone.run(*words, "--help")
    assert done.returncode == 0 and not done.stderr
    return str(done.stdout)


def test_the_whole_help_names_every_verb_and_every_exit_code(alone: Any) -> None:
    text = helped(alone)
    for verb in CONTRACT:
        assert re.search(rf"^    {verb}\b", text, re.M), verb
    for option in ("--platform", "--user", "--role", "officer", "leader", "trainer", "--scale", *COMMON):
        assert option in text
    assert all(f"{code} " in text for code in range(6))


def test_every_verb_can_be_loaded() -> None:
    import importlib

    for module, function in VERBS.values():
        if not module.endswith((".app", ".shots", ".bench")):
            assert callable(getattr(importlib.import_module(module), function))


@pytest.mark.parametrize("verb", CONTRACT)
def test_the_help_of_a_verb(alone: Any, verb: str) -> None:
    text = helped(alone, verb)
    missing = [word for word in (*CONTRACT[verb], *COMMON) if word not in text]
    assert not missing
    if verb == "do":
        assert not [act for act in ACTS if not re.search(rf"^ +{act}\b", text, re.M)]


@pytest.mark.parametrize("act", ACTS)
def test_the_help_of_an_act(alone: Any, act: str) -> None:
    text = helped(alone, "do", act)
    assert not [word for word in (*ACTS[act], "--op-id", *COMMON) if word not in text]


def test_passwords_are_never_an_argument(alone: Any) -> None:
    for verb in CONTRACT:
        assert "--pass" not in helped(alone, verb)


@pytest.mark.parametrize(
    "words", [("frob",), ("do", "frob"), ("do", "close", "应0417"), ("query",), ("query", "cats"), ("query", "units", "--where", "colour=red"),
              ("query", "units", "--where", "name"), ("query", "units", "--near", "here"), ("do", "report", "--title", "x", "--type", "no-such"),
              ("do", "edit", "应0417", "--set", "state=ended"), ("feeds", "pull", "nobody"), ("sync", "--limit", "3")],
)
def test_wrong_usage_is_exit_2_and_one_object(alone: Any, words: tuple[str, ...]) -> None:
    answer = alone(*words, code=2)
    assert answer["error"] and alone.said


def test_refusals_are_exit_1_and_say_the_rule(alone: Any) -> None:
    assert "没有找到事件" in alone.do("claim", "没有的", code=1)["error"]
    assert "标题" in alone.do("report", "--title", " ", code=1)["error"]
    assert "没有这个操作" in alone.do("withdraw", "no-op", code=1)["error"]
    assert "没有冲突" in alone.do("resolve", "应0417", "--take", "mine", code=1)["error"]
    ambiguous = alone.do("status", "消防", "on_scene", code=1)["error"]
    assert "对应" in ambiguous and "候选" in ambiguous


def test_shapes_of_what_is_read(alone: Any) -> None:
    rows = alone.rows("units", "--limit", "2")
    assert len(rows) == 2 and all(row["sync"] == "synced" and row["id"] and row["name"] for row in rows)
    for kind in ("incidents", "assignments", "log", "facilities", "plans", "warnings", "sensors", "video_points", "quarantine", "outbox", "conflicts", "audit"):
        assert isinstance(alone.rows(kind, "--limit", "1"), list)
    assert {row["state"] for row in alone.rows("incidents", "--where", "state=active")} == {"active"}
    near = alone.rows("units", "--near", "122.12,37.5", "--radius", "5000")
    assert near and len(near) < len(alone.rows("units"))
    assert all("燃气" in json.dumps(row, ensure_ascii=False) for row in alone.rows("incidents", "--text", "燃气"))
    status = alone("status")
    assert status["city"] == "威海市" and status["exercise"] and status["video_points"] == 300
    assert set(alone("verify")) == {"ok", "problems"}
    assert set(alone.sync()) >= {"pushed", "pulled", "deleted", "pending", "conflicts", "rejected", "quarantined"}


def test_an_emergency_from_report_to_close(alone: Any) -> None:
    shape = {"op_id", "kind", "id", "number", "state"}
    made = alone.do("report", "--title", "居民楼火情", "--type", "fire_house", "--priority", "1", "--place", "皇冠街道", "--source", "public")
    assert set(made) == shape and (made["kind"], made["state"]) == ("incidents", "new")
    number = made["number"]
    alone.do("claim", number)
    unit = next(row for row in alone.rows("units") if row["state"] == "available")
    sent = alone.do("dispatch", number, unit["name"])
    assert set(sent) == shape and sent["state"] == "active" and sent["id"] == made["id"]
    assert "还有 1 个力量" in alone.do("close", number, "--outcome", "已扑灭", code=1)["error"]
    for state in ("on_scene", "返回", "available"):
        moved = alone.do("status", unit["name"], state)
        assert moved["kind"] == "units" and moved["id"] == unit["id"]
    assert moved["state"] == "available"
    assert alone.do("note", number, "明火已灭")["kind"] == "log"
    assert alone.do("close", number, "--outcome", "已扑灭")["state"] == "ended"
    row = alone.row("incidents", made["id"])
    assert [line["act"] for line in row["history"]] == ["report", "claim", "dispatch", "close"]
    (assignment,) = alone.rows("assignments", "--where", f"incident_id={made['id']}")
    assert [(step["state"], step["inferred"]) for step in assignment["steps"]][:4] == [
        ("dispatching", False), ("dispatched", True), ("en_route", True), ("on_scene", False),
    ]
    assert "已结束" in alone.do("claim", number, code=1)["error"]
    done = [row["verb"] for row in reversed(alone.rows("audit"))]
    assert done == ["report", "claim", "dispatch", "status", "status", "status", "note", "close"] and alone.rows("outbox") == []


def test_a_unit_is_moved_to_another_incident(alone: Any) -> None:
    first, second = (
        alone.do("report", "--title", title, "--type", "fire_house", "--priority", "1", "--place", "皇冠街道") for title in ("甲火情", "乙火情")
    )
    unit = next(row for row in alone.rows("units") if row["state"] == "available")
    assert "不在处置中" in alone.do("move", unit["name"], second["number"], code=1)["error"]
    alone.do("dispatch", first["number"], unit["name"])
    moved = alone.do("move", unit["name"], second["number"])
    assert (moved["kind"], moved["id"], moved["state"]) == ("incidents", second["id"], "active")
    assert alone.row("units", unit["id"])["incident_id"] == second["id"]
    assert alone.do("close", first["number"], "--outcome", "完")["state"] == "ended"


def test_a_municipal_case_through_its_links(alone: Any) -> None:
    made = alone.do("report", "--title", "井盖缺失", "--track", "municipal", "--type", "manhole_missing", "--lon", "122.12", "--lat", "37.5")
    number = made["number"]
    assert made["state"] == "reported"
    steps = [
        (("verify", number, "--owner", "officer"), "verifying"), (("register", number), "registered"),
        (("dispatch", number, "--department", "chengguan"), "dispatched"), (("return", number, "--reason", "不属本部门"), "returned"),
        (("dispatch", number, "--department", "chengguan"), "dispatched"), (("accept", number), "accepted"), (("handle", number), "handling"),
        (("suspend", number, "--reason", "等料"), "suspended"), (("resume", number), "handling"), (("finish", number, "--result", "已补"), "handled"),
        (("check", number), "checking"), (("rework", number, "--reason", "不平"), "handling"), (("promote", number), None),
        (("demote", number), "handling"), (("finish", number, "--result", "已平"), "handled"), (("check", number), "checking"),
        (("close", number, "--outcome", "合格"), "closed"),
    ]
    for words, state in steps:
        assert alone.do(*words)["state"] == (state or "new"), words
    row = alone.row("incidents", made["id"])
    assert row["rework_count"] == 1 and row["until"] and row["track"] == "municipal"


def test_backup_and_restore(alone: Any, tmp_path: Path) -> None:
    alone.do("report", "--title", "甲")
    file = tmp_path / "copy.db"
    assert alone("backup", str(file)) == {"ok": True, "problems": [], "file": str(file)}
    alone.do("report", "--title", "乙")
    assert alone("restore", str(file))["ok"]
    assert [row["verb"] for row in alone.rows("audit")] == ["restore", "report"]
    file.write_bytes(b"no copy")
    answer = alone("restore", str(file), code=4)
    assert "没有改动" in answer["error"] and alone("verify")["ok"]


def test_the_whole_way_from_nothing(alone: Any) -> None:
    """No fork, no preloaded module: the program as a person starts it."""
    done = alone.spawn("query", "units", "--limit", "1", "--json")
    assert done.returncode == 0 and json.loads(done.stdout)["count"] == 1 and "演练城市" in done.stderr
    done = alone.spawn("do", "frob", "--json")
    assert done.returncode == 2 and json.loads(done.stdout)["error"]
    # Words for people: nothing but them on standard output, faults on standard error.
    done = alone.spawn("status")
    assert done.returncode == 0 and "威海市" in done.stdout


def test_a_tampered_audit_is_noticed(alone: Any) -> None:
    import sqlite3
    from contextlib import closing

    alone.do("report", "--title", "甲")
    with closing(sqlite3.connect(alone.folder / "sample-small" / "desk.db")) as db, db:
        db.execute("DROP TRIGGER audit_no_update")
        db.execute("UPDATE audit SET actor='somebody else'")
    answer = alone("verify", code=4)
    assert not answer["ok"] and "第 1 条被改动过" in answer["problems"][0]
