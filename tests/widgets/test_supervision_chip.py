from __future__ import annotations

from weihai_command.operations.supervision import Notice


def notice(number: str, percent: int = 50) -> Notice:
    return Notice(f"k-{number}", f"i-{number}", number, "a & b", "handle", percent, "wang", None)


def test_the_chip_counts_and_hides(window, city, pump):
    assert window.supervised.isHidden()
    city.notice_rows = [notice("应0417"), notice("案2086", 100)]
    window.boards.supervision.refresh()
    pump()
    assert window.supervised.isVisible() and window.supervised.text_shown() == "督办 2" and window.supervised.property("tone") == "near"
    city.notice_rows = []
    window.boards.supervision.refresh()
    pump()
    assert window.supervised.isHidden()


def test_the_list_opens_the_incident_by_keyboard(window, city, pump):
    city.notice_rows = [notice("案2086")] + [notice(f"案{place}") for place in range(30)]
    window.boards.supervision.refresh()
    pump()
    menu = window.supervised.menu_of()
    assert menu.activeAction().text() == "\u200750 %  案2086  a && b · 处置时限"
    assert len(menu.actions()) == 21 and not menu.actions()[-1].isEnabled()
    menu.activeAction().trigger()
    pump()
    assert window.boards.detail.incident_id == "i-案2086"
    menu.deleteLater()


def test_without_notices_the_key_does_nothing(window):
    window.show_supervised()


def test_the_open_incident_shows_its_clock(window, pump):
    window.boards.detail.open("i-案2086")
    pump()
    clock = window.detail.head.clock
    assert clock.isVisible() and clock.bar.share == 1.0 and clock.bar.mood == "over"
    assert clock.words.text().startswith("处置时限 · 超 0:14 · ") and "已用 100 %" in clock.accessibleName()
    window.boards.detail.open("i-应0402")
    pump()
    assert clock.isHidden()
