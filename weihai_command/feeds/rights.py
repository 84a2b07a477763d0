"""Which role creates and which roles change what on the platform. The hub grants it, and every create hands it on with the record."""

from __future__ import annotations

BUCKET = "city"
ROLES = ("officer", "shift_leader", "department", "leader", "trainer", "admin", "feed")
#: Nobody holds `write` on a collection: that right would replace its schema and empty it.
CREATORS: dict[str, tuple[str, ...]] = {
    "incidents": ("officer", "department", "trainer", "feed"),
    "assignments": ("officer", "trainer"),
    "units": ("feed",),
    "log": ("officer", "department", "trainer", "feed"),
    "facilities": ("feed",),
    "plans": (),
    "warnings": ("officer", "trainer", "feed"),
    "sensors": ("feed",),
    "video_points": ("feed",),
    "meta": (),
}
#: Besides its creator's own role. A log entry is added to and never changed, so nobody may, not even its author.
WRITERS: dict[str, tuple[str, ...]] = {
    "incidents": ("officer", "department"),
    "assignments": ("officer", "department"),
    "units": ("officer", "department", "feed"),
    "warnings": ("officer",),
    "facilities": ("feed",),
    "sensors": ("feed",),
    "video_points": ("feed",),
}
APPEND_ONLY = frozenset({"log"})
#: A shift leader does all that an officer does, so those accounts stand in both groups.
ALSO = {"shift_leader": ("officer",)}


def group(role: str) -> str:
    """The principal of a role's group."""
    return f"/buckets/{BUCKET}/groups/{role}"


def write_groups(kind: str, creator: list[str]) -> list[str]:
    """Who may change a new record: the groups that the creator belongs to and those who work on this kind."""
    if kind in APPEND_ONLY:
        return []
    return sorted({*creator, *map(group, WRITERS.get(kind, ()))})


#: Other groups of an account say where it is posted and give no right to a record.
ROLE_GROUPS = frozenset(map(group, ROLES))
