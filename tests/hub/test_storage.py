"""A record that is about to be written is held, but not for ever by one who hangs."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from weihai_command.chaos import cluster

sqlalchemy = pytest.importorskip("sqlalchemy")

pytestmark = [pytest.mark.slow, pytest.mark.kinto, pytest.mark.timeout(120)]


@pytest.fixture
def hub_storage() -> ModuleType:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.filterwarnings("ignore", message="pkg_resources is deprecated")
        from weihai_command import hub_storage as module
    return module


@pytest.fixture
def engine() -> Iterator[Any]:
    try:
        with cluster.cluster() as url:
            made = sqlalchemy.create_engine(url.replace("postgresql:", "postgresql+psycopg2:"))
            yield made
            made.dispose()
    except cluster.NoCluster as missing:
        if os.environ.get("CI"):
            pytest.fail(f"PostgreSQL must be there in CI: {missing}")
        pytest.skip(str(missing))


def test_who_hangs_in_the_middle_of_a_write_loses_the_record_to_the_next(hub_storage: ModuleType, engine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub_storage, "PATIENCE_MS", 300)
    with engine.connect() as first, engine.connect() as second:
        hub_storage.hold(first, "incidents/1")
        monkeypatch.setattr(hub_storage, "PATIENCE_MS", 20_000)
        hub_storage.hold(second, "incidents/1")
        with pytest.raises(sqlalchemy.exc.DBAPIError):
            first.execute(sqlalchemy.text("SELECT 1"))
        first.invalidate()
        second.rollback()
        assert second.execute(sqlalchemy.text("SHOW statement_timeout")).scalar() == "0"


def test_who_waits_too_long_for_a_record_gives_up(hub_storage: ModuleType, engine: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with engine.connect() as first, engine.connect() as second:
        hub_storage.hold(first, "incidents/1")
        monkeypatch.setattr(hub_storage, "PATIENCE_MS", 300)
        hub_storage.hold(second, "incidents/2")
        with pytest.raises(sqlalchemy.exc.DBAPIError, match="statement timeout"):
            hub_storage.hold(second, "incidents/1")
