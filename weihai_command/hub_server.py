"""The existing Kinto server inside this process: its settings, and waitress around it. Nothing of a server is written by us."""

from __future__ import annotations

import contextlib
import io
import logging
import secrets
import threading
import warnings
from typing import Any
from urllib.parse import urlsplit

from weihai_command.domain.faults import Fault, PlatformFault

#: The account that sets the city up; it lives only while the hub starts.
SETUP = "hub"
BATCH = 200


def settings(postgres: str | None) -> dict[str, str]:
    """Kinto's settings: rights are ours alone (nobody creates buckets or accounts but the administrator), history on, schemas enforced."""
    backend = "postgresql" if postgres else "memory"
    chosen = {
        "project_name": "weihai city operations command",
        "storage_backend": "weihai_command.hub_storage" if postgres else f"kinto.core.storage.{backend}",
        "permission_backend": f"kinto.core.permission.{backend}",
        # One process serves, so logins and page tokens may be remembered in it.
        "cache_backend": "kinto.core.cache.memory",
        "cache_max_size_bytes": "8388608",
        "userid_hmac_secret": secrets.token_hex(32),
        "includes": "kinto.plugins.accounts kinto.plugins.history",
        "multiauth.policies": "account",
        "multiauth.policy.account.use": "kinto.plugins.accounts.AccountsPolicy",
        "account_create_principals": f"account:admin account:{SETUP}",
        "account_write_principals": f"account:admin account:{SETUP}",
        "account_cache_ttl_seconds": "300",
        "bucket_create_principals": f"account:{SETUP}",
        "explicit_permissions": "false",
        # Machines in their thousands are brought back by their feed, not by a history that would never end.
        "history.exclude_resources": "/buckets/city/collections/video_points /buckets/city/collections/sensors",
        "experimental_collection_schema_validation": "true",
        "paginate_by": "5000",
        "batch_max_requests": str(BATCH),
        "retry_after_seconds": "3",
    }
    if postgres:
        chosen |= {"storage_url": postgres, "permission_url": postgres, "storage_pool_size": "8", "permission_pool_size": "8"}
    return {f"kinto.{name}": value for name, value in chosen.items()}


class Server:
    """Kinto behind waitress on `host`:`port` (0 = a free one), ready to be set up by the account SETUP with `password`."""

    def __init__(self, host: str, port: int, postgres: str | None) -> None:
        self.password = secrets.token_urlsafe(24)
        self._app = _application(postgres, self.password)
        self._server = _listen(self._app, host, port)
        shown = f"[{host}]" if ":" in host else host
        self.url = f"http://{shown}:{_port(self._server)}/v1"
        # Its own clients reach it on this machine, whatever address it is bound to.
        self.local = f"http://127.0.0.1:{_port(self._server)}/v1" if host in ("0.0.0.0", "::", "localhost") else self.url
        self._thread = threading.Thread(target=self._run, name="hub", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        # Closing takes the listening socket from under the loop; that is how it ends.
        with contextlib.suppress(OSError):
            self._server.run()

    def is_alive(self) -> bool:
        return self._thread.is_alive()

    def close(self) -> None:
        """Let the requests in hand finish, for five seconds at most, then stop listening."""
        self._server.task_dispatcher.shutdown(timeout=5)
        # Whoever is still at work now wakes a loop that is gone; that is no news to anybody.
        logging.getLogger("waitress").setLevel(logging.CRITICAL + 1)
        self._server.close()


def _application(postgres: str | None, password: str) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="pkg_resources is deprecated")
            import kinto
            from kinto.plugins.accounts.scripts import create_user
            from pyramid.scripting import prepare
    except ImportError as error:
        raise Fault(f"没有安装平台服务组件（{error.name}）", "没有改动任何数据", "请安装 weihai-command[hub]") from None
    # It misses an ini file that we have no use for.
    logging.getLogger("kinto").setLevel(logging.CRITICAL)
    chatter = io.StringIO()
    try:
        with contextlib.redirect_stdout(chatter), contextlib.redirect_stderr(chatter):
            app = kinto.main({}, **settings(postgres))
            with prepare(registry=_registry(app)) as env:
                if postgres:
                    _migrate(env)
                # A city that stands already is its administrator's alone; setting it up again needs the right back for a moment.
                env["registry"].permission.add_principal_to_ace("/buckets/city", "write", f"account:{SETUP}")
                create_user(env, SETUP, password)
    except ImportError as error:
        raise Fault(f"没有安装 PostgreSQL 组件（{error.name}）", "没有改动任何数据", "请安装 kinto[postgresql]") from None
    except Exception as error:
        if not postgres or not type(error).__module__.startswith(("sqlalchemy", "psycopg2", "kinto.core.storage")):
            raise
        where = urlsplit(postgres).hostname or "本机"
        raise PlatformFault(f"无法使用 PostgreSQL 数据库（{where}）", "没有改动任何数据", "请核对地址、账号与数据库是否已建立") from error
    return app


def _migrate(env: Any) -> None:
    from kinto.core.scripts import migrate

    migrate(env)


def _registry(app: Any) -> Any:
    """The application's registry, also from under a middleware."""
    while not hasattr(app, "registry"):
        app = getattr(app, "app", None) or app.application
    return app.registry


def _listen(app: Any, host: str, port: int) -> Any:
    from waitress import create_server

    try:
        return create_server(app, host=host, port=port, threads=8, ident=None, channel_timeout=60, max_request_body_size=16 * 1024 * 1024)
    except OSError as error:
        happened = f"无法在 {host}:{port} 上启动平台服务：{error.strerror}"
        raise PlatformFault(happened, "没有改动任何数据", "请换一个端口或停掉占用它的程序") from None


def _port(server: Any) -> int:
    listening = getattr(server, "effective_listen", None)
    return int(listening[0][1]) if listening else int(server.effective_port)
