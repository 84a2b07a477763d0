"""What the symbols mean: a row under a wide map, a button with a list over a narrow one."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QWidget

from .dress import style_sheet
from .icons import symbol

_LEGEND = (
    ("g1", "Ⅰ"), ("g2", "Ⅱ"), ("g3", "Ⅲ"), ("g4", "Ⅳ"), ("g0", "未定级"), ("mu", "市政"), ("mo", "超时"),
    ("u-fire", "可用"), ("u-fire-b", "出动"), ("sen-y", "传感器异常"),
)
#: Only in the list, which has the room.
_MORE = (("u-fire-x", "力量不可用"), ("sen-r", "传感器告警"), ("sen-s", "数据过期"), ("cam", "摄像机"), ("cam-x", "摄像机离线"),
         ("ves-h", "船舶航行"), ("ves-r", "船舶停泊"), ("ves-s", "船位过期"), ("veh-h", "车辆行驶"), ("veh-r", "车辆停放"), ("veh-s", "车辆过期"))


class LegendRow(QFrame):
    """One symbol and its word after the other."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("row")
        self.setFixedHeight(32)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(4)
        self._icons = [QLabel() for _ in _LEGEND]
        for icon, (_, word) in zip(self._icons, _LEGEND, strict=True):
            row.addWidget(icon)
            row.addWidget(QLabel(word))
            row.addStretch(1)

    def dress(self, theme: str) -> None:
        """Symbols in the colours of the theme."""
        for icon, (name, _) in zip(self._icons, _LEGEND, strict=True):
            icon.setPixmap(symbol(name, 16, theme, self.devicePixelRatioF()))

    def minimumSizeHint(self) -> QSize:
        # The row hides on a narrow map; it must not hold the map wide.
        return QSize(0, 32)


class LegendButton(QPushButton):
    """Opens the same as a list."""

    def __init__(self) -> None:
        super().__init__("图例")
        self.setFixedHeight(32)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._theme = "dark"
        self.clicked.connect(self.open)

    def dress(self, theme: str) -> None:
        """Colours of the theme, from the next opening on."""
        self._theme = theme

    def open(self) -> QWidget:
        """Show the list above the button; it closes by Escape or a click elsewhere."""
        popup = _legend_list(self, self._theme)
        popup.move(self.mapToGlobal(QPoint(0, -popup.sizeHint().height() - 4)))
        popup.show()
        return popup


def _legend_list(parent: QWidget, theme: str) -> QFrame:
    popup = QFrame(parent, Qt.WindowType.Popup)
    popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    popup.setObjectName("map")
    popup.setStyleSheet(style_sheet(theme))
    grid = QGridLayout(popup)
    grid.setContentsMargins(12, 8, 16, 8)
    grid.setHorizontalSpacing(8)
    for line, (name, word) in enumerate(_LEGEND + _MORE):
        icon = QLabel()
        icon.setPixmap(symbol(name, 20, theme, parent.devicePixelRatioF()))
        grid.addWidget(icon, line % 7, 3 * (line // 7))
        grid.addWidget(QLabel(word), line % 7, 3 * (line // 7) + 1)
        if line // 7:
            grid.setColumnMinimumWidth(3 * (line // 7) - 1, 4)
    return popup
