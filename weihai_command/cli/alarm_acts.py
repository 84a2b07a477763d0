"""`do` verbs of alarms: ack-alarm, shelve, unshelve, dismiss, alarm-incident."""

from __future__ import annotations

import argparse

from ..operations import alarms
from ..operations.desk import Desk
from ..operations.draft import Outcome
from .log_acts import Add

VERBS = {
    "ack-alarm": "确认一条告警", "shelve": "搁置告警：到时原因仍在会再次提示", "unshelve": "取消搁置", "dismiss": "手工消除告警；原因仍在会再次告警",
    "alarm-incident": "由告警接报：并入同一件未结事件，没有则新报",
}


def declare(add: Add) -> None:
    for name, words in VERBS.items():
        verb = add(name, words)
        verb.add_argument("alarm", metavar="ALARM", help="编号（query alarms）或传感器名称，能认出唯一一条即可")
        if name in ("ack-alarm", "shelve", "dismiss"):
            verb.add_argument("--reason", default="", required=name != "ack-alarm")
        if name == "shelve":
            until = verb.add_mutually_exclusive_group(required=True)
            until.add_argument("--hours", type=float, metavar="H", help="几小时，最多 8")
            until.add_argument("--until", metavar="TIME", help="到何时，ISO 8601 带时区")


def act(desk: Desk, args: argparse.Namespace) -> Outcome | None:
    """What the verb did; None for a verb of somebody else."""
    if args.act not in VERBS:
        return None
    op = args.op_id
    alarm = alarms.find_alarm(desk, args.alarm)
    if args.act == "ack-alarm":
        return alarms.acknowledge(desk, alarm, args.reason, op_id=op)
    if args.act == "shelve":
        return alarms.shelve(desk, alarm, args.reason, args.until if args.hours is None else args.hours, op_id=op)
    if args.act == "unshelve":
        return alarms.unshelve(desk, alarm, op_id=op)
    if args.act == "dismiss":
        return alarms.dismiss(desk, alarm, args.reason, op_id=op)
    # The incident's words and places come with numpy.
    from ..operations import alarm_incident

    return alarm_incident.raise_incident(desk, alarm, op_id=op)
