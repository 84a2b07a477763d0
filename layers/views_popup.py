"""The list of saved views with a field for a new one: arrows and Tab move, Enter shows or saves, Delete drops, Escape closes."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from .popup import Popup
from .views import LONGEST, MOST, MapViews

_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class ViewsPopup(Popup):
    """Opens beside its `button`."""

    def __init__(self, views: MapViews, panel: QWidget) -> None:
        super().__init__(QPushButton("保存的视图", panel), panel)
        self._views = views
        self.button.setToolTip("范围与图层，按名字取用")
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.clicked.connect(self.open)
        self.rows: list[QPushButton] = []
        self.field = QLineEdit()
        self.field.setMaxLength(LONGEST)
        self.field.setPlaceholderText("当前视图存为……")
        self.field.setAccessibleName("当前视图存为")
        self.field.returnPressed.connect(self._save)
        self._remark = QLabel("")
        self._remark.setObjectName("quiet")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 8, 12, 8)
        self._column.setSpacing(4)
        head = QLabel("视图")
        head.setObjectName("head")
        self._list = QVBoxLayout()
        self._list.setSpacing(4)
        self._column.addWidget(head)
        self._column.addLayout(self._list)
        self._column.addWidget(self.field)
        self._column.addWidget(self._remark)
        self.setMinimumWidth(240)

    def open(self) -> None:
        """Show the list; the keyboard is on the first view, or on the field where there is none."""
        self._say("")
        self.fill()
        self.stand()
        self.show()
        (self.rows[0] if self.rows else self.field).setFocus(Qt.FocusReason.PopupFocusReason)

    def fill(self) -> None:
        """One line a view."""
        while item := self._list.takeAt(0):
            box = item.widget()
            box.hide()
            box.deleteLater()
        self.rows = [self._line(name) for name in self._views.names()]
        self.adjustSize()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in (Qt.Key.Key_Delete, *_STEPS):
            if event.key() == Qt.Key.Key_Delete:
                self._drop(str(watched.property("view")))
            else:
                self._step(watched, _STEPS[Qt.Key(event.key())])
            return True
        return super().eventFilter(watched, event)

    def _step(self, watched: QObject, by: int) -> None:
        stops = [*self.rows, self.field]
        at = next((place for place, row in enumerate(stops) if row is watched), 0)
        stops[max(0, min(len(stops) - 1, at + by))].setFocus(Qt.FocusReason.OtherFocusReason)

    def _say(self, words: str) -> None:
        self._remark.setText(words)
        self._remark.setVisible(bool(words))

    def _line(self, name: str) -> QPushButton:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        show, drop = QPushButton(name.replace("&", "&&")), QPushButton("删除")
        show.setObjectName("view")
        show.setProperty("view", name)
        show.setToolTip("显示（Enter），删除（Delete）")
        show.installEventFilter(self)
        show.clicked.connect(lambda: self._show(name))
        drop.setAccessibleName(f"删除视图 {name}")
        drop.clicked.connect(lambda: self._drop(name))
        row.addWidget(show, 1)
        row.addWidget(drop)
        self._list.addWidget(box)
        return show

    def _show(self, name: str) -> None:
        self.hide()
        self._views.show(name)

    def _drop(self, name: str) -> None:
        self._views.drop(name)
        self.fill()
        (self.rows[0] if self.rows else self.field).setFocus(Qt.FocusReason.OtherFocusReason)

    def _save(self) -> None:
        kept = self._views.save(self.field.text())
        self._say(f"已存为“{kept}”" if kept else f"要有名字，最多 {MOST} 个")
        if kept:
            self.field.clear()
        self.fill()
