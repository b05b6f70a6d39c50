"""集計表: field by municipality, with blanks and outliers marked and the missing ones named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from core.inquiry.form.answer import FormRow
from core.inquiry.form.field import FormLayout


def tally_workbook(
    layout: FormLayout,
    rows: Sequence[FormRow],
    *,
    title: str,
    made_on: date,
    made_up: bool,
    populations: Mapping[str, int] | None = None,
) -> bytes:
    """Sheets: 集計 (a row per field, a column per municipality), 未回答, 項目の説明."""
    raise NotImplementedError
