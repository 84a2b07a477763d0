"""What makes a Kinto server our city: bucket, groups, collections with their schemas, accounts, rights, identity and the seed.

Everything goes through the server's own HTTP interface and may be repeated: what is there already keeps its members and passwords.
"""

from __future__ import annotations

import json
import secrets
import sys
import uuid
from collections.abc import Iterable, Iterator
from importlib.resources import files
from itertools import islice
from typing import Any

from weihai_command.domain.faults import PlatformFault
from weihai_command.domain.kinds import KINDS
from weihai_command.feeds.rights import ALSO, BUCKET, CREATORS, ROLES, group, write_groups
from weihai_command.feeds.transport import Answer, Transport

from .hub_server import BATCH, SETUP

#: Account → role. Two officers, so that two desks can be tried at once.
ACCOUNTS = {**{role: role for role in ROLES}, "officer2": "officer"}
#: Group → the account that it posts: a department's account touches its own department's cases, in an area where a group area-CODE says one.
POSTS = {"department-city": "department"}
#: Machines in their thousands go in batches. The rest goes one by one, for of a batch Kinto's history keeps the first entry only.
MASS = frozenset({"video_points", "sensors"})


class Setup:
    """Talks to the server at `url` as the set-up account."""

    def __init__(self, url: str, password: str) -> None:
        self.url = url
        self.http = Transport(url, (SETUP, password))

    def prepare(self, *, server_id: str | None, durable: bool, exercise: bool) -> dict[str, str]:
        """Bucket, groups, collections, accounts, identity. Returns the passwords of the accounts that were made now."""
        readers = [group(role) for role in ROLES]
        self._put(f"/buckets/{BUCKET}", {"permissions": {"write": [f"account:{SETUP}", "account:admin"], "read": readers}})
        for role in ROLES:
            self._make(f"/buckets/{BUCKET}/groups/{role}", {"data": {"members": _members(role)}})
        for post, member in POSTS.items():
            self._make(f"/buckets/{BUCKET}/groups/{post}", {"data": {"members": [f"account:{member}"]}})
        for kind in KINDS:
            self._collection(kind)
        passwords = {account: password for account in ACCOUNTS if (password := self._account(account))}
        self._identity(server_id, durable, exercise)
        return passwords

    def _collection(self, kind: str) -> None:
        path = f"/buckets/{BUCKET}/collections/{kind}"
        wanted = {"data": {"schema": schema(kind)}, "permissions": {"record:create": [group(role) for role in CREATORS[kind]]}}
        if not self._make(path, wanted):
            self._expect("PATCH", path, wanted)

    def _account(self, name: str) -> str | None:
        password = secrets.token_urlsafe(12)
        return password if self._make(f"/accounts/{name}", {"data": {"password": password}}) else None

    def _identity(self, server_id: str | None, durable: bool, exercise: bool) -> None:
        """`server_id` and `epoch` are made once and then stay; a city that was ever an exercise remains one."""
        path = f"/buckets/{BUCKET}/collections/meta/records/server"
        new = {"server_id": server_id or str(uuid.uuid4()), "epoch": str(uuid.uuid4()), "exercise": exercise, "durable": durable}
        if not self._make(path, {"data": new}) and exercise:
            self._expect("PATCH", path, {"data": {"exercise": True}})

    def is_empty(self) -> bool:
        answer = self._send("HEAD", f"/buckets/{BUCKET}/collections/units/records")
        return (answer.headers.get("Total-Objects") or answer.headers.get("Total-Records") or "0") == "0"

    def seed(self, records: Iterable[tuple[str, dict[str, Any]]], *, durable: bool, progress: bool = True) -> int:
        """Write the sample city's records; returns how many.

        Kinto's memory backend looks through all rights at every write, so that there the masses get none of their own (the administrator's
        stay): 12,000 of them would slow each write to 12 ms.
        """
        count = 0
        for kind, batch in _batches(records):
            if len(batch) == 1:
                self._expect("PUT", _path(kind, batch[0]), _body(kind, batch[0], durable))
            else:
                self._batch(kind, batch, durable)
            count += len(batch)
            if progress and count % 5000 < len(batch):
                print(f"已写入 {count} 条", file=sys.stderr, flush=True)
        return count

    def _batch(self, kind: str, batch: list[dict[str, Any]], durable: bool) -> None:
        requests = [{"path": "/v1" + _path(kind, record), "body": _body(kind, record, durable)} for record in batch]
        answer = self._expect("POST", "/batch", {"defaults": {"method": "PUT"}, "requests": requests})
        body = answer.json()
        for part in body["responses"] if isinstance(body, dict) else []:
            if part["status"] >= 300:
                words = part["body"].get("message") or part["status"]
                raise PlatformFault(f"样例城市有一条记录未被接受：{words}", "其余记录已写入", "请报告此问题")

    def finish(self) -> None:
        """The set-up account ends here: from now on only the administrator changes the city."""
        self._expect("PATCH", f"/buckets/{BUCKET}", {"permissions": {"write": ["account:admin"]}})
        self._expect("DELETE", f"/accounts/{SETUP}", None)
        self.http.close()

    def _put(self, path: str, body: dict[str, Any]) -> None:
        self._expect("PUT", path, body)

    def _make(self, path: str, body: dict[str, Any]) -> bool:
        """Create; False where it is there already."""
        answer = self._send("PUT", path, body, {"If-None-Match": "*"})
        if answer.status not in (200, 201, 412):
            raise _refused("PUT", path, answer)
        return answer.status != 412

    def _expect(self, method: str, path: str, body: dict[str, Any] | None) -> Answer:
        answer = self._send(method, path, body)
        if answer.status >= 300:
            raise _refused(method, path, answer)
        return answer

    def _send(self, method: str, path: str, body: dict[str, Any] | None = None, headers: dict[str, str] | None = None) -> Answer:
        return self.http.send(method, self.url + path, headers=headers, body=body)


def schema(kind: str) -> dict[str, Any]:
    """The JSON schema of a kind, as it is shipped."""
    text = files("resources").joinpath("schema", f"{kind}.json").read_text("utf-8")
    return dict(json.loads(text))


def _members(role: str) -> list[str]:
    return [f"account:{account}" for account, own in ACCOUNTS.items() if own == role or role in ALSO.get(own, ())]


def _path(kind: str, record: dict[str, Any]) -> str:
    return f"/buckets/{BUCKET}/collections/{kind}/records/{record['id']}"


def _body(kind: str, record: dict[str, Any], durable: bool) -> dict[str, Any]:
    data = {key: value for key, value in record.items() if key not in ("last_modified", "schema")}
    return {"data": data} if kind in MASS and not durable else {"data": data, "permissions": {"write": write_groups(kind, [])}}


def _batches(records: Iterable[tuple[str, dict[str, Any]]]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Records of MASS kinds gathered to batches, the others alone, in no particular order of kinds."""
    mass: dict[str, list[dict[str, Any]]] = {kind: [] for kind in MASS}
    for kind, record in records:
        if kind not in MASS:
            yield kind, [record]
            continue
        mass[kind].append(record)
        if len(mass[kind]) == BATCH:
            yield kind, mass.pop(kind)
            mass[kind] = []
    for kind, rest in mass.items():
        while rest:
            yield kind, list(islice(rest, BATCH))
            rest = rest[BATCH:]


def _refused(method: str, path: str, answer: Answer) -> PlatformFault:
    return PlatformFault(f"平台服务拒绝了设置步骤 {method} {path}（HTTP {answer.status}）：{answer.body[:300].decode('utf-8', 'replace')}",
                         "已有数据保留", "请核对数据库是否属于本平台")
