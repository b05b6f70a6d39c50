"""Words that every file about indicators shares."""

from __future__ import annotations

from fractions import Fraction

from core.kpi.indicator import Indicator, Value
from core.kpi.reading import Reading
from core.reference.catalogue import shipped
from core.values.figure import LEDGER_SOURCE

UNKNOWN = "不明"
LEDGER_WORDS = "乗合に市町村・事務局が記録した内容(台帳)"


def source_words(source: str) -> str:
    """出典 as a reader sees it: title and publisher, or the words themselves."""
    if source == LEDGER_SOURCE:
        return LEDGER_WORDS
    known = shipped().sources.get(source)
    return f"{known.title}({known.publisher})" if known else source


def plain_number(value: Value) -> int | float | None:
    """A number as a cell holds it: shares to one decimal, half up; None for unknown."""
    if value is None or isinstance(value, int):
        return value
    tenths = (abs(value) * 20 + 1) // 2
    return float(Fraction(tenths if value >= 0 else -tenths, 10))


def change(reading: Reading) -> Value:
    """What changed since the earlier day; None when either is unknown or none was asked for."""
    if reading.value is None or reading.before is None:
        return None
    both = isinstance(reading.value, int) and isinstance(reading.before, int)
    if both:
        return int(reading.value) - int(reading.before)
    return Fraction(reading.value) - Fraction(reading.before)


def published_words(reading: Reading) -> str:
    """公表値 with status and day; empty for none."""
    return "、".join(
        f"{total.value:,}団体({total.status.label}、{total.as_of.label}時点)"
        for total in reading.published
    )


def scope_words(indicator: Indicator, reading: Reading, place: str) -> str:
    """Which municipalities a number is about."""
    if reading.narrowed:
        return place
    return "府内43市町村" if indicator.filterable else "全体(絞り込みの対象外)"
