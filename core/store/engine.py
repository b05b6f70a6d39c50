"""Engines and transactions for SQLite (WAL) and PostgreSQL."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import (
    URL,
    BigInteger,
    CheckConstraint,
    Connection,
    Engine,
    create_engine,
    event,
    select,
    update,
)
from sqlalchemy.exc import TimeoutError as NoConnectionFreeError
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.store.database_file import DatabaseFile
from core.store.table import Base
from core.store.trouble import name_troubles, named
from core.store.written import Written
from core.values.errors import DatabaseTroubleError, SettingsError, Trouble

_WAIT_SECONDS = 30
_LONGEST_CONNECT_SECONDS = 5
_FILES: WeakKeyDictionary[Engine, DatabaseFile] = WeakKeyDictionary()
_LAST_ENTRY: WeakKeyDictionary[Engine, int] = WeakKeyDictionary()
"""Highest audit number each engine has seen committed."""


class RevisionRow(Base):
    """データ改訂番号 and the head of the audit trail: one row, changed by every write."""

    __tablename__ = "revision"
    __table_args__ = (
        CheckConstraint("id = 1", name="one_row"),
        {
            "info": {
                "unproven": "a counter, and the head that verifying compares by itself",
                "rights": "SELECT, UPDATE",
            }
        },
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    value: Mapped[int] = mapped_column(BigInteger)
    audit_number: Mapped[int] = mapped_column(BigInteger)  # of the last audit entry; 0 before it
    audit_hash: Mapped[str]


NO_ENTRY = "0" * 64
"""What the first audit entry continues."""
FIRST_REVISION = {"id": 1, "value": 0, "audit_number": 0, "audit_hash": NO_ENTRY}
"""The one row as an empty database has it."""


def open_engine(url: URL) -> Engine:
    """Engine for a database address, with the guarantees the store relies on.

    SQLite: WAL, foreign keys, writers wait for each other; a file of its owner's alone, and nothing
    is read or acknowledged once another file, or none, lies under its name. PostgreSQL: read
    committed; writers queue at the revision row. What was typed never reaches an error's words.

    Raises:
        SettingsError: The database cannot be reached or its folder not be made.
    """
    engine = _sqlite(url) if url.drivername == "sqlite" else _postgres(url)
    name_troubles(engine)
    try:
        with engine.connect() as connection:
            _mark(connection)
    except DatabaseTroubleError as error:
        shown = url.render_as_string(hide_password=True)
        raise SettingsError(f"{error.trouble.label}: {shown}({error.reason})") from None
    return engine


def _postgres(url: URL) -> Engine:
    return create_engine(
        url,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"connect_timeout": _LONGEST_CONNECT_SECONDS},
    )


def _sqlite(url: URL) -> Engine:
    file = DatabaseFile(Path(str(url.database)))

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(
            f"{file.path.as_uri()}?mode=rw",  # never makes an empty one in place of one that is gone
            uri=True,
            timeout=_WAIT_SECONDS,
            check_same_thread=False,
        )

    engine = create_engine(url, creator=connect, hide_parameters=True)
    _FILES[engine] = file

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        file.check()
        connection.isolation_level = None  # the driver would begin transactions too late
        cursor = connection.cursor()
        file.uses_wal = _use_wal(cursor)
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        file.check()
        writing = connection.get_execution_options().get("noriai_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _mark(connection: Connection) -> None:
    """Let the file bear its mark, by which a copy of it is known (DatabaseFile)."""
    file = _FILES.get(connection.engine)
    if file is None or connection.exec_driver_sql("PRAGMA user_version").scalar() == file.mark:
        return
    connection.rollback()
    cursor = connection.connection.cursor()
    with suppress(sqlite3.OperationalError):  # whoever cannot write it is told elsewhere
        cursor.execute(f"PRAGMA user_version = {file.mark}")
        cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")


def _use_wal(cursor: sqlite3.Cursor) -> bool:
    """Switch to WAL; False where the file's place cannot do it.

    SQLite refuses this at once, without waiting, while another server does it.
    """
    for left in reversed(range(_WAIT_SECONDS * 10)):
        try:
            (mode,) = cursor.execute("PRAGMA journal_mode=WAL").fetchone()
        except sqlite3.OperationalError:
            if not left:
                raise
            time.sleep(0.1)
        else:
            return bool(mode == "wal")
    return False


def _connected(engine: Engine) -> Connection:
    try:
        return engine.connect()
    except NoConnectionFreeError as error:
        raise DatabaseTroubleError(Trouble.BUSY, str(error)) from error


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session for reads; everything it sees is from one moment on SQLite."""
    with _connected(engine) as connection, Session(connection) as session:
        yield session


@contextmanager
def at_one_moment(engine: Engine) -> Iterator[Session]:
    """A session for reads that all see the database as of the first of them."""
    with engine.connect() as connection, Session(connection) as session:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        yield session


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """A session in one transaction, after all writers before it and before all after it.

    Commits at the end; any exception leaves nothing behind.

    Raises:
        DatabaseTroubleError: It cannot be written, or is not the database this program worked with.
    """
    with (
        _connected(engine).execution_options(noriai_write=True) as connection,
        connection.begin(),
        Session(connection, join_transaction_mode="rollback_only") as session,
    ):
        last = select(RevisionRow.audit_number).where(RevisionRow.id == 1).with_for_update()
        _refuse_older(engine, session.scalar(last))
        Written(session)
        yield session
        session.flush()
    if engine in _FILES:
        _FILES[engine].committed()


def _refuse_older(engine: Engine, last: int | None) -> None:
    """Write into no database that lost entries this program saw: an old copy lies in its place."""
    if last is None or last < _LAST_ENTRY.get(engine, 0):
        raise DatabaseTroubleError(Trouble.GONE, "older than what was written to it")
    _LAST_ENTRY[engine] = last


def check_ready(engine: Engine) -> str:
    """What keeps a database from being worked with, in words; empty when nothing does.

    It is read and written, without raising the revision; on SQLite its file is the one that was
    opened, and the disk has room.
    """
    try:
        with writing(engine) as session:
            session.execute(update(RevisionRow).values(value=RevisionRow.value))
    except DatabaseTroubleError as error:
        return str(error)
    return _FILES[engine].room() if engine in _FILES else ""


def data_revision(engine: Engine) -> int:
    """How many writes there have been: equal revisions, equal answers.

    Raises:
        DatabaseTroubleError: The database cannot answer.
    """
    return one_number(engine, "SELECT value FROM revision")


def one_number(engine: Engine, query: str) -> int:
    """What a query of one committed number says; 0 when there is no row.

    For what is asked on every run of a page: it goes past SQLAlchemy's result handling, which
    costs five times the query.

    Raises:
        DatabaseTroubleError: The database cannot answer.
    """
    if engine in _FILES:
        _FILES[engine].check()
    try:
        with closing(engine.raw_connection()) as connection:
            cursor = connection.cursor()
            cursor.execute(query)
            (value,) = cursor.fetchone() or (0,)
            return int(value)
    except NoConnectionFreeError as error:
        raise DatabaseTroubleError(Trouble.BUSY, str(error)) from error
    except engine.dialect.loaded_dbapi.Error as error:
        raise named(error) or error from error
