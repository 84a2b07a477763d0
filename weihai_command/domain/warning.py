"""What warnings mean together: chains of messages, what is in force at a moment, colours with character and shape, order. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from .entries import Warning
from .foreign import moment

#: The worst first.
COLOURS = ("red", "orange", "yellow", "blue")
CHARACTERS = {"red": "红", "orange": "橙", "yellow": "黄", "blue": "蓝"}
SHAPES = {"red": "octagon", "orange": "diamond", "yellow": "triangle", "blue": "disc"}
#: CAP's severity where no colour is said.
OF_SEVERITY = {"extreme": "red", "severe": "orange", "moderate": "yellow", "minor": "blue"}
#: A warning that names no end is taken to last so long; its source may say something else any time.
UNSAID = timedelta(hours=24)
REAL = "Actual"
CANCEL = "Cancel"
_TYPES = {"Alert": 0, CANCEL: 2}
#: Of a warning at a moment.
COMING, IN_FORCE, EXPIRED, CANCELLED = "coming", "in_force", "expired", "cancelled"
STATES = {COMING: "未到生效时间", IN_FORCE: "生效中", EXPIRED: "已到期", CANCELLED: "已解除"}
#: The city's own districts by code; the city itself stands for all.
CITY_CODE = "371000"
DISTRICTS = {
    "371002": "环翠区", "371003": "文登区", "371082": "荣成市", "371083": "乳山市", "371071": "高区", "371072": "经区", "371073": "临港区",
}
_WHOLE = ("威海全市", "威海市全市", "全市")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of warning: `words` betray it in a headline, `codes` are what sources write."""

    code: str
    name: str
    words: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


def kind_of(text: str, codes: Iterable[str], kinds: Iterable[Kind]) -> str | None:
    """The code of the first kind that the headline names, else the one that a code of the source means."""
    listed, known = list(kinds), set(codes)
    named = next((each.code for each in listed if any(word in text for word in (each.name, *each.words))), None)
    return named or next((each.code for each in listed if known.intersection(each.codes)), None)


def colour_of(said: Iterable[str], text: str, severity: str) -> str | None:
    """The colour that a source says in so many words, else the one of its headline (…橙色预警), else that of its severity; None for none."""
    for word in (*said, severity):
        if colour := _colour_word(word):
            return colour
    for colour, character in CHARACTERS.items():
        if f"{character}色预警" in text:
            return colour
    return OF_SEVERITY.get(severity.strip().lower())


def _colour_word(word: str) -> str | None:
    """`Red`, `RED`, `红色`, and `2; yellow; Moderate` as European services write it."""
    for part in word.lower().replace(";", " ").split():
        found = next((colour for colour, character in CHARACTERS.items() if part in (colour, character, character + "色")), None)
        if found:
            return found
    return None


def districts_of(text: str, codes: Iterable[str]) -> tuple[str, ...]:
    """The districts of this city that a text names or that codes of places (6 digits and more) lie in, in the order of their codes."""
    known = [code.strip() for code in codes]
    if any(code[:6] == CITY_CODE for code in known) or any(word in text for word in _WHOLE):
        return tuple(DISTRICTS.values())
    named = [name for code, name in DISTRICTS.items() if name in text or any(each[:6] == code for each in known)]
    return tuple(named) or (tuple(DISTRICTS.values()) if "威海" in text else ())


@dataclass(frozen=True, slots=True)
class Chain:
    """One warning through all its messages: the one that holds, those that it replaced (newest first), and what ended it."""

    head: Warning
    earlier: tuple[Warning, ...] = ()
    cancelled: Warning | None = None

    @property
    def first(self) -> Warning:
        return self.earlier[-1] if self.earlier else self.head

    @property
    def starts(self) -> datetime | None:
        return moment(self.head.onset) or moment(self.head.effective) or moment(self.head.sent)

    @property
    def expires(self) -> datetime | None:
        """When it ends by itself; None where not even the time of sending can be read."""
        return expiry(self.head)

    def ended(self, now: datetime) -> datetime | None:
        """When it ended; None while it has not."""
        ending = self.cancelled or (self.head if self.head.msg_type == CANCEL else None)
        called_off = min(moment(ending.sent) or now, now) if ending else None
        return min((at for at in (self.expires, called_off) if at and at <= now), default=None)

    def state(self, now: datetime) -> str:
        """One of STATES. What tells neither its beginning nor its end is in force until somebody ends it."""
        if self.cancelled or self.head.msg_type == CANCEL:
            return CANCELLED
        ends, starts = self.expires, self.starts
        if ends and now >= ends:
            return EXPIRED
        return COMING if starts and now < starts else IN_FORCE


def expiry(warning: Warning) -> datetime | None:
    said = moment(warning.expires)
    begun = moment(warning.effective) or moment(warning.sent)
    return said or (begun + UNSAID if begun else None)


def name_of(warning: Warning) -> str:
    """How other messages refer to it."""
    return f"{warning.sender or ''},{warning.identifier or warning.id},{warning.sent or ''}"


def chains(warnings: Iterable[Warning]) -> list[Chain]:
    """The real messages as chains, the worst first. A message of an exercise or a test neither counts nor ends anything.

    A reference counts only from a message that was not sent before the one that it names, so no circle can hide a warning; what it names
    and nobody has is left out. A cancellation of any message of a chain ends the chain where it was sent after the one that holds.
    """
    real = sorted((each for each in warnings if each.status == REAL), key=_order)
    places = {id(each): place for place, each in enumerate(real)}
    by_name = _named(real)
    before: dict[int, list[Warning]] = {
        id(each): [old for ref in each.references for old in by_name.get(_reference(ref), ()) if places[id(old)] < places[id(each)]] for each in real
    }
    replaced = {id(old) for each in real if each.msg_type != CANCEL for old in before[id(each)]}
    found = []
    used: set[int] = set()
    for head in reversed(real):
        if head.msg_type == CANCEL or id(head) in replaced:
            continue
        earlier = _ancestors(head, before, places)
        members = {id(each) for each in (head, *earlier)}
        ending = next((each for each in real[places[id(head)] + 1 :] if each.msg_type == CANCEL and any(id(old) in members for old in before[id(each)])), None)
        used |= {id(ending)}
        found.append(Chain(head, earlier, ending))
    # A cancellation of something that never came here says that it is over; nothing else is known.
    found += [Chain(each) for each in real if each.msg_type == CANCEL and id(each) not in used and not before[id(each)]]
    return sorted(found, key=lambda chain: rank(chain.head))


def in_force(warnings: Iterable[Warning], now: datetime) -> list[Chain]:
    """The chains that hold at `now` or will, the worst first; they end by themselves."""
    return [chain for chain in chains(warnings) if chain.state(now) in (IN_FORCE, COMING)]


def rank(warning: Warning) -> tuple[int, float]:
    """Smaller is worse: by colour, then the newest first."""
    sent = moment(warning.sent)
    return colour_rank(warning.colour), -(sent.timestamp() if sent else 0.0)


def colour_rank(colour: str | None) -> int:
    return COLOURS.index(colour) if colour in COLOURS else len(COLOURS)


def worst(warnings: Sequence[Warning]) -> str | None:
    """The worst colour among them; None for none."""
    return min((each.colour for each in warnings), key=colour_rank, default=None)


def _order(warning: Warning) -> tuple[float, int, str]:
    """By time; of the same second an alert stands before its update, and that before its cancellation."""
    sent = moment(warning.sent)
    return (sent.timestamp() if sent else 0.0), _TYPES.get(warning.msg_type, 1), warning.id


def _named(real: Iterable[Warning]) -> Mapping[tuple[str, ...], list[Warning]]:
    """Messages by their whole name and by the identifier alone: some sources refer by that only."""
    found: dict[tuple[str, ...], list[Warning]] = {}
    for each in real:
        for name in {_reference(name_of(each)), (each.identifier or each.id,)}:
            found.setdefault(name, []).append(each)
    return found


def _reference(text: str) -> tuple[str, ...]:
    """A reference as it can be compared: the same moment may be written in two zones."""
    sender, comma, rest = text.partition(",")
    identifier, _, sent = rest.rpartition(",")
    if not comma or not identifier:
        return (text.strip(),)
    at = moment(sent)
    return sender.strip(), identifier.strip(), str(at.timestamp()) if at else sent.strip()


def _ancestors(head: Warning, before: Mapping[int, list[Warning]], places: Mapping[int, int]) -> tuple[Warning, ...]:
    """All that `head` replaced, newest first; what was cancelled in between belongs to it too."""
    found: dict[int, Warning] = {}
    open_ = [head]
    while open_:
        for old in before[id(open_.pop())]:
            if id(old) not in found:
                found[id(old)] = old
                open_.append(old)
    return tuple(sorted(found.values(), key=lambda each: places[id(each)], reverse=True))
