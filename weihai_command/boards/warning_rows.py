"""The warnings as lines of their list and as the parts of their detail. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from weihai_command.domain.foreign import moment, one_line
from weihai_command.domain.response import LEVELS
from weihai_command.domain.warning import CHARACTERS, COMING, STATES
from weihai_command.operations.responding import place_of

from . import words

#: With less than this left a warning's time is told as nearly over.
NEAR = timedelta(minutes=30)
#: Lines of a text from outside; more is no text that somebody reads.
LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class WarningRow:
    """`colour` is "" for a warning without one; `note` says what is proposed or under way. A heading has no `id`."""

    id: str
    title: str
    colour: str = ""
    place: str = ""
    left: str = ""
    until: str = ""
    note: str = ""
    mood: str = "plain"
    is_over: bool = False

    @property
    def spoken(self) -> str:
        return "，".join(part for part in (self.title, self.place, self.left, self.until, self.note) if part)


@dataclass(frozen=True, slots=True)
class WarningView:
    """Everything about one warning: `facts` (word, value), `steps` of its chain (time, text), `items` (text, owner, due) of the plan.

    `act` is what the button does, "" for none: start, raise or open; `button` its word.
    """

    row: WarningRow
    headline: str
    facts: tuple[tuple[str, str], ...]
    texts: tuple[tuple[str, str], ...]
    steps: tuple[tuple[str, str], ...]
    level: str = ""
    plan: str = ""
    remark: str = ""
    items: tuple[tuple[str, str, str], ...] = ()
    units: str = ""
    act: str = ""
    button: str = ""
    incident_id: str = ""


def listed(found: Any, now: datetime) -> list[WarningRow]:
    """Of operations.warnings.Overview: what is in force, then what ended today, each under its heading."""
    rows = [warning_row(each, now) for each in found.now] or [WarningRow("", "现在没有生效的预警")]
    tests = [WarningRow("", f"演练和测试消息 {found.tests} 条，未列入")] if found.tests else []
    over = [WarningRow("", f"今天结束 {len(found.over)}"), *(warning_row(each, now) for each in found.over)] if found.over else []
    return [*rows, *over, *tests]


def news(before: Any, after: Any) -> list[str]:
    """What changed between two readings of operations.warnings.Overview, in the city: new ones, updates, ends; the worst first."""
    known = {one.id for each in (*before.now, *before.over) for one in (each.chain.head, *each.chain.earlier)}
    ended = {each.id for each in before.over}
    came = [f"{'预警更新' if each.chain.earlier else '新预警'}：{title_of(each)} {place_of(each.chain.head)}" for each in after.now if each.is_here and each.id not in known]
    went = [f"预警{STATES[each.state][1:]}：{title_of(each)} {place_of(each.chain.head)}" for each in after.over if each.is_here and each.id not in ended]
    return came + went


def warning_row(each: Any, now: datetime) -> WarningRow:
    """Of operations.warnings.Standing."""
    head = each.chain.head
    is_over = each.ended is not None
    left, mood = _left(each, now)
    until = f"{until_word(each.ended, now)} {STATES[each.state][1:]}" if is_over else f"至 {until_word(each.chain.expires, now)}" if each.chain.expires else ""
    place = place_of(head) + ("" if each.is_here else " · 不在本市")
    return WarningRow(each.id, title_of(each), head.colour if head.colour in CHARACTERS else "", place, left, until, "" if is_over else _note(each), mood, is_over)


def title_of(each: Any) -> str:
    """暴雨橙色预警, or the headline where kind or colour are not known."""
    head = each.chain.head
    if each.kind_word and head.colour in CHARACTERS:
        return f"{each.kind_word}{CHARACTERS[head.colour]}色预警"
    if each.kind_word and each.ended is not None:
        return f"{each.kind_word}预警"
    return one_line(head.title, 60)


def _note(each: Any) -> str:
    if each.response and not each.response.is_over:
        level = f" {LEVELS[each.response.level]}级响应" if each.response.level else ""
        return f"{each.response.number}{level}"
    return f"建议{LEVELS[each.level]}级响应" if each.level and each.plan else ""


def _left(each: Any, now: datetime) -> tuple[str, str]:
    if each.ended is not None:
        return "", "still"
    if each.state == COMING and each.chain.starts:
        return f"{until_word(each.chain.starts, now)} 起", "plain"
    if each.chain.expires is None:
        return "未说明何时结束", "plain"
    return f"剩 {words.hours((each.chain.expires - now).total_seconds())}", "near" if each.chain.expires - now < NEAR else "plain"


def until_word(at: datetime | None, now: datetime) -> str:
    """`21:00`, `次日 08:00`, or with the date."""
    if at is None:
        return ""
    local, today = at.astimezone(), now.astimezone().date()
    days = (local.date() - today).days
    day = {0: "", 1: "次日 ", -1: "昨日 "}.get(days, f"{local.month}月{local.day}日 ")
    return f"{day}{local:%H:%M}"


def warning_view(each: Any, offer: Any, now: datetime) -> WarningView:
    """Of operations.warnings.Standing and its Proposal."""
    head, row = each.chain.head, warning_row(each, now)
    sent = moment(head.sent)
    facts = (
        ("发布", one_line(head.sender_name or head.sender, 60) or words.BLANK), ("时间", until_word(sent, now) or words.BLANK),
        ("区域", row.place), ("有效", row.until or words.BLANK), ("状态", STATES[each.state]), ("剩余", row.left or words.BLANK),
    )
    texts = tuple(
        (word, text[:LONGEST]) for word, text in (("内容", head.text or ""), ("标准", head.criteria or ""), ("指引", head.instruction or "")) if text.strip()
    )
    view = WarningView(row, one_line(head.headline or head.title, 120), facts, texts, _steps(each, now))
    return view if row.is_over or offer is None else _with_offer(view, each, offer)


def _steps(each: Any, now: datetime) -> tuple[tuple[str, str], ...]:
    chain = each.chain
    told = [chain.head, *chain.earlier] if chain.cancelled is None else [chain.cancelled, chain.head, *chain.earlier]
    return tuple((until_word(moment(one.sent), now) or words.BLANK, one_line(one.title, 80)) for one in told)


def _with_offer(view: WarningView, each: Any, offer: Any) -> WarningView:
    level = f"{LEVELS[offer.level]}级响应" if offer.level else ""
    items = offer.plan.at(offer.level) if offer.plan and offer.level else ()
    listed_items = tuple((item.text, item.owner, f"{item.due:.0f} 分" if item.due is not None else "") for item in items)
    units = _units(offer.units)
    running = offer.response if offer.response and not offer.response.is_over else None
    act, button = ("", "")
    if running and not offer.raises:
        act, button = "open", f"打开 {running.number}"
    elif running and level:
        act, button = "raise", f"{running.number} 调为{level}"
    elif level and offer.plan:
        act, button = "start", f"启动{level}"
    remark = f"{running.number} 已启动" if running else "没有对应的预案" if offer.plan is None else "" if level else "预警没有颜色"
    return WarningView(
        view.row, view.headline, view.facts, view.texts, view.steps, level, offer.plan.title if offer.plan else "", remark, listed_items, units, act, button,
        running.incident_id if running else "",
    )


def _units(wanted: Sequence[tuple[str, str, int, int, int]]) -> str:
    """备勤 排水 2（区内空闲 1，全市 3）"""
    return "；".join(f"{word} {count}（区内空闲 {here}，全市 {all_}）" for _, word, count, here, all_ in wanted)
