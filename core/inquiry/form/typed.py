"""様式の欄を画面で書く: one field of a form as somebody types it, read as a file's cell would be."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from core.inquiry.form.answer import NOT_APPLICABLE, SEPARATOR, is_not_applicable
from core.inquiry.form.field import FieldKind, FormField
from core.inquiry.form.number import is_multiple, same_unit, split_number
from core.inquiry.form.template import asks_for_day
from core.values.fiscal import Precision
from core.values.free_text import TEXT, Text
from core.values.written_date import read_date


def read_value(field: FormField, typed: str) -> str:
    """What was typed, as it is kept; what is kept already stays as it is.

    Raises:
        ValueError: What stands against it, in one Japanese sentence.

    Examples:
        >>> people = FormField("s1_B2", "様式", ("B2",), "職員数", FieldKind.NUMBER, unit="人")
        >>> read_value(people, " １，２３４人"), read_value(people, "1234"), read_value(people, "0")
        ('1234', '1234', '0')
        >>> read_value(people, "12千人")
        Traceback (most recent call last):
        ValueError: 職員数(B2)は千・万を使わずに「人」の数で書いてください: 12千人
    """
    text = typed.strip()
    if is_not_applicable(text):
        return NOT_APPLICABLE
    if not text:
        return ""
    return _READ[field.kind](field, text)


def value_words(field: FormField, value: str) -> str:
    """A kept value as a reader sees it; one that could not be read as it was typed.

    Examples:
        >>> people = FormField("s1_B2", "様式", ("B2",), "職員数", FieldKind.NUMBER, unit="人")
        >>> value_words(people, "1234.50"), value_words(people, "約千人"), value_words(people, "")
        ('1,234.50人', '約千人', '')
    """
    if field.kind is FieldKind.CHECKBOX:
        return value.replace(SEPARATOR, "、")
    if field.is_number and not field.percent and re.fullmatch(r"-?\d{1,15}(\.\d+)?", value):
        whole, dot, rest = value.partition(".")
        return f"{int(whole):,}{dot}{rest}{field.unit}"
    return value


def named(field: FormField) -> str:
    """A field as a message calls it: label and place."""
    return f"{field.label}({field.address})"


def _text(field: FormField, text: str) -> str:
    return Text(named(field), TEXT, lines=True).read(text)


def _number(field: FormField, text: str) -> str:
    found = split_number(text)
    if found is None:
        raise ValueError(f"{named(field)}は数で書いてください: {text[:40]}")
    number, unit = found
    if unit and (is_multiple(unit) or not same_unit(unit, field.unit)):
        wanted = f"「{field.unit}」の数" if field.unit else "単位のない数"
        whole = "千・万を使わずに" if is_multiple(unit) else ""
        raise ValueError(f"{named(field)}は{whole}{wanted}で書いてください: {text[:40]}")
    return number


def _date(field: FormField, text: str) -> str:
    with_day = field.kind is FieldKind.DATE or asks_for_day(field.template)
    try:
        found = read_date(text)
    except ValueError as error:
        raise ValueError(f"{named(field)}: {error}") from None
    if with_day and found.precision is not Precision.DAY:
        raise ValueError(f"{named(field)}は年月日で書いてください: {text[:40]}")
    day: date = found.first
    return day.isoformat() if with_day else f"{day:%Y-%m}"


def _choice(field: FormField, text: str) -> str:
    if field.options and text not in field.options:
        raise ValueError(f"{named(field)}は一覧から選んでください: {text[:40]}")
    return text


def _ticks(field: FormField, text: str) -> str:
    ticked = text.split(SEPARATOR)
    if unknown := [each for each in ticked if each not in field.options]:
        raise ValueError(f"{named(field)}を選び直してください: {unknown[0][:40]}")
    return SEPARATOR.join(each for each in field.options if each in ticked)


def _figures(field: FormField, text: str) -> str:
    kept = Text(named(field), TEXT).read(text)
    if len(kept) > len(field.cells):
        raise ValueError(
            f"{named(field)}は{len(field.cells)}字までです(いま{len(kept)}字): {kept[:40]}"
        )
    return kept


_READ: Mapping[FieldKind, Callable[[FormField, str], str]] = {
    FieldKind.TEXT: _text,
    FieldKind.NUMBER: _number,
    FieldKind.YEN: _number,
    FieldKind.DATE: _date,
    FieldKind.CHOICE: _choice,
    FieldKind.ERA_DATE: _date,
    FieldKind.CHECKBOX: _ticks,
    FieldKind.DIGITS: _figures,
}
