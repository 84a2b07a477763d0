"""The README's nginx example, taken from the README and run in front of a real hub: nobody but the administrator deletes."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import requests

ROOT = Path(__file__).parents[1]
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin:/opt/homebrew/bin")
pytestmark = [pytest.mark.kinto, pytest.mark.skipif(not NGINX, reason="nginx is not installed")]
INCIDENTS = "/buckets/city/collections/incidents/records"


class Front(NamedTuple):
    """The proxy's address, the hub's own behind it, and a password for each account."""

    url: str
    behind: str
    accounts: dict[str, str]

    def ask(self, method: str, path: str, who: str, password: str | None = None, **more: object) -> requests.Response:
        secret = self.accounts.get(who, "") if password is None else password
        return requests.request(method, self.url + path, auth=(who, secret), timeout=20, **more)  # type: ignore[arg-type]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def example(port: int, upstream: str) -> str:
    """The README's block for these addresses; TLS is left out here, for it is nginx's own."""
    block = re.search(r"```nginx\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert block
    text = block.group(1).replace("listen 443 ssl;", f"listen 127.0.0.1:{port};").replace("http://127.0.0.1:8888", upstream)
    return re.sub(r"^\s*ssl_certificate.*\n", "", text, flags=re.MULTILINE)


def write_config(folder: Path, port: int, upstream: str) -> Path:
    spare = "".join(f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    config = folder / "nginx.conf"
    config.write_text(
        f"daemon off; master_process off; pid {folder}/pid; error_log stderr;\nevents {{}}\n"
        f"http {{ access_log off; {spare}\n{example(port, upstream)} }}\n",
        encoding="utf-8",
    )
    return config


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp("nginx")
    hub = subprocess.Popen([sys.executable, "-m", "weihai_command.hub", "--port", "0"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    proxy = None
    try:
        assert hub.stdout
        ready = json.loads(hub.stdout.readline())
        port = free_port()
        config = write_config(folder, port, ready["url"].removesuffix("/v1"))
        proxy = subprocess.Popen([str(NGINX), "-c", str(config)], stderr=subprocess.DEVNULL)
        wait_for(port)
        yield Front(f"http://127.0.0.1:{port}/v1", ready["url"], ready["accounts"])
    finally:
        for process in filter(None, (proxy, hub)):
            process.terminate()
            process.wait(10)
        if hub.stdout:
            hub.stdout.close()


def wait_for(port: int) -> None:
    until = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            assert time.monotonic() < until, "nginx did not come up"
            time.sleep(0.05)


def test_reading_and_writing_pass(front: Front) -> None:
    answer = front.ask("GET", INCIDENTS, "officer")
    assert answer.status_code == 200, answer.text
    assert isinstance(answer.json()["data"], list)


def test_an_officer_does_not_delete(front: Front) -> None:
    for path in (INCIDENTS, INCIDENTS + "/x", "/buckets/city", INCIDENTS.replace("records", "%72ecords")):
        answer = front.ask("DELETE", path, "officer")
        assert answer.status_code == 403
        assert answer.json()["message"] == "only the administrator deletes"


def test_nor_by_a_batch(front: Front) -> None:
    inside = {"requests": [{"method": "DELETE", "path": "/v1" + INCIDENTS}]}
    for path in ("/batch", "/batch/", "/%62atch", "//batch"):
        answer = front.ask("POST", path, "officer", json=inside)
        assert answer.status_code == 403
        assert answer.json()["message"] == "only the administrator sends batches"


def test_the_administrator_does(front: Front) -> None:
    assert front.ask("DELETE", INCIDENTS, "admin").status_code == 200
    inside = {"requests": [{"method": "DELETE", "path": "/v1" + INCIDENTS}]}
    assert front.ask("POST", "/batch", "admin", json=inside).status_code == 200


def test_his_name_alone_is_not_enough(front: Front) -> None:
    assert front.ask("DELETE", INCIDENTS, "admin", password="guessed").status_code == 401


def test_without_the_proxy_an_officer_could(front: Front) -> None:
    """The reason for all this: the README's honest limit, seen on the server itself."""
    one = {"id": "9b6bd1b6-6a2e-4c38-9b51-000000000001", "title": "试"}
    body = {"data": one, "permissions": {"write": ["/buckets/city/groups/officer"]}}
    path = f"{INCIDENTS}/{one['id']}"
    assert front.ask("PUT", path, "officer", json=body).status_code == 201
    assert front.ask("DELETE", path, "officer").status_code == 403
    assert front.ask("GET", path, "officer").json()["data"]["title"] == "试"
    behind = front._replace(url=front.behind)
    assert behind.ask("DELETE", INCIDENTS, "officer").status_code == 200
    assert behind.ask("GET", path, "officer").status_code == 404
