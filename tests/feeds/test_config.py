"""feeds.toml: the example of the command line's contract works, and a mistake is told with its line and field."""

from __future__ import annotations

from pathlib import Path

import keyring.errors
import pytest

from weihai_command.domain.faults import PlatformFault, StoreFault
from weihai_command.feeds import config
from weihai_command.feeds.geojson import GeoJsonFeed
from weihai_command.feeds.kinto import KintoFeed

EXAMPLE = """
[[feed]]
name = "quakes"
adapter = "geojson"
source = "https://example.invalid/all_week.geojson"
kind = "incidents"
every = "60 s"
[feed.fields]
id = "id"
title = "properties.title"
type = "=earthquake"
[feed.values.priority]
green = "low"

[[feed]]
name = "neighbour"
adapter = "kinto"
source = "https://kinto.example.invalid/v1"
kind = "units"
user = "feed"
every = 5
"""


def written(folder: Path, text: str | bytes) -> Path:
    path = folder / "feeds.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_the_example(tmp_path: Path) -> None:
    quakes, neighbour = config.load(written(tmp_path, EXAMPLE))
    assert (quakes.name, quakes.kind, quakes.every, quakes.folder) == ("quakes", "incidents", 60, tmp_path)
    assert quakes.fields["type"] == "=earthquake" and quakes.values == {"priority": {"green": "low"}}
    assert (neighbour.user, neighbour.every) == ("feed", 5)


def test_no_file_means_no_feeds(tmp_path: Path) -> None:
    assert config.load(tmp_path / "feeds.toml") == []
    assert config.load(written(tmp_path, "")) == []


@pytest.mark.parametrize(("change", "told"), [
    (('name = "quakes"', 'name = quakes"'), "第 3 行"), (('kind = "incidents"', 'kind = "quakes"'), "第 6 行，数据源“quakes”的 kind"),
    (('every = "60 s"', 'every = "soon"'), "第 7 行，数据源“quakes”的 every"), (('every = 5', "every = 0"), "第 21 行，数据源“neighbour”的 every"),
    (('source = "https://k', 'sauce = "https://k'), "数据源“neighbour”的 source 没有写"), (('name = "quakes"', ""), "name 没有写"),
    (('user = "feed"', 'password = "x"'), "第 20 行，数据源“neighbour”的 password 不是已知"), (('type = "=earthquake"', "type = 5"), "fields.type"),
    (('name = "neighbour"', 'name = "quakes"'), "重复"), (("[[feed]]", "[feed]"), "feed"), (('green = "low"', "green ="), "第 13 行"),
])
def test_a_mistake_is_told_with_its_place(tmp_path: Path, change: tuple[str, str], told: str) -> None:
    path = written(tmp_path, EXAMPLE.replace(*change, 1))
    with pytest.raises(StoreFault) as caught:
        config.load(path)
    assert told in str(caught.value) and "feeds.toml" in str(caught.value) and caught.value.exit_code == 4
    assert caught.value.kept and caught.value.todo


def test_an_unreadable_file_is_a_sentence(tmp_path: Path) -> None:
    for path in (written(tmp_path, b"\xff\xfe\x00"), tmp_path):
        with pytest.raises(StoreFault, match="读不出来"):
            config.load(path)


@pytest.mark.parametrize(("text", "seconds"), [("60 s", 60), ("5 min", 300), ("2h", 7200), ("1.5 h", 5400), (90, 90), ("10 分钟", 600), ("1 d", 86400)])
def test_periods(text: object, seconds: float) -> None:
    assert config._period("x", text) == seconds


def test_adapters_are_found_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    quakes, neighbour = config.load(written(tmp_path, EXAMPLE))
    for points in (config.entry_points, lambda **_: ()):
        monkeypatch.setattr(config, "entry_points", points)
        built = [config.build(each, lambda name: "secret") for each in (quakes, neighbour)]
        assert [type(each) for each in built] == [GeoJsonFeed, KintoFeed]
        for each in built:
            each.close()


def test_an_unknown_adapter_and_a_forbidden_address(tmp_path: Path) -> None:
    quakes, _ = config.load(written(tmp_path, EXAMPLE.replace('"geojson"', '"telex"')))
    with pytest.raises(StoreFault, match="telex"):
        config.build(quakes, lambda name: None)
    quakes, _ = config.load(written(tmp_path, EXAMPLE.replace("https://ex", "http://ex")))
    with pytest.raises(PlatformFault, match="明文"):
        config.build(quakes, lambda name: None)


def test_credentials_come_from_the_keyring_or_not_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keyring.get_password", lambda service, name: f"{service}/{name}")
    assert config.credential("quakes") == "weihai-command/feed:quakes"

    def locked(*_: str) -> str:
        raise keyring.errors.NoKeyringError

    monkeypatch.setattr("keyring.get_password", locked)
    assert config.credential("quakes") is None
