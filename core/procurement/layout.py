"""台帳ファイルの形: the columns and the way of writing that files in and files out share."""

from __future__ import annotations

from enum import StrEnum

from core.values.fiscal import PartialDate, Precision, parse_date


class Column(StrEnum):
    """A column, by its heading."""

    NUMBER = "記録番号"
    CODE = "団体コード"
    NAME = "団体名"
    PROGRAMME = "共同調達"
    LOT = "区分"
    KIND = "種類"
    EFFECTIVE = "適用日"
    TARGET = "開始予定"
    SOURCE = "出典"
    NOTE = "備考"
    CORRECTS = "訂正する記録番号"
    RECORDED_AT = "記録日時"
    RECORDED_BY = "記録者"


SHEET = "参加台帳"
"""Name of the sheet."""

_LATER = "以降"


def date_text(day: PartialDate) -> str:
    """A date as files write it: no more exactly than it is known, and nothing Excel rewrites.

    Examples:
        >>> from datetime import date
        >>> date_text(PartialDate(date(2023, 7, 1), Precision.MONTH_OR_LATER))
        '2023年7月以降'
        >>> date_text(PartialDate(date(2023, 4, 1), Precision.FISCAL_YEAR))
        '2023年度'
    """
    match day.precision:
        case Precision.DAY:
            return day.first.isoformat()
        case Precision.FISCAL_YEAR:
            return f"{day.first.year}年度"
    later = _LATER if day.precision is Precision.MONTH_OR_LATER else ""
    return f"{day.first.year}年{day.first.month}月{later}"


def read_date(text: str) -> PartialDate:
    """Read what :func:`date_text` writes and everything ``core.values.fiscal.parse_date`` reads.

    Raises:
        ValueError: Not a date; the message is Japanese.

    Examples:
        >>> read_date("令和5年7月以降").label
        '令和5年7月以降'
    """
    plain = text.strip()
    if not plain.endswith(_LATER):
        return parse_date(plain)
    found = parse_date(plain.removesuffix(_LATER), later=True)
    if found.precision is not Precision.MONTH_OR_LATER:
        raise ValueError(f"「以降」は月まで書いた日付にだけ付けられます: {plain}")
    return found


_GUARDED = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "'")


def guarded(text: str) -> str:
    """Text for a CSV cell that no program takes for a formula.

    Examples:
        >>> guarded("=1+1"), unguarded("'=1+1"), unguarded("'tis")
        ("'=1+1", '=1+1', "'tis")
    """
    return f"'{text}" if text.startswith(_GUARDED) else text


def unguarded(text: str) -> str:
    """The text :func:`guarded` was given."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(_GUARDED) else text
