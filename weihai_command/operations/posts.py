"""Where a department's account belongs, and that it touches its own cases only. Other roles have no post."""

from __future__ import annotations

from collections.abc import Iterable

from ..domain import lifecycle
from ..domain.incident import Incident
from ..domain.rights import Post
from ..store import settings
from ..store.store import Store
from .desk import Desk

#: Beginnings of the groups by which the administrator posts an account: department-city, area-371002.
DEPARTMENT, AREA = "department-", "area-"


def from_groups(groups: Iterable[str]) -> Post:
    """The post that an account's groups say."""
    known = sorted(groups)
    return Post(_first(known, DEPARTMENT), _first(known, AREA))


def _first(groups: list[str], beginning: str) -> str:
    return next((name.removeprefix(beginning) for name in groups if name.startswith(beginning)), "")


def keep(store: Store, user: str, post: Post | None) -> None:
    """Remember a post for the times without network."""
    settings.put(store, f"post:{user}", f"{post.department} {post.area}" if post else "")


def remembered(store: Store, user: str) -> Post:
    department, _, area = settings.get(store, f"post:{user}").partition(" ")
    return Post(department, area)


def post_of(desk: Desk) -> Post | None:
    """None for whoever is bound to no department."""
    if desk.officer is None or desk.role != "department":
        return None
    return desk.officer.post or Post()


def area_of(desk: Desk, incident: Incident) -> str:
    """The administrative code of the incident's town or district; looked up for departments only."""
    if post_of(desk) is None:
        return ""
    # The gazetteer's table is read only where somebody's right depends on it.
    from . import catalogue

    return catalogue.area_code(incident.district, incident.town)


def mind(desk: Desk, incident: Incident) -> None:
    """Refused for another department's case, another area's, or an account that nobody has posted."""
    lifecycle.mind_post(incident, desk.role, post_of(desk), area_of(desk, incident))
