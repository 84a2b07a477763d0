"""Documents that attack are refused with what is wrong in them; nothing is fetched, nothing grows."""

from __future__ import annotations

import pytest

from weihai_command.feeds import xml_tree
from weihai_command.feeds.xml_tree import BadXml, parse


def refused(body: bytes) -> BadXml:
    with pytest.raises(BadXml) as caught:
        parse(body)
    return caught.value


def test_namespaces_texts_and_lines() -> None:
    root = parse(b'<a:x xmlns:a="urn:a"><a:y k="v"> one <!-- no -->two </a:y>\n<y>other</y></a:x>')
    assert (root.tag, root.space) == ("x", "urn:a") and root.say("y") == "one two"
    assert [(each.space, each.line) for each in root.children] == [("urn:a", 1), ("", 2)] and root.children[0].attributes == {"k": "v"}


@pytest.mark.parametrize(("body", "field"), [
    (b'<!DOCTYPE alert SYSTEM "http://127.0.0.1:1/x.dtd"><alert/>', "DOCTYPE"),
    (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>', "DOCTYPE"),
    (b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><a>&b;</a>', "DOCTYPE"),
    (b"<alert><sent>&unknown;</sent></alert>", "sent"),
    (b"<alert><sent>x</alert>", "sent"),
    (b"", "document"),
    (b"<alert/>trailing", "alert"),
    (b'<?xml version="1.0" encoding="gb2312"?><a>' + b"\xff\xff</a>", "encoding"),
    (b'<?xml version="1.0" encoding="klingon"?><a/>', "encoding"),
])
def test_what_is_refused_names_its_place(body: bytes, field: str) -> None:
    found = refused(body)
    assert found.field == field and found.reason


def test_depth_count_and_size_have_an_end() -> None:
    deep = b"<d>" * (xml_tree.MOST_DEEP + 1)
    assert refused(deep).field == "d" and "嵌套" in refused(deep).reason
    many = b"<m>" + b"<i/>" * (xml_tree.MOST_ELEMENTS + 1)
    assert refused(many).field == "i"
    assert refused(b"<a>" + b" " * xml_tree.SIZE_CAP + b"</a>").field == "document"


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1", "gb2312", "gb18030", "utf-16", "windows-1252"])
def test_encodings(encoding: str) -> None:
    text = "é" if encoding in ("iso-8859-1", "windows-1252") else "威海"
    body = f'<?xml version="1.0" encoding="{encoding}"?><a>{text}</a>'.encode(encoding)
    assert parse(body).text == text


def test_a_mark_at_the_beginning_does_not_matter() -> None:
    assert parse(b"\xef\xbb\xbf" + '<?xml version="1.0" encoding="utf-8"?><a>威</a>'.encode()).text == "威"
