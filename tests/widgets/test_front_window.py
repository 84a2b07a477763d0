from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from weihai_command.domain.faults import Fault, Unauthorised
from widgets.front_window import FrontWindow


@pytest.fixture
def front(themed, pump):
    window = FrontWindow()
    window.show()
    window.activateWindow()
    pump()
    yield window
    window.close()
    window.deleteLater()
    pump()


def heard(signal):
    got: list[tuple] = []
    signal.connect(lambda *args: got.append(args))
    return got


def test_waiting_offers_nothing_but_leaving(front):
    front.show_waiting("正在打开城市数据…")
    assert front.progress.isVisible() and front.leave.isVisible()
    assert not front.sample.isVisible() and not front.retry.isVisible() and not front.enter.isVisible()
    QTest.keyClick(front, Qt.Key.Key_Escape)
    assert not front.isVisible()


def test_a_fault_is_said_whole_and_enter_tries_again(front):
    retried = heard(front.retried)
    front.show_fault(Fault("连不上 <b>平台</b>", "本机数据都在", "请检查网线"), asks_password=False, user="")
    assert [line.text() for line in front.lines] == ["连不上 <b>平台</b>", "本机数据都在", "请检查网线"]
    assert all(line.textFormat() == Qt.TextFormat.PlainText for line in front.lines)
    QTest.keyClick(front.focusWidget(), Qt.Key.Key_Return)
    assert retried == [()]


def test_the_sample_city_has_a_key(front, pump):
    wanted = heard(front.sample_wanted)
    front.show_fault(Fault("连不上平台"), asks_password=False, user="")
    pump()
    front.sample.setFocus()
    QTest.keyClick(front.sample, Qt.Key.Key_Return)
    assert wanted == [()]


def test_a_password_is_asked_once_the_user_is_known(front):
    sent = heard(front.signed_in)
    front.show_fault(Unauthorised("密码不对", "", "请再输一次"), asks_password=True, user="officer")
    assert front.user.text() == "officer" and front.password.hasFocus()
    QTest.keyClick(front.password, Qt.Key.Key_Return)
    assert sent == [] and front._said.text() == "请填密码"
    QTest.keyClicks(front.password, "secret")
    QTest.keyClick(front.password, Qt.Key.Key_Return)
    assert sent == [("officer", "secret")]
    front.show_fault(Unauthorised("密码不对"), asks_password=True, user="")
    assert front.user.text() == "officer" and front.password.text() == ""


@pytest.mark.parametrize("long", ["很长的话" * 60, "x" * 300])
def test_long_sentences_stay_inside(front, long, pump):
    front.show_fault(Fault(long, long, "请联系管理员"), asks_password=True, user="")
    pump()
    assert front.width() <= 900
