"""様式にまとめる(1団体1行): the form's own row once per municipality, its sums extended."""

from __future__ import annotations

from collections.abc import Sequence

from core.inquiry.form.answer import FormRow
from core.inquiry.form.field import FormLayout


def merged_by_row(
    layout: FormLayout, body: bytes, rows: Sequence[FormRow], *, made_up: bool = False
) -> bytes:
    """The form with its row to fill in once per municipality.

    Where its fields are more than one row, a new table: a row per municipality, a column per field
    under the form's labels. Rows without values are left out.

    Raises:
        InvalidInputError: ``rows``: nobody has answered.
    """
    raise NotImplementedError
