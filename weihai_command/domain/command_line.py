"""The keyboard line `/`: what a typed line means, what may follow, and what is wrong with it. Pure: names of the city are handed in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .commands import MARKS, NOTES, Argument, Row, rows_of
from .incident import MUNICIPAL
from .names import Name, Names
from .state_names import ALL_STATES, ANSWERED, ANSWERS, states_from
from .typed import SLASHES, Word, quoted, words_of

#: More than this nobody reads.
MOST = 60
#: What stands for the open incident, or the selected unit.
THIS = "."
#: The tag of an emergency that was a municipal case.
PROMOTED = "promoted"
_NUMBER = re.compile(r"[应案]?\d{3,5}[A-Za-z]?$")
_DAYS = re.compile(r"(\d{1,3})(?:天|日|d|D)?$")
_KINDS = {
    "incident": "事件", "unit": "力量", "waiting": "等待确认的力量", "assigned": "已指派的力量",
    "department": "部门", "state": "状态", "type": "类型", "priority": "优先级", "place": "地点", "municipal": "去向", "answer": "点名结果",
}
#: Units that are named by the state they are in.
_TAGS = {"waiting": "dispatching", "assigned": "assigned"}
_NONE = Names()


@dataclass(frozen=True, slots=True)
class World:
    """The names of the city by kind (incident unit department type priority place), and what `.` stands for: the open incident, the selected unit."""

    names: Mapping[str, Names] = field(default_factory=dict)
    chosen: Mapping[str, Name] = field(default_factory=dict)

    def of(self, kind: str) -> Names:
        return self.names.get(kind, _NONE)


@dataclass(frozen=True, slots=True)
class Completion:
    """`text` instead of what stands from `start` to `end` of the line; `word` and `note` are what the list shows."""

    start: int
    end: int
    text: str
    word: str
    note: str = ""

    def applied(self, line: str) -> str:
        return line[: self.start] + self.text + line[self.end :]


@dataclass(frozen=True, slots=True)
class Command:
    """A line that can be run: `values` by the fields of its row (ids and codes); `sentence` says what it will do."""

    row: Row
    values: Mapping[str, Any]
    sentence: str


@dataclass(frozen=True, slots=True)
class Incomplete:
    """A line that wants more: what, and what it may be. `understood` counts the words that are clear."""

    row: Row | None
    sentence: str
    completions: tuple[Completion, ...] = ()
    understood: int = 0


@dataclass(frozen=True, slots=True)
class Refusal:
    """A word of the line means nothing; `sentence` says which."""

    row: Row | None
    sentence: str
    understood: int = 0


Reading = Command | Incomplete | Refusal


def parse(line: str, world: World) -> Reading:
    """What `line` means; never raises, whatever is typed."""
    return _Reader(line, world).read()


def complete(line: str, world: World) -> list[Completion]:
    """What the last word may become, or what may follow it; the likeliest first."""
    reader = _Reader(line, world)
    reader.read()
    return reader.offers()


class _Stop(Exception):
    """Reading ends here with this answer."""

    def __init__(self, reading: Incomplete | Refusal) -> None:
        self.reading = reading


@dataclass(frozen=True, slots=True)
class _Slot:
    """Where a word stands, or would stand, and the names that it may be."""

    word: Word
    names: Names


class _Reader:
    """One pass over one line."""

    def __init__(self, line: str, world: World) -> None:
        self._line, self._world = line, world
        self._head = Word("", 0, 0)
        self._row: Row | None = None
        self._values: dict[str, Any] = {}
        self._said: dict[str, str] = {}
        self._incident: Name | None = None
        self._unit: Name | None = None
        self._understood = 0
        self._slots: dict[int, _Slot] = {}
        self._next: Names = _NONE

    def read(self) -> Reading:
        try:
            row = self._command()
            words = [self._plain(word) for word in words_of(self._line, row.marks)[1:]]
            for word in words:
                if word.mark:
                    self._mark(word)
            self._arguments(row, [word for word in words if not word.mark])
            self._check(row)
        except _Stop as stop:
            return stop.reading
        return Command(row, self._values, self._sentence(row))

    def offers(self) -> list[Completion]:
        """For the last word of the line, or for the one that would follow."""
        line = self._line
        if self._row is None or not line[self._head.end :]:
            return self._command_offers()
        ends = self._slots.get(len(line)) if not line[-1:].isspace() else None
        slot = ends or (_Slot(Word("", len(line), len(line)), self._next) if line[-1:].isspace() else None)
        return self._name_offers(slot) if slot else []

    def _command(self) -> Row:
        words = words_of(self._line)
        if words:
            first = words[0]
            skipped = 1 if first.text[:1] in SLASHES and first.text else 0
            self._head = Word(first.text[skipped:], first.start + skipped, first.end)
        rows = rows_of(self._head.text)
        if not rows:
            raise _Stop(Refusal(None, f"没有命令“{self._head.text}”，/help 列出全部命令"))
        if len(rows) > 1:
            sentence = f"“{self._head.text}”对应 {len(rows)} 个命令" if self._head.text else "写命令，或 ↓ 选择"
            raise _Stop(Incomplete(None, sentence, tuple(self._command_offers())))
        self._row, self._understood = rows[0], 1
        return rows[0]

    def _plain(self, word: Word) -> Word:
        """A plus sign before anything but its two words belongs to the text."""
        if word.mark != "+" or not word.text or self._world.of("municipal").find(word.text):
            return word
        return Word(f"+{word.text}", word.start - 1, word.end)

    def _command_offers(self) -> list[Completion]:
        head = self._head
        start = head.start - 1 if head.start and self._line[head.start - 1] in SLASHES else head.start
        return [Completion(start, head.end, f"/{row.name} ", row.usage, f"{row.word}　{row.help}") for row in rows_of(head.text)]

    def _arguments(self, row: Row, words: list[Word]) -> None:
        at = 0
        for place, argument in enumerate(row.arguments):
            if argument.kind == "text":
                at = self._text(row, argument, words, at)
            elif argument.many:
                at = self._many(argument, words, at)
            elif argument.needed or self._is_meant(row, place, words[at:]):
                at = self._one(argument, words, at)
            else:
                self._default(argument)
        if at < len(words):
            self._refuse(f"“{words[at].text}”多了，{row.usage}")

    def _is_meant(self, row: Row, place: int, words: list[Word]) -> bool:
        """Whether the next word fills an argument that may be left out, or the one after it."""
        argument, after = row.arguments[place], row.arguments[place + 1 : place + 2]
        if not words:
            if not self._chosen(argument):
                return True
            # What follows is offered first, but an offer of this one does no harm.
            self._next = self._names(after[0] if after else argument)
            return False
        if not after or argument.kind not in self._world.chosen:
            return True
        if after[0].kind == argument.kind:
            return len(words) > 1
        return not words[0].is_quoted and self._is_number(words[0].text)

    def _is_number(self, text: str) -> bool:
        """Whether the first word of a text is an incident rather: written as a number is, or just as one is called."""
        return text == THIS or bool(_NUMBER.match(text)) or (text[-1:].isdigit() and len(text) > 2 and bool(self._world.of("incident").exact(text)))

    def _chosen(self, argument: Argument) -> Name | None:
        if argument.kind in _TAGS:
            tagged = self._tagged(_TAGS[argument.kind])
            return tagged[0] if len(tagged) == 1 else None
        if argument.kind == "answer":
            return ANSWERS.code(ANSWERED)
        return self._world.chosen.get(argument.kind)

    def _default(self, argument: Argument) -> None:
        name = self._chosen(argument)
        if name is not None:
            self._keep(argument, name)

    def _one(self, argument: Argument, words: list[Word], at: int) -> int:
        names = self._names(argument)
        if at >= len(words):
            self._want(argument, names)
        if argument.kind == "days":
            self._days(argument, words[at])
        else:
            self._keep(argument, self._meant(words[at], argument.kind, names))
        self._understood += 1
        return at + 1

    def _many(self, argument: Argument, words: list[Word], at: int) -> int:
        if at >= len(words):
            self._want(argument, self._names(argument))
        found: list[Name] = []
        is_case = self._incident is not None and self._incident.tag == MUNICIPAL
        for word in words[at:]:
            taken = {each.code for each in found}
            names = Names(each for each in self._names(argument).items if each.code not in taken) if taken else self._names(argument)
            if is_case and found:
                self._refuse("案卷只派给一个部门")
            name = self._meant(word, "department" if is_case else "unit", names)
            self._understood += 1
            found.append(name)
        self._next = _NONE if is_case else Names(each for each in self._names(argument).items if each not in found)
        self._said[argument.field] = "、".join(each.word for each in found)
        codes = [each.code for each in found]
        self._values |= {"department": codes[0]} if is_case else {"units": codes}
        return len(words)

    def _text(self, row: Row, argument: Argument, words: list[Word], at: int) -> int:
        self._next = _NONE
        rest = words[at:]
        if row.marks or (len(rest) == 1 and rest[0].is_quoted):
            text = " ".join(word.text for word in rest).strip()
        else:
            text = self._line[rest[0].start :].strip() if rest else ""
        if text:
            self._values[argument.field] = self._said[argument.field] = text
            self._understood += 1
        elif argument.needed or self._values.get("state") == "unavailable":
            self._want(argument, _NONE)
        return len(words)

    def _days(self, argument: Argument, word: Word) -> None:
        days = _DAYS.match(word.text)
        if days is None or not days[1].isascii() or int(days[1]) == 0:
            self._refuse(f"“{word.text}”不是天数，例如 7天")
        else:
            self._values[argument.field], self._said[argument.field] = int(days[1]), str(int(days[1]))

    def _mark(self, word: Word) -> None:
        kind = MARKS[word.mark]
        name = self._meant(word, kind, self._world.of(kind))
        self._understood += 1
        self._values[kind] = name.code or name.word
        self._said[f"mark {kind}"] = name.word if kind != "priority" else f"优先 {name.word}"

    def _meant(self, word: Word, kind: str, names: Names) -> Name:
        """The one name that `word` means."""
        slot = self._slots[word.end] = _Slot(word, names)
        if word.text == THIS and not word.is_quoted and kind in self._world.chosen:
            return self._world.chosen[kind]
        free = kind in ("place", "where")
        found = names.exact(word.text) if free else names.find(word.text)
        if kind == "state" and not found:
            # The rules say better why a unit can not be brought there.
            found = ALL_STATES.find(word.text)
        if len(found) == 1:
            return found[0]
        offers = tuple(self._name_offers(slot))
        if free and not found and word.text.strip():
            return Name("", word.text.strip(), tag="place")
        what = _KINDS.get(kind, "名字")
        if not offers:
            hint = "；要写成文字请加引号" if kind == "incident" and self._row and self._row.arguments[-1].kind == "text" else ""
            raise _Stop(Refusal(self._row, f"没有{what}“{word.text}”{hint}", self._understood))
        sentence = f"“{word.text}”可能是 {len(offers)} 个{what}，↓ 选择" if word.text else f"写{what}，或 ↓ 选择"
        raise _Stop(Incomplete(self._row, sentence, offers, self._understood))

    def _keep(self, argument: Argument, name: Name) -> None:
        if argument.kind == "incident":
            self._incident = self._incident or name
        elif argument.kind == "unit":
            self._unit = name
        self._values[argument.field] = name if argument.kind == "where" else name.code
        self._said[argument.field] = f"{name.word} {name.note}".strip() if argument.kind == "incident" else name.word

    def _names(self, argument: Argument) -> Names:
        """What may stand for `argument` here."""
        if argument.kind == "crew":
            return self._world.of("department" if self._incident and self._incident.tag == MUNICIPAL else "unit")
        if argument.kind == "state":
            return states_from(self._unit.tag if self._unit else "")
        if argument.kind in _TAGS:
            return Names(self._tagged(_TAGS[argument.kind]))
        if argument.kind == "answer":
            return ANSWERS
        return self._world.of(argument.kind)

    def _tagged(self, state: str) -> list[Name]:
        """Units in this state: the selected one, else those of the open incident, else all."""
        unit, incident = self._world.chosen.get("unit"), self._world.chosen.get("incident")
        if unit is not None and unit.tag == state:
            return [unit]
        found = [each for each in self._world.of("unit").items if each.tag == state]
        return [each for each in found if incident is not None and each.of == incident.code] or found

    def _check(self, row: Row) -> None:
        if row.act == "edit" and not any(f"mark {kind}" in self._said for kind in MARKS.values()):
            raise _Stop(Incomplete(row, f"改什么：{row.usage}", (), self._understood))
        if "+" in row.marks and self._incident and self._incident.tag == PROMOTED and "municipal" not in self._values:
            here = len(self._line)
            offers = tuple(Completion(here, here, f" +{each.word} ", f"+{each.word}", each.note) for each in self._world.of("municipal").items)
            raise _Stop(Incomplete(row, "还要写市政案卷恢复办理还是一并结案", offers, self._understood))
        if row.act == "report" and not self._values.get("title") and self._values:
            raise _Stop(Incomplete(row, "还要写标题", (), self._understood))
        if row.act in NOTES:
            incident = self._world.chosen.get("incident")
            self._values["incident"] = incident.code if incident else ""
            self._said["incident"] = incident.word if incident else "全市日志"

    def _want(self, argument: Argument, names: Names) -> None:
        self._next = names
        here = len(self._line)
        gap = "" if self._line[-1:].isspace() else " "
        offers = tuple(self._name_offers(_Slot(Word("", here, here), names), gap))
        if argument.kind in _TAGS and not offers:
            none = "没有等待确认送达的派遣" if argument.kind == "waiting" else "没有已指派的力量"
            raise _Stop(Refusal(self._row, none, self._understood))
        raise _Stop(Incomplete(self._row, f"还要写{argument.word}", offers, self._understood))

    def _refuse(self, sentence: str) -> None:
        raise _Stop(Refusal(self._row, sentence, self._understood))

    def _name_offers(self, slot: _Slot, gap: str = "") -> list[Completion]:
        found = []
        for name in slot.names.offer(slot.word.text, MOST):
            text = _typed(name, slot.names)
            if text is not None:
                found.append(Completion(slot.word.start, slot.word.end, f"{gap}{text} ", name.word, name.note))
        return found

    def _sentence(self, row: Row) -> str:
        if row.act == "report":
            said = f"将接报：{self._said['title']}" if "title" in self._said else "打开接报单"
        else:
            said = row.says.format_map(self._said) if row.says else row.help
        return " · ".join([said, *(self._said[f"mark {kind}"] for kind in MARKS.values() if f"mark {kind}" in self._said)])


def _typed(name: Name, names: Names) -> str | None:
    """What has to be typed to mean just this name: its word, or its code where several are called so."""
    for text in (name.word, name.code):
        if text and text != THIS and names.find(text) == [name]:
            return quoted(text)
    return None
