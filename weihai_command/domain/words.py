"""The Chinese words of states, acts, roles and needs: one word for one thing, on screens and in sentences."""

from __future__ import annotations

TRACKS = {"emergency": "应急", "municipal": "市政"}
STATES = {
    "new": "新报", "queued": "待派", "active": "处置中", "monitored": "关注", "ended": "结束",
    "reported": "待核实", "verifying": "核实中", "registered": "已立案", "returned": "退回", "dispatched": "已派遣", "accepted": "已受理",
    "handling": "处理中", "handled": "待核查", "checking": "核查中", "suspended": "挂账", "closed": "结案", "rejected": "不予立案",
    "force_closed": "强制结案", "cancelled": "撤销",
}
STAGES = {
    "reported": "接报", "verifying": "接报", "registered": "立案", "returned": "立案", "dispatched": "派遣", "accepted": "派遣",
    "handling": "处置", "suspended": "处置", "handled": "核查", "checking": "核查", "closed": "结案",
}
UNIT_STATES = {
    "unavailable": "不可用", "available": "空闲", "assigned": "已指派", "dispatching": "派遣中", "dispatched": "已派遣",
    "en_route": "途中", "on_scene": "到场", "returning": "返回", "released": "离场",
}
ACTS = {
    "report": "接报", "queue": "待派", "dispatch": "派遣", "monitor": "转关注", "close": "结束", "merge": "合并", "verify": "核实",
    "register": "立案", "reject": "不予立案", "accept": "受理", "return": "退回", "handle": "处理", "finish": "处理反馈", "check": "核查",
    "rework": "返工", "suspend": "挂账", "resume": "恢复", "cancel": "撤销", "force_close": "强制结案", "promote": "转应急",
    "demote": "转市政", "claim": "认领", "note": "记录", "status": "改状态", "edit": "修改", "move": "改派",
    "exempt": "申诉免计", "supervise": "督办", "amend": "更正", "hand_over": "交班", "sign_handover": "接班", "undo": "撤回", "tidy": "理清名单",
    "assign": "指派", "unassign": "取消指派", "roll_call": "点名", "take": "采纳建议", "join": "并入", "respond": "启动响应", "tick": "勾选清单",
    "ack_alarm": "确认告警", "shelve_alarm": "搁置告警", "unshelve_alarm": "取消搁置", "dismiss_alarm": "消除告警", "link_alarm": "关联告警",
}
#: Of the unit's table.
UNIT_ACTS = {
    "on_duty": "上岗", "off_duty": "离岗", "assign": "指派", "unassign": "取消指派", "dispatch": "派遣", "acknowledge": "确认", "start": "出动",
    "arrive": "到场", "release": "离场", "back": "归队", "move": "改派",
}
ROLES = {
    "officer": "值班员", "shift_leader": "值班长", "department": "部门", "leader": "领导", "admin": "管理员", "trainer": "导调",
    "trainee": "受训", "observer": "观察", "feed": "数据源", "exercise": "演练席",
}
NEEDS = {
    "title": "标题", "type": "类型", "priority": "优先级", "place": "地点", "unit": "力量", "reason": "原因", "outcome": "处置结果",
    "no_unit": "力量全部离场", "owner": "责任人", "department": "部门", "result": "处理结果", "until": "挂账到何时", "parent": "并入的事件",
    "municipal": "市政案卷恢复办理还是一并结案",
}
GRADES = {1: "Ⅰ 特别重大", 2: "Ⅱ 重大", 3: "Ⅲ 较大", 4: "Ⅳ 一般"}
PRIORITIES = {"urgent": "1", "high": "2", "normal": "3", "low": "4"}
SYNC = {"synced": "已送达", "pending": "待发送", "sending": "待确认", "conflict": "冲突", "rejected": "被拒", "done": "已送达", "withdrawn": "已撤回"}
SOURCES = {
    "hotline_12345": "12345 热线", "grid": "网格", "city_management": "数字城管", "linked_110_119_120": "110/119/120 联动", "sensor": "传感器",
    "video_ai": "视频 AI", "leader": "领导交办", "public": "公众", "department": "部门",
}
FIELDS = {
    "title": "标题", "type": "类型", "grade": "级别", "priority": "优先级", "lon": "经度", "lat": "纬度", "place": "地点", "state": "状态",
    "track": "类别", "owner": "责任人", "department": "部门", "unit_ids": "力量", "reason": "原因", "outcome": "处置结果", "result": "处理结果",
    "until": "挂账到", "description": "描述", "history": "经过", "state_at": "状态时间", "assignment_id": "派遣单", "incident_id": "所在事件",
    "steps": "步骤", "text": "内容", "frozen": "市政状态", "radius_m": "误差", "parent": "并入", "source": "来源", "phone": "电话",
    "reporter": "报告人", "ended_at": "结束时间", "before": "挂账前状态", "rework_count": "返工次数", "name": "名称", "district": "区市", "alarm_level": "警级",
}
