"""名簿: everybody enrolled in a session as a workbook or CSV, with a column for 出席."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from io import BytesIO, StringIO

from core.exports.book import empty_book
from core.procurement.layout import guarded
from core.store.enrolments import EnrolmentLine
from core.training.roll import RollColumn, roll_number

_WIDTHS = {
    RollColumn.NUMBER: 15,
    RollColumn.MUNICIPALITY: 14,
    RollColumn.NAME: 20,
    RollColumn.DEPARTMENT: 26,
    RollColumn.MAIL: 32,
    RollColumn.ATTENDING: 12,
    RollColumn.PLACE: 18,
    RollColumn.MARK: 8,
}
_DELETED = "(削除済み)"


def enrolment_workbook(
    lines: Iterable[EnrolmentLine], municipalities: Mapping[str, str], title: str
) -> bytes:
    """The list as .xlsx: filled in and read back by ``core.imports.attendance``.

    Args:
        lines: As :func:`core.commands.enrolments.export_enrolments` gives them.
        municipalities: Name by code.
        title: What stands above and in the printed header.
    """
    stream = BytesIO()
    book = empty_book(stream, font_size=11)
    sheet = book.add_worksheet("名簿")
    bold = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format({"bold": True, "bg_color": "#E8F1FE", "border": 1})
    cell = book.add_format({"border": 1, "valign": "vcenter"})
    sheet.write_string(0, 0, title, bold)
    sheet.write_string(
        1, 0, "「出席」の列に○(出席)か×(欠席)を入れて取り込みます。空欄は何も記録しません。"
    )
    for place, column in enumerate(RollColumn):
        sheet.set_column(place, place, _WIDTHS[column])
        sheet.write_string(2, place, column.value, head)
    last = 2
    for last, row in enumerate(_rows(lines, municipalities), start=3):
        for place, text in enumerate(row):
            sheet.write_string(last, place, text, cell)
    if last > 2:
        mark = len(RollColumn) - 1
        sheet.data_validation(
            3, mark, last, mark, {"validate": "list", "source": ["○", "×"], "ignore_blank": True}
        )
    sheet.freeze_panes(3, 0)
    sheet.autofilter(2, 0, last, len(RollColumn) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    sheet.set_header(f"&L{title.replace('&', '&&')[:100]}&R取扱注意(個人情報)")
    book.close()
    return stream.getvalue()


def enrolment_csv(lines: Iterable[EnrolmentLine], municipalities: Mapping[str, str]) -> bytes:
    """The list as CSV for Excel: UTF-8 with BOM, CRLF; no cell is taken for a formula."""
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(RollColumn)
    for row in _rows(lines, municipalities):
        writer.writerow([guarded(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def _rows(
    lines: Iterable[EnrolmentLine], municipalities: Mapping[str, str]
) -> Iterable[tuple[str, ...]]:
    for line in lines:
        enrolment, person = line.enrolment, line.person
        yield (
            roll_number(enrolment.enrolment_id),
            municipalities.get(enrolment.lg_code, enrolment.lg_code),
            person.name if person else _DELETED,
            person.department if person else _DELETED,
            person.mail if person else _DELETED,
            enrolment.attending.label if enrolment.attending else "",
            line.place.label,
            line.attendance.mark.label if line.attendance else "",
        )
