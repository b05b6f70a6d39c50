"""What was recorded cannot be changed in the database, whoever asks it."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import (
    Column,
    Connection,
    Date,
    DateTime,
    Engine,
    Integer,
    LargeBinary,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import Boolean, Enum

from core.store.engine import writing
from core.store.schema import INSERT_ONLY, METADATA
from core.store.trainings import fill_trainings
from tests.support.reference import REFERENCE

MAY_CHANGE = {
    "account",  # a credential is state; what is done to it is in the audit trail
    "calendar_token",  # revoked in place
    "consultation_contact",  # personal data, deleted after its period
    "expert_person",  # the same
    "municipality_contact",  # the same
    "enrollee",  # personal data, deleted after its period
    "response_draft",  # what is being typed, gone when it is handed in
    "request",  # receipts of forms, swept after a day
    "revision",  # a counter
    "session",  # who is signed in
    "sign_in_limit",  # who has to wait, swept after minutes
}


FILLED_TOO = {"dated"}
"""Columns that may be empty, and not in the first row of their table: what was recorded has a price."""
ALSO = {"calendar_token": {"lg_code": "271403"}}
"""Columns that may be NULL, where a CHECK wants one of several."""


def a_value(connection: Connection, column: Column[object], now: datetime) -> object:
    """Some value the column takes; of another table's, one that is there."""
    for key in column.foreign_keys:
        return connection.scalar(select(key.column).limit(1))
    stored = getattr(column.type, "impl_instance", column.type)
    kinds = (
        (Enum, lambda: stored.enums[0]),
        (Boolean, lambda: True),
        (Integer, lambda: 0 if column.name == "net" else 1),  # 歳出 less 府補助金
        (DateTime, lambda: now),
        (Date, lambda: date(2023, 10, 2)),
        (LargeBinary, lambda: b"1"),
    )
    return next((make() for kind, make in kinds if isinstance(stored, kind)), "")


@pytest.fixture
def filled(engine: Engine, now: datetime) -> Engine:
    """A row in every table, those a table refers to first."""
    with writing(engine) as session:
        fill_trainings(session, REFERENCE.trainings, now)  # their versions are of one piece
    with engine.begin() as connection:
        for table in METADATA.sorted_tables:
            if connection.scalar(select(table).limit(1)) is None:
                needed = [c for c in table.columns if not c.nullable or c.name in FILLED_TOO]
                row = {column.name: a_value(connection, column, now) for column in needed}
                connection.execute(table.insert().values(row | ALSO.get(table.name, {})))
    return engine


def contents(engine: Engine, table: str) -> list[object]:
    with engine.connect() as connection:
        return list(connection.execute(text(f"SELECT * FROM {table} ORDER BY id")).all())


def test_every_table_is_insert_only_or_says_why_not() -> None:
    assert set(METADATA.tables) - set(INSERT_ONLY) == MAY_CHANGE


def test_the_database_refuses_to_change_what_was_recorded(filled: Engine) -> None:
    for table in INSERT_ONLY:
        before = contents(filled, table)
        assert before, table
        for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
            with filled.connect() as connection, pytest.raises(DBAPIError, match="never changed"):
                connection.execute(text(statement))
        assert contents(filled, table) == before


def test_the_database_refuses_the_side_doors_too(filled: Engine) -> None:
    """TRUNCATE fires no row trigger in PostgreSQL, REPLACE no delete trigger in SQLite."""
    for table in INSERT_ONLY:
        before = contents(filled, table)
        side_door = (
            f"TRUNCATE {table} CASCADE"
            if filled.dialect.name == "postgresql"
            else f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"
        )
        with filled.connect() as connection, pytest.raises(DBAPIError, match="never changed"):
            connection.execute(text(side_door))
        assert contents(filled, table) == before
