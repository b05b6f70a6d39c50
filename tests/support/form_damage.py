"""What happens to a form between the prefecture and a town hall, one thing at a time."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from openpyxl import Workbook, load_workbook
from openpyxl.utils import range_boundaries
from openpyxl.worksheet.worksheet import Worksheet

from core.inquiry.form.damage import DamageKind
from core.inquiry.form.field import FieldKind, FormField, FormLayout
from tests.support.forms import saved


@dataclass
class Damaged:
    """A file after something happened to it.

    Attributes:
        kind: What has to be told.
        meant: Values that are other ones now, by key; None where there is none any more.
        lost: Keys whose value need not be read, if that is told.
    """

    body: bytes
    kind: DamageKind
    meant: dict[str, str | None] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)


Values = dict[str, str]
Harm = Callable[[FormLayout, bytes, Values], Damaged | None]
"""Of a form, a file of it and what is in it; None where the form has nothing that could be harmed so."""


def _book(body: bytes) -> Workbook:
    return load_workbook(io.BytesIO(body))


def _first(
    layout: FormLayout, values: Values, *kinds: FieldKind, filled: bool = True
) -> FormField | None:
    return next(
        (
            each
            for each in layout.fields
            if each.kind in kinds
            and (not filled or (each.key in values and values[each.key] != "該当なし"))
        ),
        None,
    )


def _sheet_of(book: Workbook, layout: FormLayout) -> Worksheet:
    sheet = book[layout.fields[0].sheet]
    assert isinstance(sheet, Worksheet)
    return sheet


def inserted(sheet: Worksheet, *, row: int = 0, column: int = 0) -> None:
    """A row or a column put in before one, with what is merged moved as Excel moves it."""
    merged = [str(each) for each in sheet.merged_cells.ranges]
    for each in merged:
        sheet.unmerge_cells(each)
    if row:
        sheet.insert_rows(row)
    else:
        sheet.insert_cols(column)
    for each in merged:
        left, top, right, bottom = range_boundaries(each)
        assert isinstance(left, int) and isinstance(right, int)  # noqa: PT018
        assert isinstance(top, int) and isinstance(bottom, int)  # noqa: PT018
        top, bottom = (n + 1 if row and n >= row else n for n in (top, bottom))
        left, right = (n + 1 if column and n >= column else n for n in (left, right))
        sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)


def sheet_renamed(layout: FormLayout, body: bytes, _values: Values) -> Damaged:
    book = _book(body)
    _sheet_of(book, layout).title = "提出用"
    return Damaged(saved(book), DamageKind.SHEET_RENAMED)


def sheets_reordered(layout: FormLayout, body: bytes, _values: Values) -> Damaged | None:
    book = _book(body)
    if len(book.sheetnames) < 2:
        return None
    book.move_sheet(book.sheetnames[0], len(book.sheetnames) - 1)
    return Damaged(saved(book), DamageKind.SHEETS_REORDERED)


def row_put_in_above(layout: FormLayout, body: bytes, _values: Values) -> Damaged:
    book = _book(body)
    inserted(_sheet_of(book, layout), row=1)
    return Damaged(saved(book), DamageKind.ROWS_MOVED)


def row_put_in_between(layout: FormLayout, body: bytes, _values: Values) -> Damaged:
    """Below the first field: rows with a label of their own are found again, others are refused."""
    book = _book(body)
    sheet = _sheet_of(book, layout)
    first = int(re.sub("[A-Z]", "", layout.fields[0].cells[0]))
    inserted(sheet, row=first + 1)
    return Damaged(saved(book), DamageKind.ROWS_MOVED, lost={f.key for f in layout.fields})


def row_deleted(layout: FormLayout, body: bytes, _values: Values) -> Damaged | None:
    """The row of a field in the middle, as if it were not needed."""
    book = _book(body)
    sheet = _sheet_of(book, layout)
    fields = layout.fields_of(layout.fields[0].sheet)
    middle = int(re.sub("[A-Z]", "", fields[len(fields) // 2].cells[0]))
    if any(
        r.min_row <= middle <= r.max_row and r.min_row < r.max_row
        for r in sheet.merged_cells.ranges
    ):
        return None
    gone = {f.key for f in fields if any(int(re.sub("[A-Z]", "", c)) == middle for c in f.cells)}
    merged = [str(each) for each in sheet.merged_cells.ranges]
    for each in merged:
        sheet.unmerge_cells(each)
    sheet.delete_rows(middle)
    for each in merged:
        left, top, right, bottom = range_boundaries(each)
        assert isinstance(left, int) and isinstance(right, int)  # noqa: PT018
        assert isinstance(top, int) and isinstance(bottom, int)  # noqa: PT018
        if top == middle:
            continue
        down = 1 if top > middle else 0
        sheet.merge_cells(
            start_row=top - down, start_column=left, end_row=bottom - down, end_column=right
        )
    return Damaged(
        saved(book), DamageKind.ROWS_MOVED, dict.fromkeys(gone), lost={f.key for f in layout.fields}
    )


def column_put_in(layout: FormLayout, body: bytes, _values: Values) -> Damaged:
    book = _book(body)
    inserted(_sheet_of(book, layout), column=1)
    return Damaged(saved(book), DamageKind.COLUMNS_MOVED)


def formula_overwritten(layout: FormLayout, body: bytes, _values: Values) -> Damaged | None:
    book = _book(body)
    for form in layout.sheets:
        if form.formulas:
            book[form.name][next(iter(form.formulas))] = 999
            return Damaged(saved(book), DamageKind.FORMULA_LOST)
    return None


def formula_changed(layout: FormLayout, body: bytes, _values: Values) -> Damaged | None:
    book = _book(body)
    for form in layout.sheets:
        if form.formulas:
            book[form.name][next(iter(form.formulas))] = "=1+1"
            return Damaged(saved(book), DamageKind.FORMULA_CHANGED)
    return None


def column_put_in_between(layout: FormLayout, body: bytes, _values: Values) -> Damaged:
    book = _book(body)
    inserted(_sheet_of(book, layout), column=3)
    return Damaged(saved(book), DamageKind.COLUMNS_MOVED, lost={f.key for f in layout.fields})


def number_as_text(layout: FormLayout, body: bytes, values: Values) -> Damaged | None:
    found = _first(layout, values, FieldKind.NUMBER, FieldKind.YEN)
    if found is None or found.percent:
        return None
    book = _book(body)
    wide = f"{int(float(values[found.key])):,}".translate(
        str.maketrans("0123456789,-", "０１２３４５６７８９，－")
    )
    book[found.sheet][found.cells[0]] = wide
    return Damaged(
        saved(book), DamageKind.TEXT_NUMBER, {found.key: str(int(float(values[found.key])))}
    )


def unit_typed(layout: FormLayout, body: bytes, values: Values) -> Damaged | None:
    found = _first(layout, values, FieldKind.NUMBER, FieldKind.YEN)
    if found is None or found.percent:
        return None
    book = _book(body)
    book[found.sheet][found.cells[0]] = f"12{found.unit or '人'}"
    return Damaged(saved(book), DamageKind.UNIT, {found.key: "12"})


def protection_removed(layout: FormLayout, body: bytes, _values: Values) -> Damaged | None:
    form = next((each for each in layout.sheets if each.protected), None)
    if form is None:
        return None
    book = _book(body)
    book[form.name].protection.sheet = False
    return Damaged(saved(book), DamageKind.PROTECTION)


def not_in_list(layout: FormLayout, body: bytes, values: Values) -> Damaged | None:
    found = _first(layout, values, FieldKind.CHOICE, filled=False)
    if found is None:
        return None
    book = _book(body)
    book[found.sheet][found.cells[0]] = "その他の方法"
    return Damaged(saved(book), DamageKind.NOT_IN_LIST, {found.key: "その他の方法"}, {found.key})


def merged_cell_split(layout: FormLayout, body: bytes, _values: Values) -> Damaged | None:
    book = _book(body)
    for each in layout.fields:
        sheet = book[each.sheet]
        for merged in list(sheet.merged_cells.ranges):
            if merged.start_cell.coordinate == each.cells[0]:
                sheet.unmerge_cells(str(merged))
                return Damaged(saved(book), DamageKind.MERGE_SPLIT)
    return None


def fixed_text_changed(layout: FormLayout, body: bytes, _values: Values) -> Damaged:
    book = _book(body)
    form = next(each for each in layout.sheets if layout.fields_of(each.name))
    at = list(form.fixed)[-1]
    book[form.name][at] = "別の見出し"
    return Damaged(saved(book), DamageKind.FIXED_TEXT)


def text_in_a_number(layout: FormLayout, body: bytes, values: Values) -> Damaged | None:
    found = _first(layout, values, FieldKind.NUMBER, FieldKind.YEN, filled=False)
    if found is None:
        return None
    book = _book(body)
    book[found.sheet][found.cells[0]] = "約100"
    return Damaged(saved(book), DamageKind.WRONG_TYPE, {found.key: "約100"}, {found.key})


def date_as_text(layout: FormLayout, body: bytes, values: Values) -> Damaged | None:
    found = _first(layout, values, FieldKind.DATE, FieldKind.ERA_DATE, filled=False)
    if found is None:
        return None
    book = _book(body)
    book[found.sheet][found.cells[0]] = "R7.4.1"
    return Damaged(saved(book), DamageKind.TEXT_DATE, {found.key: "2025-04-01"})


def hidden_sheet_added(_layout: FormLayout, body: bytes, _values: Values) -> Damaged:
    book = _book(body)
    sheet = book.create_sheet("作業用")
    sheet["A1"] = "メモ"
    sheet.sheet_state = "hidden"
    return Damaged(saved(book), DamageKind.HIDDEN_SHEET)


def note_beside(layout: FormLayout, body: bytes, _values: Values) -> Damaged:
    book = _book(body)
    _sheet_of(book, layout)["AZ90"] = "確認中です"
    return Damaged(saved(book), DamageKind.STRAY)


def linked_elsewhere(layout: FormLayout, body: bytes, values: Values) -> Damaged | None:
    """A formula into another workbook, with the result it was saved with."""
    found = _first(layout, values, FieldKind.NUMBER, FieldKind.YEN)
    if found is None:
        return None
    book = _book(body)
    book[found.sheet][found.cells[0]] = "='[集計.xlsx]表'!A1"
    linked = with_result(saved(book), b"[", b"42")
    return Damaged(linked, DamageKind.EXTERNAL_LINK, {found.key: "42"})


def with_result(body: bytes, formula: bytes, result: bytes) -> bytes:
    """The file with what a formula had when it was saved."""

    def change(name: str, part: bytes) -> bytes:
        if not name.startswith("xl/worksheets/sheet"):
            return part
        return re.sub(
            rb"(<f>[^<]*" + re.escape(formula) + rb"[^<]*</f>)<v\s*/?>(?:</v>)?",
            rb"\1<v>" + result + rb"</v>",
            part,
        )

    return repacked(body, change)


def repacked(
    body: bytes,
    change: Callable[[str, bytes], bytes],
    more: Mapping[str, bytes] = MappingProxyType({}),
) -> bytes:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(body)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for info in old.infolist():
            new.writestr(info, change(info.filename, old.read(info)))
        for name, part in more.items():
            new.writestr(name, part)
    return stream.getvalue()


def macro_added(_layout: FormLayout, body: bytes, _values: Values) -> Damaged:
    def change(name: str, part: bytes) -> bytes:
        if name != "[Content_Types].xml":
            return part
        return part.replace(
            b"</Types>",
            b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>',
        )

    return Damaged(
        repacked(body, change, {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0VBA"}), DamageKind.MACRO,
        lost={f.key for f in _layout.fields},
    )  # fmt: skip


def another_workbook(layout: FormLayout, _body: bytes, _values: Values) -> Damaged:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = layout.fields[0].sheet
    for place, text in enumerate(("旅費精算書", "氏名", "行き先", "金額"), start=1):
        sheet.cell(place, 1, text)
    return Damaged(saved(book), DamageKind.WRONG_FORM, lost={f.key for f in layout.fields})


def saved_as_csv(layout: FormLayout, _body: bytes, values: Values) -> Damaged:
    text = "\r\n".join(f"{each.label},{values.get(each.key, '')}" for each in layout.fields)
    return Damaged(
        text.encode("cp932", "replace"), DamageKind.NOT_A_WORKBOOK, lost={f.key for f in layout.fields}
    )  # fmt: skip


def saved_as_xls(layout: FormLayout, _body: bytes, _values: Values) -> Damaged:
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "Workbook".encode("utf-16-le")
    return Damaged(old, DamageKind.NOT_A_WORKBOOK, lost={f.key for f in layout.fields})


HARMS: tuple[Harm, ...] = (
    sheet_renamed, row_put_in_above, column_put_in, column_put_in_between, formula_overwritten, formula_changed, number_as_text, unit_typed,
    protection_removed, not_in_list, merged_cell_split, fixed_text_changed, text_in_a_number,
    date_as_text, sheets_reordered, row_put_in_between, row_deleted, hidden_sheet_added, note_beside,
    linked_elsewhere, macro_added, another_workbook, saved_as_csv, saved_as_xls,
)  # fmt: skip
FEWEST = 12
"""Kinds of harm that every form meets at least."""


def harms(layout: FormLayout, body: bytes, values: Values) -> Iterator[tuple[str, Damaged]]:
    """All that can happen to a form."""
    for harm in HARMS:
        done = harm(layout, body, values)
        if done is not None:
            yield harm.__name__, done
