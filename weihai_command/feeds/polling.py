"""A SensorThings server as a source of readings that wakes whoever keeps them: asked on a thread of its own, a page at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from weihai_command.domain.faults import Fault, PlatformFault

from .feed import FeedConfig
from .measured import Measured
from .sensorthings import Seen, SensorThingsFeed

#: Seconds between two tries while the server is lost.
RETRY_S = 15.0


class SensorThingsSource:
    """Offers what feeds.mqtt.MqttSource offers. `until`: up to which time readings are known; `noted` gets it when they are confirmed."""

    def __init__(
        self, config: FeedConfig, secret: str | None = None, *, until: float | None = None, noted: Callable[[float], None] = lambda _: None,
        now: Callable[[], float] = time.time, retry_s: float = RETRY_S,
    ) -> None:
        self.config, self.name, self.now = config, config.name, now
        self.wake: Callable[[], None] = lambda: None
        self.fault: Fault | None = None
        self.last_ok: float | None = None
        self._secret, self._noted, self._retry_s = secret, noted, retry_s
        self._feed = SensorThingsFeed(config, secret, now=now)
        self._seen = Seen(until)
        self._ready: Measured | None = None
        self._is_out = False
        self._changed = threading.Condition()
        self._leaving = False
        self._thread = threading.Thread(target=self._run, name=f"readings-{config.name}", daemon=True)

    def start(self) -> None:
        """Ask from now on, every `every` seconds of the feed."""
        self._thread.start()

    def stop(self) -> None:
        """End what is being asked at once and wait for the thread."""
        self.wake = lambda: None
        with self._changed:
            self._leaving = True
            self._changed.notify_all()
        self._feed.http.hang_up()
        if self._thread.ident is not None:
            self._thread.join(10)
        self._feed.close()

    def take(self) -> Measured:
        """The page that has come; the next one is asked for when it has been confirmed."""
        with self._changed:
            found, self._ready = self._ready, None
            self._is_out |= found is not None
        return found or Measured()

    def confirm(self) -> None:
        """What was taken is kept."""
        with self._changed:
            self._is_out = False
            self._changed.notify_all()
        if self._seen.next is None and self._seen.until is not None:
            self._noted(self._seen.until)

    def _run(self) -> None:
        while not self._leaving:
            pause = self.config.every
            try:
                self._read_all()
                self.last_ok = self.now()
                self._tell(None)
            except PlatformFault as fault:
                # Pages may have moved meanwhile: from the last whole reading on.
                self._seen = Seen(self._seen.until)
                self._tell(fault)
                pause = min(pause, self._retry_s)
            with self._changed:
                self._changed.wait_for(lambda: self._leaving, pause)

    def _read_all(self) -> None:
        while not self._leaving:
            found, following = self._feed.observations(self._seen)
            if len(found) or found.rejected:
                self._hand_over(found)
            self._seen = following
            if following.next is None:
                return

    def _hand_over(self, found: Measured) -> None:
        with self._changed:
            self._ready = found
        self.wake()
        with self._changed:
            self._changed.wait_for(lambda: self._leaving or (self._ready is None and not self._is_out))

    def _tell(self, fault: Fault | None) -> None:
        if not self._leaving:
            self.fault = fault
            self.wake()
