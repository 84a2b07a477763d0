"""Readings from an MQTT 5 broker: one persistent session, and nothing is acknowledged before it is kept.

The network runs on a thread of paho's; whoever keeps readings calls `take`, stores, then `confirm`. What was not confirmed the broker
sends again, to this process or to the next one under the same client id.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import orjson
import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from weihai_command.domain.faults import Fault

from . import trouble
from .feed import FeedConfig
from .mapping import BadField, find
from .measured import Measured, number_of, seconds_of
from .platform import Reject
from .transport import is_loopback

#: Days for which the broker is asked to keep the session, in seconds; messages that may be under way unconfirmed.
SESSION_S, UNDER_WAY = 7 * 86_400, 2_000
#: A larger message is no reading. What waits beyond this is dropped, which only meets messages that nobody promised to deliver (QoS 0).
PAYLOAD_CAP, MOST_WAITING, MOST_TAKEN = 65_536, 50_000, 5_000
KEEPALIVE_S = 30
#: Seconds between tries while the broker cannot be reached.
DELAYS = (1, 60)
_PORTS = {"mqtt": 1883, "mqtts": 8883}


@dataclass(frozen=True, slots=True)
class _Message:
    turn: int
    mid: int
    qos: int
    topic: str
    payload: bytes
    came: float


class MqttSource:
    """`source` of feeds.toml is mqtts://host[:port]; mqtt:// for this machine alone. `topics`: filter → our sensor's id.

    In an id {1} stands for what the first + or # of the filter matched; `$.path` reads it from the payload. `fields`: `value` (default
    value), `at` (without it the time of arrival counts) and `id`, paths in a JSON payload; `value = ""` takes the payload itself as a number.
    """

    #: It is connected all the time, and nobody pulls it.
    is_stream = True

    def __init__(
        self, config: FeedConfig, secret: str | None = None, *, client_id: str, now: Callable[[], float] = time.time, delays: tuple[int, int] = DELAYS
    ) -> None:
        self.config, self.name, self.now = config, config.name, now
        parts = urlsplit(config.source)
        if parts.scheme not in _PORTS or not parts.hostname or not config.topics:
            raise trouble.bad_config(str(config.folder / "feeds.toml"), f"数据源“{config.name}”要写 mqtts:// 地址和 topics")
        if parts.scheme == "mqtt" and not is_loopback(parts.hostname):
            raise trouble.plain_mqtt(parts.hostname)
        self.host, self._port = parts.hostname, parts.port or _PORTS[parts.scheme]
        self.wake: Callable[[], None] = lambda: None
        self.fault: Fault | None = None
        self.last_ok: float | None = None
        self.dropped = 0
        self._lock = threading.Lock()
        self._waiting: deque[_Message] = deque()
        self._taken: list[_Message] = []
        self._turn = 0
        self._client = self._made(parts.scheme == "mqtts", secret, client_id, delays)

    @property
    def came(self) -> float | None:
        """When it last connected or brought something, epoch seconds."""
        return self.last_ok

    def start(self) -> None:
        """Connect, and go on trying for ever; `fault` says why there is no connection."""
        wish = Properties(PacketTypes.CONNECT)
        wish.SessionExpiryInterval, wish.ReceiveMaximum = SESSION_S, UNDER_WAY
        self._client.connect_async(self.host, self._port, KEEPALIVE_S, clean_start=False, properties=wish)
        self._client.loop_start()

    def stop(self) -> None:
        """Leave; the broker keeps the session and what was not confirmed."""
        self.wake = lambda: None
        self._client.disconnect()
        self._client.loop_stop()

    def take(self) -> Measured:
        """What has come, MOST_TAKEN messages at most; they are the broker's until `confirm`."""
        with self._lock:
            count = min(len(self._waiting), MOST_TAKEN)
            some = [self._waiting.popleft() for _ in range(count)]
        self._taken += some
        found = Measured()
        for each in some:
            self._read(each, found)
        return found

    def confirm(self) -> None:
        """Everything taken so far is kept: the broker may forget it."""
        taken, self._taken = self._taken, []
        for each in taken:
            # A number of an earlier connection may mean another message by now; the broker sends that one again.
            if each.qos and each.turn == self._turn:
                self._client.ack(each.mid, each.qos)

    def _made(self, is_tls: bool, secret: str | None, client_id: str, delays: tuple[int, int]) -> paho.Client:
        client = paho.Client(CallbackAPIVersion.VERSION2, client_id, protocol=paho.MQTTv5, manual_ack=True)
        if is_tls:
            client.tls_set_context(ssl.create_default_context())
        if secret is not None:
            client.username_pw_set(self.config.user or self.name, secret)
        client.reconnect_delay_set(*delays)
        client.on_connect, client.on_connect_fail, client.on_disconnect = self._on_connect, self._on_connect_fail, self._on_disconnect
        client.on_message = self._on_message
        return client

    # -- on the network's thread ---------------------------------------------------------------------------------------------

    def _on_connect(self, client: paho.Client, _: Any, flags: Any, reason: ReasonCode, properties: Any) -> None:
        if reason.is_failure:
            is_login = reason.getName() in ("Bad user name or password", "Not authorized")
            self._tell(trouble.wrong_password(self.config.user or self.name) if is_login else trouble.refused_read(self.host, reason.value, ""))
            return
        self._turn += 1
        # What is under way from before is sent again.
        with self._lock:
            self._waiting.clear()
        client.subscribe([(each, SubscribeOptions(qos=1, retainHandling=1)) for each in self.config.topics])
        self.last_ok = self.now()
        self._tell(None)

    def _on_connect_fail(self, client: paho.Client, _: Any) -> None:
        self._tell(trouble.unreachable(self.host))

    def _on_disconnect(self, client: paho.Client, _: Any, flags: Any, reason: ReasonCode, properties: Any) -> None:
        if reason.is_failure and self.fault is None:
            self._tell(trouble.lost(self.host))

    def _on_message(self, client: paho.Client, _: Any, message: paho.MQTTMessage) -> None:
        came = self.last_ok = self.now()
        with self._lock:
            if message.qos == 0 and len(self._waiting) >= MOST_WAITING:
                self.dropped += 1
                return
            was_idle = not self._waiting
            self._waiting.append(_Message(self._turn, message.mid, message.qos, message.topic, message.payload, came))
        if was_idle:
            self.wake()

    def _tell(self, fault: Fault | None) -> None:
        self.fault = fault
        self.wake()

    # -- what a message says -------------------------------------------------------------------------------------------------

    def _read(self, message: _Message, found: Measured) -> None:
        try:
            document = self._document(message.payload)
            fields = self.config.fields
            path = fields.get("value", "value")
            value = number_of("value", _present("value", document, path) if path else document)
            at = seconds_of("at", _present("at", document, fields["at"])) if "at" in fields else message.came
            id = find(document, fields["id"]) if "id" in fields else None
            found.add(self._sensor(message.topic, document), at, value, None if id is None else f"{self.name}:{id}")
        except BadField as bad:
            text = f"{message.topic} {message.payload[:2000].decode('utf-8', 'replace')}"
            found.rejected.append(Reject(message.topic[:200], bad.field, bad.reason, text))

    def _document(self, payload: bytes) -> Any:
        if len(payload) > PAYLOAD_CAP:
            raise BadField("payload", f"超过 {PAYLOAD_CAP // 1024} kB 上限")
        if self.config.fields.get("value") == "":
            return payload.decode("utf-8", "replace").strip() or None
        try:
            return orjson.loads(payload)
        except ValueError:
            raise BadField("payload", "不是 JSON") from None

    def _sensor(self, topic: str, document: Any) -> str:
        for pattern, sensor in self.config.topics.items():
            if paho.topic_matches_sub(pattern, topic):
                id = find(document, sensor[2:]) if sensor.startswith("$.") else filled(pattern, topic, sensor)
                if isinstance(id, (str, int)) and not isinstance(id, bool) and 0 < len(str(id)) <= 200:
                    return str(id)
                raise BadField("sensor", "没有说是哪个传感器")
        raise BadField("topic", "不在 topics 之内")


def _present(name: str, document: Any, path: str) -> Any:
    """What stands at a path, which must be there: null is a value, nothing is a fault."""
    found = find(document, path)
    if found is None and (name == "at" or not isinstance(document, dict) or path.split(".")[-1] not in _parent(document, path)):
        raise BadField(name, f"没有 {path}")
    return found


def _parent(document: Any, path: str) -> Any:
    parent = find(document, path.rpartition(".")[0]) if "." in path else document
    return parent if isinstance(parent, dict) else {}


def filled(pattern: str, topic: str, sensor: str) -> str:
    """The sensor's id for a topic: `city/{1}` with what the n-th + (or #) of the pattern stands for."""
    parts, given = pattern.split("/"), topic.split("/")
    matched = [given[at] if part == "+" else "/".join(given[at:]) for at, part in enumerate(parts) if part in ("+", "#")]
    for number, each in enumerate(matched, start=1):
        sensor = sensor.replace(f"{{{number}}}", each)
    return sensor
