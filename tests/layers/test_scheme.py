from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QUrl

from layers.scheme import MapScheme, inside, note, register


@pytest.fixture
def scheme(qapp: Any) -> MapScheme:
    return MapScheme(lambda: "<html>", lambda name, have: b"rows" if (name, have) == ("sensors", 7) else None)


def test_registering_again_does_no_harm(qapp: Any) -> None:
    from PySide6.QtWebEngineCore import QWebEngineUrlScheme

    register()
    register()
    assert bytes(QWebEngineUrlScheme.schemeByName(b"weihai").name().data()) == b"weihai"


@pytest.mark.parametrize("name", ["../secret", "sub/../../secret", "/etc/passwd", "link", "sub", "", "\0", "missing"])
def test_nothing_outside_a_folder_is_found(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "assets"
    (folder / "sub").mkdir(parents=True)
    (tmp_path / "secret").write_text("s")
    (folder / "link").symlink_to(tmp_path / "secret")
    assert inside(folder, name) is None


def test_what_lies_inside_is_found(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("1")
    assert inside(tmp_path, "a.js") == (tmp_path / "a.js").resolve()


@pytest.mark.parametrize("address, mime", [
    ("weihai://map/page", "text/html"), ("weihai://map/map/core.js", "text/javascript"),
    ("weihai://map/leaflet/leaflet.js", "text/javascript"), ("weihai://map/leaflet/leaflet.css", "text/css"),
    ("weihai://map/qwebchannel.js", "text/javascript"), ("weihai://map/symbols.svg?theme=light", "image/svg+xml"),
    ("weihai://map/feed/sensors?have=7", "application/octet-stream"),
])
def test_serves(scheme: MapScheme, address: str, mime: str) -> None:
    answer = scheme.answer(QUrl(address))
    assert answer is not None and answer[0] == mime and answer[1]


@pytest.mark.parametrize("address", [
    "weihai://map/map/../__init__.py", "weihai://map/map/%2e%2e/__init__.py", "weihai://map/map/..%2f__init__.py",
    "weihai://map/leaflet//etc/passwd", "weihai://other/page", "http://map/page", "weihai://map/page/more", "weihai://map/",
    "weihai://map/feed/unknown?have=0", "weihai://map/feed/sensors?have=x",
])
def test_refuses(scheme: MapScheme, address: str) -> None:
    assert scheme.answer(QUrl(address)) is None


def test_a_log_does_not_grow_without_end() -> None:
    log: list[str] = []
    for entry in range(20_000):
        note(log, str(entry))
    assert len(log) <= 5000 and log[-1] == "19999"
