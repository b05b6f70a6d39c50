"""集計表: field by municipality, with blanks and outliers marked and the missing ones named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from xlsxwriter.utility import xl_col_to_name  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from core.exports.book import Book, Column
from core.exports.file import marked
from core.inquiry.form.answer import SEPARATOR, FormRow, FormValues
from core.inquiry.form.field import FieldKind, FormField, FormLayout
from core.inquiry.form.tally import (
    FENCE,
    FEWEST,
    CellState,
    FieldTally,
    FormTally,
    number_of,
    state_of,
    tally,
)

_STATES = (
    CellState.VALUE,
    CellState.ZERO,
    CellState.BLANK,
    CellState.NOT_APPLICABLE,
    CellState.MISSING,
)
_MARKED = (CellState.BLANK, CellState.NOT_APPLICABLE, CellState.MISSING)


def tally_workbook(
    layout: FormLayout,
    rows: Sequence[FormRow],
    *,
    title: str,
    made_on: date,
    made_up: bool,
    populations: Mapping[str, int] | None = None,
) -> bytes:
    """Sheets: 集計 (a row per field, a column per municipality), 未回答, 選択の数, 項目の説明.

    Args:
        rows: One for each municipality that was asked, in the order of its columns.
        populations: 人口 by 団体コード, for what stands out.
    """
    counted = tally(layout, rows, populations)
    book = Book(title, made_on, made_up=made_up)
    _cells(book, title, rows, counted)
    _missing(book, counted)
    _choices(book, counted)
    _codebook(book, layout)
    return book.finished()


def _cells(book: Book, title: str, rows: Sequence[FormRow], counted: FormTally) -> None:
    columns = [
        Column("シート", 14), Column("セル", 9), Column("項目", 44), Column("単位", 7),
        *(Column(state.label, 8) for state in _STATES),
        Column("合計", 13), Column("外れ値", 20),
        *(Column(f"{row.lg_code}\n{row.name}", 12) for row in rows),
    ]  # fmt: skip
    answered, asked = len(counted.answered), len(rows)
    sheet = book.sheet("集計")
    sheet.write_string(0, 0, marked(title, made_up=book.made_up), book.looks("heading"))
    sheet.write_string(
        1, 0, f"回答{answered}団体 / 照会{asked}団体。合計は、記入のあった団体だけの合計。灰色は空欄・該当なし・未回答、橙は外れ値。"
    )  # fmt: skip
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(3, place, column.name, book.looks("column"))
    sheet.set_row(3, 34)
    first = len(columns) - len(rows)
    names = {row.lg_code: row.name for row in rows}
    for number, each in enumerate(counted.fields, start=4):
        field = each.field
        for place, text in enumerate((field.sheet, field.address, field.label, field.unit)):
            sheet.write_string(number, place, text, book.looks("words"))
        for place, state in enumerate(_STATES, start=4):
            sheet.write_number(number, place, each.count(state), book.looks("whole"))
        _total(book, sheet, number, each, first, len(rows))
        told = "、".join(names[code] for code in each.outliers)
        sheet.write_string(number, first - 1, told, book.looks("words"))
        for place, row in enumerate(rows, start=first):
            state = each.states[row.lg_code]
            if state in _MARKED:
                sheet.write_string(number, place, state.label, book.looks("cell", "vacant"))
            else:
                marks = ("outlier",) if row.lg_code in each.outliers else ()
                _value(book, sheet, number, place, field, (row.values or {})[field.key], marks)
    sheet.freeze_panes(4, 3)
    sheet.autofilter(3, 0, 3 + len(counted.fields), len(columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.repeat_rows(3)
    sheet.repeat_columns(0, 2)
    sheet.set_footer("&L&A&R&P / &N")


def _total(book: Book, sheet: Worksheet, row: int, each: FieldTally, first: int, many: int) -> None:
    if each.total is None:
        sheet.write_blank(row, 9, None, book.looks("words"))
        return
    begin, end = xl_col_to_name(first), xl_col_to_name(first + many - 1)
    sheet.write_formula(
        row, 9, f"=SUM({begin}{row + 1}:{end}{row + 1})", _number_look(book, each.total), float(each.total)
    )  # fmt: skip


def _number_look(book: Book, value: Decimal, *marks: str) -> Any:
    whole = value == value.to_integral_value()
    return book.looks("whole", *marks) if whole else book.looks("fraction", *marks)


def _value(
    book: Book,
    sheet: Worksheet,
    row: int,
    place: int,
    field: FormField,
    value: str,
    marks: Sequence[str] = (),
) -> None:
    """A kept value as a cell: a number as one, a day as one, anything else as text."""
    found = number_of(value) if field.is_number else None
    if found is not None and len(value) <= 15:
        sheet.write_number(row, place, float(found), _number_look(book, found, *marks))
    elif field.kind in (FieldKind.DATE, FieldKind.ERA_DATE) and (day := _day(value)) is not None:
        sheet.write_datetime(row, place, day, book.looks("day"))
    else:
        sheet.write_string(
            row,
            place,
            value.replace(SEPARATOR, "、") if field.options else value,
            book.looks("words"),
        )


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value) if len(value) == 10 else None
    except ValueError:
        return None


def _missing(book: Book, counted: FormTally) -> None:
    book.table(
        "未回答",
        [Column("団体コード", 14, "verbatim"), Column("団体名", 24)],
        [(row.lg_code, row.name) for row in counted.missing],
        title=f"未回答 {len(counted.missing)}団体",
        under="回答が1つも届いていない団体。",
    )


def _choices(book: Book, counted: FormTally) -> None:
    rows = [
        (each.field.sheet, each.field.address, each.field.label, option, count)
        for each in counted.fields
        for option, count in each.chosen.items()
    ]
    if rows:
        book.table(
            "選択の数",
            [Column("シート", 14), Column("セル", 10), Column("項目", 34), Column("選択肢", 30), Column("団体数", 10)],
            rows,
            title="選択の数",
            under=f"回答のあった{len(counted.answered)}団体のうち、その選択肢を選んだ団体の数。該当なし・空欄は含まない。",
        )  # fmt: skip


def _codebook(book: Book, layout: FormLayout) -> None:
    book.table(
        "項目の説明",
        [
            Column("欄の名前", 12, "verbatim"), Column("シート", 14), Column("セル", 10), Column("項目", 34),
            Column("種類", 18), Column("単位", 8), Column("選択肢", 40), Column("必須", 7), Column("合計する", 9),
        ],
        [
            (
                field.key, field.sheet, field.address, field.label, field.kind.label, field.unit,
                "、".join(field.options), "必須" if field.required else "", "する" if field.adds_up else "",
            )
            for field in layout.fields
        ],
        title="項目の説明",
        under=(
            "「未回答」は回答が届いていない、「空欄」は届いたがその欄に記入がない、「該当なし」はそう記入された、"
            f"「0」は0と記入された、の4つで、互いに別のもの。外れ値は、{FEWEST}団体以上が記入した数のうち、"
            f"桁で見て中央の半分の幅の{FENCE}倍より外にあるもの(仮定)。"
        ),
    )  # fmt: skip


def _says_unit(field: FormField) -> bool:
    return any(f"{left}{field.unit}{right}" in field.label for left, right in ("()", "（）", "[]"))


# ── a row per municipality ────────────────────────────────────────────────────────────────────


def wide_workbook(
    layout: FormLayout,
    every: Sequence[tuple[FormRow, FormValues]],
    *,
    made_on: date | None,
    made_up: bool,
) -> bytes:
    """One sheet: a row per municipality, a column per field under the form's labels, sums below."""
    book = Book("回答の一覧", made_on, made_up=made_up)
    sheet = book.sheet("回答の一覧")
    head = 2
    for place, (name, width) in enumerate((("団体コード", 12), ("団体名", 18))):
        sheet.set_column(place, place, width)
        told = marked(name, made_up=made_up)
        sheet.merge_range(0, place, head, place, told, book.looks("column"))
    for place, field in enumerate(layout.fields, start=2):
        sheet.set_column(place, place, 16)
        unit = f"({field.unit})" if field.unit and not _says_unit(field) else ""
        for row, text in enumerate((field.sheet, field.address, f"{field.label}{unit}")):
            sheet.write_string(row, place, text, book.looks("column"))
    last = head
    for last, (row_, values) in enumerate(every, start=head + 1):
        sheet.write_string(last, 0, row_.lg_code, book.looks("verbatim"))
        sheet.write_string(last, 1, row_.name, book.looks("words"))
        for place, field in enumerate(layout.fields, start=2):
            if state_of(row_, field) is CellState.BLANK:
                sheet.write_blank(last, place, None, book.looks("words"))
            else:
                _value(book, sheet, last, place, field, values[field.key])
    sheet.write_string(last + 1, 1, "合計", book.looks("label"))
    for place, field in enumerate(layout.fields, start=2):
        numbers = [
            found for _, values in every if (found := number_of(values.get(field.key))) is not None
        ]
        if field.adds_up and numbers:
            column, total = xl_col_to_name(place), sum(numbers, Decimal(0))
            formula = f"=SUM({column}{head + 2}:{column}{last + 1})"
            sheet.write_formula(
                last + 1, place, formula, _number_look(book, total, "sum"), float(total)
            )
    sheet.freeze_panes(head + 1, 2)
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.repeat_rows(0, head)
    sheet.set_footer("&L&A&R&P / &N")
    return book.finished()
