"""Every verb and option, in one place; nothing is done here."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import NoReturn

from ..domain.faults import Usage
from . import alarm_acts, log_acts, plan_acts, unit_acts, wall

DESCRIPTION = "威海城市运行指挥平台。不带动词时打开值班席。"
EPILOG = "退出码：0 完成 · 1 被规则拒绝 · 2 用法不对 · 3 平台连不上 · 4 存储或磁盘问题 · 5 完成，但有记录进了隔离区"
BENCH_MAP = """在真实的值班席窗口（1600×900，临时数据）上测量；空图与全城各开一个新进程，
左右两栏和力量栏收到最窄，各做 40 次固定的移动（9–16 级）。

floor 空图 · loaded 全城 · growth 不同数量，各有：
  ready_s          从打开存储中的行到全部画好（秒）；全城取 3 次启动的中间值，入库时已存好点的列，同平常一样
  ready_stall_ms   这期间窗口线程最长的一次停顿
  memory_mb        整个进程树的 PSS
  map              地图画面的宽和高（像素）
  move             一次移动到画面不再变的毫秒数 p50 p95 max，由页面自己计时
  cpu_ms_per_move  一次移动用去的处理器毫秒数（进程树）
  honesty          抽查几次移动，连续截图，画面比页面所说最多晚多少毫秒
loaded 另有：
  ready_cold_s     同 ready_s，但启动前删去已存的列和地图页面，只剩数据库（数据库文件仍在系统缓存里）
  ready_cold_stall_ms  这期间最长的停顿
  state_10k_ms     改一万个点的状态到画好
  position_10k_ms  改一万个移动目标的位置到画好
  click_ms         真实点击到得知点中了什么
  stall_ms         窗口线程最长的一次停顿（5 毫秒一跳的心跳）
  live             --live 期间的移动、停顿和积压"""
BENCH_DESK = """在真实的窗格上（1600×900，没有地图画面，临时数据）测量很多事件时的手感；两种情形各开一个新进程：
running 常态，四十件里有一件未结束 · all_open 全部未结束。每一项都在同一次运行里与最直白的做法（字典列表、sorted、in）相比。

  rows             列表中的行数
  load_s           读出存储到列表有行（秒，在窗口线程之外）；ready_s 到搜索和各列排序所需的都已备好
  memory_mb        进程的 PSS；load 机器当时一分钟的平均负载
  chip_ms          点一个筛选到画好 p50 p95 max
  typing_ms        在搜索框里每打一个字到画好
  sort_ms          按每一列（升、降）和按紧急度排序到画好
  change_ms        一个操作、或平台来的一条变化，到列表中画好（含 30 毫秒的攒批）
  open_ms          选中一行到详情画好
  search           按查询的字数 1–6：{p50, p95, max, naive_p95}，列表里的全部结果，与逐行查找逐一相同（次序也相同）
  store_search     同上，query incidents --text --limit 50 在整个存储里的前 50 行
  naive            chip_ms 逐行判断超时 · sort_urgency_ms sort_number_ms sort_place_ms 用 sorted 排一次
  stalls, stall_ms 各项期间窗口线程最长的一次停顿，和其中最长的（不含 load）"""
#: do verb -> (help, options that it takes besides the incident)
INCIDENT_ACTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "claim": ("认领", ()), "verify": ("核实", ("owner",)), "register": ("立案", ("type", "place")), "queue": ("待派", ("type", "priority", "place")),
    "promote": ("转应急", ()), "demote": ("转市政", ()), "accept": ("受理", ()), "handle": ("处理", ()), "check": ("核查", ()),
    "resume": ("恢复挂账", ()), "suspend": ("挂账", ("reason!", "until")), "return": ("退回", ("reason!",)), "rework": ("返工", ("reason!",)),
    "reject": ("不予立案", ("reason!",)), "cancel": ("撤销", ("reason!",)), "monitor": ("转关注", ("reason!",)),
    "finish": ("处理反馈", ("result!",)), "close": ("结束或结案", ("outcome!", "municipal")), "force_close": ("强制结案", ("reason!",)),
    "take": ("采纳建议，补齐缺少的类型、级别、优先级、地点（建议见 query suggestions）", ()),
    "join": ("并入另一件：应急合并，市政未立案的按重复件不予立案", ("parent!",)),
    "merge": ("并入另一事件", ("parent!",)), "exempt": ("申诉成立，不计入考核", ("reason!",)),
}


class Parser(argparse.ArgumentParser):
    """Says what is wrong as a fault like any other, so that --json holds for it too."""

    def error(self, message: str) -> NoReturn:
        raise Usage(f"用法不对：{message}", "没有改动", self.format_usage().strip())


def build() -> argparse.ArgumentParser:
    common = _common()
    root = Parser("weihai-command", description=DESCRIPTION, epilog=EPILOG, parents=[common])
    _city(root)
    root.add_argument("--role", choices=("officer", "shift_leader", "leader", "trainer"), default="officer", help="演练城市中的角色")
    root.set_defaults(verb=None)
    verbs = root.add_subparsers(dest="verb", metavar="动词")
    _plain_verbs(verbs, common)
    _hub(verbs, common)
    _query(verbs, common)
    _do(verbs, common)
    return root


def _common() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--profile", type=Path, default=argparse.SUPPRESS, metavar="DIR", help="数据文件夹（默认在用户数据目录）")
    common.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="标准输出只有一个 JSON 对象")
    return common


def _city(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--platform", metavar="URL", default=argparse.SUPPRESS, help="平台地址；不写则打开内置演练城市")
    parser.add_argument("--user", metavar="U", default=argparse.SUPPRESS, help="账号；密码取自 WEIHAI_PASSWORD、钥匙串或提示输入")
    parser.add_argument("--scale", choices=("small", "city"), default=argparse.SUPPRESS, help="演练城市的规模：300 路或 35 万路摄像机")


def _plain_verbs(verbs: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    verbs.add_parser("doctor", parents=[common], help="本机缺什么、怎么补")
    status = verbs.add_parser("status", parents=[common], help="城市现状一览")
    _city(status)
    sync = verbs.add_parser("sync", parents=[common], help="完整推送并拉取一次")
    _city(sync)
    sync.add_argument("--full", action="store_true", help="不用游标，全部重读")
    sync.add_argument("--accept-vanished", action="store_true", help="值班长已核实：接受平台上大批记录的消失")
    feeds = verbs.add_parser("feeds", parents=[common], help="feeds.toml 中声明的数据源")
    feeds.add_argument("action", choices=("list", "check", "pull"))
    feeds.add_argument("names", nargs="*", metavar="NAME")
    _city(feeds)
    shot = verbs.add_parser("shot", parents=[common], help="画好之后的真实画面")
    shot.add_argument("screen", choices=("desk", "situation", "warnings"))
    shot.add_argument("out", type=Path, metavar="OUT.png")
    shot.add_argument("--size", default="1920x1080", metavar="WxH")
    shot.add_argument("--select", metavar="INC", help="先选中这起事件")
    _city(shot)
    wall.declare(verbs.add_parser("situation", parents=[common], help="领导驾驶舱：全屏态势，只读，Esc 退出"), shot, _city)
    _bench(verbs, common)
    for name, words in (("backup", "活动存储的一致副本"), ("restore", "恢复副本，现有文件留存一旁")):
        verb = verbs.add_parser(name, parents=[common], help=words)
        verb.add_argument("file", type=Path)
        _city(verb)
    _city(verbs.add_parser("verify", parents=[common], help="存储与审计链是否完整"))


def _bench(verbs: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    benches = verbs.add_parser("bench", parents=[common], help="测量").add_subparsers(dest="name", required=True, metavar="项目")
    start = benches.add_parser("start", parents=[common], help="从启动到画面上有图有表的秒数")
    start.add_argument("--runs", type=int, default=5)
    start.add_argument("--scale", choices=("small", "city"), default=argparse.SUPPRESS)
    chaos = benches.add_parser("chaos", parents=[common], help="丢不丢：真实平台、坏线路、反复强杀的三个席位，由旁观者核对每个操作（需要 PostgreSQL）")
    chaos.add_argument("--ops", type=int, default=1000, metavar="N", help="至少做这么多个操作（默认 1000）")
    chaos.add_argument("--kills", type=int, default=100, metavar="K", help="至少强杀这么多次（默认 100）")
    chaos.add_argument("--seed", type=int, default=1, metavar="S", help="随机的种子")
    chaos.add_argument("--no-guard", action="store_true", help="关掉席位的防护：报告必须说出丢失或重复，否则核对本身不可信")
    shape = argparse.RawDescriptionHelpFormatter
    watch = benches.add_parser("watch", parents=[common], help="测值洪流：入库、判断、上屏，并与独立的简单算法逐条核对")
    watch.add_argument("--sensors", type=int, default=100_000, metavar="N")
    watch.add_argument("--rate", type=int, default=10_000, metavar="PER_S")
    watch.add_argument("--seconds", type=int, default=60, metavar="S")
    desk = benches.add_parser("desk", parents=[common], help="很多事件时列表的手感", description=BENCH_DESK, formatter_class=shape)
    desk.add_argument("--incidents", type=int, default=100_000, metavar="N")
    city = benches.add_parser("map", parents=[common], help="全城上图的手感", description=BENCH_MAP, formatter_class=shape)
    city.add_argument("--cameras", type=int, default=350_000, metavar="N")
    city.add_argument("--sensors", type=int, default=100_000, metavar="N")
    city.add_argument("--movers", type=int, default=20_000, metavar="N", help="移动的船和车")
    city.add_argument("--moves", type=int, default=40, metavar="N", help="移动的次数（默认 40）")
    city.add_argument("--growth", action="store_true", help="再以 1 万、10 万、35 万、100 万路摄像机各走一遍同样的移动")
    city.add_argument("--live", type=int, default=0, metavar="N", help="每秒送入 N 条（一半位置、一半状态），同时不断移动地图")
    city.add_argument("--seconds", type=int, default=60, metavar="S", help="--live 持续的秒数")


def _hub(verbs: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    hub = verbs.add_parser("hub", parents=[common], help="启动 Kinto 平台服务器（集合、结构、账号和权限就绪）")
    hub.add_argument("--host", default="127.0.0.1")
    hub.add_argument("--port", type=int, default=8888)
    hub.add_argument("--postgres", metavar="URL")
    hub.add_argument("--data", type=Path, metavar="DIR")
    hub.add_argument("--seed", choices=("small", "city"))


def _query(verbs: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    query = verbs.add_parser("query", parents=[common], help="存储中的行，与值班席所见相同（镜像 + 待发）")
    query.add_argument("kind", help="incidents units … 或 quarantine outbox conflicts audit kpi supervision "
                       "logbook handovers recommended in_force（生效的预警）alarms（告警）readings（测值的去向）intake（待认领的来件）suggestions（来件的建议）")
    query.add_argument("--where", action="append", default=[], metavar="FIELD=VALUE")
    query.add_argument("--text", metavar="WORDS")
    query.add_argument("--near", metavar="LON,LAT")
    query.add_argument("--radius", type=float, default=1000.0, metavar="M")
    query.add_argument("--limit", type=int)
    _city(query)


def _do(verbs: argparse._SubParsersAction[argparse.ArgumentParser], common: argparse.ArgumentParser) -> None:
    do = verbs.add_parser("do", parents=[common], help="值班员的一个操作，写入存储和发件箱")
    acts = do.add_subparsers(dest="act", required=True, metavar="操作")
    shared = argparse.ArgumentParser(add_help=False, parents=[common])
    shared.add_argument("--op-id", metavar="UUID", help="同一个操作号给两次，只做一次")
    _city(shared)

    def add(name: str, words: str) -> argparse.ArgumentParser:
        return acts.add_parser(name, parents=[shared], help=words)

    _report(add("report", "接报"))
    dispatch = add("dispatch", "派遣力量；市政案卷写部门")
    dispatch.add_argument("incident", metavar="INC")
    dispatch.add_argument("units", nargs="*", metavar="UNIT")
    dispatch.add_argument("--department")
    dispatch.add_argument("--recommended", action="store_true", help="派出动单推荐的全部力量")
    dispatch.add_argument("--level", metavar="N", help="按几级警（1–5）推荐，并记入事件")
    status = add("status", "改力量状态")
    status.add_argument("unit", metavar="UNIT")
    status.add_argument("state", metavar="STATE")
    status.add_argument("--reason")
    move = add("move", "改派：在处置中的力量转到另一起事件")
    move.add_argument("unit", metavar="UNIT")
    move.add_argument("incident", metavar="INC")
    log_acts.declare(add)
    unit_acts.declare(add)
    plan_acts.declare(add)
    alarm_acts.declare(add)
    edit = add("edit", "修改事实")
    edit.add_argument("incident", metavar="INC")
    edit.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE", required=True)
    resolve = add("resolve", "了结冲突")
    resolve.add_argument("incident", metavar="INC|OP")
    resolve.add_argument("--take", choices=("mine", "theirs"), required=True)
    for name, words in (("withdraw", "撤回"), ("retry", "重发")):
        add(name, words).add_argument("op", metavar="OP")
    for name, (words, options) in INCIDENT_ACTS.items():
        verb = add(name, words)
        verb.add_argument("incident", metavar="INC")
        for option in options:
            verb.add_argument(f"--{option.rstrip('!')}", required=option.endswith("!"))


def _report(report: argparse.ArgumentParser) -> None:
    report.add_argument("--title", required=True)
    report.add_argument("--type", metavar="CODE")
    report.add_argument("--priority", metavar="P")
    report.add_argument("--lon", type=float)
    report.add_argument("--lat", type=float)
    report.add_argument("--place", metavar="TEXT")
    report.add_argument("--source")
    report.add_argument("--description")
    report.add_argument("--track", choices=("emergency", "municipal"))
