"""What opens beside the layers panel: a plate of its own, in which keys are its own and not the map's."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

_MARGIN = 8


def keeps(event: QEvent) -> bool:
    """Whether a key that is about to be taken for a shortcut is a plain one, which the map would hear."""
    plain = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier
    return event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.modifiers() in plain \
        and not Qt.Key.Key_F1 <= event.key() <= Qt.Key.Key_F35


class Popup(QFrame):
    """Opens right of the plate that holds its `button`; Escape or a click elsewhere closes it."""

    def __init__(self, button: QPushButton, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("plate")
        self.button = button

    def stand(self) -> None:
        """Level with the button, but within the window."""
        self.adjustSize()
        plate = self.button.parentWidget()
        while plate.objectName() != "plate" and plate.parentWidget() is not None:
            plate = plate.parentWidget()
        window = self.button.window().frameGeometry()
        left = min(plate.mapToGlobal(QPoint(plate.width() + 4, 0)).x(), window.right() - self.width() - _MARGIN)
        top = min(self.button.mapToGlobal(QPoint(0, 0)).y(), window.bottom() - self.height() - _MARGIN)
        self.move(max(window.left(), left), max(window.top(), top))

    def event(self, event: QEvent) -> bool:
        if keeps(event):
            event.accept()
            return True
        return super().event(event)
