"""The layers as a tree by field: arrows walk, left and right fold, space switches; a click on a row switches it, one on its arrow folds."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QFrame, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeView, QWidget

from .field_model import COUNT, NOTE, ODD, FieldModel
from .note_line import HEIGHT, Note, paint
from .palette import palette

Index = QModelIndex | QPersistentModelIndex
ROW, INDENT, MARK = 30, 18, 16
#: Keys that walk through the tree; elsewhere over the map some of them move it.
_KEYS = frozenset({
    Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown,
    Qt.Key.Key_Space, Qt.Key.Key_Plus, Qt.Key.Key_Minus,
})


class Rows(QStyledItemDelegate):
    """Box, word, what is abnormal, count; below them the note where there is one."""

    def __init__(self, tree: FieldTree) -> None:
        super().__init__(tree)
        self._tree = tree
        self.theme = "dark"

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, self._tree.row_height(index))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        colours, box = palette(self.theme), option.rect
        line = QRect(box.left(), box.top(), box.width(), ROW)
        painter.save()
        painter.setFont(option.font)
        if option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, QColor(colours["hover"]))
        self._mark(painter, QRectF(line.left() + 1.5, line.top() + (ROW - MARK) / 2 + 0.5, MARK - 1, MARK - 1), index)
        self._words(painter, line.adjusted(MARK + 8, 0, -6, 0), index, is_kid=index.parent().isValid())
        if note := self._tree.note(index):
            paint(painter, QRectF(box.left() + MARK + 8, line.bottom() - 2, box.width() - MARK - 8, HEIGHT), note, self.theme)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(colours["focus"]), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(box).adjusted(-3, 1, -1, -1), 4, 4)
        painter.restore()

    def _mark(self, painter: QPainter, box: QRectF, index: Index) -> None:
        """As the style sheet draws the boxes of the other list; a dash where some are shown."""
        colours, state = palette(self.theme), Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colours["text2"]), 1))
        painter.setBrush(QColor(colours["bg0"]))
        painter.drawRoundedRect(box, 2, 2)
        if state == Qt.CheckState.PartiallyChecked:
            painter.fillRect(QRectF(box.left() + 3, box.center().y() - 1, box.width() - 6, 2), QColor(colours["text"]))
        elif state == Qt.CheckState.Checked:
            QIcon(str(files("resources") / "map" / f"check-{self.theme}.svg")).paint(painter, box.toRect())

    def _words(self, painter: QPainter, line: QRect, index: Index, *, is_kid: bool) -> None:
        colours, right = palette(self.theme), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        count, odd = index.data(COUNT), index.data(ODD)
        painter.setPen(QColor(colours["text"]))
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, index.data())
        painter.setPen(QColor(colours["text2" if is_kid else "text"]))
        painter.drawText(line, right, count)
        painter.setPen(QColor(colours["text"]))
        wide = max(painter.fontMetrics().horizontalAdvance(count), painter.fontMetrics().horizontalAdvance("0,000"))
        painter.drawText(line.adjusted(0, 0, -wide - 12, 0), right, odd)

    def editorEvent(self, event: QEvent, model: Any, option: QStyleOptionViewItem, index: Index) -> bool:
        if isinstance(event, QMouseEvent):
            is_meant = event.type() in (QEvent.Type.MouseButtonRelease, QEvent.Type.MouseButtonDblClick) and \
                event.button() == Qt.MouseButton.LeftButton and option.rect.contains(event.position().toPoint())
        else:
            is_meant = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space
        if not is_meant:
            return False
        is_all = Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole)) == Qt.CheckState.Checked
        return bool(model.setData(index, Qt.CheckState.Unchecked if is_all else Qt.CheckState.Checked, Qt.ItemDataRole.CheckStateRole))


class FieldTree(QTreeView):
    """`resized` when it wants another height."""

    resized = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.fields = FieldModel(self)
        self._rows = Rows(self)
        self._open: set[str] = set()
        self._is_setting = False
        self.setModel(self.fields)
        self.setItemDelegate(self._rows)
        self._look()
        self.expanded.connect(lambda index: self._fold(index, is_open=True))
        self.collapsed.connect(lambda index: self._fold(index, is_open=False))
        self.fields.modelReset.connect(self._unfold)
        self.fields.dataChanged.connect(lambda: (self.scheduleDelayedItemsLayout(), self.resized.emit()))

    def open_fields(self) -> list[str]:
        """Codes of the fields that are unfolded."""
        return sorted(self._open)

    def set_open(self, codes: list[str]) -> None:
        """Unfold these fields and no others."""
        self._open = set(codes)
        self._unfold()

    def wanted_height(self) -> int:
        """Pixels that show every row without scrolling."""
        return sum(self._height(self.fields.index(row, 0)) for row in range(self.fields.rowCount())) + 2

    def note(self, index: Index) -> Note | None:
        """What a row says below itself: a field that is unfolded leaves it to its kinds."""
        return None if self.isExpanded(index) else index.data(NOTE) or None

    def row_height(self, index: Index) -> int:
        """Pixels of a row with its note."""
        return ROW + (HEIGHT if self.note(index) else 0)

    def dress(self, theme: str) -> None:
        """Colours of the theme."""
        self._rows.theme = theme
        self.viewport().update()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in _KEYS:
            event.accept()
            return True
        return super().event(event)

    def drawBranches(self, painter: QPainter, rect: QRect, index: Index) -> None:
        """An arrow beside what folds, in the middle of the row's first line."""
        if index.parent().isValid():
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(palette(self._rows.theme)["text2"]), 1.6))
        x, y = rect.right() - INDENT / 2, rect.top() + ROW / 2
        points = ((-4, -2), (0, 2), (4, -2)) if self.isExpanded(index) else ((-2, -4), (2, 0), (-2, 4))
        painter.drawPolyline([QPointF(x + dx, y + dy) for dx, dy in points])
        painter.restore()

    def _look(self) -> None:
        self.setObjectName("fields")
        self.setAccessibleName("图层，按领域")
        self.setHeaderHidden(True)
        self.setIndentation(INDENT)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformRowHeights(False)
        self.setExpandsOnDoubleClick(False)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSelectionMode(QTreeView.SelectionMode.NoSelection)
        self.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QTreeView.ScrollMode.ScrollPerPixel)

    def _height(self, top: QModelIndex) -> int:
        rows = [top]
        if self.isExpanded(top):
            rows += [self.fields.index(row, 0, top) for row in range(self.fields.rowCount(top))]
        return sum(map(self.row_height, rows))

    def _fold(self, index: QModelIndex, *, is_open: bool) -> None:
        if self._is_setting:
            return
        code = self.fields.branch(index).code
        self._open = self._open | {code} if is_open else self._open - {code}
        self.scheduleDelayedItemsLayout()
        self.resized.emit()

    def _unfold(self) -> None:
        self._is_setting = True
        for row, branch in enumerate(self.fields.branches):
            self.setExpanded(self.fields.index(row, 0), branch.code in self._open)
        self._is_setting = False
        self.scheduleDelayedItemsLayout()
        if not self.currentIndex().isValid():
            self.setCurrentIndex(self.fields.index(0, 0))
        self.resized.emit()
