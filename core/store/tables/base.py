"""What every table is made of: moments, named choices, serial numbers."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import BigInteger, DateTime, Dialect, Enum, Integer, Text, TypeDecorator
from sqlalchemy.exc import DontWrapMixin
from sqlalchemy.orm import DeclarativeBase

from core.values.errors import InvalidInputError


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


def choice(kind: type[StrEnum], name: str | None = None) -> Enum:
    """Column type of an enum: its values as text, held by a CHECK constraint.

    Args:
        kind: The enum.
        name: Of the constraint, where a table has two columns of one enum.
    """
    return Enum(
        kind,
        native_enum=False,
        create_constraint=True,
        length=32,
        name=name or kind.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


class Base(DeclarativeBase):
    """All tables. A class ends in ``Row``; yen are integers; an enum column names its ``choice``."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {str: Words(), datetime: Instant()}


SERIAL = BigInteger().with_variant(Integer(), "sqlite")
"""Column type of a number the database gives."""
