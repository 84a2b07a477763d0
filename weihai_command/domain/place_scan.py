"""Finding the places that a whole narrative speaks of, where domain.places reads a text that is a place and nothing else.

A name counts only where it can hardly be anything else: by its ending, by the names before it, or by the words around it. What may
mean several places is listed with all of them; a narrative without a sure name has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from .faults import Fault, Refused
from .place_text import OFFSET_AHEAD, normalised
from .places import District, Gazetteer, Landmark, Named, Place, Town

#: What stands beyond this of a narrative is not read.
LONGEST = 4_000
#: Characters between a name and a step from it (皇冠街道沿街商铺北侧200米).
BETWEEN = 10
_POSITION = re.compile(
    r"(?:东经|经度)?[:：]?(1[12]\d\.\d{2,})°?[EN]?[,，、;；\s]*(?:北纬|纬度)?[:：]?(3[67]\.\d{2,})°?N?"
    r"|(?:北纬|纬度)?[:：]?(3[67]\.\d{2,})°?N?[,，、;；\s]*(?:东经|经度)?[:：]?(1[12]\d\.\d{2,})°?E?"
)
#: Words after which a short name (张村, 桥头) is a place, …
_CUE = re.compile(r"(在|位于|位置|到|去|往|来自|住|地点[:：]?|地址[:：]?|发生于|从|我是|这里是|经过|靠近|^)$")
#: … and what may follow it then.
_AFTER = re.compile(r"^($|[，。；、！？：:,;\s）)”\"]|附近|一带|周边|这边|那边|方向|境内|辖区|街里|驻地|集|的|发生|东|西|南|北)")
#: A name that is the head of a longer one is somebody else's: 文登路, 威海站前…
_LONGER = re.compile(
    r"^([东西南北中]?大?路(?![口边面段灯旁况])|街(?!道)|大道|大街|巷|胡同|国道|高速|大厦|酒店|宾馆|饭店|商行|牌|产|籍|话|味|菜|号|银行|商业|集团|公司"
    r"|有限|人(?!民|家|员|行|口|受|被|落))"
)
#: A place of another city stands before it: …县高村镇.
_ELSEWHERE = re.compile(r"((?<![本我全该辖城山郊小社景片校园厂地])[市区县州省乡镇旗]|街道)$")
#: Before a village without its town nothing may stand that could be the head of a longer name.
_HAN = re.compile(r"[一-鿿A-Za-z0-9]$")
_LEADS = re.compile(r"(在|位于|到|去|往|来自|住|于|从|是|我|我们|们|经过|靠近|威海|威海市|附近|及|和|与|至|里|的|报|称)$")


@dataclass(frozen=True, slots=True)
class Found:
    """One place of a narrative: the words that name it (at `start` … `end` of it) and either the place or what they may mean."""

    words: str
    start: int
    end: int
    place: Place | None
    candidates: tuple[Place, ...] = ()


def scan(text: str, gazetteer: Gazetteer) -> tuple[Found, ...]:
    """The places that `text` speaks of, in its order, without those that a nearer one contains. Some milliseconds for 200 characters."""
    whole = normalised(text[:LONGEST], keep=True)
    found = [*_positions(whole, gazetteer), *_names(whole, gazetteer)]
    return tuple(_without_outer(_narrowed(sorted(found, key=lambda each: each.start), gazetteer), gazetteer))


def _positions(whole: str, gazetteer: Gazetteer) -> Iterator[Found]:
    for match in _POSITION.finditer(whole):
        lon, lat = (match[1], match[2]) if match[1] else (match[4], match[3])
        try:
            yield Found(match[0], *match.span(), gazetteer.resolve(f"{lon},{lat}"))
        except Refused:
            continue


@dataclass(frozen=True, slots=True)
class _Mention:
    """A chain of names from `start` to `end`; the things that its last name may be."""

    start: int
    end: int
    things: tuple[Named, ...]
    links: int


def _names(whole: str, gazetteer: Gazetteer) -> Iterator[Found]:
    start = 0
    while start < len(whole):
        mention = _mention(whole, start, gazetteer)
        if mention is None:
            start += 1
            continue
        end = _with_step(whole, mention.end)
        start = end
        yield _found(whole[mention.start : end], mention, end, gazetteer)


def _mention(whole: str, start: int, gazetteer: Gazetteer) -> _Mention | None:
    """The longest chain of names from `start` that is surely a place."""
    chains = gazetteer.chains(whole, start)
    for end, links in sorted(chains, reverse=True):
        things = tuple({id(each): each for each in chains[end, links]}.values())
        if _is_meant(whole, start, end, things, links):
            return _Mention(start, end, things, links)
    return None


def _is_meant(whole: str, start: int, end: int, things: Sequence[Named], links: int) -> bool:
    before, after, name = whole[:start], whole[end:], whole[start:end]
    is_formal = name.endswith(_FORMAL)
    if (not is_formal and _LONGER.match(after)) or (_ELSEWHERE.search(before[-2:]) and not before.endswith("威海市")):
        return False
    if links > 1:
        return True
    if any(isinstance(each, Landmark) for each in things):
        return len(name) > 2
    if any(isinstance(each, District) for each in things):
        return _is_own(name) or before.endswith(("威海", "威海市")) or (name in _ZONES and bool(_CUE.search(before)))
    has_town = any(isinstance(each, Town) for each in things)
    if has_town and (is_formal or (len(name) > 2 and not after.startswith(("村", "社区", "小学", "中学")))):
        return True
    if name.endswith(("村", "社区", "村委会", "居委会")):
        return _stands_free(before) if len(name) > 2 else bool(_CUE.search(before))
    return has_town and bool(_CUE.search(before)) and bool(_AFTER.match(after))


_FORMAL = ("街道", "镇", "办事处", "街道办", "镇政府")
_ZONES = frozenset({"高区", "经区", "临港区"})
#: District names that no other city has.
_OWN = frozenset({"环翠区", "环翠", "文登区", "文登市", "文登", "荣成市", "荣成", "乳山市", "乳山"})


def _is_own(name: str) -> bool:
    return name in _OWN or name.startswith("威海")


def _stands_free(before: str) -> bool:
    return not _HAN.search(before) or bool(_LEADS.search(before))


def _with_step(whole: str, end: int) -> int:
    """Where a step such as 北侧200米 ends that belongs to the name before it, else `end`."""
    clause = re.split(r"[，。；、！？,;!?]", whole[end : end + 3 * BETWEEN], maxsplit=1)[0]
    match = OFFSET_AHEAD.search(clause)
    return end + match.end() if match and match.start() <= BETWEEN else end


def _found(words: str, mention: _Mention, end: int, gazetteer: Gazetteer) -> Found:
    name_length = mention.end - mention.start
    places = []
    for thing in mention.things:
        try:
            # The full name leads to this very thing; what follows the name is read as it was said.
            places.append(gazetteer.resolve(gazetteer.full_name(thing) + words[name_length:]))
        except Fault:
            continue
    if len(places) == 1:
        return Found(words, mention.start, end, places[0])
    return Found(words, mention.start, end, None, tuple(places))


def _narrowed(found: list[Found], gazetteer: Gazetteer) -> Iterator[Found]:
    """A name of several places is the one in the town or district that the narrative names elsewhere, where only one is."""
    sure = [each.place for each in found if each.place is not None and each.place.level in ("district", "town")]
    for each in found:
        fits = [place for place in each.candidates if any(_is_within(place, outer, gazetteer) for outer in sure)]
        if len(fits) == 1:
            yield Found(each.words, each.start, each.end, fits[0])
        elif each.place is not None or each.candidates:
            yield each


def _without_outer(found: Iterator[Found], gazetteer: Gazetteer) -> Iterator[Found]:
    """Without districts and towns that another of the places lies in, and without what was said before."""
    every = list(found)
    places = [place for each in every for place in ((each.place,) if each.place else each.candidates)]
    seen: set[tuple[float, float, str]] = set()
    for each in every:
        place = each.place
        if place is not None:
            if any(other is not place and _is_within(other, place, gazetteer) for other in places):
                continue
            key = (place.lon, place.lat, place.name)
            if key in seen:
                continue
            seen.add(key)
        yield each


def _is_within(inner: Place, outer: Place, gazetteer: Gazetteer) -> bool:
    """Whether `inner` is nearer said than `outer` and lies in it."""
    if outer.level == "town" and outer.name == outer.town:
        return inner.level in ("village", "landmark", "position") and inner.town == outer.town
    if outer.level != "district" or outer.name != outer.district:
        return False
    if inner.level == "district":
        return inner.name != outer.name and outer.name in (inner.district, gazetteer.area_of(inner.district))
    return outer.name in (inner.district, gazetteer.area_of(inner.district))

