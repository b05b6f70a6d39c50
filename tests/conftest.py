"""What every test starts from: a fresh database on SQLite and PostgreSQL, principals, a moment."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import URL, Engine

from core.access import password
from core.access.principal import Principal, Role
from core.commands import sessions
from core.store.engine import open_engine
from core.values.fiscal import JAPAN
from tests.support.databases import PostgresDatabases, a_postgres_server, made_ready, sqlite_url

# How fast is for bench/ to say, not for a test.
settings.register_profile("noriai", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("noriai")

DATABASES = (
    pytest.param("sqlite", id="sqlite"),
    pytest.param("postgres", id="postgres", marks=pytest.mark.postgres),
)

_MEMORY, _ROOM = Path("/dev/shm"), 2 * 2**30
"""A folder in memory, and how much of it must be free. The databases are made and thrown away there
by the thousand: on a disk, one of PostgreSQL took ten times the work, and a commit waited for it."""


def pytest_configure() -> None:
    """What is of a test alone lies in memory; whoever names a folder in TMPDIR has it there."""
    if (
        "TMPDIR" not in os.environ
        and os.access(_MEMORY, os.W_OK)
        and shutil.disk_usage(_MEMORY).free > _ROOM
    ):
        os.environ["TMPDIR"] = tempfile.tempdir = str(_MEMORY)


@pytest.fixture(scope="session", autouse=True)
def _cheap_hashes() -> Iterator[None]:
    """Passwords of tests are not worth guessing; servers of journeys hash as servers do."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(password, "COST", 4)
        patched.setattr(sessions, "NO_PASSWORD", password.hash_password("だれのものでもない"))
        yield


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[PostgresDatabases]:
    with a_postgres_server() as server:
        yield PostgresDatabases(server)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "noriai.db"
    made_ready(sqlite_url(path))
    return path


@pytest.fixture(params=DATABASES)
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def empty_url(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[URL]:
    """Address of a database without any table."""
    if database_kind == "sqlite":
        yield sqlite_url(tmp_path / "empty.db")
        return
    databases: PostgresDatabases = request.getfixturevalue("postgres_databases")
    url = databases.create()
    yield url
    databases.drop(url)


@pytest.fixture
def database_url(
    database_kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[URL]:
    """Address of a database with schema and shipped parameters."""
    if database_kind == "sqlite":
        path = tmp_path / "noriai.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield sqlite_url(path)
        return
    databases: PostgresDatabases = request.getfixturevalue("postgres_databases")
    url = databases.ready()
    yield url
    databases.drop(url)


@pytest.fixture
def engine(database_url: URL) -> Iterator[Engine]:
    """A fresh database with schema and shipped parameters; no account yet."""
    opened = open_engine(database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def now() -> datetime:
    return datetime(2023, 10, 2, 9, 30, tzinfo=JAPAN)


@pytest.fixture
def officer() -> Callable[[str], Principal]:
    """Makes the officer of a municipality."""

    def of(lg_code: str) -> Principal:
        return Principal(f"tanto-{lg_code}", f"担当 {lg_code}", Role.OFFICER, lg_code)

    return of


@pytest.fixture
def secretariat() -> Principal:
    return Principal("jimukyoku", "事務局", Role.SECRETARIAT)


@pytest.fixture
def viewer() -> Principal:
    return Principal("etsuran", "閲覧者", Role.VIEWER)
