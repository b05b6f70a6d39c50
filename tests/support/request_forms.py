"""A municipality's own request form, as an office would draw it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.workbook.defined_name import DefinedName

CELLS: Mapping[str, str] = {
    "A1": "予算要求見積書({{年度}})",
    "A3": "団体", "B3": "{{団体名}}",
    "A4": "事業", "B4": "｛｛事業名｝｝",
    "A6": "要求額", "B6": "{{要求額(千円)}}", "C6": "千円(うち一般財源 {{一般財源}}円)",
    "A7": "積算", "B7": "{{積算基礎}}",
    "A8": "注意", "B8": "{{前提と注意}}",
    "A10": "国府支出金", "A11": "差引", "B11": "=B6*1000-B10",
}  # fmt: skip
NAMES: Mapping[str, str] = {"府支出金": "'様式 1'!$B$10:$D$10"}


def a_form(
    cells: Mapping[str, Any] = {}, names: Mapping[str, str] = NAMES, *, base: bool = True
) -> bytes:
    """The form with other cells; a name takes the range B10:D10, which is merged."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "様式 1"
    for place, text in ({**CELLS, **cells} if base else dict(cells)).items():
        sheet[place] = text
    sheet["B6"].font = Font(name="BIZ UDPゴシック", bold=True)
    sheet["B6"].number_format = "#,##0"
    sheet["B8"].alignment = Alignment(wrap_text=True)
    sheet.merge_cells("B10:D10")
    for name, target in names.items():
        book.defined_names[name] = DefinedName(name, attr_text=target)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
