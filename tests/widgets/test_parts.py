from __future__ import annotations

from PySide6.QtCore import Qt

from widgets.parts import KeyButton, Plain, hint


def test_labels_never_read_markup(qapp):
    assert Plain("<b>x</b>").textFormat() == Qt.TextFormat.PlainText
    assert hint("F1").textFormat() == Qt.TextFormat.PlainText


def test_a_button_shows_its_key_and_says_it(themed):
    button = KeyButton("派遣", "F4", primary=True)
    assert button.accessibleName() == "派遣 F4"
    assert button.sizeHint().height() == 32 and button.sizeHint().width() > KeyButton("派遣").sizeHint().width()


def test_a_dim_button_still_answers(themed):
    button, pressed = KeyButton("结束"), []
    button.clicked.connect(lambda: pressed.append(1))
    button.set_dim(True)
    button.click()
    assert pressed and button.property("dim") is True


def test_a_disabled_button_looks_dim(themed):
    button = KeyButton("重发")
    button.setEnabled(False)
    assert button.property("dim") is True
    button.setEnabled(True)
    assert button.property("dim") is False
