"""Run cards (出动单): what an incident calls for by type, priority and alarm level, and which units fill it. Pure; files are read elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from .dispatch import BOATS, CUT_OFF, Candidate, Scene, area, bare, candidate, free_of, is_at_sea
from .foreign import one_line
from .incident import Incident
from .matching import matched
from .unit import Unit
from .unit_lifecycle import can_dispatch

LEVELS = range(1, 6)
#: The card of types that have none of their own.
OTHER = "other"
#: An earlier role of a card is filled before a later one, and who is there already stands before who would have to be sent.
_ROLE, _SENT = 10**9, 10**8
#: How many units a shortfall names.
NAMED = 3


@dataclass(frozen=True, slots=True)
class Role:
    """`count` units of any of `kinds` (none: of any but boats) with `skill` ("": none asked) and at least `crew` people (0: any).

    With `shore` a land crew waits ashore where the incident lies at sea.
    """

    kinds: tuple[str, ...]
    skill: str = ""
    count: int = 1
    crew: int = 0
    level: int = 1
    shore: bool = False

    @property
    def code(self) -> str:
        """As it is written in a run card: fire, sea|fish, fire/登高, */抽排."""
        return ("|".join(self.kinds) or "*") + (f"/{self.skill}" if self.skill else "")

    def word(self, scene: Scene) -> str:
        kinds = "或".join(scene.kind(kind) for kind in self.kinds)
        return f"{kinds}（{self.skill}）" if kinds and self.skill else kinds or f"{self.skill}力量"

    def unfit(self, unit: Unit) -> str | None:
        """Why `unit` does not fill the role, "" where it is of another kind, None where it does."""
        if unit.kind in BOATS if not self.kinds else unit.kind not in self.kinds:
            return ""
        if self.skill and self.skill not in unit.skills:
            return f"无{self.skill}技能" if self.kinds else ""
        if isinstance(unit.crew, int) and unit.crew < self.crew:
            return f"{unit.crew} 人，少于 {self.crew} 人"
        return None


@dataclass(frozen=True, slots=True)
class Card:
    """`code` is a type or a category of incidents, or OTHER, `priority` "" any; `roles` carry the level that adds them, `skills` are preferred."""

    code: str
    priority: str = ""
    roles: tuple[Role, ...] = ()
    skills: tuple[str, ...] = ()
    note: str = ""

    @property
    def levels(self) -> int:
        return max((role.level for role in self.roles), default=1)

    def at(self, level: int) -> list[Role]:
        """The roles of all levels up to `level`, the same ones added up."""
        found: dict[tuple[str, int, bool], Role] = {}
        for role in sorted(self.roles, key=lambda role: role.level):
            if role.level <= level:
                key = (role.code, role.crew, role.shore)
                before = found.get(key)
                found[key] = replace(before, count=before.count + role.count) if before else role
        return list(found.values())

    def kinds(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(kind for role in self.roles for kind in role.kinds))


def choose(cards: Iterable[Card], type_code: str | None, category: str | None, priority: str | None) -> Card | None:
    """The card of the type before that of its category before OTHER, each with the priority before any; None where no type is known."""
    known = {(card.code, card.priority): card for card in cards}
    for code in (type_code, category, OTHER if type_code else None):
        for wanted in (priority or "", ""):
            if code and (code, wanted) in known:
                return known[code, wanted]
    return None


@dataclass(frozen=True, slots=True)
class Pick:
    """A unit to send in a role, and why this one."""

    unit: Unit
    role: Role
    distance_m: float | None
    reason: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shortfall:
    """`missing` of a role that nobody fills, and why; `busy` are units that could be moved."""

    role: Role
    missing: int
    why: str
    busy: tuple[Unit, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """`held` are (unit, role) of those already sent; `passed` are (role, unit, why) of nearer units that were not taken."""

    card: Card
    level: int
    picks: tuple[Pick, ...] = ()
    shortfalls: tuple[Shortfall, ...] = ()
    held: tuple[tuple[Unit, Role], ...] = ()
    passed: tuple[tuple[Role, Unit, str], ...] = ()


def plan(incident: Incident, units: Sequence[Unit], card: Card, level: int, scene: Scene) -> Plan:
    """Fill the card's roles: those already sent count, then as many as can be, at the least distance with what counts besides it.

    Each unit fills one role. A land crew across the sea, a busy one and one that lacks skill or crew fills none; each is named with its reason.
    """
    return _Planning(incident, units, card, level, replace(scene, skills=card.skills)).made()


def _named(unit: Unit) -> str:
    return one_line(unit.name, 40)


class _Planning:
    """One plan in the making."""

    def __init__(self, incident: Incident, units: Sequence[Unit], card: Card, level: int, scene: Scene) -> None:
        self.incident, self.card, self.level, self.scene = incident, card, level, scene
        self.roles = card.at(level)
        # The order of the rows must not matter.
        ordered = sorted(units, key=lambda unit: (unit.name, unit.id))
        self.here = [unit for unit in ordered if unit.is_committed and (unit.incident_id == incident.id or unit.id in incident.unit_ids)]
        here = {unit.id for unit in self.here}
        self.at_sea = is_at_sea(incident, scene.sea)
        self.all = [candidate(incident, unit, scene) for unit in ordered if unit.id not in here]
        self.usable = [each for each in self.all if each.free and (self.at_sea or not each.cut_off)]
        self.spare = free_of(ordered)
        self.filled: list[list[Unit]] = [[] for _ in self.roles]
        self.taken: list[list[Candidate]] = [[] for _ in self.roles]

    def made(self) -> Plan:
        self._match()
        gone = Counter(area(each.unit) for taken in self.taken for each in taken)
        bared = {key for key, count in gone.items() if key and self.spare[key] == count}
        picks, short, passed = [], [], []
        for at, role in enumerate(self.roles):
            picks += [self._pick(each, role, area(each.unit) in bared) for each in self.taken[at]]
            missing = role.count - len(self.filled[at]) - len(self.taken[at])
            if missing > 0:
                short.append(self._shortfall(role, missing))
            passed += [(role, unit, said) for unit, said in self._passed(at, gone)]
        held = tuple((unit, role) for role, filled in zip(self.roles, self.filled, strict=True) for unit in filled)
        return Plan(self.card, self.level, tuple(picks), tuple(short), held, tuple(passed))

    def _match(self) -> None:
        usable = self._nearest()
        ones = [*self.here, *(each.unit for each in usable)]
        costs = {}
        for at, role in enumerate(self.roles):
            for one, unit in enumerate(ones):
                each = usable[one - len(self.here)] if one >= len(self.here) else None
                if role.unfit(unit) is None and (each is None or self._reaches(role, each)):
                    costs[at, one] = at * _ROLE + (_SENT + each.cost_m if each else 0)
        groups = [area(unit) if can_dispatch(unit) else None for unit in ones]
        spare = {key: count - 1 for key, count in self.spare.items()}
        last = round(self.scene.weights.cover_km * 1000)
        for at, one in matched([role.count for role in self.roles], costs, groups, spare, last):
            if one < len(self.here):
                self.filled[at].append(ones[one])
            else:
                self.taken[at].append(usable[one - len(self.here)])
        for taken in self.taken:
            taken.sort(key=lambda each: (each.cost_m, each.unit.name, each.unit.id))

    def _nearest(self) -> list[Candidate]:
        """Those that may matter: of each area and role as many of the nearest as the whole card asks for."""
        total = sum(role.count for role in self.roles)
        ranked = sorted(self.usable, key=lambda each: (each.cost_m, each.unit.name, each.unit.id))
        seen: Counter[tuple[int, object]] = Counter()
        kept = set()
        for each in ranked:
            for at, role in enumerate(self.roles):
                key = (at, area(each.unit) or ("", each.unit.kind))
                if role.unfit(each.unit) is None and self._reaches(role, each) and seen[key] < total:
                    seen[key] += 1
                    kept.add(each.unit.id)
        return [each for each in self.usable if each.unit.id in kept]

    def _reaches(self, role: Role, each: Candidate) -> bool:
        return not each.cut_off or (role.shore and self.at_sea)

    def _pick(self, each: Candidate, role: Role, bares: bool) -> Pick:
        said = [bare(each.unit, self.scene)] if bares else []
        notes = ["在岸边待命" if note == CUT_OFF else note for note in (*each.notes, *said)]
        return Pick(each.unit, role, each.distance_m, "，".join([each.way, *notes]), tuple(notes))

    def _shortfall(self, role: Role, missing: int) -> Shortfall:
        near = sorted(self.all, key=lambda each: (each.cost_m, each.unit.name, each.unit.id))
        here = [unit for unit in self.here if role.unfit(unit)]
        asked = [each for each in near if role.unfit(each.unit) != "" and each not in self.taken[self.roles.index(role)]]
        barred = [(_named(each.unit), self._barred(role, each)) for each in asked]
        named = [f"{name} {why}" for name, why in [*((_named(unit), role.unfit(unit) or "") for unit in here), *barred] if why]
        free = sum(each.free and role.unfit(each.unit) != "" for each in self.all)
        more = f" 等 {len(named)} 个" if len(named) > NAMED else ""
        why = f"空闲 {free}，缺 {missing}" + ("：" + "、".join(named[:NAMED]) + more if named else "：没有更多这类力量")
        busy = tuple(each.unit for each in asked if each.unit.is_committed and role.unfit(each.unit) is None and self._reaches(role, each))
        return Shortfall(role, missing, why, busy)

    def _taken_as(self, each: Candidate) -> Role | None:
        return next((role for role, taken in zip(self.roles, self.taken, strict=True) if each in taken), None)

    def _barred(self, role: Role, each: Candidate) -> str:
        """Why a unit of the right kind cannot fill the role; "" for one that could."""
        unit = each.unit
        if unit.state == "unavailable":
            return f"不可用（{one_line(unit.reason, 12)}）" if unit.reason else "不可用"
        if not each.free:
            number = self.scene.doing.get(unit.incident_id or "")
            return f"忙（{number}）" if number else "返回中" if unit.state == "returning" else "忙"
        if why := role.unfit(unit) or ("" if self._reaches(role, each) else "隔海"):
            return why
        other = self._taken_as(each)
        return f"已作{other.word(self.scene)}" if other and other != role else ""

    def _passed(self, at: int, gone: Counter[tuple[str, str] | None]) -> list[tuple[Unit, str]]:
        """Of units nearer than the farthest one taken: why they were not."""
        role, taken = self.roles[at], self.taken[at]
        if not taken or any(each.distance_m is None for each in taken):
            return []
        farthest = max(taken, key=lambda each: each.distance_m or 0.0)
        nearer = [
            each for each in self.all
            if each.distance_m is not None and each.distance_m < (farthest.distance_m or 0.0) and role.unfit(each.unit) != "" and self._taken_as(each) is None
        ]
        nearer.sort(key=lambda each: (each.distance_m or 0.0, each.unit.name, each.unit.id))
        words = (f"更近（{(each.distance_m or 0) / 1000:.1f} km）未选：{self._instead(role, each, farthest, gone)}" for each in nearer)
        return [(each.unit, f"{_named(each.unit)} {said}") for each, said in zip(nearer, words, strict=True)]

    def _instead(self, role: Role, each: Candidate, chosen: Candidate, gone: Counter[tuple[str, str] | None]) -> str:
        if why := self._barred(role, each):
            return why
        key = area(each.unit)
        reasons = [note for note in each.notes if note.startswith("归队才")]
        if "位置已过期" in each.reason:
            reasons.append("位置已过期，按驻地算")
        if key and self.spare[key] - gone[key] == 1:
            reasons.append(bare(each.unit, self.scene))
        if not reasons and (skills := [skill for skill in self.card.skills if skill in chosen.unit.skills and skill not in each.unit.skills]):
            reasons.append(f"所选的{_named(chosen.unit)}有{'、'.join(skills)}技能")
        return "，".join(reasons) or "另一种搭配总的更近"
