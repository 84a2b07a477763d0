"""One city opened by one process: its store, its platform, and the officer who sits at it."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ..domain.rights import Post, acting_role
from ..feeds.line import hang_up_all
from ..feeds.platform import Platform
from ..store.profile import Profile
from ..store.store import Store

if TYPE_CHECKING:
    from ..store.readings import Readings


@dataclass(frozen=True, slots=True)
class City:
    """`platform` is the URL or None for the embedded sample city; `scale` small | city where the city is embedded."""

    name: str
    exercise: bool
    platform: str | None = None
    scale: str | None = None

    @property
    def embedded(self) -> bool:
        return self.platform is None


@dataclass(frozen=True, slots=True)
class Officer:
    """Who is signed in: the account, the name on screen and the role; `post` binds a department's account."""

    user: str
    name: str
    role: str
    post: Post | None = None


@dataclass(slots=True)
class Link:
    """What is known of the connection: `state` synced | syncing | offline | paused | local; times are ISO 8601."""

    state: str = "offline"
    last_ok: str | None = None
    error: str = ""
    offset_s: float | None = None


@dataclass(slots=True)
class Desk:
    """Built by operations.opening; `platforms` maps a signed-in account to the platform under that account."""

    profile: Profile
    store: Store
    city: City
    officer: Officer | None = None
    platforms: dict[str, Platform] = field(default_factory=dict)
    #: Accounts that the platform has refused since they signed in: nothing goes out under them before they sign in again.
    refused: set[str] = field(default_factory=set)
    link: Link = field(default_factory=Link)
    root: Path | None = None
    #: Wall clock and ids are handed in, so that a drill and a test replay exactly.
    clock: Callable[[], datetime] = lambda: datetime.now().astimezone()
    new_id: Callable[[], str] = lambda: str(uuid.uuid4())
    syncing: threading.Lock = field(default_factory=threading.Lock)
    #: An open window has quiet moments in which desk.db is copied; a verb of the command line copies it with its act.
    has_quiet: bool = False
    leaving: threading.Event = field(default_factory=threading.Event)
    #: Opened by the first who asks for a reading (operations.readings).
    readings: Readings | None = None

    def now(self) -> str:
        """ISO 8601 with offset, to the second."""
        return self.clock().isoformat(timespec="seconds")

    def epoch(self) -> float:
        return time.time()

    @property
    def role(self) -> str:
        """The role whose rights apply to the next act."""
        officer = self.officer
        return acting_role(officer.role, self.city.exercise, self.city.embedded) if officer else "observer"

    def platform(self) -> Platform | None:
        """The platform under the present officer, or any signed-in account for reading; he may sign out meanwhile."""
        officer, known = self.officer, dict(self.platforms)
        own = officer.user if officer else ""
        user = min(known, key=lambda each: (each in self.refused, each != own), default="")
        return known.get(user)

    def pusher(self, actor: str) -> Platform | None:
        """The platform under this account, None while he is not signed in or has to sign in again."""
        return None if actor in self.refused else self.platforms.get(actor)

    def hang_up(self) -> None:
        """Let nobody talk to the network any longer: what is being asked ends at once, and goes on next time."""
        self.leaving.set()
        for platform in list(self.platforms.values()):
            ending = getattr(platform, "hang_up", None)
            if ending:
                ending()
        # Neighbours' sources, and whoever signs in.
        hang_up_all()

    def close(self) -> None:
        for platform in self.platforms.values():
            closing = getattr(platform, "close", None)
            if closing:
                closing()
        if self.readings is not None:
            self.readings.close()
        self.store.close()
