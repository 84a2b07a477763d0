"""A real SensorThings 1.1 server in a process of its own: PORT FILE; prints its address when it is ready."""

from __future__ import annotations

import sys
from socketserver import ThreadingMixIn
from uuid import UUID
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

port, file = int(sys.argv[1]), sys.argv[2]

from django.conf import settings  # noqa: E402

settings.configure(
    SECRET_KEY="tests", ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF=__name__, USE_TZ=True, DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": file, "OPTIONS": {"timeout": 20}}},
    INSTALLED_APPS=["sensorthings.versions.v1_1", "sensorthings.versions.v1_1.backends.django"],
    SENSORTHINGS_V1_1_SERVICE_URL=f"http://127.0.0.1:{port}/sta",
    SENSORTHINGS_V1_1_BACKEND_ADAPTER="sensorthings.versions.v1_1.backends.django.adapter.DjangoBackendAdapter",
    SENSORTHINGS_V1_1_ID_TYPE=UUID, SENSORTHINGS_V1_1_ID_DELIMITER="'",
)

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.urls import include, path  # noqa: E402

urlpatterns = [path("sta/", include("sensorthings.versions.v1_1.urls"))]


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    with make_server("127.0.0.1", port, get_wsgi_application(), server_class=Server, handler_class=Quiet) as server:
        print(f"http://127.0.0.1:{server.server_port}/sta/v1.1", flush=True)
        server.serve_forever(poll_interval=0.05)
