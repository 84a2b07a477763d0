"""Kinto's PostgreSQL storage with one thing more: whoever is about to write a record holds it from the reading of its version on.

Without that two requests that arrive together both find the version which they ask for, and the second overwrites the first unseen.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy
from kinto.core.storage import postgresql
from pyramid.threadlocal import get_current_request

READING = ("GET", "HEAD", "OPTIONS")
#: A server that hangs in the middle of a write loses it after so long: it would hold its record for ever, and a write that becomes visible long after the
#: time which its version tells is not among the last 30 seconds that desks read again.
PATIENCE_MS = 10_000


class Storage(postgresql.Storage):
    """Takes a lock on the record's id that ends with the request's transaction; readers take none."""

    def get(self, resource_name: str, parent_id: str, object_id: str, *rest: Any, **more: Any) -> Any:
        request = get_current_request()
        if resource_name == "record" and request is not None and request.method not in READING:
            with self.client.connect(readonly=True) as session:
                hold(session, f"{parent_id}/{object_id}")
        return super().get(resource_name, parent_id, object_id, *rest, **more)


def hold(session: Any, path: str) -> None:
    """Hold a record until this transaction ends, and see that it ends."""
    limits = "SELECT set_config('idle_in_transaction_session_timeout', :limit, true), set_config('statement_timeout', :limit, true)"
    session.execute(sqlalchemy.text(limits), {"limit": str(PATIENCE_MS)})
    session.execute(sqlalchemy.text("SELECT pg_advisory_xact_lock(hashtextextended(:path, 0))"), {"path": path})


def load_from_config(config: Any) -> Storage:
    """What Kinto asks a backend's module for."""
    made = postgresql.load_from_config(config)
    return Storage(client=made.client, max_fetch_size=made._max_fetch_size, readonly=made.readonly)
