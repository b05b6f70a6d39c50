"""A new Excel workbook; every export begins here."""

from __future__ import annotations

from io import BytesIO

from xlsxwriter.workbook import Workbook  # type: ignore[import-untyped]

FONT = "BIZ UDPゴシック"
"""Part of Windows since 10 (1809); made to be read by everybody."""


def empty_book(content: BytesIO, *, font_size: int = 10) -> Workbook:
    """A workbook that writes text as text, whatever it begins with, and no temporary file.

    XlsxWriter writes into the options it is given, so each book has its own.

    Args:
        content: Where it is written when closed.
        font_size: 文字の大きさ of cells that say nothing else, in points.
    """
    options = {
        "in_memory": True,  # also: fixed times inside the archive
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
        "default_format_properties": {"font_name": FONT, "font_size": font_size},
    }
    return Workbook(content, options)
