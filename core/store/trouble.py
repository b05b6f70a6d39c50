"""データベースの障害: what a driver says when the database cannot be used, in our own words.

One place for SQLite and PostgreSQL. What is not named here (a constraint, a wrong statement) is a
refusal of a command or a bug, and passes through as it is.
"""

from __future__ import annotations

import sqlite3

import psycopg
from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext

from core.values.errors import DatabaseTroubleError, Trouble

_SQLITE = {
    sqlite3.SQLITE_BUSY: Trouble.BUSY,
    sqlite3.SQLITE_LOCKED: Trouble.BUSY,
    sqlite3.SQLITE_READONLY: Trouble.READ_ONLY,
    sqlite3.SQLITE_PERM: Trouble.READ_ONLY,
    sqlite3.SQLITE_FULL: Trouble.FULL,
    sqlite3.SQLITE_IOERR: Trouble.AWAY,
    sqlite3.SQLITE_NOMEM: Trouble.AWAY,
    sqlite3.SQLITE_CANTOPEN: Trouble.GONE,
    sqlite3.SQLITE_CORRUPT: Trouble.BROKEN,
    sqlite3.SQLITE_NOTADB: Trouble.BROKEN,
}
_SQLITE_SPECIAL = {
    1032: Trouble.GONE,  # SQLITE_READONLY_DBMOVED: open, but no longer under its name
    4874: Trouble.FULL,  # SQLITE_IOERR_SHMSIZE: no room for what readers and writers share
}
_POSTGRES = {
    "08": Trouble.AWAY,  # connection lost
    "57P": Trouble.AWAY,  # shut down, starting up
    "58": Trouble.AWAY,  # system error
    "53": Trouble.BUSY,  # no memory, too many connections
    "40": Trouble.BUSY,  # deadlock, serialisation
    "55P03": Trouble.BUSY,  # lock not available
    "57014": Trouble.BUSY,  # took too long
    "25P03": Trouble.BUSY,  # waited too long inside a transaction
    "53100": Trouble.FULL,
    "53200": Trouble.BUSY,
    "25006": Trouble.READ_ONLY,
    "42P01": Trouble.GONE,  # no such table: not the database that was made ready
    "XX001": Trouble.BROKEN,
    "XX002": Trouble.BROKEN,
}


def trouble_of(error: BaseException | None) -> Trouble | None:
    """What is wrong with the database; None when the error is about something else."""
    if isinstance(error, sqlite3.Error):
        return _sqlite_trouble(error)
    if isinstance(error, psycopg.Error):
        return _postgres_trouble(error)
    return None


def _sqlite_trouble(error: sqlite3.Error) -> Trouble | None:
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return None
    if code == sqlite3.SQLITE_ERROR and "no such table" in str(error):
        return Trouble.GONE  # not the database that was made ready
    return _SQLITE_SPECIAL.get(code) or _SQLITE.get(code & 0xFF)


def _postgres_trouble(error: psycopg.Error) -> Trouble | None:
    state = error.sqlstate
    if state is None:  # said by the driver: the server was not reached, or no longer
        lost = isinstance(error, psycopg.OperationalError)
        return Trouble.AWAY if lost else None
    known = (_POSTGRES.get(state[:length]) for length in (5, 3, 2))
    return next(filter(None, known), None)


def named(error: BaseException) -> DatabaseTroubleError | None:
    """The same error in our words; None when it is about something else."""
    trouble = trouble_of(error)
    if trouble is None:
        return None
    first, *_ = str(error).strip().splitlines() or [""]
    return DatabaseTroubleError(trouble, first)


def name_troubles(engine: Engine) -> None:
    """From now on whatever the engine raises of this kind is a DatabaseTroubleError."""

    @event.listens_for(engine, "handle_error")
    def _named(context: ExceptionContext) -> BaseException | None:
        if context.is_pre_ping:
            return None  # the pool replaces what does not answer
        found = named(context.original_exception)
        if found is None and context.is_disconnect:
            found = DatabaseTroubleError(Trouble.AWAY)
        return found
