"""What a person reads when a source cannot be used: each sentence says what happened, what was kept and what to do."""

from __future__ import annotations

from weihai_command.domain.faults import Fault, PlatformFault, StoreFault, Unauthorised, Unreachable

KEPT = "本机数据与待发送的操作全部保留"
UNUSED = KEPT + "，这次答复没有采用"


class Busy(Unreachable):
    """The platform itself asks to come back later: `retry_after` seconds, where it says."""

    def __init__(self, happened: str, todo: str, *, code: str, retry_after: float | None) -> None:
        super().__init__(happened, KEPT, todo, code=code)
        self.retry_after = retry_after


#: With these nothing has left this machine: no connection was made.
UNSENT = frozenset({"unreachable", "tls", "resting", "plain_http", "bad_address", "leaving"})


def retry_after(fault: Fault) -> float | None:
    """Seconds that a fault asks to wait, where it does."""
    return fault.retry_after if isinstance(fault, Busy) else None


def unreachable(host: str) -> Unreachable:
    return Unreachable(f"无法连接平台 {host}", KEPT, "请检查网络与地址；恢复后会自动重试", code="unreachable")


def lost(host: str) -> Unreachable:
    return Unreachable(f"与平台 {host} 的连接中断", KEPT, "稍后会自动重试", code="lost")


def leaving(host: str) -> Unreachable:
    return Unreachable(f"程序正在退出，不再访问 {host}", KEPT, "下次打开时继续", code="leaving")


def timed_out(host: str) -> Unreachable:
    return Unreachable(f"平台 {host} 在限定时间内没有答复", KEPT, "网络可能拥塞，稍后会自动重试", code="timeout")


def tls_refused(host: str) -> Unreachable:
    return Unreachable(
        f"平台 {host} 的 TLS 证书不被信任，连接已拒绝", KEPT, "请联系管理员核对证书与系统时间；本程序不会跳过证书校验", code="tls",
    )


def resting(host: str, seconds: float) -> Busy:
    return Busy(f"平台 {host} 连续失败，暂停访问", f"约 {max(1, round(seconds))} 秒后自动重试", code="resting", retry_after=seconds)


def busy(host: str, status: int, wait: float | None) -> Busy:
    return Busy(f"平台 {host} 暂时不能服务（HTTP {status}）", "稍后会自动重试", code="busy", retry_after=wait)


def plain_http(host: str) -> PlatformFault:
    return PlatformFault(
        f"拒绝以明文 http 连接 {host}：密码会在网络上裸露", KEPT, "请改用 https:// 地址；明文只允许连接本机", code="plain_http",
    )


def plain_mqtt(host: str) -> PlatformFault:
    return PlatformFault(
        f"拒绝以明文 mqtt 连接 {host}：密码会在网络上裸露", KEPT, "请改用 mqtts:// 地址；明文只允许连接本机", code="plain_http",
    )


def bad_address(url: str) -> PlatformFault:
    return PlatformFault(f"平台地址“{url}”不是 http 或 https 地址", KEPT, "请写成 https://主机/v1 的形式", code="bad_address")


def wrong_password(user: str) -> Unauthorised:
    return Unauthorised(f"平台不接受账号“{user}”或其密码", KEPT, "请核对账号与密码后重新登录", code="wrong_password")


def forbidden(user: str) -> Unauthorised:
    return Unauthorised(f"账号“{user}”没有读取这项内容的权限", KEPT, "请联系管理员核对账号所属的角色组", code="forbidden")


def not_ours(host: str) -> PlatformFault:
    todo = "请核对地址；在公共网络上也可能是认证页面截住了请求"
    return PlatformFault(f"{host} 有答复，但不是威海城市运行指挥平台的服务", KEPT, todo, code="not_ours")


def redirected(host: str, target: str) -> PlatformFault:
    return PlatformFault(f"{host} 要求转到另一台主机 {target}，已拒绝", KEPT, "若平台确已搬迁，请由管理员更新地址", code="redirect")


def too_large(host: str, megabytes: int) -> PlatformFault:
    todo = "请联系管理员核对平台的分页设置"
    return PlatformFault(f"{host} 的答复超过 {megabytes} MB 上限，已中断", UNUSED, todo, code="too_large")


def cut_page(host: str) -> PlatformFault:
    return PlatformFault(f"{host} 的答复不完整或无法读懂", UNUSED, "稍后会自动重试；若反复出现请联系管理员", code="bad_page")


def unknown_cursor(host: str) -> PlatformFault:
    return PlatformFault(f"{host} 不认识本机的同步位置，平台可能已恢复到旧备份", KEPT, "将作一次完整核对", code="cursor")


def refused_read(host: str, status: int, words: str) -> PlatformFault:
    return PlatformFault(f"{host} 拒绝了读取请求（HTTP {status}）{'：' + words if words else ''}", KEPT, "请联系管理员", code="refused")


def missing_file(name: str) -> Unreachable:
    return Unreachable(f"数据源文件 {name} 不存在或无法读取", "已接入的数据全部保留", "请核对 feeds.toml 中的 source", code="missing_file")


def shrunken(name: str, before: int, now: int) -> PlatformFault:
    todo = "若属实，请由管理员确认后清除该数据源的记忆再接入"
    return PlatformFault(f"数据源 {name} 由 {before} 条骤减为 {now} 条，已拒绝采用", "已接入的数据全部保留", todo, code="shrunken")


def bad_config(path: str, detail: str) -> StoreFault:
    return StoreFault(f"配置文件 {path} 无法使用：{detail}", "原有数据与其他设置全部保留", "请按提示修改后重试", code="bad_config")
