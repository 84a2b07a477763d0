"""HTTP as we allow it: TLS verified, plain http on loopback only, no redirect to another host, size and time capped, one breaker per host.

An answer of any status is an `Answer`; only trouble on the way raises (Unreachable, PlatformFault).
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

import orjson
import requests
from requests.auth import AuthBase, HTTPBasicAuth
from requests.utils import get_auth_from_url
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError, ReadTimeoutError
from urllib3.util.retry import Retry

from weihai_command.domain.faults import Unreachable

from . import trouble
from .breaker import Breaker, breaker_of
from .line import Line
from .line_adapter import LineAdapter

SIZE_CAP = 32 * 1024 * 1024
TIME_CAP = 60.0
CONNECT_CAP = 8.0
READ_CAP = 20.0
REDIRECTS = 3
BROKEN = frozenset({502, 503, 504})


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers and the whole body; `middle` is our clock (epoch seconds) halfway between asking and the first byte."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    middle: float

    def json(self) -> object | None:
        """The body as JSON, or None where it is none."""
        try:
            return orjson.loads(self.body)  # type: ignore[no-any-return]
        except ValueError:
            return None

    @property
    def server_time(self) -> float | None:
        """The server's clock; its Date header is cut to seconds, so half of one is added."""
        try:
            return parsedate_to_datetime(self.headers["Date"]).timestamp() + 0.5
        except (KeyError, ValueError, TypeError):
            return None

    @property
    def retry_after(self) -> float | None:
        """The longest wait that Retry-After or Backoff asks for, in seconds, at most an hour."""
        waits = [wait for wait in map(self._seconds, ("Retry-After", "Backoff")) if wait is not None]
        return min(max(waits), 3600.0) if waits else None

    def _seconds(self, header: str) -> float | None:
        value = self.headers.get(header)
        if value is None:
            return None
        try:
            return max(0.0, float(value))
        except ValueError:
            pass
        try:
            return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
        except (ValueError, TypeError):
            return None


def is_loopback(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def check_address(url: str) -> None:
    """Refuse what is no web address, and plain http beyond this machine."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise trouble.bad_address(url)
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise trouble.plain_http(parts.hostname)


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)


class Transport:
    """A session with one origin. `auth` is (user, password), or a bearer token alone. One thread at a time."""

    def __init__(self, url: str, auth: tuple[str, str] | str | None = None, *, breaker: Breaker | None = None,
                 size_cap: int = SIZE_CAP, time_cap: float = TIME_CAP) -> None:
        check_address(url)
        self.origin = _origin(url)
        self.host = urlsplit(url).netloc.rpartition("@")[2]
        self.breaker = breaker or breaker_of(self.host)
        self.size_cap, self.time_cap = size_cap, time_cap
        self._line = Line()
        self.session = _session(auth, is_loopback(urlsplit(url).hostname), self._line)

    def send(self, method: str, url: str, *, headers: Mapping[str, str] | None = None, body: object = None) -> Answer:
        """One request and its whole answer; raises Unreachable or PlatformFault for trouble on the way."""
        if self._line.is_over:
            raise trouble.leaving(self.host)
        if (wait := self.breaker.remaining()) > 0:
            raise trouble.resting(self.host, wait)
        self._line.is_busy = True
        try:
            answer = self._follow(method, url, headers or {}, None if body is None else orjson.dumps(body))
        except (requests.exceptions.RequestException, HTTPError, OSError) as error:
            raise self._trouble(error) from None
        finally:
            self._line.is_busy = False
        if answer.status in BROKEN:
            self.breaker.failed()
        else:
            self.breaker.succeeded()
        return answer

    def _trouble(self, error: Exception) -> Unreachable:
        """What went wrong on the way; a line that we cut ourselves says nothing against the host."""
        if self._line.is_over:
            return trouble.lost(self.host)
        self.breaker.failed()
        if isinstance(error, requests.exceptions.SSLError):
            return trouble.tls_refused(self.host)
        if isinstance(error, (requests.exceptions.ReadTimeout, ReadTimeoutError)):
            return trouble.timed_out(self.host)
        return (trouble.unreachable if _never_connected(error) else trouble.lost)(self.host)

    def _follow(self, method: str, url: str, headers: Mapping[str, str], data: bytes | None) -> Answer:
        deadline = time.monotonic() + self.time_cap
        for _ in range(REDIRECTS + 1):
            try:
                answer = self._once(method, url, headers, data, deadline)
            except BaseException:
                # What was not read to its end is not used again, and the other side is to see that.
                self._line.drop()
                raise
            target = answer.headers.get("Location")
            if answer.status not in (301, 302, 303, 307, 308) or not target:
                return answer
            url = urljoin(url, target)
            if _origin(url) != self.origin:
                raise trouble.redirected(self.host, urlsplit(url).netloc)
            if method not in ("GET", "HEAD"):
                return answer
        raise trouble.not_ours(self.host)

    def _once(self, method: str, url: str, headers: Mapping[str, str], data: bytes | None, deadline: float) -> Answer:
        # The middle of the exchange is the best guess of when the server read its clock.
        asked = time.time()
        with self.session.request(method, url, headers=dict(headers), data=data, stream=True, allow_redirects=False,
                                  timeout=(CONNECT_CAP, min(READ_CAP, self.time_cap))) as response:
            middle = (asked + time.time()) / 2
            return Answer(response.status_code, response.headers, self._body(response, deadline), middle)

    def _body(self, response: requests.Response, deadline: float) -> bytes:
        chunks, size, raw = [], 0, response.raw
        while True:
            # read1 gives what has come; reading whole blocks would wait for a drip without ever looking at the clock.
            chunk = raw.read1(65536, decode_content=True) or b""
            if self._line.is_over:
                raise trouble.lost(self.host)
            if not chunk and raw.closed:
                break
            size += len(chunk)
            if size > self.size_cap:
                raise trouble.too_large(self.host, self.size_cap // 1024 // 1024)
            if time.monotonic() > deadline:
                raise requests.exceptions.ReadTimeout
            chunks.append(chunk)
        return b"".join(chunks)

    def hang_up(self) -> None:
        """Say nothing more, from any thread: the program ends, and what is being asked ends at once."""
        self._line.cut()

    def close(self) -> None:
        self.session.close()
        self._line.drop()


def _never_connected(error: BaseException) -> bool:
    """Whether it is certain that no byte of the request has left."""
    reason = getattr(error.args[0] if error.args else None, "reason", None)
    return isinstance(error, requests.exceptions.ConnectTimeout) or isinstance(reason, (NewConnectionError, ConnectTimeoutError))


class _Declared(AuthBase):
    """The token that was declared, or what the address itself carries: the account of a .netrc takes no part, its environment's proxies do."""

    def __init__(self, token: str | None) -> None:
        self.token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self.token:
            request.headers["Authorization"] = f"Bearer {self.token}"
            return request
        named = get_auth_from_url(request.url or "")
        return HTTPBasicAuth(*named)(request) if any(named) else request


def _session(auth: tuple[str, str] | str | None, loopback: bool, line: Line) -> requests.Session:
    session = requests.Session()
    # A proxy of the environment must not come between the desk and its own machine.
    session.trust_env = not loopback
    session.headers.update({"Accept": "application/json", "Content-Type": "application/json"})
    session.auth = (auth[0].encode(), auth[1].encode()) if isinstance(auth, tuple) else _Declared(auth)  # type: ignore[assignment]
    # Only reads may be repeated blindly; how a write is repeated is decided by push.
    retry = Retry(total=2, connect=1, read=1, status=1, status_forcelist=BROKEN, allowed_methods={"GET", "HEAD"}, backoff_factor=0.1,
                  raise_on_status=False, respect_retry_after_header=False, redirect=False)
    session.mount("http://", LineAdapter(line, max_retries=retry))
    session.mount("https://", LineAdapter(line, max_retries=retry))
    return session
