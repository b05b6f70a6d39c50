"""The smallest form there is: a protected sheet with one cell to fill in."""

from __future__ import annotations

import io

from openpyxl import Workbook
from openpyxl.styles import Protection


def a_filled_form(typed: str) -> bytes:
    """The form with something typed into its cell."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "様式"
    sheet["A1"] = "職員数(人)"
    sheet["B1"].protection = Protection(locked=False)
    sheet["B1"].number_format = "0"
    if typed:
        sheet["B1"] = int(typed)
    sheet.protection.sheet = True
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


A_FORM = a_filled_form("")
