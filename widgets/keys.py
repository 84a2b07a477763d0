"""Every key of the desk in one table: the window binds it, the key sheet prints it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Key:
    """`sequence` as Qt writes it; `wish` names the main window's slot, "" where the pane itself handles the key."""

    sequence: str
    wish: str
    word: str
    where: str = "任何地方"


KEYS = (
    Key("/", "open_command", "命令行：Tab 补全，↑ 以前的，Enter 执行，/help 列出命令", "输入框以外"),
    Key("F1", "toggle_keys", "按键表"),
    Key("Ctrl+1", "show_desk", "值班"),
    Key("Ctrl+2", "show_situation", "态势：领导驾驶舱，另开全屏窗口（方向键选数字，Enter 明细，H 热点，Esc 返回）"),
    Key("Ctrl+3", "show_warnings", "预警：生效的预警、区域、建议的响应"),
    Key("F2", "start_report", "接报"),
    Key("F3", "start_search", "搜索事件"),
    Key("F4", "start_dispatch", "派遣选中的事件"),
    Key("F6", "next_pane", "下一个窗格"),
    Key("Shift+F6", "previous_pane", "上一个窗格"),
    Key("F7", "next_alarm", "下一条未确认的告警"),
    Key("F8", "acknowledge_alarm", "确认选中的一条告警（告警条的，或清单里的一行）"),
    Key("Shift+F8", "acknowledge_with_reason", "确认并写原因"),
    Key("Ctrl+F8", "shelve_alarm", "搁置告警：原因、到何时（最多 8 小时）"),
    Key("Ctrl+F7", "locate_alarm", "地图移到告警的传感器"),
    Key("Ctrl+I", "alarm_incident", "告警转事件：并入同一件，没有则新报（Ctrl+Z 撤回）"),
    Key("Ctrl+K", "toggle_alarms", "告警清单"),
    Key("Ctrl+B", "mute_alarms", "告警静音 5 分钟 / 取消静音"),
    Key("Ctrl+R", "open_chart", "曲线：选中的传感器，没有则告警的；开着时再点别的传感器就加在一起"),
    Key("Shift+F7", "next_message", "受理：没人认领的来件，再按一次到下一件"),
    Key("F9", "start_note", "写一条指挥日志（Alt+1 记录、2 电台、3 电话、0 全城）"),
    Key("Ctrl+J", "toggle_log", "指挥日志"),
    Key("Ctrl+H", "toggle_handover", "交接班"),
    Key("A / X / I", "", "更正 / 导出 / 只看选中的事件", "指挥日志"),
    Key("Ctrl+Enter", "", "交班（再按一次确认）或接班签名", "交接班"),
    Key("Ctrl+G", "open_checklist", "选中事件的预案：下一项，空格勾选；还没有的，启动它"),
    Key("空格 / Enter", "", "地图移到预警的区域 / 启动建议的响应，或打开它的事件", "预警"),
    Key("Ctrl+N", "open_nearby", "选中事件的周边"),
    Key("[ ]", "", "周边圈缩小 / 放大", "事件详情、地图"),
    Key("Ctrl+D", "show_supervised", "督办：时限用过半的事件"),
    Key("Ctrl+E", "start_close", "结束选中的事件"),
    Key("Ctrl+M", "show_more_acts", "选中事件的更多动作"),
    Key("Ctrl+O", "toggle_outbox", "待发与冲突"),
    Key("Ctrl+L", "toggle_sign_in", "登录 / 退出"),
    Key("Ctrl+T", "toggle_theme", "深色 / 浅色"),
    Key("Ctrl+Shift+Left", "move_left", "窗格移到左边"),
    Key("Ctrl+Shift+Right", "move_right", "窗格移到右边"),
    Key("Ctrl+Shift+Down", "move_down", "窗格移到下边"),
    Key("Ctrl+0", "restore_standard", "恢复标准布局"),
    Key("1 … 5", "", "筛选：全部、未确认、已恢复、已搁置、已确认", "告警清单"),
    Key("S / U / D", "", "搁置 / 取消搁置 / 消除（写原因）", "告警清单"),
    Key("L / C / F", "", "定位 / 曲线 / 搜索", "告警清单"),
    Key("Enter", "", "转事件；已关联的打开它", "告警清单"),
    Key("← → / + - / 1 … 5", "", "移动 / 缩放 / 时段 1 小时到 30 天", "曲线"),
    Key(", . / End", "", "光标前后移 / 到现在", "曲线"),
    Key("T / X / Delete", "", "表格 / 导出 CSV / 去掉最后加的传感器", "曲线"),
    Key("Esc", "", "离开面板、表单、筛选或提示", "面板"),
    Key("↑ ↓", "", "换一件事件，立即打开", "事件列表"),
    Key("Enter", "", "打开；把键盘交给详情", "事件列表"),
    Key("Alt+← →", "", "按前 / 后一列排序，转一圈回到紧急度", "事件列表"),
    Key("Alt+↑ ↓", "", "排序的列升序 / 降序", "事件列表"),
    Key("C", "", "认领并打开", "事件列表"),
    Key("Alt+Enter", "", "采纳建议（类型、级别、优先级、地点）", "接报、事件详情"),
    Key("Alt+O / Alt+B", "", "打开第一件相似的事件 / 接报时记入它，已有的并入它（再按一次确认）", "接报、事件详情"),
    Key("1 … 9", "", "派出第几个推荐的力量", "事件详情"),
    Key("0", "", "派出推荐的全部力量", "事件详情"),
    Key("+ / -", "", "警级升 / 降一级，重新推荐还缺的", "事件详情"),
    Key("Alt+1 … 9", "", "第几个已派力量的下一步", "事件详情"),
    Key("M / P", "", "冲突：用我的 / 用平台的", "冲突"),
    Key(". / 1 … 9", "", "选中力量的下一步 / 第几种状态，立即记下", "力量板"),
    Key("U", "", "确认：派遣已送达；失联已知悉", "力量板"),
    Key("R / C / N", "", "点名：应答 / 呼叫，时限起算 / 未应答（两次升级）", "力量板"),
    Key("M", "", "改派到另一起事件", "力量板"),
    Key("Ctrl+Z", "undo", "撤回刚做的一步（还没有送达平台时）", "输入框以外"),
    Key("F", "", "筛选力量：名称、种类、技能", "力量板"),
    Key("空格", "", "改状态（再按数字）；派遣单里勾选", "力量板、派遣单"),
    Key("Delete", "", "派遣单里全部不选", "派遣单"),
    Key("Enter", "", "打开力量所在的事件；派遣单里确认", "力量板、派遣单"),
    Key("1 / 2", "", "待发与冲突 / 隔离的记录", "待发"),
    Key("Delete", "", "撤回选中的待发动作", "待发"),
)
