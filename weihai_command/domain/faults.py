"""What a person can act on. Everything else that goes wrong is a bug and is logged whole.

    Fault                     what happened, what was kept, what to do
    ├── Refused               a rule says no                              exit 1
    │   └── Ambiguous         a name fits several records                 exit 1
    ├── Usage                 the call itself is wrong                    exit 2
    ├── PlatformFault         not reachable or not authorised             exit 3
    └── StoreFault            store, disk or configuration                exit 4
"""

from __future__ import annotations


class Fault(Exception):
    """A sentence for a person: what happened, what was kept, what to do (each Chinese, each may be empty)."""

    exit_code = 1

    def __init__(self, happened: str, kept: str = "", todo: str = "", *, code: str = "") -> None:
        super().__init__(happened)
        self.happened = happened
        self.kept = kept
        self.todo = todo
        self.code = code or type(self).__name__

    def sentence(self) -> str:
        """The three parts joined as one Chinese paragraph."""
        return "".join(part if part.endswith(("。", "！", "？")) else part + "。" for part in (self.happened, self.kept, self.todo) if part)

    __str__ = sentence


class Refused(Fault):
    """A rule of the tables or of the rights says no; nothing was changed."""


class Ambiguous(Refused):
    """A name or number fits several records; `candidates` lists them as (id, label)."""

    def __init__(self, happened: str, candidates: list[tuple[str, str]]) -> None:
        names = "、".join(label for _, label in candidates[:8])
        super().__init__(happened, f"候选：{names}", "请写得更完整")
        self.candidates = candidates


class Usage(Fault):
    """The call is wrong: an unknown verb, field or value."""

    exit_code = 2


class PlatformFault(Fault):
    """The platform cannot be reached, or does not authorise the account."""

    exit_code = 3


class StoreFault(Fault):
    """Store, disk or configuration cannot be used as they are."""

    exit_code = 4


class Unreachable(PlatformFault):
    """No answer from the platform: network, name, TLS or time-out."""


class Unauthorised(PlatformFault):
    """The platform does not accept this account or password."""
