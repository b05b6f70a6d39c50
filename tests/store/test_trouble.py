"""A database that cannot be used says why in our own words, whatever the driver called it."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, insert, text
from sqlalchemy.exc import IntegrityError

from core.store import engine as engine_room
from core.store.engine import RevisionRow, data_revision, open_engine, reading, writing
from core.values.errors import DatabaseTroubleError, Trouble
from tests.support.databases import PostgresDatabases, a_postgres_server, made_ready, started
from tests.support.databases import sqlite_url as url_of

HOLDS_THE_LOCK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


def write(engine: Engine) -> None:
    with writing(engine) as session:
        session.execute(text("CREATE TABLE big AS SELECT zeroblob(1000000) AS filling"))


def read(engine: Engine) -> None:
    with reading(engine) as session:
        session.execute(text("SELECT value FROM revision"))


def trouble(act: Callable[[Engine], object], engine: Engine) -> Trouble:
    with pytest.raises(DatabaseTroubleError) as refusal:
        act(engine)
    assert refusal.value.trouble.label in str(refusal.value)
    assert "\n" not in refusal.value.reason
    return refusal.value.trouble


@pytest.fixture
def path(tmp_path: Path, sqlite_template: Path) -> Path:
    folder = tmp_path / "var"
    folder.mkdir()
    (folder / "noriai.db").write_bytes(sqlite_template.read_bytes())
    return folder / "noriai.db"


@pytest.fixture
def sqlite_engine(path: Path) -> Iterator[Engine]:
    opened = open_engine(url_of(path))
    yield opened
    opened.dispose()


def prepared(engine: Engine, pragma: str) -> Engine:
    """With one more setting on every connection."""
    engine.dispose()
    event.listen(engine, "connect", lambda connection, _record: connection.execute(pragma))
    return engine


def test_locked_by_another_program(
    path: Path, sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine_room, "_WAIT_SECONDS", 1)
    hurried = open_engine(sqlite_engine.url)
    command = [sys.executable, "-c", HOLDS_THE_LOCK, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        assert trouble(write, hurried) is Trouble.BUSY
        read(hurried)  # who reads does not wait
        other.communicate()
    write(hurried)
    hurried.dispose()


def test_full(sqlite_engine: Engine) -> None:
    pages = sqlite3.connect(str(sqlite_engine.url.database)).execute("PRAGMA page_count")
    engine = prepared(sqlite_engine, f"PRAGMA max_page_count={pages.fetchone()[0] + 2}")
    assert trouble(write, engine) is Trouble.FULL
    read(engine)


def test_read_only(sqlite_engine: Engine) -> None:
    engine = prepared(sqlite_engine, "PRAGMA query_only=ON")
    assert trouble(write, engine) is Trouble.READ_ONLY
    read(engine)


def test_folder_gone_and_back(path: Path, sqlite_engine: Engine) -> None:
    sqlite_engine.dispose()
    elsewhere = path.parent.rename(path.parent.with_name("elsewhere"))
    assert {trouble(act, sqlite_engine) for act in (write, read, data_revision)} == {Trouble.GONE}
    elsewhere.rename(path.parent)
    write(sqlite_engine)


def test_no_database_at_all(path: Path, sqlite_engine: Engine) -> None:
    sqlite_engine.dispose()
    for also in path.parent.glob("noriai.db-*"):
        also.unlink()
    path.write_bytes(b"not a database " * 500)
    assert {trouble(act, sqlite_engine) for act in (write, read, data_revision)} == {Trouble.BROKEN}


def test_what_is_no_trouble_of_the_database_stays_what_it_is(engine: Engine) -> None:
    with pytest.raises(IntegrityError) as refused, writing(engine) as session:
        session.execute(insert(RevisionRow).values(id=1, value=0))
    assert "SQL parameters hidden" in str(refused.value)  # nothing typed reaches a log


@pytest.fixture(scope="module")
def own_server() -> Iterator[Any]:
    """A PostgreSQL of this file alone, which may be stopped and started."""
    with a_postgres_server() as running:
        yield running


@pytest.mark.postgres
def test_postgres_in_every_trouble(own_server: Any) -> None:
    databases = PostgresDatabases(own_server)
    url = databases.create()
    made_ready(url)
    engine = open_engine(url)

    def raising(state: str) -> Trouble:
        words = f"DO $$ BEGIN RAISE 'x' USING ERRCODE = '{state}'; END $$"

        def act(asked: Engine) -> None:
            with writing(asked) as session:
                session.execute(text(words))

        return trouble(act, engine)

    assert raising("53100") is Trouble.FULL  # a disk that is full is not for a test to make
    assert raising("55P03") is Trouble.BUSY
    assert raising("57014") is Trouble.BUSY

    databases._run(f"ALTER DATABASE {url.database} SET default_transaction_read_only = on")
    engine.dispose()
    assert trouble(write, engine) is Trouble.READ_ONLY
    read(engine)
    databases._run(f"ALTER DATABASE {url.database} RESET default_transaction_read_only")
    engine.dispose()

    with writing(engine) as session:  # stopped in the middle: nothing is left, and it is said
        session.execute(text("UPDATE revision SET value = value + 1"))
        own_server.stop()
        assert trouble(lambda _: session.execute(text("SELECT 1")), engine) is Trouble.AWAY
        session.rollback()
    assert {trouble(act, engine) for act in (write, read, data_revision)} == {Trouble.AWAY}
    started(own_server)
    assert data_revision(engine) == 0

    databases.drop(url)
    assert {trouble(act, engine) for act in (read, data_revision)} == {Trouble.AWAY}
    engine.dispose()
