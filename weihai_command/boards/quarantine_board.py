"""Records that were refused at the border, as a table for officers: whose, which, what field, why, when. Values are never read as markup."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt

from weihai_command.domain.kinds import KINDS
from weihai_command.domain.words import FIELDS

from . import words
from .bridge import Bridge
from .clock import Clock
from .rows_model import RowsModel

HEADS = ("来源", "类别", "记录", "字段", "原因", "时间")
#: The newest ones; the command line has them all.
MOST = 500


class QuarantineBoard(RowsModel):
    """Read when somebody looks, not with every change."""

    heads = HEADS

    def __init__(self, bridge: Bridge, clock: Clock) -> None:
        super().__init__()
        self._bridge, self._clock = bridge, clock

    def refresh(self) -> None:
        self._bridge.ask("quarantine", lambda: self._bridge.queries.quarantine(self._bridge.desk, MOST), self.take)

    def whole(self, row: int) -> str:
        """The reason in full and the record as it came, masked, for the line under the table."""
        found = self.row_at(row)
        return words.masked(" ".join(f"{found.get('reason')}。原样：{found.get('raw') or ''}".split()))[:400] if found else ""

    def told(self, text: str, role: int) -> Any:
        return words.tip(text) if role == Qt.ItemDataRole.ToolTipRole else super().told(text, role)

    def cells(self, row: dict[str, Any]) -> tuple[str, ...]:
        kind, field = str(row.get("kind") or ""), str(row.get("field") or "")
        return (
            str(row.get("feed") or words.BLANK), KINDS[kind].word if kind in KINDS else kind or words.BLANK,
            _line(row.get("record_id")), FIELDS.get(field, field) or words.BLANK, _line(row.get("reason")),
            words.day_and_clock(row.get("at"), self._clock.now()),
        )


def _line(text: Any) -> str:
    return words.masked(" ".join(str(text or "").split()))[:200] or words.BLANK
