"""Plays what the alarms ask for, and knows whether anybody can hear it. Qt's multimedia is loaded when the first picture stands, not before."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QTimer, Signal

from weihai_command.boards.alarm_sounds import AlarmSounds

from .tones import RATE, pcm

#: How often it is looked whether something is to be heard.
LOOK_MS = 250


class AlarmVoice(QObject):
    """`device_told(is there)` at the start and whenever loudspeakers come or go."""

    device_told = Signal(bool)

    def __init__(self, sounds: AlarmSounds, parent: QObject | None = None, *, devices: Callable[[], Any] | None = None) -> None:
        super().__init__(parent)
        self._sounds, self._make_devices = sounds, devices or _devices
        self._devices: Any = None
        self._sink: Any = None
        self._bytes: dict[int, QByteArray] = {}
        self._buffer = QBuffer(self)
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self._look)

    def start(self) -> None:
        """Load what is needed, say whether there is a device, and listen from now on."""
        if self._devices is None:
            self._devices = self._make_devices()
            self._devices.audioOutputsChanged.connect(self._on_devices)
        self._on_devices()
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()
        self._drop()
        if self._devices is not None:
            self._devices.audioOutputsChanged.disconnect(self._on_devices)
            self._devices = None

    @property
    def has_device(self) -> bool:
        return self._devices is not None and bool(self._devices.audioOutputs())

    def play(self, severity: int) -> bool:
        """Sound a severity once; False where nobody can hear it."""
        if not self.has_device or severity == 0:
            return False
        if severity not in self._bytes:
            self._bytes[severity] = QByteArray(pcm(severity))
        if self._sink is None:
            self._sink = _sink(self._devices.defaultAudioOutput())
        self._sink.stop()
        self._buffer.close()
        self._buffer.setData(self._bytes[severity])
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self._sink.start(self._buffer)
        return True

    def _look(self) -> None:
        self.play(self._sounds.due(time.monotonic()))

    def _on_devices(self) -> None:
        # The default may be another one now.
        self._drop()
        self.device_told.emit(self.has_device)

    def _drop(self) -> None:
        if self._sink is not None:
            self._sink.stop()
            self._sink = None
        self._buffer.close()


def _devices() -> Any:
    from PySide6.QtMultimedia import QMediaDevices

    return QMediaDevices()


def _sink(device: Any) -> Any:
    from PySide6.QtMultimedia import QAudioFormat, QAudioSink

    kind = QAudioFormat()
    kind.setSampleRate(RATE)
    kind.setChannelCount(1)
    kind.setSampleFormat(QAudioFormat.SampleFormat.Int16)
    return QAudioSink(device, kind)
