"""The map's page: built once by folium, kept on disk by the hash of what it is made from. Folium is imported only to build."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from weihai_command.domain.point_index import MAX_ZOOM, ORIGIN

from .kinds import LAYERS

_MAKERS = ("page.py", "kinds.py", "elements.py")


def cached_page(cache_dir: Path | None) -> str:
    """The page's HTML; without a folder, or with one that cannot be written, it is built anew."""
    if cache_dir is None:
        return build_page()
    kept = cache_dir / f"map-{_fingerprint()}.html"
    try:
        return kept.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        html = build_page()
    try:
        _keep(kept, html)
    except OSError:
        pass
    return html


def _keep(kept: Path, html: str) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    for old in kept.parent.glob("map-*.html"):
        old.unlink(missing_ok=True)
    part = kept.with_suffix(".part")
    part.write_text(html, encoding="utf-8")
    part.replace(kept)


def _fingerprint() -> str:
    """Hash of everything that decides the page's text: the makers, the layers and folium's version."""
    digest = hashlib.sha256(version("folium").encode())
    for name in _MAKERS:
        digest.update(_source(name))
    digest.update(json.dumps([ORIGIN, MAX_ZOOM, [spec.as_page() for spec in LAYERS]]).encode())
    return digest.hexdigest()[:20]


def _source(name: str) -> bytes:
    try:
        return (files("layers") / name).read_bytes()
    except OSError:
        # A frozen program carries no sources; its own file changes with every build.
        return str(Path(sys.executable).stat().st_mtime_ns).encode()


def build_page() -> str:
    """Let folium build the page and lock it with a content security policy. About a second, cold."""
    from .elements import city_map

    return lock(city_map().get_root().render())


def lock(html: str) -> str:
    """Put a policy into `html` that allows its own inline blocks by their hash and else nothing but the page's scheme."""
    html = html.replace("\r\n", "\n")
    scripts = " ".join(_hashes(html, "script"))
    styles = " ".join(_hashes(html, "style"))
    policy = (
        f"default-src 'none'; script-src 'self' {scripts}; style-src 'self' {styles}; "
        "connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'"
    )
    return html.replace("<head>", f'<head>\n<meta http-equiv="Content-Security-Policy" content="{policy}">', 1)


def _hashes(html: str, tag: str) -> list[str]:
    blocks = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
    return [f"'sha256-{base64.b64encode(hashlib.sha256(block.encode()).digest()).decode()}'" for block in blocks]
