"""The acts from a warning to work: a response puts its plan onto an incident, items are ticked one by one. All of it is entries of the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import pi, sqrt
from typing import Any

from ..domain.entries import LogEntry, Warning
from ..domain.faults import Refused, Usage
from ..domain.foreign import moment, one_line
from ..domain.geometry import is_plausible
from ..domain.incident import Incident
from ..domain.record import read
from ..domain.response import LEVELS, REPORTS, Checklist, PlanCard, Row, checklist, plan_data
from ..domain.warning import CHARACTERS, COMING, DISTRICTS, IN_FORCE, STATES
from ..store import view
from . import acts, posts, responses, warnings
from .desk import Desk
from .draft import Draft, Outcome
from .noting import need_officer
from .warning_area import area_of

KINDS = frozenset({"plan", "plan_tick"})
#: How urgent the incident of a response is, by its level.
_PRIORITIES = {1: "urgent", 2: "urgent", 3: "high", 4: "normal"}
_DEGREE_M = 111_195.0


def respond(
    desk: Desk, warning_id: str | None = None, *, incident_id: str | None = None, plan: str | None = None, level: int | None = None,
    op_id: str | None = None,
) -> Outcome:
    """Start the response to a warning, or the plan of an incident: its checklist goes onto the incident, which is taken in where none is given.

    `plan` is a code or title, `level` 1–4; without them what the warning or the incident calls for. A warning whose response is under way on
    another level raises or lowers it there.
    """
    draft = Draft(desk, "respond", op_id)
    if (known := draft.known()) is not None:
        return known
    need_officer(desk)
    if level is not None and level not in LEVELS:
        raise Usage(f"没有这个响应级别：{level}", "没有改动", "可用 1–4")
    if warning_id:
        return _to_warning(draft, warning_id, incident_id, plan, level)
    if not incident_id:
        raise Usage("要写明预警或事件", "没有改动")
    incident = _open_incident(draft, incident_id)
    card = _card(desk, plan) if plan else offered(desk, incident)
    if card is None:
        raise Refused(f"{incident.number}这一类事件没有预案", "没有改动", "请写明预案的名称", code="no_plan")
    level = level or card.level
    before = standing_list(desk, incident)
    if before and before.title == card.title and before.level == level:
        raise Refused(f"{incident.number}已经启动了“{card.title}”", "没有改动", code="already_started")
    return _keep(draft, incident, card, level, None, _said(card, level, before))


def _to_warning(draft: Draft, warning_id: str, incident_id: str | None, plan: str | None, level: int | None) -> Outcome:
    desk = draft.desk
    here = warnings.standing(desk, warning_id)
    head = here.chain.head
    if here.state not in (IN_FORCE, COMING):
        raise Refused(f"“{one_line(head.title, 60)}”{STATES[here.state]}，不能再启动响应", "没有改动", code="warning_over")
    wanted = level or here.level
    if wanted is None:
        raise Refused("这条预警没有颜色，不知道该是几级响应", "没有改动", "请写明响应级别 1–4", code="no_level")
    name = plan or here.plan
    if not name:
        raise Refused("这一类预警没有对应的预案", "没有改动", "请写明预案的名称", code="no_plan")
    card = _card(desk, name)
    if incident_id is None and here.response and not here.response.is_over:
        if here.response.level == wanted and plan is None:
            raise Refused(f"已由 {here.response.number} 启动{LEVELS[wanted]}级响应", "没有改动", "可以打开它查看清单", code="already_started")
        incident_id = here.response.incident_id
    rule = responses.rules(desk).kinds.get(head.kind or "")
    incident = _open_incident(draft, incident_id) if incident_id else _taken_in(draft, here, rule.type if rule else None, wanted)
    told = {"id": head.id, "title": one_line(head.title, 120), "colour": head.colour or ""}
    before = standing_list(desk, incident) if incident_id else None
    return _keep(draft, incident, card, wanted, told, _said(card, wanted, before))


def _open_incident(draft: Draft, incident_id: str) -> Incident:
    incident = draft.load("incidents", incident_id, Incident)
    posts.mind(draft.desk, incident)
    if incident.is_ended:
        raise Refused(f"{incident.number}已经结束，不能再启动预案", "没有改动", code="incident_ended")
    return incident


def _card(desk: Desk, name: str) -> PlanCard:
    found = warnings.plan_named(desk, name)
    if found is None:
        raise Usage(f"没有这个预案：{name}", "没有改动", "可用：" + "、".join(each.title for each in responses.plans(desk).values()))
    return found


def offered(desk: Desk, incident: Incident) -> PlanCard | None:
    """The plan for an incident of this type: the platform's, else the program's."""
    if not incident.type:
        return None
    known = responses.plans(desk)
    own = next((each for each in known.values() if each.type == incident.type), None)
    rule = next((each for each in responses.rules(desk).kinds.values() if each.type == incident.type), None)
    return own or (warnings.plan_named(desk, rule.plan) if rule else None)


def _taken_in(draft: Draft, here: warnings.Standing, type_: str | None, level: int) -> Incident:
    """The incident that carries a response: named by what it answers, placed in the middle of the area."""
    head = here.chain.head
    colour = f"{CHARACTERS[head.colour]}色" if head.colour in CHARACTERS else ""
    title = f"{here.kind_word}{colour}预警响应" if here.kind_word else one_line(head.title, 60)
    return acts.taken_in(
        draft, title=title, type=type_, priority=_PRIORITIES[level], source="department", description=_told(head), **_spot(head),
    )


def _told(warning: Warning) -> str:
    return "\n".join(part for part in (warning.title, warning.text or "") if part)[:4_000]


def _spot(warning: Warning) -> dict[str, Any]:
    """A point within the area, its reach in metres, and the name of the area; nothing where nobody knows."""
    area = area_of(warning)
    if area is None:
        return {}
    point = area.representative_point()
    if not is_plausible(point.x, point.y):
        return {}
    # The district stands before the place wherever it is shown.
    place = "全域" if len(warning.districts) == 1 else place_of(warning)
    return {"lon": round(point.x, 5), "lat": round(point.y, 5), "place": place, "radius_m": round(sqrt(area.area / pi) * _DEGREE_M, -2)}


def place_of(warning: Warning) -> str:
    """The area in a few words: 全市, the districts, or what the source says."""
    if set(warning.districts) >= set(DISTRICTS.values()):
        return "全市"
    return "、".join(warning.districts) or one_line(warning.area_text, 40) or "未说明区域"


def _said(card: PlanCard, level: int | None, before: Checklist | None) -> str:
    count = len(card.at(level) if level else card.items)
    word = f"{LEVELS[level]}级响应" if level else "预案"
    if before and before.level and level and before.code == card.code:
        return f"响应由{LEVELS[before.level]}级{'升' if level < before.level else '降'}为{LEVELS[level]}级：{card.title}，{count} 项"
    return f"启动{word}：{card.title}，{count} 项"


def _keep(draft: Draft, incident: Incident, card: PlanCard, level: int | None, warning: Mapping[str, Any] | None, text: str) -> Outcome:
    reports = responses.rules(draft.desk).reports.get(level or 4)
    data = plan_data(card, level, reports, warning)
    full = f"{text}（{warning['title']}）" if warning else text
    entry = LogEntry(draft.desk.new_id(), full, draft.now, draft.officer.user, "plan", incident.id, data=data)
    draft.create("log", entry)
    return draft.keep("incidents", incident.id, incident.number, plan=card.title, level=level, warning=warning["id"] if warning else None)


def tick(desk: Desk, incident_id: str, item: str, *, done: bool = True, op_id: str | None = None) -> Outcome:
    """Tick an item of the incident's checklist (its text, a part of it, or 初报 续报 终报), or take the tick back."""
    draft = Draft(desk, "tick", op_id)
    if (known := draft.known()) is not None:
        return known
    need_officer(desk)
    incident = draft.load("incidents", incident_id, Incident)
    posts.mind(desk, incident)
    row = _row(incident, standing_list(desk, incident), item, done)
    word = {True: "已报" if row.is_report else "完成", False: "取消勾选"}[done]
    data = {"item": row.key, "done": done}
    entry = LogEntry(desk.new_id(), f"{word}：{row.text}", draft.now, draft.officer.user, "plan_tick", incident.id, data=data)
    draft.create("log", entry)
    return draft.keep("log", entry.id, incident.number, item=row.text, done=done)


def _row(incident: Incident, known: Checklist | None, item: str, done: bool) -> Row:
    if known is None:
        raise Refused(f"{incident.number}还没有启动预案", "没有改动", "先启动预案，再勾选", code="no_plan")
    wanted = item.strip()
    named = [row for row in known.rows if wanted in (row.key, row.text) or REPORTS.get(row.key) == wanted]
    found = named or [row for row in known.rows if wanted and wanted in row.text]
    if len(found) != 1:
        why = f"清单里没有“{wanted}”" if not found else f"“{wanted}”对应 {len(found)} 项：" + "、".join(row.text for row in found)
        raise Refused(why, "没有改动", "请写事项的全文", code="unknown_item")
    if found[0].is_done == done:
        raise Refused(f"“{found[0].text}”{'已经勾选' if done else '没有勾选'}", "没有改动", code="no_change")
    return found[0]


def standing_list(desk: Desk, incident: Incident) -> Checklist | None:
    """The checklist of an incident as this desk sees it; None where no plan was started."""
    entries = [row for row in view.rows(desk.store, "log", where={"incident_id": incident.id}) if row.get("kind") in KINDS]
    return checklist(entries, moment(incident.state_at) or desk.clock() if incident.is_ended else None)


@dataclass(frozen=True, slots=True)
class PlanState:
    """What an incident's plan section shows: its `list`, or the plan that can be started; `at` is when it was read."""

    list: Checklist | None
    offer: PlanCard | None
    is_over: bool
    at: datetime


def plan_state(desk: Desk, incident_id: str) -> PlanState | None:
    """None for an incident that is not there."""
    raw = view.record(desk.store, "incidents", incident_id)
    if raw is None:
        return None
    incident = read(Incident, raw)
    known = standing_list(desk, incident)
    return PlanState(known, None if known or incident.is_ended else offered(desk, incident), incident.is_ended, desk.clock())
