"""The feeds that feeds.toml of the profile declares: list them, check them, pull them."""

from __future__ import annotations

from typing import Any

from ..domain.faults import Fault, Usage
from ..store import feed_status, mirror, quarantine
from .desk import Desk


def run(desk: Desk, action: str, names: list[str], *, accept_shrink: bool = False) -> list[dict[str, Any]]:
    """list | check | pull the named feeds (all without names); one row a feed as commands.md has it. StoreFault: unreadable feeds.toml."""
    from ..feeds import config

    configs = config.load((desk.root or desk.profile.root) / "feeds.toml")
    unknown = set(names) - {each.name for each in configs}
    if unknown:
        raise Usage(f"feeds.toml 里没有这个数据源：{'、'.join(sorted(unknown))}", "", "已声明：" + "、".join(each.name for each in configs))
    return [_one(desk, action, each, accept_shrink) for each in configs if not names or each.name in names]


def _one(desk: Desk, action: str, config: Any, accept_shrink: bool) -> dict[str, Any]:
    from ..feeds.config import build
    from ..sync.feeding import pull_feed

    error = ""
    row: dict[str, Any] = {"records": mirror.count(desk.store, config.kind, config.name), "deleted": 0, "quarantined": 0}
    try:
        if action != "list":
            feed = build(config)
            try:
                if action == "check":
                    row |= _checked(feed)
                else:
                    fed = pull_feed(desk.store, feed, desk.now(), accept_shrink=accept_shrink)
                    row |= {"records": fed.records, "deleted": fed.deleted, "quarantined": fed.quarantined}
            finally:
                feed.close()
    except Fault as fault:
        error = fault.sentence()
    status = feed_status.get(desk.store, config.name)
    waiting = quarantine.count(desk.store, config.name) if action == "list" else row["quarantined"]
    return {
        "name": config.name, "adapter": config.adapter, **row, "quarantined": waiting, "last_ok": status.last_ok, "kind": config.kind,
        "error": error or (status.error if action == "list" else None),
    }


def _checked(feed: Any) -> dict[str, Any]:
    """Read the first page and keep nothing."""
    from ..feeds.feed import Memory

    page, _ = feed.read(Memory())
    return {"records": len(page.records), "deleted": len(page.deletions), "quarantined": len(page.rejected)}
