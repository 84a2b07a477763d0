"""The command table: what can be typed after `/`. Help, completion, parser and window read this one table."""

from __future__ import annotations

from dataclasses import dataclass

from .lifecycle import TABLE
from .names import folded
from .words import ACTS, NEEDS

#: Signs before a word that fill a field wherever they stand: @地点 #类型 !优先级, and what becomes of a promoted case.
MARKS = {"@": "place", "#": "type", "!": "priority", "+": "municipal"}
_MARK_WORDS = {"@": "@地点", "#": "#类型", "!": "!优先级", "+": "+市政案卷"}
#: Acts that may end an emergency which was a municipal case before.
_ENDING = ("close", "merge")


@dataclass(frozen=True, slots=True)
class Argument:
    """`kind` incident unit waiting assigned crew state answer where days text; `needed` False: the line may end before it. `many` takes all words that follow."""

    kind: str
    word: str
    field: str
    needed: bool = True
    many: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """`name` is typed in full or by a unique beginning, as `also`, `word` and `sounds` (pinyin initials) are. `act` is the act of the tables, `wish` a
    slot of the window; a row has one of them. `marks` are signs of MARKS. `says` is the sentence before it is run."""

    name: str
    word: str
    sounds: str
    help: str
    arguments: tuple[Argument, ...] = ()
    act: str = ""
    wish: str = ""
    marks: str = ""
    says: str = ""
    also: tuple[str, ...] = ()

    @property
    def usage(self) -> str:
        """`/d 事件 力量…`; what may be left out stands in brackets."""
        parts = [f"{each.word}…" if each.many else each.word if each.needed else f"[{each.word}]" for each in self.arguments]
        return " ".join([f"/{self.name}", *parts, *(f"[{_MARK_WORDS[mark]}]" for mark in self.marks)])


_OPEN = Argument("incident", "事件", "incident", needed=False)
_INCIDENT = Argument("incident", "事件", "incident")
_UNIT = Argument("unit", "力量", "unit")

_OWN: tuple[Row, ...] = (
    Row("new", "新建", "xj", "接报一件新事件；只写 /new 打开接报单", (Argument("text", "标题", "title", needed=False),), act="report", marks="@#!"),
    Row("s", "状态", "zt", "改一个力量的状态；不可用要写原因", (_UNIT, Argument("state", "状态", "state"), Argument("text", "原因", "reason", needed=False)),
        act="status", says="将 {unit} 改为 {state}", also=("status",)),
    Row("d", "派遣", "pq", "派力量到事件；市政案卷写部门", (_INCIDENT, Argument("crew", "力量", "crew", many=True)),
        act="dispatch", says="将派 {crew} → {incident}", also=("dispatch",)),
    Row("log", "日志", "rz", "写一条指挥日志，记在打开的事件下", (Argument("text", "内容", "text"),), act="note", says="将记入 {incident}：{text}"),
    Row("radio", "电台", "dt", "写一条电台记录", (Argument("text", "内容", "text"),), act="radio", says="将记入 {incident}（电台）：{text}"),
    Row("phone", "电话", "dh", "写一条电话记录", (Argument("text", "内容", "text"),), act="phone", says="将记入 {incident}（电话）：{text}"),
    Row("ack", "确认", "qr", "确认一个力量已收到派遣；一次一个", (Argument("waiting", "力量", "unit", needed=False),), act="ack", says="将确认 {unit} 已收到派遣"),
    Row("go", "定位", "dw", "地图移到地点、事件或力量", (Argument("where", "地点", "where"),), wish="go", says="地图移到 {where}"),
    Row("find", "查找", "cz", "在事件列表里查找", (Argument("text", "文字", "text"),), wish="find", says="查找 {text}"),
    Row("open", "打开", "dk", "打开一件事件", (_INCIDENT,), wish="open", says="打开 {incident}"),
    Row("move", "改派", "gp", "处置中的力量转到另一件事件", (_UNIT, _INCIDENT), act="move", says="将 {unit} 改派 → {incident}"),
    Row("assign", ACTS["assign"], "zp", "力量为一件事件待命，还不派遣", (_UNIT, Argument("incident", "事件", "incident", needed=False)),
        act="assign", says="将指派 {unit} → {incident}"),
    Row("unassign", ACTS["unassign"], "qxzp", "已指派的力量回到空闲", (Argument("assigned", "力量", "unit", needed=False),), act="unassign",
        says="将取消指派 {unit}"),
    Row("call", ACTS["roll_call"], "dm", "记一个力量的点名；不写结果就是应答", (_UNIT, Argument("answer", "结果", "answer", needed=False)),
        act="roll_call", says="将记点名 {unit}：{answer}"),
    Row("take", ACTS["take"], "cnjy", "采纳建议，补齐来件缺少的各项", (_OPEN,), act="take", says="将采纳 {incident} 的建议"),
    Row("join", ACTS["join"], "br", "重复来件并入另一件", (_OPEN, Argument("incident", NEEDS["parent"], "parent")), act="join",
        says="将 {incident} 作为重复件并入 {parent}"),
    Row("exempt", ACTS["exempt"], "ssmj", "申诉成立，案卷不计入考核", (_OPEN, Argument("text", "原因", "reason")), act="exempt",
        says="将申诉免计 {incident}：{reason}"),
    Row("edit", "修改", "xg", "改地点、类型或优先级", (_OPEN,), act="edit", marks="@#!", says="将修改 {incident}"),
)
_WINDOW: tuple[Row, ...] = (
    Row("undo", ACTS["undo"], "ch", "撤回本席刚做的一步：两分钟内，还没有送达平台", wish="undo"),
    Row("help", "帮助", "bz", "命令表", wish="show_commands"),
    Row("keys", "按键", "aj", "按键表", wish="toggle_keys"),
    Row("outbox", "待发", "df", "待发与冲突", wish="toggle_outbox"),
    Row("journal", "指挥日志", "zhrz", "全市的指挥日志", wish="toggle_log"),
    Row("handover", "交接班", "jjb", "交班、接班", wish="toggle_handover"),
    Row("nearby", "周边", "zb", "选中事件的周边", wish="open_nearby"),
    Row("sign", "登录", "dl", "登录或退出", wish="toggle_sign_in"),
    Row("theme", "外观", "wg", "深色或浅色", wish="toggle_theme"),
)
#: Initials of the words of acts; one that is missing is found by its name and its word only.
_SOUNDS = {
    "queue": "dp", "monitor": "zgz", "close": "js", "merge": "hb", "verify": "hs", "register": "la", "reject": "byla", "accept": "sl", "return": "th",
    "handle": "cl", "finish": "clfk", "check": "hc", "rework": "fg", "suspend": "gz", "resume": "hf", "cancel": "cx", "force_close": "qzja",
    "promote": "zyj", "demote": "zsz", "claim": "rl",
}
_HELP = {
    "queue": "资料齐了，列入待派", "monitor": "不派力量，持续关注", "close": "结束应急事件，或结案市政案卷", "merge": "并入另一件事件", "verify": "核实市政案卷，本人负责",
    "register": "立案", "reject": "不予立案", "accept": "部门受理", "return": "部门退回", "handle": "部门开始处理", "finish": "部门反馈处理结果",
    "check": "开始核查", "rework": "退回部门返工", "suspend": "挂账若干天", "resume": "恢复挂账的案卷", "cancel": "撤销案卷", "force_close": "值班长强制结案",
    "promote": "市政案卷转应急", "demote": "转回市政", "claim": "由本人负责",
}
_TEXTS = ("reason", "outcome", "result")
#: Lines of the log: written under the open incident, without one for the whole city.
NOTES = ("note", "radio", "phone")


def _act_rows() -> tuple[Row, ...]:
    """One row for each act of the incident tables that has none of its own."""
    own = {row.act for row in _OWN}
    return tuple(_act_row(act) for act in dict.fromkeys(row.act for row in TABLE) if act not in own)


def _act_row(act: str) -> Row:
    needs = dict.fromkeys(need for row in TABLE if row.act == act for need in row.needs)
    arguments = [_OPEN]
    if "parent" in needs:
        arguments.append(Argument("incident", NEEDS["parent"], "parent"))
    if "until" in needs:
        arguments.append(Argument("days", "天数", "days"))
    arguments += [Argument("text", NEEDS[need], need) for need in needs if need in _TEXTS]
    marks = "".join(mark for mark, field in MARKS.items() if field in needs) + ("+" if act in _ENDING else "")
    word = ACTS.get(act, act)
    return Row(act, word, _SOUNDS.get(act, ""), _HELP.get(act, word), tuple(arguments), act=act, marks=marks, says=_says(word, arguments))


def _says(word: str, arguments: list[Argument]) -> str:
    fields = [each.field for each in arguments]
    said = "将 {incident} 并入 {parent}" if "parent" in fields else f"将{word} {{incident}}"
    text = next((field for field in fields if field in _TEXTS), "")
    return said + ("，{days} 天" if "days" in fields else "") + (f"：{{{text}}}" if text else "")


COMMANDS: tuple[Row, ...] = (*_OWN, *_act_rows(), *_WINDOW)


def rows_of(typed: str) -> list[Row]:
    """The rows that `typed` (without the slash) may mean; one: that is it.

    A name or word in full; else names and words that begin so, and initials in full; else initials that begin so.
    """
    wanted = folded(typed)
    if not wanted:
        return list(COMMANDS)
    called = {row.name: [folded(each) for each in (row.name, row.word, *row.also)] for row in COMMANDS}
    whole = [row for row in COMMANDS if wanted in called[row.name]]
    begun = [row for row in COMMANDS if row.sounds == wanted or any(each.startswith(wanted) for each in called[row.name])]
    return whole or begun or [row for row in COMMANDS if row.sounds.startswith(wanted)]
