"""Column types: moments, words, yen, years, enums, and values kept as text."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any, TypeVar, get_type_hints

from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Dialect,
    Enum,
    Integer,
    Text,
    Time,
    TypeDecorator,
)
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.types import TypeEngine

from core.values.errors import InvalidInputError
from core.values.fiscal import FiscalYear
from core.values.money import Yen

N = TypeVar("N", bound=int)

SERIAL = BigInteger().with_variant(Integer(), "sqlite")
"""Of a number the database gives."""


class Instant(TypeDecorator[datetime]):
    """A moment with time zone; kept in UTC, refused without a zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else value.replace(tzinfo=value.tzinfo or UTC)


class UnusableTextError(InvalidInputError, DontWrapMixin):
    """Text one of the databases cannot hold; passes through SQLAlchemy as it is."""


class Words(TypeDecorator[str]):
    """Text; a zero byte, which PostgreSQL cannot hold, is refused on both databases alike."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        if value is not None and "\x00" in value:
            shown = value.replace("\x00", "").strip()[:40]
            raise UnusableTextError(
                {"text": f"使えない文字(制御文字)が含まれています。入力し直してください: {shown}"}
            )
        return value


class _Whole(TypeDecorator[N]):
    """An integer that comes back as its own type."""

    kind: type[N]

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else int(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> N | None:  # noqa: ARG002
        return None if value is None else self.kind(value)


class YenColumn(_Whole[Yen]):
    """円; eight bytes on both databases."""

    impl, cache_ok, kind = BigInteger, True, Yen


class YearColumn(_Whole[FiscalYear]):
    """年度."""

    impl, cache_ok, kind = Integer, True, FiscalYear


class AsText(TypeDecorator[Any]):
    """A value kept as text in a way of its own; conditions compare the text."""

    impl = Words
    cache_ok = True

    def __init__(self, write: Callable[[Any], str], read: Callable[[str], Any]) -> None:
        super().__init__()
        self.write, self.read = write, read

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        return value if value is None or type(value) is str else self.write(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002
        return None if value is None else self.read(value)


def several(write: Callable[[Any], str] = str, read: Callable[[str], Any] = str) -> AsText:
    """Column type of a tuple of short values without semicolons, as ``;a;b;``: a condition finds
    one of them as ``;a;``. No value is the empty text.
    """
    return AsText(_Several(write, read).text, _Several(write, read).values)


@dataclass(frozen=True)
class _Several:
    write: Callable[[Any], str]
    read: Callable[[str], Any]

    def text(self, values: Iterable[Any]) -> str:
        written = "".join(f";{self.write(value)}" for value in values)
        return written and f"{written};"

    def values(self, text: str) -> tuple[Any, ...]:
        return tuple(self.read(part) for part in text.split(";") if part)


def rows_of(kind: type[Any]) -> AsText:
    """Column type of a tuple of values of one flat frozen class, as JSON: ``[["6",12,1200000]]``.

    Args:
        kind: Its fields are words, whole numbers or yen, none of them optional.
    """
    readers = [get_type_hints(kind)[each.name] for each in fields(kind)]

    def write(values: Iterable[Any]) -> str:
        plain = [[getattr(value, each.name) for each in fields(kind)] for value in values]
        return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))

    def read(text: str) -> tuple[Any, ...]:
        made = (
            [of(part) for of, part in zip(readers, row, strict=True)] for row in json.loads(text)
        )
        return tuple(kind(*parts) for parts in made)

    return AsText(write, read)


def choice(kind: type[StrEnum], name: str | None = None) -> Enum:
    """Column type of an enum: its values as text, held by a CHECK constraint.

    Args:
        name: Of the constraint, when it is not that of the enum.
    """
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=32,
        name=name or kind.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


_PLAIN: dict[type, TypeEngine[Any]] = {
    str: Words(),
    datetime: Instant(),
    date: Date(),
    time: Time(),
    bool: Boolean(),
    int: Integer(),
    Yen: YenColumn(),
    FiscalYear: YearColumn(),
}


def type_of(kind: type, name: str) -> TypeEngine[Any]:
    """Column type of a class of values; ``name`` is that of an enum's CHECK."""
    return choice(kind, name) if issubclass(kind, StrEnum) else _PLAIN[kind]
