"""What a transaction wrote, and how that is proven later: what an audit entry covers.

Every session of :func:`core.store.engine.writing` notes by itself which rows it writes, through the
unit of work or by a Core statement; the next audit entry takes them with the digest of what the
database then holds. Digests are of plain values, so they are the same on both databases, and leave
NULL out, so a column that may be NULL can be added later.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from enum import Enum, auto
from typing import Any, cast

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    LargeBinary,
    Select,
    Table,
    Text,
    TypeDecorator,
    event,
    func,
    inspect,
    select,
    type_coerce,
)
from sqlalchemy import Enum as EnumType
from sqlalchemy.orm import Mapper, ORMExecuteState, Session
from sqlalchemy.sql.dml import Delete, Insert, Update
from sqlalchemy.types import TypeEngine

_KEYS_AT_ONCE = 500
_ENCODE = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), default=lambda value: _plain(value)
).encode


class Proof(Enum):
    """How the rows of a table are proven; stands in ``info`` of the table."""

    NUMBERED = auto()  # insert-only: exactly these numbers with this content
    LASTING = auto()  # changes: there, and as it was written last
    PASSING = auto()  # changes and goes: while it is there, as it was written last
    NONE = auto()  # the table says why, under ``unproven``


def proof_of(table: Table) -> Proof:
    """How the rows of a table are proven."""
    if "unproven" in table.info:
        return Proof.NONE
    if table.info.get("insert_only"):
        return Proof.NUMBERED
    found: Proof = table.info["proof"]
    return found


def proven_columns(table: Table) -> list[Column[Any]]:
    """The columns a digest covers, by name; the others say why not, under ``unproven``."""
    covered = (column for column in table.columns if "unproven" not in column.info)
    return sorted(covered, key=lambda column: column.name)


def key_of(table: Table) -> Column[Any]:
    """The one column that tells rows apart."""
    (key,) = table.primary_key
    return key


def lines(
    connection: Connection, table: Table, *conditions: ColumnElement[bool], limit: int | None = None
) -> Iterator[tuple[Any, bytes]]:
    """Key and what is digested of each row, in the order of keys."""
    names, query = _plainly(table)
    for number, *values in connection.execute(query.where(*conditions).limit(limit)):
        shown = zip(names, values, strict=True)
        yield number, _ENCODE({n: v for n, v in shown if v is not None}).encode() + b"\n"


class NumberedRows:
    """First and last number, how many, and the digest of all of some rows."""

    def __init__(self, rows: Iterable[tuple[int, bytes]]) -> None:
        self.first = self.last = self.count = 0
        digest = hashlib.sha256()
        for number, line in rows:
            self.first, self.last = self.first or number, number
            self.count += 1
            digest.update(line)
        self.digest = digest.hexdigest()


def digest_of(line: bytes) -> str:
    """Digest of one row."""
    return hashlib.sha256(line).hexdigest()


@functools.cache
def _plainly(table: Table) -> tuple[list[str], Select[Any]]:
    """Names of the columns a digest covers, and the query of the key and them."""
    columns, key = proven_columns(table), key_of(table)
    at_once = 20 if any(isinstance(c.type, LargeBinary) for c in columns) else 1000
    query = select(_coerced(key), *map(_coerced, columns)).order_by(key)
    return [column.name for column in columns], query.execution_options(yield_per=at_once)


def _coerced(column: Column[Any]) -> ColumnElement[Any]:
    """The column without what the program makes of it: the same on both databases, and faster."""
    kind: TypeEngine[Any] = column.type
    while isinstance(kind, TypeDecorator):
        kind = kind.impl_instance
    return type_coerce(column, Text() if isinstance(kind, EnumType) else kind).label(column.name)


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=UTC)
        return moment.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, bytes | memoryview):
        return hashlib.sha256(value).hexdigest()
    return str(value)


class Written:
    """The rows a session has written since its last audit entry."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._numbers_before: dict[Table, int] = {}
        self._keys: dict[Table, set[Any]] = {}
        session.info[Written] = self
        event.listen(session, "before_flush", self._flushed)
        event.listen(session, "do_orm_execute", self._executed)

    @staticmethod
    def of(session: Session) -> Written:
        """The one of a session."""
        return cast(Written, session.info[Written])

    @property
    def tables(self) -> set[str]:
        """Tables with rows that no audit entry covers yet."""
        return {table.name for table in (*self._numbers_before, *self._keys)}

    def taken(self) -> dict[str, object]:
        """What an audit entry covers, by table; afterwards nothing is left.

        Insert-only: first and last number, how many, digest of all. Else the digest of each row
        by key, None of one that is gone.
        """
        self._session.flush()
        connection = self._session.connection()
        found: dict[str, object] = {}
        for table, last in self._numbers_before.items():
            rows = NumberedRows(lines(connection, table, key_of(table) > last))
            if rows.count:
                found[table.name] = [rows.first, rows.last, rows.count, rows.digest]
        for table, keys in self._keys.items():
            now = dict.fromkeys(map(str, sorted(keys)))
            for some in _portions(sorted(keys)):
                for key, line in lines(connection, table, key_of(table).in_(some)):
                    now[str(key)] = digest_of(line)
            found[table.name] = now
        self._numbers_before.clear()
        self._keys.clear()
        return found

    def _flushed(self, session: Session, *_more: object) -> None:
        for row in (*session.new, *session.dirty, *session.deleted):
            state = inspect(row)
            mapper: Mapper[Any] = state.mapper
            table = cast(Table, mapper.local_table)
            if row in session.dirty and not any(
                state.attrs[mapper.get_property_by_column(column).key].history.has_changes()
                for column in proven_columns(table)
            ):
                continue
            self._note(table, mapper.primary_key_from_instance(row)[:1])

    def _executed(self, state: ORMExecuteState) -> None:
        statement = state.statement
        if not isinstance(statement, Insert | Update | Delete):
            return
        table = cast(Table, statement.table)
        proof = proof_of(table)
        if proof in (Proof.NONE, Proof.NUMBERED):
            self._note(table, ())
        elif isinstance(statement, Insert):
            given: Any = state.parameters
            rows = [given] if isinstance(given, dict) else given
            if not rows:
                raise TypeError(f"rows of {table.name} are given as parameters")
            self._note(table, [row[key_of(table).name] for row in rows])
        elif proof is Proof.LASTING or isinstance(statement, Update):
            query = select(key_of(table))
            if statement.whereclause is not None:
                query = query.where(statement.whereclause)
            self._note(table, self._session.connection().scalars(query).all())

    def _note(self, table: Table, keys: Iterable[Any]) -> None:
        proof = proof_of(table)
        if proof is Proof.NUMBERED:
            if table not in self._numbers_before:
                last = self._session.connection().scalar(select(func.max(key_of(table))))
                self._numbers_before[table] = last or 0
        elif proof is not Proof.NONE and (keys := set(keys)):
            self._keys.setdefault(table, set()).update(keys)


def _portions(keys: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(keys), _KEYS_AT_ONCE):
        yield keys[start : start + _KEYS_AT_ONCE]
