"""様式にまとめる(1団体1シート): the form's own workbook with its sheets once per municipality."""

from __future__ import annotations

from collections.abc import Sequence

from core.inquiry.form.answer import FormRow
from core.inquiry.form.field import FormLayout


def merged_by_sheet(
    layout: FormLayout, body: bytes, rows: Sequence[FormRow], *, made_up: bool = False
) -> bytes:
    """The form's workbook with a sheet per municipality, named by code and name.

    Sheets without fields (lists, explanations) stay once. Rows without values are left out.

    Raises:
        InvalidInputError: ``rows``: nobody has answered.
    """
    raise NotImplementedError
