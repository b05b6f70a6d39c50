"""指標 as a workbook: numbers as numbers, definitions on a sheet of their own."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from io import BytesIO
from typing import Any

from xlsxwriter.workbook import Workbook  # type: ignore[import-untyped]

from core.exports.book import FONT, empty_book
from core.exports.kpi.slide import text_width
from core.exports.kpi.wording import (
    UNKNOWN,
    inside_words,
    published_words,
    scope_words,
    source_words,
)
from core.figures.reading import Reading
from core.values.figure import Value, plain_number
from core.values.fiscal import era_date
from core.views.kpi import KpiAnswer

NUMBERS, DEFINITIONS, ALERTS = "指標", "定義", "アラート"
_NUMBERS = (
    ("分野", 18),
    ("指標", 34),
    ("値", 16),
    ("単位", 8),
    ("比べる日の値", 16),
    ("増減", 14),
    ("実績・予定", 11),
    ("値の時点・不明の理由", 40),
    ("公表値", 34),
    ("目標", 16),
    ("目標の期限", 14),
    ("対象", 24),
    ("集計基準", 60),
)
_DEFINITIONS = (
    ("指標コード", 32),
    ("分野", 18),
    ("指標", 34),
    ("定義", 50),
    ("分子", 30),
    ("分母", 26),
    ("集計基準", 60),
    ("単位", 8),
    ("集計方法", 10),
    ("望ましい方向", 14),
    ("実績・予定", 11),
    ("出典", 50),
)


def kpi_workbook(answer: KpiAnswer, made_on: date) -> bytes:
    """Every indicator of an answer; equal arguments give equal bytes.

    Args:
        answer: As the page shows it.
        made_on: 作成日.
    """
    stream = BytesIO()
    book = empty_book(stream)
    book.set_properties({"title": "事務局KPI", "author": "乗合 Noriai", "created": made_on})
    looks = _looks(book)
    _write_numbers(book, looks, answer, made_on)
    _write_definitions(book, looks, answer)
    if answer.alerts:
        _write_alerts(book, looks, answer)
    book.close()
    return stream.getvalue()


def _looks(book: Workbook) -> dict[str, Any]:
    cell = {"font_name": FONT, "font_size": 10, "border": 1, "valign": "top"}
    return {
        "title": book.add_format({"font_name": FONT, "bold": True, "font_size": 16}),
        "head": book.add_format({**cell, "bold": True, "bg_color": "#E8F1FE", "text_wrap": True}),
        "cell": book.add_format({**cell, "text_wrap": True}),
        "number": book.add_format({**cell, "num_format": "#,##0"}),
        "share": book.add_format({**cell, "num_format": "#,##0.0"}),
        "date": book.add_format({**cell, "num_format": "yyyy-mm-dd", "align": "left"}),
        "change": book.add_format({**cell, "num_format": "+#,##0;-#,##0;0"}),
        "share_change": book.add_format({**cell, "num_format": "+#,##0.0;-#,##0.0;0.0"}),
    }


def _write_numbers(book: Workbook, looks: dict[str, Any], answer: KpiAnswer, made_on: date) -> None:
    sheet = book.add_worksheet(NUMBERS)
    sheet.write_string(0, 0, "事務局KPI", looks["title"])
    compared = (
        f"、比べる日 {era_date(answer.compared_with)}" if answer.compared_with else "、比べる日なし"
    )
    sheet.write_string(
        1,
        0,
        f"基準日 {era_date(answer.as_of)}{compared}、対象 {answer.chosen.label}、"
        f"作成日 {era_date(made_on)}。不明は0ではない。割合は百分率。定義と出典は「{DEFINITIONS}」のシート。",
    )
    _write_head(sheet, looks, _NUMBERS)
    for row, reading in enumerate(answer.readings, start=4):
        _write_reading(sheet, looks, row, reading, answer)
    _for_paper(sheet, 3 + len(answer.readings), len(_NUMBERS), frozen=2)


def _write_reading(
    sheet: Any,
    looks: dict[str, Any],
    row: int,
    reading: Reading,
    answer: KpiAnswer,
) -> None:
    each = reading.indicator
    kind = "share" if each.denominator else "number"
    texts = {
        0: each.subject.label,
        1: each.name,
        3: each.unit,
        6: each.status.label,
        7: "、".join(filter(None, (reading.birth.as_of, inside_words(reading), reading.why))),
        8: published_words(reading),
        11: scope_words(reading, answer.chosen.label),
        12: each.basis,
    }
    for column, text in texts.items():
        sheet.write_string(row, column, text, looks["cell"])
    sheet.set_row(row, _height(texts, _NUMBERS))
    _write_value(sheet, row, 2, reading.value, looks[kind], looks["cell"])
    if reading.compared_with is None:
        for column in (4, 5):
            sheet.write_blank(row, column, None, looks["cell"])
    else:
        _write_value(sheet, row, 4, reading.before, looks[kind], looks["cell"])
        look = looks["share_change" if each.denominator else "change"]
        _write_value(sheet, row, 5, reading.change, look, looks["cell"])
    if reading.target is None:
        for column in (9, 10):
            sheet.write_blank(row, column, None, looks["cell"])
    else:
        _write_value(sheet, row, 9, reading.target.value, looks["number"], looks["cell"])
        sheet.write_datetime(row, 10, reading.target.day, looks["date"])


def _write_value(sheet: Any, row: int, column: int, value: Value, look: Any, words: Any) -> None:
    plain = plain_number(value)
    if plain is None:
        sheet.write_string(row, column, UNKNOWN, words)
    else:
        sheet.write_number(row, column, plain, look)


def _write_definitions(book: Workbook, looks: dict[str, Any], answer: KpiAnswer) -> None:
    sheet = book.add_worksheet(DEFINITIONS)
    sheet.write_string(0, 0, "指標の定義", looks["title"])
    sheet.write_string(1, 0, "画面、この表、会議資料は同じ定義を使います。")
    _write_head(sheet, looks, _DEFINITIONS)
    for row, reading in enumerate(answer.readings, start=4):
        each = reading.indicator
        texts = (
            each.key,
            each.subject.label,
            each.name,
            each.definition,
            each.numerator,
            each.denominator or "",
            each.basis,
            each.unit,
            each.fold.label,
            each.wanted.label,
            each.status.label,
            source_words(reading.birth.source),
        )
        sheet.set_row(row, _height(dict(enumerate(texts)), _DEFINITIONS))
        for column, text in enumerate(texts):
            sheet.write_string(row, column, text, looks["cell"])
    _for_paper(sheet, 3 + len(answer.readings), len(_DEFINITIONS), frozen=3)


def _write_alerts(book: Workbook, looks: dict[str, Any], answer: KpiAnswer) -> None:
    sheet = book.add_worksheet(ALERTS)
    sheet.write_string(0, 0, "アラート", looks["title"])
    sheet.write_string(1, 0, f"基準日 {era_date(answer.as_of)}")
    columns = (("状態", 14), ("内容", 60), ("条件", 50), ("該当", 80))
    _write_head(sheet, looks, columns)
    for row, alert in enumerate(answer.alerts, start=4):
        kind = alert.rule.kind
        texts = (
            alert.state.label,
            alert.text,
            f"{kind.label}({alert.rule.threshold}{kind.unit})",
            "、".join(alert.named),
        )
        sheet.set_row(row, _height(dict(enumerate(texts)), columns))
        for column, text in enumerate(texts):
            sheet.write_string(row, column, text, looks["cell"])
    _for_paper(sheet, 3 + len(answer.alerts), len(columns), frozen=1)


def _height(texts: Mapping[int, str], columns: tuple[tuple[str, int], ...]) -> float:
    """Points a row needs: programs other than Excel do not find out by themselves."""
    lines = max(
        math.ceil(2.1 * text_width(text) / (columns[column][1] - 1))
        for column, text in texts.items()
    )
    return 14.0 * max(lines, 1) + 3


def _write_head(sheet: Any, looks: dict[str, Any], columns: tuple[tuple[str, int], ...]) -> None:
    for column, (name, width) in enumerate(columns):
        sheet.set_column(column, column, width)
        sheet.write_string(3, column, name, looks["head"])


def _for_paper(sheet: Any, last_row: int, columns: int, *, frozen: int) -> None:
    sheet.freeze_panes(4, frozen)
    sheet.autofilter(3, 0, last_row, columns - 1)
    sheet.set_landscape()
    sheet.set_paper(8)  # A3
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(3)
    sheet.set_footer("&L&A&R&P / &N")
