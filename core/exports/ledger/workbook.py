"""The ledger as an Excel workbook: every cell text, so that Excel rewrites no code and no date."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping

from core.exports.book import empty_book
from core.exports.ledger.lines import line_of
from core.procurement.event import LedgerEvent
from core.procurement.layout import SHEET, Column

_WIDTHS = {
    Column.NUMBER: 10,
    Column.CODE: 12,
    Column.NAME: 14,
    Column.PROGRAMME: 12,
    Column.LOT: 8,
    Column.KIND: 12,
    Column.EFFECTIVE: 16,
    Column.TARGET: 16,
    Column.SOURCE: 30,
    Column.NOTE: 40,
    Column.CORRECTS: 18,
    Column.RECORDED_AT: 20,
    Column.RECORDED_BY: 14,
}


def ledger_workbook(events: Iterable[LedgerEvent], participants: Mapping[str, str]) -> bytes:
    """Every event a row, headings frozen, filters set.

    Args:
        events: In the order of recording.
        participants: Code → name.
    """
    content = io.BytesIO()
    with empty_book(content) as book:
        sheet = book.add_worksheet(SHEET)
        heading = book.add_format({"bold": True, "bg_color": "#E8F1FE", "bottom": 1})
        text = book.add_format({"num_format": "@", "valign": "top"})
        for place, column in enumerate(Column):
            sheet.set_column(place, place, _WIDTHS[column], text)
            sheet.write_string(0, place, column, heading)
        last = 0
        for last, event in enumerate(events, start=1):
            for place, cell in enumerate(line_of(event, participants)):
                if cell:
                    sheet.write_string(last, place, cell, text)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, last, len(Column) - 1)
    return content.getvalue()
