"""One declaration a table: a frozen class of the rules is its row.

So no field is written down twice, and the rules know no SQL.
"""

from __future__ import annotations

import secrets
import types
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar, get_args, get_origin, get_type_hints

from sqlalchemy import Column, ColumnElement, Select, Table, delete, insert, select
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeEngine

from core.store.columns import SERIAL, Instant, Words, type_of
from core.store.written import Proof

V = TypeVar("V")


class Base(DeclarativeBase):
    """All tables, and those whose rows change: a class of these ends in ``Row``."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {str: Words(), datetime: Instant()}


def columns_of(kind: type[Any], row: type[Base]) -> list[Any]:
    """Columns of a table that changes for the fields of a class, in their order."""
    return [getattr(row, each.name) for each in fields(kind)]


class Stored(Generic[V]):
    """A table whose rows are values of one frozen class: inserted and read, never changed.

    A column a field, in their order: its type follows the annotation, ``X | None`` may be NULL, a
    field that is itself such a class is spread over columns named as its fields; where it is
    optional, it is None when all of them are NULL. A migration fixes what came of it; a test holds
    the two together, so a field added to the class asks for its migration.

    Attributes:
        table: The table.
        columns: Those of the value, in the order :meth:`value` takes.
        query: SELECT of them.
    """

    def __init__(
        self,
        name: str,
        kind: type[V],
        *more: SchemaItem,
        key: str | None = "event_id",
        names: Mapping[str, str] = {},
        columns: Mapping[str, TypeEngine[Any]] = {},
        absent: Mapping[str, object] = {},
        forgettable: bool = False,
    ) -> None:
        """Declare a table.

        Args:
            name: Of the table.
            kind: The class.
            more: Constraints, indexes, and columns beside the value; those are given to
                :meth:`add` by name.
            key: Field with the number the database gives (0 before), column ``id``; empty when the
                class has none, None when ``more`` brings the key.
            names: Column, or columns of a spread field, where not named as the field.
            columns: Column type of fields whose annotation does not say it.
            absent: Fields kept elsewhere, with what they hold until they are read.
            forgettable: Personal data that is deleted one day; otherwise the database refuses. A
                column ``salt`` keeps the digest in the audit trail from telling what was deleted.
        """
        self._key = key
        self._shape = _Shape(kind, _Options(key, names, columns, absent))
        own = self._shape.columns
        if key == "":
            own = [Column("id", SERIAL, primary_key=True), *own]
        info: dict[str, object] = {"insert_only": True}
        self._salted = forgettable
        if forgettable:
            info = {"proof": Proof.PASSING, "rights": "SELECT, INSERT, DELETE"}
            own = [*own, Column("salt", Words, nullable=False)]
        self.table = Table(name, Base.metadata, *own, *more, info=info)
        self.c = self.table.c
        self.columns: list[Column[Any]] = self._shape.columns
        self.query = select(*self.columns)

    def value(self, row: Iterable[Any]) -> V:
        """The value of a row of :attr:`columns`."""
        found: V = self._shape.value(row)
        return found

    def value_or_none(self, row: Sequence[Any]) -> V | None:
        """The same of an outer join; None where it found no row."""
        found: V | None = self._shape.any(row)
        return found

    def values(self, session: Session, query: Select[Any]) -> Iterator[V]:
        """The values a query finds that was made of :attr:`query`."""
        return map(self._shape.value, session.execute(query))

    def first(self, session: Session, query: Select[Any]) -> V | None:
        """The first value such a query finds; None when there is none."""
        return next(self.values(session, query.limit(1)), None)

    def all(self, session: Session, *conditions: ColumnElement[bool], **equal: object) -> list[V]:
        """The values of rows that meet every condition, in the order of recording.

        Args:
            equal: Value by column; None does not narrow.
        """
        query = self.query.where(*conditions)
        for name, value in equal.items():
            if value is not None:
                query = query.where(self.c[name] == value)
        return list(self.values(session, query.order_by(*self.table.primary_key)))

    def by(self, session: Session, owner: str, query: Select[Any]) -> dict[Any, list[V]]:
        """The values such a query finds by another column, each in the order of recording."""
        found: dict[Any, list[V]] = defaultdict(list)
        query = query.add_columns(self.c[owner]).order_by(*self.table.primary_key)
        for *row, key in session.execute(query):
            found[key].append(self._shape.value(row))
        return found

    def row(self, value: V, **beside: object) -> dict[str, Any]:
        """A value as columns; a key to be given is left out."""
        found = dict(zip(self._shape.names, self._shape.spread(value), strict=True))
        if self._key:
            del found["id"]
        if self._salted:
            found["salt"] = secrets.token_hex(16)
        return found | beside

    def add(self, session: Session, value: V, **beside: object) -> int:
        """Insert one; returns its number."""
        (number,) = self.add_all(session, [self.row(value, **beside)])
        return number

    def add_all(self, session: Session, rows: list[dict[str, Any]]) -> list[int]:
        """Insert many of :meth:`row`; returns their numbers, which rise in the order given."""
        query = insert(self.table).returning(self.c.id, sort_by_parameter_order=True)
        return list(session.scalars(query, rows))

    def put(self, session: Session, value: V, **beside: object) -> None:
        """Insert one of personal data under the key given; what was there before goes."""
        row = self.row(value, **beside)
        self.forget(session, *(key == row[key.name] for key in self.table.primary_key))
        session.execute(insert(self.table), [row])

    def forget(self, session: Session, *conditions: ColumnElement[bool]) -> None:
        """Delete rows of personal data."""
        session.execute(delete(self.table).where(*conditions))


@dataclass(frozen=True)
class _Options:
    """What a declaration says of fields, by name, at every depth."""

    key: str | None
    names: Mapping[str, str]
    columns: Mapping[str, TypeEngine[Any]]
    absent: Mapping[str, object]


class _Shape:
    """How the fields of a class lie in a row."""

    def __init__(self, kind: Any, options: _Options, called: Sequence[str] = ()) -> None:
        self._kind = kind
        self._called = called
        self.columns: list[Column[Any]] = []
        self._fields: list[tuple[str, _Shape | None]] = []
        self._spread: list[tuple[int, int, Callable[[list[Any]], Any]]] = []
        hints = get_type_hints(kind)
        for each in fields(kind):
            self._take(each.name, *_without_none(hints[each.name]), options)
        self._spread.reverse()
        self.names = [column.name for column in self.columns]

    def _take(self, name: str, hint: Any, optional: bool, options: _Options) -> None:
        at = len(self.columns)
        called = options.names.get(name, self._called[at] if self._called else name)
        if name in options.absent:
            self._spread.append((at, at, lambda _: options.absent[name]))
            return
        if name == options.key:
            column = Column("id", SERIAL, primary_key=True)
        elif name in options.columns or not is_dataclass(hint):
            kind = options.columns.get(name) or type_of(hint, called)
            column = Column(called, kind, nullable=optional)
        else:
            inner = _Shape(hint, options, called.split() if name in options.names else ())
            for column in inner.columns:
                column.nullable = column.nullable or optional
            self.columns += inner.columns
            self._fields.append((name, inner))
            self._spread.append((at, len(self.columns), inner.any if optional else inner.value))
            return
        self.columns.append(column)
        self._fields.append((name, None))

    def value(self, row: Iterable[Any]) -> Any:
        """The value of a row."""
        parts = list(row)
        for start, stop, make in self._spread:  # the last first, so that places stay
            parts[start:stop] = (make(parts[start:stop]),)
        return self._kind(*parts)

    def any(self, row: Sequence[Any]) -> Any:
        """The value of a row; None of nothing but NULL."""
        return None if all(part is None for part in row) else self.value(row)

    def spread(self, value: Any) -> list[Any]:
        """The row of a value; of None as many NULL."""
        if value is None:
            return [None] * len(self.columns)
        found: list[Any] = []
        for name, inner in self._fields:
            part = getattr(value, name)
            found += [part] if inner is None else inner.spread(part)
        return found


def _without_none(hint: Any) -> tuple[Any, bool]:
    """A hint without its ``| None``, and whether it had one."""
    if get_origin(hint) is not types.UnionType:
        return hint, False
    kinds = [each for each in get_args(hint) if each is not types.NoneType]
    return (kinds[0] if len(kinds) == 1 else hint), types.NoneType in get_args(hint)
