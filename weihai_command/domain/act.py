"""What an officer did, as it is kept and sent: one act with ordered steps on records."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

#: Of acts and steps. `pending` waits, `sending` may or may not have arrived, `done` the platform has it,
#: `conflict` another desk was first, `rejected` the platform refuses it, `withdrawn` an officer took it back.
OPEN = ("pending", "sending", "conflict", "rejected")
STATES = (*OPEN, "done", "withdrawn")


@dataclass(frozen=True, slots=True)
class Step:
    """One write on one record. `base` holds what the officer saw in the fields of `patch` (empty for a create).

    `base_version` is the record's version that `base` was read at; None = the version that the step before it produces.
    `mergeable` steps change plain fields only and may be rebased when others changed other fields.
    """

    op_id: str
    n: int
    kind: str
    record_id: str
    method: str  # create | patch
    patch: dict[str, Any]
    base: dict[str, Any] = field(default_factory=dict)
    base_version: int | None = None
    mergeable: bool = False
    state: str = "pending"
    attempts: int = 0
    error: str | None = None
    theirs: dict[str, Any] | None = None
    produced_version: int | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """`seq` is the order of acts on this desk; `at` the actor's own time; `offset_s` what the server's clock was ahead by."""

    op_id: str
    verb: str
    kind: str
    record_id: str
    actor: str
    at: str
    number: str = ""
    offset_s: float | None = None
    state: str = "pending"
    seq: int = 0
    next_at: float = 0.0
    error: str | None = None
