"""CAP from files, folders and indexes: real messages become warnings, broken ones are put aside with the element that is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from weihai_command.domain.faults import PlatformFault
from weihai_command.feeds.cap import CapFeed
from weihai_command.feeds.cap_message import record_of
from weihai_command.feeds.feed import FeedConfig, Memory
from weihai_command.feeds.mapping import BadField
from weihai_command.feeds.xml_tree import SIZE_CAP, parse

NOW = 1_770_000_000.0
HEAD = {
    "identifier": "1", "sender": "371000", "sent": "2026-02-01T08:00:00+08:00", "status": "Actual", "msgType": "Alert", "scope": "Public",
}
INFO = {
    "language": "zh-CN", "category": "Met", "event": "11B03", "urgency": "Expected", "severity": "Severe", "certainty": "Likely",
    "effective": "2026-02-01T08:00:00+08:00", "expires": "2026-02-02T08:00:00+08:00", "headline": "荣成市气象台发布暴雨橙色预警",
}


def message(head: dict[str, str] | None = None, info: dict[str, str] | None = None, rest: str = "", space: str = "1.2") -> str:
    """A message; a field given as "" is left out."""
    def told(fields: dict[str, str]) -> str:
        return "".join(f"<{tag}>{text}</{tag}>" for tag, text in fields.items() if text)

    block = f"<info>{told({**INFO, **(info or {})})}{rest}</info>"
    return f'<alert xmlns="urn:oasis:names:tc:emergency:cap:{space}">{told({**HEAD, **(head or {})})}{block}</alert>'


def record(**how: Any) -> dict[str, Any]:
    return record_of(parse(message(**how).encode()))


def feed(source: str, folder: Path = Path()) -> CapFeed:
    return CapFeed(FeedConfig("cap", "cap", source, "warnings", folder=folder), now=lambda: NOW)


def test_the_samples_become_warnings_or_are_refused_with_the_element(shared_data: Path) -> None:
    page, _ = feed("cap12_samples", shared_data).read(Memory())
    found = {row["headline"][:12]: row for row in page.records}
    assert {(row.get("colour"), row["sent"], row["expires"]) for row in page.records} == {
        ("blue", "2011-10-05T23:04:00+10:00", "2011-10-06T23:04:00+10:00"),
        ("orange", "2010-08-30T04:07:00-06:00", "2010-08-30T12:00:00-06:00"),
        (None, "2010-08-31T00:09:25-05:00", "2010-09-02T00:09:25-05:00"), (None, "2012-10-14T22:53:04+00:00", "2012-10-21T22:53:04+00:00"),
    }
    circle = found["Yerong Creek"]["area"]
    lats = [point[1] for point in circle["coordinates"][0]]
    # 25 km around one place, told twice.
    assert circle["type"] == "Polygon" and max(lats) - min(lats) == pytest.approx(50 / 111.2, rel=0.01)
    assert found["EQ 6.3 Neiaf"]["area"] == {"type": "Point", "coordinates": [-173.274, -16.053]}
    assert found["Flash Flood "]["geocodes"] == ["030049", "MTZ014"] and found["Flash Flood "]["kind"] == "rainstorm"
    assert "Usulután" in found["EQ 4.6 Usulu"]["text"]
    assert sorted((each.field, each.reason) for each in page.rejected) == [("references", "不能为空"), ("scope", "缺少必填元素")]


def test_the_chinese_profile() -> None:
    where = "<area><areaDesc>荣成市</areaDesc><polygon>37,122 37,122.5 37.4,122.5 37,122</polygon><geocode><valueName>x</valueName><value>371082</value></geocode></area>"
    found = record(info={"severity": "Orange", "senderName": "荣成市气象台"}, rest=where)
    assert (found["colour"], found["severity"], found["kind"], found["districts"]) == ("orange", "Severe", "rainstorm", ["荣成市"])
    assert found["area"]["coordinates"][0][0] == [122.0, 37.0] and found["sender_name"] == "荣成市气象台"
    code = "<eventCode><valueName>x</valueName><value>11B14</value></eventCode><parameter><valueName>颜色</valueName><value>黄色</value></parameter>"
    found = record(info={"headline": "注意", "event": "天气"}, rest=code)
    assert (found["kind"], found["colour"]) == ("thunderstorm", "yellow")
    assert record(info={"event": "", "headline": ""}, rest="<eventType>11B06</eventType>")["kind"] == "wind"


@pytest.mark.parametrize(("how", "field"), [
    *[({"head": {tag: ""}}, tag) for tag in HEAD], *[({"info": {tag: ""}}, tag) for tag in ("category", "event", "urgency", "severity", "certainty")],
    ({"head": {"sent": "2026-02-01T08:00:00"}}, "sent"), ({"head": {"sent": "soon"}}, "sent"), ({"head": {"status": "real"}}, "status"),
    ({"head": {"msgType": "Update"}}, "references"), ({"head": {"msgType": "Cancel", "references": "a,b"}}, "references"),
    ({"head": {"scope": "Restricted"}}, "restriction"), ({"info": {"expires": "2026-02-30T00:00:00+08:00"}}, "expires"),
    ({"info": {"severity": "Terrible"}}, "severity"), ({"rest": "<area><polygon>1,1</polygon></area>"}, "areaDesc"),
    *[({"rest": f"<area><areaDesc>x</areaDesc>{shape}</area>"}, field) for shape, field in (
        ("<polygon>37,122 37,122.5 37,122</polygon>", "polygon"), ("<polygon>37,122 37,122.5 37.4,122.5 37.1,122</polygon>", "polygon"),
        ("<polygon>122,37 1,200 1,1 122,37</polygon>", "polygon"), ("<circle>37,122</circle>", "circle"), ("<circle>37,122 nan</circle>", "circle"),
        ("<geocode><value>1</value></geocode>", "valueName"),
    )],
    ({"space": "1.0"}, "alert"),
])
def test_what_is_wrong_is_named(how: dict[str, Any], field: str) -> None:
    with pytest.raises(BadField) as caught:
        record(**how)
    assert caught.value.field == field and caught.value.reason


def test_update_and_cancel_say_whom_they_mean() -> None:
    found = record(head={"msgType": "Update", "references": "a,1,2026-02-01T08:00:00+08:00\n b,2,2026-02-01T09:00:00+08:00"})
    assert found["references"] == ["a,1,2026-02-01T08:00:00+08:00", "b,2,2026-02-01T09:00:00+08:00"]
    bare = '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.1">' + "".join(
        f"<{tag}>{text}</{tag}>" for tag, text in {**HEAD, "msgType": "Cancel", "references": "a,1,2026-02-01T08:00:00+08:00", "note": "解除"}.items()
    )
    assert record_of(parse((bare + "</alert>").encode()))["title"] == "解除"


def test_messages_about_messages_are_left_out_and_tests_say_so(tmp_path: Path) -> None:
    for name, head in {"a": {"msgType": "Ack", "identifier": "2"}, "b": {"status": "Draft", "identifier": "3"}, "c": {"status": "Exercise"}}.items():
        (tmp_path / f"{name}.xml").write_text(message(head), "utf-8")
    page, _ = feed(".", tmp_path).read(Memory())
    assert [(row["status"], row["title"][:10]) for row in page.records] == [("Exercise", "【Exercise】")]


def test_a_huge_file_and_a_bomb_are_put_aside_and_nothing_counts_as_gone(tmp_path: Path) -> None:
    (tmp_path / "a.cap").write_text(message(info={"expires": "2199-01-01T00:00:00+08:00"}), "utf-8")
    _, memory = feed(".", tmp_path).read(Memory())
    (tmp_path / "a.cap").write_bytes(b" " * (SIZE_CAP + 1))
    (tmp_path / "b.cap").write_bytes(b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>')
    (tmp_path / "c.cap").write_text(message({"identifier": "3"}), "utf-8")
    page, after = feed(".", tmp_path).read(memory)
    assert [each.field for each in page.rejected] == ["document", "DOCTYPE"] and not page.deletions and len(page.records) == 1
    assert set(memory.versions) <= set(after.versions)


def test_an_index_leads_to_its_messages_and_nowhere_else(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "outside.cap").write_text(message(), "utf-8")
    (tmp_path / "in" / "one.cap").write_text(message(), "utf-8")
    links = "".join(f'<entry><link type="application/cap+xml" href="{href}"/></entry>' for href in ("one.cap", "../outside.cap", "http://127.0.0.1:1/x"))
    (tmp_path / "in" / "index.atom").write_text(f'<feed xmlns="http://www.w3.org/2005/Atom">{links}<entry/></feed>', "utf-8")
    page, _ = feed("in/index.atom", tmp_path).read(Memory())
    assert len(page.records) == 1 and [each.field for each in page.rejected] == ["link"] * 3


def test_an_index_behind_an_address(serve: Any, reply: Any) -> None:
    asked: list[str] = []

    def handle(request: Any) -> None:
        asked.append(request.path)
        links = '<entry><link href="one.cap"/></entry><entry><link href="gone.cap"/></entry><entry><link href="http://127.0.0.2/x.cap"/></entry>'
        body = {"/index": f'<feed xmlns="http://www.w3.org/2005/Atom">{links}</feed>', "/one.cap": message()}.get(request.path, "")
        reply(request, 200 if body else 404, body.encode())

    mine = feed(serve(handle) + "/index")
    page, _ = mine.read(Memory())
    mine.close()
    assert len(page.records) == 1 and [each.field for each in page.rejected] == ["link", "link"] and asked == ["/index", "/one.cap", "/gone.cap"]


def test_what_ended_may_leave_the_list_but_stays_known_for_a_day(tmp_path: Path) -> None:
    for number in range(10):
        (tmp_path / f"{number}.cap").write_text(message({"identifier": str(number)}), "utf-8")
    _, memory = feed(".", tmp_path).read(Memory())
    for path in tmp_path.iterdir():
        path.unlink()
    late = CapFeed(FeedConfig("cap", "cap", ".", "warnings", folder=tmp_path), now=lambda: NOW + 3600)
    page, memory = late.read(memory)
    assert not page.deletions and len(memory.versions) == 10
    next_day = CapFeed(FeedConfig("cap", "cap", ".", "warnings", folder=tmp_path), now=lambda: NOW + 2 * 86_400)
    assert len(next_day.read(memory)[0].deletions) == 10


def test_what_lasts_may_not_vanish_at_once(tmp_path: Path) -> None:
    (tmp_path / "1.cap").write_text(message(), "utf-8")
    early = CapFeed(FeedConfig("cap", "cap", ".", "warnings", folder=tmp_path), now=lambda: NOW - 40_000)
    _, memory = early.read(Memory())
    (tmp_path / "1.cap").unlink()
    with pytest.raises(PlatformFault) as caught:
        early.read(memory)
    assert caught.value.code == "shrunken"


def test_what_is_referred_to_stays_while_its_successor_is_there(tmp_path: Path) -> None:
    (tmp_path / "1.cap").write_text(message(info={"expires": "2199-01-01T00:00:00+08:00"}), "utf-8")
    _, memory = feed(".", tmp_path).read(Memory())
    (tmp_path / "1.cap").unlink()
    reference = "371000,1,2026-02-01T08:00:00+08:00"
    (tmp_path / "2.cap").write_text(message({"identifier": "2", "msgType": "Update", "references": reference}), "utf-8")
    page, after = feed(".", tmp_path).read(memory)
    assert not page.deletions and len(after.versions) == 2
