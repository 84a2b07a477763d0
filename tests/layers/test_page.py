from __future__ import annotations

import re
from pathlib import Path

from layers import page


def test_the_page_is_built_once_and_then_read(tmp_path: Path, monkeypatch: object) -> None:
    built: list[int] = []
    monkeypatch.setattr(page, "build_page", lambda: built.append(1) or "<html>城")  # type: ignore[attr-defined]
    assert [page.cached_page(tmp_path / "new"), page.cached_page(tmp_path / "new")] == ["<html>城"] * 2
    assert len(built) == 1
    page.cached_page(None)
    assert len(built) == 2


def test_another_recipe_is_another_page_and_the_old_one_goes(tmp_path: Path, monkeypatch: object) -> None:
    monkeypatch.setattr(page, "build_page", lambda: "<html>")  # type: ignore[attr-defined]
    page.cached_page(tmp_path)
    monkeypatch.setattr(page, "LAYERS", ())  # type: ignore[attr-defined]
    before = set(tmp_path.iterdir())
    page.cached_page(tmp_path)
    assert len(list(tmp_path.iterdir())) == 1 and set(tmp_path.iterdir()) != before


def test_a_folder_that_cannot_be_written_costs_only_time(tmp_path: Path, monkeypatch: object) -> None:
    monkeypatch.setattr(page, "build_page", lambda: "<html>")  # type: ignore[attr-defined]
    (tmp_path / "file").write_text("")
    assert page.cached_page(tmp_path / "file" / "below") == "<html>"


def test_folium_builds_the_same_page_twice_with_every_address_on_our_scheme() -> None:
    html = page.build_page()
    assert html == page.build_page()
    addresses = re.findall(r'(?:src|href)="([^"]*)"', html)
    assert len(addresses) > 8 and all(address.startswith("weihai://map/") for address in addresses)
    assert not re.search(r"https?://", html)


def test_the_policy_allows_the_inline_blocks_and_nothing_foreign() -> None:
    html = page.lock("<html><head></head><script>a()</script><script src='x'></script><style>b</style></html>")
    policy = re.search(r'content="([^"]*)"', html)
    assert policy and policy[1].count("sha256-") == 2
    assert "default-src 'none'" in policy[1] and "unsafe" not in policy[1]
