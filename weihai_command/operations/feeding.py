"""The feeds that feeds.toml of the profile declares: list them, check them, pull them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ..domain.faults import Fault, Usage
from ..store import feed_status, mirror, quarantine
from . import upkeep
from .desk import Desk
from .streams import without_streams


def run(desk: Desk, action: str, names: list[str], *, accept_shrink: bool = False) -> list[dict[str, Any]]:
    """list | check | pull the named feeds (all without names); one row a feed as commands.md has it. StoreFault: unreadable feeds.toml."""
    from ..feeds import config

    configs = config.load((desk.root or desk.profile.root) / "feeds.toml")
    unknown = set(names) - {each.name for each in configs}
    if unknown:
        raise Usage(f"feeds.toml 里没有这个数据源：{'、'.join(sorted(unknown))}", "", "已声明：" + "、".join(each.name for each in configs))
    # A broker sends by itself while a seat is open: there is nothing to check or to pull.
    wanted = [each for each in (configs if action == "list" else without_streams(configs)) if not names or each.name in names]
    rows = [_one(desk, action, each, accept_shrink) for each in wanted]
    if action == "pull" and not desk.has_quiet:
        upkeep.keep_columns(desk)
    return rows


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


@dataclass(slots=True)
class Due:
    """What the feeds that were due brought: kinds with news, and a sentence for each source that was lost or is back."""

    kinds: set[str] = field(default_factory=set)
    lost: list[Fault] = field(default_factory=list)
    found: list[str] = field(default_factory=list)


def pull_due(desk: Desk) -> Due:
    """Pull the declared feeds whose period has passed; a source that is lost or back is told once each (StoreFault: feeds.toml)."""
    due = Due()
    file = (desk.root or desk.profile.root) / "feeds.toml"
    if not file.exists():
        return due
    from ..feeds import config

    for each in without_streams(config.load(file)):
        if desk.leaving.is_set():
            break
        before = feed_status.get(desk.store, each.name)
        if not _is_due(desk, before.last_try, each.every):
            continue
        row = _one(desk, "pull", each, accept_shrink=False)
        if row["records"] or row["deleted"]:
            due.kinds.add(each.kind)
        if row["error"] and not before.error:
            due.lost.append(Fault(f"数据源“{each.name}”：{row['error']}", "已有的数据都还在，会标明时间"))
        elif before.error and not row["error"] and not row["quarantined"]:
            due.found.append(f"数据源“{each.name}”已恢复")
    return due


def _is_due(desk: Desk, last_try: str | None, every: float) -> bool:
    return last_try is None or (desk.clock() - datetime.fromisoformat(last_try)).total_seconds() >= every
