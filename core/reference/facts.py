"""What fields of the files of a pack may hold: the base and the types of every declaration."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, time
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainValidator,
    Strict,
    StringConstraints,
    ValidationInfo,
    model_validator,
)
from pydantic_core import PydanticCustomError

from core.values.fiscal import FiscalYear, PartialDate, Precision, parse_date

Item = TypeVar("Item", bound="Fact")


class RefusalError(ValueError):
    """Why something read cannot stand.

    Args:
        reason: In Japanese, a whole sentence.
        at: Where it stands, below the value that was looked at.
        like: What stands elsewhere below that value and contradicts it; its line takes the
            place of ``{like}`` in the reason.
    """

    def __init__(self, reason: str, *at: str | int, like: tuple[str | int, ...] = ()) -> None:
        super().__init__(reason)
        self.at = at
        self.like = like


class Fact(BaseModel):
    """A mapping of a file; its fields are the keys it must have, ``= None`` those it may."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True)

    @model_validator(mode="before")
    @classmethod
    def _no_other_keys(cls, read: object) -> object:
        if isinstance(read, dict):
            usable = [str(f.validation_alias or name) for name, f in cls.model_fields.items()]
            for key in read:
                if key not in usable and key not in cls.model_fields:
                    reason = f"見出し「{key}」は使えません(使えるもの: {'、'.join(usable)})。"
                    raise RefusalError(reason, key)
        return read


def known(info: ValidationInfo, what: str) -> Any:
    """What the reader knows beside the file: ``sources``, ``lots``, …; None when not reading."""
    return (info.context or {}).get(what)


def together(fact: Item, *names: str) -> Item:
    """Refuse a fact that says only some of what belongs together: all of it is there, or nothing."""
    missing = [name for name in names if getattr(fact, name) is None]
    if missing and len(missing) < len(names):
        there = next(name for name in names if name not in missing)
        raise RefusalError(f"{there}と一緒に{'、'.join(missing)}も書いてください。", there)
    return fact


def distinct(label: str, *names: str) -> Callable[[tuple[Item, ...]], tuple[Item, ...]]:
    """A check that no two items have the same values under ``names``."""

    def check(items: tuple[Item, ...]) -> tuple[Item, ...]:
        first: dict[tuple[object, ...], int] = {}
        for index, item in enumerate(items):
            values = tuple(getattr(item, name) for name in names)
            earlier = first.setdefault(values, index)
            if earlier != index:
                reason = f"{label}「{values[0]}」が{{like}}行目と重複しています。"
                raise RefusalError(reason, index, names[0], like=(earlier, names[0]))
        return items

    return check


def _cited(key: str, info: ValidationInfo) -> str:
    sources, name = known(info, "sources"), known(info, "file")
    if sources is None:
        return key
    if key not in sources:
        raise RefusalError(f"出典「{key}」はsources.yamlにありません。")
    if name not in sources[key].files:
        raise RefusalError(f"sources.yamlの「{key}」のfilesに{name}がありません。")
    return key


def _of_a_programme(key: str, info: ValidationInfo) -> str:
    lots = known(info, "lots")
    if lots is not None and key not in lots:
        raise RefusalError(
            f"共同調達「{key}」はprocurements.yamlにありません(あるもの: {'、'.join(lots)})。"
        )
    return key


def _some(items: tuple[object, ...]) -> tuple[object, ...]:
    if not items:
        raise ValueError("一つもありません。")
    return items


def _counted(read: object) -> object:
    if not isinstance(read, str):
        return read
    if not (read.isascii() and read.isdigit()):
        raise ValueError(f"0以上の整数で書いてください: {read}")
    return int(read)


def _dated(read: object) -> PartialDate:
    return read if isinstance(read, PartialDate) else parse_date(_text(read))


def _dated_as_said(read: object, info: ValidationInfo) -> PartialDate:
    precision = info.data.get("date_precision")
    if isinstance(read, PartialDate) or precision is None:
        return _dated(read)
    found = parse_date(_text(read), later=precision is Precision.MONTH_OR_LATER)
    if found.precision is not precision:
        raise ValueError(f"{read}は、date_precisionの{precision}と合いません。")
    return found


def day_read(read: object) -> date:
    """A whole day, as the files of a pack write it."""
    if isinstance(read, date):
        return read
    day = parse_date(_text(read))
    if day.precision is not Precision.DAY:
        raise ValueError(f"年月日(YYYY-MM-DD)で書いてください: {read}")
    return day.first


def _minute(read: object) -> time:
    if isinstance(read, time):
        return read
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", _text(read)):
        raise ValueError(f'"HH:MM"で書いてください: {read}')
    return time.fromisoformat(_text(read))


def _text(read: object) -> str:
    if not isinstance(read, str):
        raise PydanticCustomError("string_type", "text")
    return read


def _fiscal_year(read: object) -> FiscalYear:
    if isinstance(read, bool) or not isinstance(read, int):
        raise ValueError(f"年度は西暦の整数で書いてください: {read}")
    return FiscalYear(read)


Text = Annotated[str, StringConstraints(pattern=r"\S")]
Texts = tuple[Text, ...]
AtLeastOne = AfterValidator(_some)
Number = Annotated[int, Strict(), Field(ge=0)]
Ordinal = Annotated[int, Strict(), Field(ge=1)]
Count = Annotated[int, BeforeValidator(_counted), Field(ge=0)]
"""A whole number in a cell of a table."""
Truth = Annotated[bool, Strict()]
Day = Annotated[date, PlainValidator(day_read)]
Minute = Annotated[time, PlainValidator(_minute)]
Known = Annotated[PartialDate, PlainValidator(_dated)]
KnownAsSaid = Annotated[PartialDate, PlainValidator(_dated_as_said)]
"""A date as exact as the field ``date_precision`` before it says."""
Year = Annotated[FiscalYear, PlainValidator(_fiscal_year)]
SourceKey = Annotated[Text, AfterValidator(_cited)]
"""A key of sources.yaml whose ``files`` name the file it is cited in."""
ProgrammeKey = Annotated[Text, AfterValidator(_of_a_programme)]
"""A key of procurements.yaml."""
