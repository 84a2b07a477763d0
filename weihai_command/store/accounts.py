"""Officers who have signed in on this desk, so that they can sign in again without the network."""

from __future__ import annotations

from dataclasses import dataclass

from .store import Store

_FIELDS = "user, name, role, verifier, verified_at"


@dataclass(frozen=True, slots=True)
class Account:
    """`verifier` is the argon2 hash of the password the platform last accepted, at `verified_at`; None: never."""

    user: str
    name: str
    role: str
    verifier: str | None = None
    verified_at: str | None = None


def put(store: Store, account: Account) -> None:
    """Keep or replace an account."""
    with store.desk_write() as db:
        db.execute("DELETE FROM accounts WHERE user=?", (account.user,))
        values = (account.user, account.name, account.role, account.verifier, account.verified_at)
        db.execute(f"INSERT INTO accounts({_FIELDS}) VALUES(?,?,?,?,?)", values)


def get(store: Store, user: str) -> Account | None:
    with store.desk_read() as db:
        row = db.execute(f"SELECT {_FIELDS} FROM accounts WHERE user=?", (user,)).fetchone()
    return Account(*row) if row else None


def rows(store: Store) -> list[Account]:
    with store.desk_read() as db:
        return [Account(*row) for row in db.execute(f"SELECT {_FIELDS} FROM accounts ORDER BY user")]


def remove(store: Store, user: str) -> None:
    """Forget an account; its acts stay."""
    with store.desk_write() as db:
        db.execute("DELETE FROM accounts WHERE user=?", (user,))
