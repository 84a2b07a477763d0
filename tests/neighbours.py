"""Real neighbours for tests: a SensorThings server and an MQTT broker, started on free ports, killed and brought back.

A conftest loads this file by its path and takes the fixtures `things` and `broker`.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import paho.mqtt.client as paho
import pytest
import requests
from paho.mqtt.enums import CallbackAPIVersion

MEASUREMENT = "http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


class Process:
    """A server on a port of its own; `kill` ends it without a word, `start` brings it back with what it kept."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.process: subprocess.Popen[str] | None = None

    def command(self) -> list[str]:
        raise NotImplementedError

    def start(self) -> None:
        self.process = subprocess.Popen(self.command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True, env={**os.environ, "PYTHONWARNINGS": "ignore"})
        end = time.monotonic() + 60
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{self.command()[0]} did not come up")
            time.sleep(0.05)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait(10)
            self.process = None


class Things(Process):
    """A SensorThings server whose datastreams and observations a test makes."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.url = f"http://127.0.0.1:{self.port}/sta/v1.1"

    def command(self) -> list[str]:
        return [sys.executable, str(Path(__file__).with_name("sensorthings_server.py")), str(self.port), str(self.folder / "things.db")]

    def thing(self, name: str, *streams: tuple[str, str, str], place: tuple[float, float] = (122.1, 37.4)) -> list[str]:
        """A thing with datastreams (name, property, unit); the ids of these."""
        location = {"name": name, "description": "-", "encodingType": "application/geo+json", "location": {"type": "Point", "coordinates": list(place)}}
        made = [{
            "name": stream, "description": "-", "observationType": MEASUREMENT, "unitOfMeasurement": {"name": unit, "symbol": unit, "definition": "-"},
            "ObservedProperty": {"name": kind, "definition": "http://example.org/" + kind, "description": "-"},
            "Sensor": {"name": stream, "description": "-", "encodingType": "application/pdf", "metadata": "-"},
        } for stream, kind, unit in streams]
        body = {"name": name, "description": "-", "properties": {"district": "环翠区"}, "Locations": [location], "Datastreams": made}
        where = self._post("/Things", body)
        ids = {row["name"]: row["@iot.id"] for row in requests.get(f"{where}/Datastreams", timeout=20).json()["value"]}
        return [ids[stream] for stream, _, _ in streams]

    def observe(self, stream: str, at: float, value: float) -> None:
        body = {"phenomenonTime": iso(at), "resultTime": iso(at), "result": value, "Datastream": {"@iot.id": stream}}
        self._post("/Observations", body)

    def _post(self, path: str, body: dict[str, Any]) -> str:
        answer = requests.post(self.url + path, json=body, timeout=20)
        assert answer.status_code == 201, answer.text[:500]
        return str(answer.headers["Location"])


class Broker(Process):
    """A Mosquitto that keeps sessions and queues over its own death. Accounts: desk and pump, both with the password `secret`."""

    def __init__(self, folder: Path, extra: str = "") -> None:
        super().__init__(folder)
        passwords = folder / "passwords"
        for option, user in (("-c", "desk"), ("", "pump")):
            subprocess.run([_tool("mosquitto_passwd"), *filter(None, ["-b", option]), str(passwords), user, "secret"], check=True, capture_output=True)
        passwords.chmod(0o644)
        (folder / "mosquitto.conf").write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous false\npassword_file {passwords}\npersistence true\npersistence_location {folder}/\n"
            f"autosave_interval 1\nautosave_on_changes false\nmax_queued_messages 100000\nuser root\n{extra}", "utf-8")

    def command(self) -> list[str]:
        return [_tool("mosquitto"), "-c", str(self.folder / "mosquitto.conf")]


def publish(broker: Broker, *messages: tuple[str, object]) -> None:
    """As a pump does: each message is the broker's before this returns."""
    client = paho.Client(CallbackAPIVersion.VERSION2, "pump", protocol=paho.MQTTv5)
    client.username_pw_set("pump", "secret")
    client.connect("127.0.0.1", broker.port)
    client.loop_start()
    try:
        sent = [client.publish(topic, body if isinstance(body, bytes) else json.dumps(body), qos=1) for topic, body in messages]
        for each in sent:
            each.wait_for_publish(20)
    finally:
        client.disconnect()
        client.loop_stop()


def _tool(name: str) -> str:
    found = shutil.which(name, path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"]))
    if not found:
        pytest.skip(f"{name} is not installed")
    return found


@pytest.fixture(scope="session")
def things(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Things]:
    """Some seconds to start: one for all tests of a run, which name their things apart. Who kills it takes `mortal_things`."""
    pytest.importorskip("django")
    server = Things(tmp_path_factory.mktemp("things"))
    server.start()
    yield server
    server.kill()


@pytest.fixture
def mortal_things(tmp_path: Path) -> Iterator[Things]:
    pytest.importorskip("django")
    server = Things(tmp_path)
    server.start()
    yield server
    server.kill()


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that nobody knows, and its key."""
    cert, key = folder / "cert.pem", folder / "key.pem"
    names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    command = [_tool("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", str(key), "-out", str(cert), *names]
    subprocess.run(command, check=True, capture_output=True)
    return cert, key


@pytest.fixture
def tls_broker(tmp_path: Path) -> Iterator[Broker]:
    """A broker that speaks TLS; its certificate is cert.pem of its folder."""
    cert, key = certificate(tmp_path)
    server = Broker(tmp_path, f"certfile {cert}\nkeyfile {key}\n")
    server.start()
    yield server
    server.kill()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    server = Broker(tmp_path)
    server.start()
    yield server
    server.kill()
