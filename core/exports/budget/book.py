"""A budget-request workbook before its first sheet, and the name of its file."""

from __future__ import annotations

import re
from datetime import date, datetime
from io import BytesIO

from xlsxwriter.workbook import Workbook  # type: ignore[import-untyped]

from core.exports.book import empty_book
from core.values.fiscal import FiscalYear


def new_book(stream: BytesIO, title: str, made_on: date) -> Workbook:
    """An empty book; equal arguments give equal bytes.

    Args:
        stream: Where it is written when closed.
        title: 年度 and 事業名.
        made_on: 作成日.
    """
    book = empty_book(stream)
    made = datetime(made_on.year, made_on.month, made_on.day)  # noqa: DTZ001  a file has no zone
    book.set_properties({"title": f"予算要求書 {title}", "author": "乗合 Noriai", "created": made})
    return book


def file_name(
    subject: str, fiscal_year: FiscalYear, municipality: str | None, made_on: date
) -> str:
    """Name a reader finds again; characters no file system takes are left out.

    Args:
        subject: What is requested.
        fiscal_year: 年度 of the request.
        municipality: 団体名; None leaves it out.
        made_on: 作成日.
    """
    owner = re.sub(r'[\\/:*?"<>|\x00-\x1f]', "", municipality or "").strip(" .")
    parts = ["予算要求書", subject, fiscal_year.label]
    return "_".join([*parts, *([owner] if owner else []), f"{made_on:%Y%m%d}"]) + ".xlsx"
