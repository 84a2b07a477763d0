"""The sounds as numbers, and who plays them; the real multimedia is asked once, on a machine with or without a loudspeaker."""

from __future__ import annotations

import subprocess
import sys
from array import array
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Signal

from weihai_command.boards.alarm_rows import Item
from weihai_command.boards.alarm_sounds import AlarmSounds
from widgets import alarm_voice, tones
from widgets.alarm_voice import AlarmVoice


def crossings(samples: array) -> int:
    """How often the wave goes up through zero."""
    return sum(one < 0 <= other for one, other in pairwise(samples))


@pytest.mark.parametrize(("severity", "seconds"), [(1, 1.6), (2, 0.44), (3, 0.25), (4, 0.0), (5, 0.0)])
def test_how_long_each_sounds(severity, seconds):
    samples = array("h", tones.pcm(severity))
    assert len(samples) == pytest.approx(tones.RATE * seconds, abs=3)
    assert not len(samples) or (0.2 * 32_767 < max(samples) < 0.5 * 32_767 and abs(samples[0]) < 50 and abs(samples[-1]) < 50)


def test_red_has_two_tones_and_orange_a_pause():
    red, part = array("h", tones.pcm(1)), round(0.4 * tones.RATE)
    assert crossings(red[:part]) == pytest.approx(0.4 * 880, abs=2) and crossings(red[part : 2 * part]) == pytest.approx(0.4 * 660, abs=2)
    orange = array("h", tones.pcm(2))
    pause = orange[round(0.17 * tones.RATE) : round(0.27 * tones.RATE)]
    assert set(pause) == {0} and any(orange[: len(orange) // 3])


class Devices(QObject):
    audioOutputsChanged = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.there = ["loudspeaker"]

    def audioOutputs(self):
        return self.there

    def defaultAudioOutput(self):
        return self.there[0]


class Sink:
    played: list[bytes] = []

    def __init__(self, device) -> None:
        self.device = device

    def start(self, buffer) -> None:
        self.played.append(bytes(buffer.data()))

    def stop(self) -> None:
        pass


@pytest.fixture
def voice(qapp, monkeypatch):
    monkeypatch.setattr(alarm_voice, "_sink", Sink)
    monkeypatch.setattr(Sink, "played", [])
    devices = Devices()
    made = AlarmVoice(AlarmSounds(), devices=lambda: devices)
    made.devices, made.told = devices, []
    made.device_told.connect(made.told.append)
    yield made
    made.stop()


def test_what_is_due_is_played_and_silence_is_not(voice):
    voice.start()
    voice._sounds.take([Item("a", 3, "水位", "", 0.0, ("a", 1))])
    voice._look()
    voice._look()
    assert Sink.played == [tones.pcm(3)] and voice.told == [True]


def test_without_a_loudspeaker_it_is_told_and_nothing_breaks(voice):
    voice.devices.there = []
    voice.start()
    assert voice.told == [False] and voice.play(1) is False
    voice.devices.there = ["loudspeaker"]
    voice.devices.audioOutputsChanged.emit()
    assert voice.told == [False, True] and voice.play(1) is True and Sink.played == [tones.pcm(1)]


def test_the_real_multimedia_answers_without_a_screen(qapp):
    made, told = AlarmVoice(AlarmSounds()), []
    made.device_told.connect(told.append)
    made.start()
    assert told == [made.has_device]
    assert made.play(3) is made.has_device
    made.stop()


def test_multimedia_is_not_loaded_with_the_window():
    code = "import sys; import widgets.main_window; print([name for name in sys.modules if 'Multimedia' in name or 'pyqtgraph' in name])"
    done = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
