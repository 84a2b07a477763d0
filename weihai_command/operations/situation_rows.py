"""The rows behind each figure of the leaders' screen: by the figure's name, from the same store and rules as the figure itself.

Names: open[/DISTRICT[/COLUMN]] (DISTRICT "*" is the whole city, "" nowhere), response/LEG, warning/ID, alarms/STANDING, sensors/FIELD[/abnormal],
units[/GROUP], video[/offline], rate/NAME, hot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from ..domain.alarm import STANDINGS
from ..domain.foreign import moment, one_line
from ..domain.incident import GRADES
from ..domain.kpi import RATES, Counts, rates
from ..domain.record import filled
from ..domain.situation import NOWHERE, Listing
from ..domain.unit import Unit
from ..domain.words import GRADES as GRADE_WORDS
from ..domain.words import STATES, UNIT_STATES
from ..store import view
from . import alarms, catalogue, situation, situation_cases, situation_sensors, situation_things, situation_trends
from .alarm_words import place, sentence
from .desk import Desk
from .situation_cases import Case
from .situation_settings import settings

#: Rows that a drawer takes; the rest is counted.
MOST = 500
#: Words of the two counts that a rate divides.
PARTS = {
    "received": "受理数", "filed": "立案数", "dispatched": "派遣数", "due": "应结案数", "closed": "结案数", "in_time": "按期结案数", "rework": "返工数",
    "extended": "延期数", "to_handle": "应处置数", "handled_in_time": "按期处置数",
}  # fmt: skip
COLUMN_WORDS = {**{str(grade): GRADE_WORDS[grade] for grade in GRADES}, "0": "未定级", "mu": "市政案卷"}


def rows(desk: Desk, name: str) -> Listing:
    """The rows that the figure `name` counts (KeyError: there is no such figure)."""
    kind, *more = name.split("/")
    return _KINDS[kind](desk, *more)


def _clock(at: datetime | None, now: datetime) -> str:
    if at is None:
        return "—"
    local = at.astimezone(now.tzinfo)
    return local.strftime("%H:%M" if local.date() == now.date() else "%m-%d %H:%M")


def _cut(title: str, heads: tuple[str, ...], found: Iterable[tuple[Any, ...]], lines: tuple[str, ...] = ()) -> Listing:
    every = list(found)
    return Listing(title, heads, tuple(every[:MOST]), lines, len(every))


def _incidents(desk: Desk, title: str, found: Iterable[Case], lines: tuple[str, ...] = ()) -> Listing:
    now = desk.clock()
    ordered = sorted(found, key=lambda case: (not case.is_emergency, case.column == "0", case.column, case.reported or now))
    cells = ((case.number, COLUMN_WORDS[case.column], one_line(case.title, 40), case.district or "未定", STATES.get(case.state, case.state),
              _clock(case.reported, now)) for case in ordered)
    return _cut(title, ("编号", "级别", "标题", "区市", "状态", "接报"), cells, lines)


def opened(desk: Desk, district: str, column: str = "") -> Iterator[Case]:
    """Open incidents of a district ("*": all of them) and of a column, where one is given."""
    for case in situation_cases.cases(desk):
        if situation_cases.is_open(case) and district in ("*", case.district) and column in ("", case.column):
            yield case


def _open(desk: Desk, district: str = "*", column: str = "") -> Listing:
    where = {"*": "全市", NOWHERE: "未定区市"}.get(district, district)
    return _incidents(desk, " · ".join(filter(None, ("未结事件", where, COLUMN_WORDS.get(column, "")))), opened(desk, district, column))


def _response(desk: Desk, leg: str) -> Listing:
    now, found = desk.clock(), situation_cases.cases(desk)
    by_id = {case.id: case for case in found}
    names = {str(row["id"]): str(row.get("name", "")) for row in view.rows(desk.store, "units")}
    timed = sorted(situation.legs(desk, found)[leg], key=lambda each: -each[1])
    goal, word = situation.goals(desk).get(leg), dict(situation.LEGS)[leg]
    cells = ((by_id[incident].number, one_line(by_id[incident].title, 32), by_id[incident].district or "未定", names.get(unit, "—"), _clock(at, now), _span(seconds))
             for at, seconds, incident, unit in timed)
    told = (f"目标：{goal.share:.0%} 在 {_span(goal.seconds)} 以内；共 {len(timed)} 次，{sum(each[1] <= goal.seconds for each in timed)} 次达到",) if goal else ()
    return _cut(f"{word} · 前 {situation_cases.DAYS} 天", ("编号", "标题", "区市", "力量", "时间", "用时"), cells, told)


def _span(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d}"


def _warning(desk: Desk, ident: str = "") -> Listing:
    now = desk.clock()
    found = [each for each in situation_things.in_force(desk) if ident in ("", each.id)]
    heads = ((each, each.chain.head) for each in found)
    cells = ((situation_things.title_of(each), situation_things.place_of(each), one_line(head.sender_name or head.sender, 20),
              _clock(moment(head.sent), now), _clock(each.chain.expires, now), each.response.number if each.response else "—") for each, head in heads)
    texts = tuple(one_line(each.chain.head.text, 200) for each in found if ident and each.chain.head.text)
    return _cut("生效的预警", ("预警", "范围", "发布", "发布时间", "至", "响应事件"), cells, texts)


def _sensors(desk: Desk, key: str, which: str = "") -> Listing:
    """Those of a field, out of bounds first, then those that say nothing."""
    field, now = next(each for each in settings(desk.profile.root).fields if each.key == key), desk.clock()
    states, known = catalogue.words("sensor_state"), situation_sensors.condition(desk)
    beyond, silent = (situation_sensors.members(field, ids) for ids in (known.beyond, known.silent))
    found = [row for quantity in field.quantities for row in view.rows(desk.store, "sensors", where={"quantity": quantity})]
    found = [row for row in found if which != "abnormal" or row["id"] in beyond]
    found.sort(key=lambda row: (row["id"] not in beyond, row["id"] not in silent, str(row.get("name"))))

    def word(row: dict[str, Any]) -> str:
        state = str(row.get("state") or "normal")
        told = "告警" if row["id"] in beyond and state not in situation_sensors.BEYOND else "失联" if row["id"] in silent and state not in situation_sensors.SILENT else ""
        return told or states.get(state, state)

    cells = ((one_line(row.get("name"), 40), one_line(row.get("district"), 8), word(row), _value(row), _clock(moment(row.get("observed_at")), now)) for row in found)
    told = (situation_trends.words(desk, field),) if situation_trends.has_readings(desk) else ()
    return _cut(f"{field.name} · {'异常' if which == 'abnormal' else '感知设备'}", ("名称", "区市", "状态", "读数", "时间"), cells, told)


def _value(row: dict[str, Any]) -> str:
    value = row.get("value")
    return f"{value:g} {row.get('unit') or ''}".strip() if isinstance(value, (int, float)) else "—"


def _units(desk: Desk, key: str = "") -> Listing:
    groups = {name: (word, kinds) for name, word, kinds in settings(desk.profile.root).groups}
    known = frozenset().union(*(kinds for _, kinds in groups.values()))
    found = [filled(Unit, row) for row in view.rows(desk.store, "units")]
    if key:
        found = [row for row in found if (row["kind"] in groups[key][1] if key in groups else row["kind"] not in known)]
    found.sort(key=lambda row: (row["state"] != "available", str(row["state"]), str(row["name"])))
    kinds, now = catalogue.words("unit_kind"), desk.clock()
    cells = ((one_line(row["name"], 20), kinds.get(str(row["kind"]), str(row["kind"])), UNIT_STATES.get(row["state"], row["state"]), one_line(row.get("agency"), 16),
              one_line(row.get("home"), 20), _clock(moment(row.get("state_at")), now)) for row in found)
    return _cut(f"力量 · {groups[key][0] if key in groups else '其他' if key else '全部'}", ("呼号", "种类", "状态", "单位", "驻地", "起"), cells)


def _video(desk: Desk, which: str = "") -> Listing:
    """Those that are offline first; of the others as many as fit."""
    offline = view.rows(desk.store, "video_points", where={"state": "offline"}, limit=MOST)
    online = view.rows(desk.store, "video_points", where={"state": "online"}, limit=MOST - len(offline)) if which != "offline" else []
    states, now, counted = catalogue.words("camera_state"), desk.clock(), situation_things.video(desk)
    cells = tuple((one_line(row.get("name"), 40), one_line(row.get("district"), 8), states.get(str(row.get("state")), "—"), one_line(row.get("owner"), 16),
                   _clock(moment(row.get("changed_at")), now)) for row in [*offline, *online])
    total = 0 if counted is None else counted.total - counted.online if which == "offline" else counted.total
    return Listing("视频 · 离线" if which == "offline" else "视频", ("名称", "区市", "状态", "归属", "起"), cells, (), total)


def _rate(desk: Desk, name: str) -> Listing:
    """The cases of this week that the rate divides by, those of its part first; its formula, and its value by district."""
    word, part, whole = RATES[name]
    span, cases = situation_cases.week_of(desk), situation_cases.cases(desk)
    known = [(case, facts) for case in cases if (facts := situation_cases.known_facts(desk, case))]
    found = [(case, set(facts.parts(span))) for case, facts in known]
    based = [(case, parts) for case, parts in found if whole in parts]
    counted = situation_cases.counts((facts for _, facts in known), span)
    lines = (f"{word} = {PARTS[part]} ÷ {PARTS[whole]} = {getattr(counted, part)} ÷ {getattr(counted, whole)} = {_percent(rates(counted)[name])}",
             "分区市：" + "　".join(f"{place} {_percent(rates(counts)[name])}" for place, counts in by_district(desk).items()))
    now = desk.clock()
    ordered = sorted(based, key=lambda each: (part in each[1], str(each[0].number)))
    cells = ((case.number, one_line(case.title, 36), case.district or "未定", STATES.get(case.state, case.state), _clock(case.reported, now), "是" if part in parts else "否")
             for case, parts in ordered)
    return _cut(f"{word} · 本周", ("编号", "标题", "区市", "状态", "接报", PARTS[part].removesuffix("数")), cells, lines)


def by_district(desk: Desk) -> dict[str, Counts]:
    """The counts of this week of each district."""
    span = situation_cases.week_of(desk)
    known = [(case, facts) for case in situation_cases.cases(desk) if (facts := situation_cases.known_facts(desk, case))]
    return {place: situation_cases.counts((facts for case, facts in known if case.district == place), span) for place in situation_cases.DISTRICTS}


def _percent(value: object) -> str:
    return "无数据" if value is None else f"{value} %"


def _hot(desk: Desk) -> Listing:
    found = situation_cases.recent(desk)
    return _incidents(desk, f"前 {situation_cases.WEEKS} 周接报", found)


def _alarms(desk: Desk, standing: str = "unacked") -> Listing:
    """The alarms of one standing, the worst first; of the acknowledged ones those whose cause still stands."""
    now = desk.clock()
    found = alarms.alarms(desk, (standing,))
    cells = ((one_line(each.name, 32) or "—", place(each) or "—", sentence(each), _clock(_at(each.since), now), STANDINGS[standing]) for each in found)
    return _cut(f"告警 · {STANDINGS[standing]}", ("设备", "地点", "告警", "起", "状态"), cells)


def _at(epoch: float) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)


_KINDS: dict[str, Callable[..., Listing]] = {
    "open": _open, "response": _response, "warning": _warning, "alarms": _alarms, "sensors": _sensors, "units": _units, "video": _video, "rate": _rate, "hot": _hot,
}
