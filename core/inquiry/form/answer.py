"""What a municipality has put into a form, as it is kept, and what differs between two times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from core.inquiry.form.field import FormLayout
from core.values.label import Labelled


class NotApplicable(str):
    """該当なし: an answer of its own, neither blank nor 0; in JSON and in a cell these four letters."""

    __slots__ = ()


NOT_APPLICABLE: Final = NotApplicable("該当なし")

SEPARATOR: Final = "\n"
"""Between the options of a field of boxes that are ticked."""

FormValues = Mapping[str, str]
"""By key of the field; what is blank is absent.

Numbers in digits (``1234``, ``-0.5``), dates as ISO (``2025-04-01``, ``2025-04`` where the form asks
for no day), choices as the list has them, ticked options joined by ``SEPARATOR``, 該当なし as
``NOT_APPLICABLE``.
"""


def is_not_applicable(value: str | None) -> bool:
    """Whether a kept value says 該当なし; also after it was kept as JSON."""
    return value == NOT_APPLICABLE


@dataclass(frozen=True)
class FormRow:
    """What one municipality has answered.

    Attributes:
        lg_code: 団体コード, six digits.
        name: 団体名.
        values: None for 未回答: nothing was handed in.
    """

    lg_code: str
    name: str
    values: FormValues | None


class RowChangeKind(Labelled):
    """回答の変更: what happened to the row of a municipality."""

    ADDED = "added", "新しく入りました"
    CHANGED = "changed", "変わりました"
    REMOVED = "removed", "なくなりました"


@dataclass(frozen=True)
class ValueChange:
    """A value that is another one now; None is blank."""

    key: str
    address: str
    label: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class RowChange:
    """What a late or corrected file changes.

    Attributes:
        values: Each value that differs; of a new row all that are filled in.
    """

    lg_code: str
    name: str
    kind: RowChangeKind
    values: tuple[ValueChange, ...]

    @property
    def said(self) -> str:
        """In one sentence."""
        count = f"({len(self.values)}欄)" if self.values else ""
        return f"{self.name}({self.lg_code})の行が{self.kind.label}{count}。"


def row_changes(
    layout: FormLayout, before: Sequence[FormRow], after: Sequence[FormRow]
) -> tuple[RowChange, ...]:
    """The rows that differ between two times, in the order they have now; the rest is the same."""
    old = {row.lg_code: row for row in before}
    new = {row.lg_code: row for row in after}
    found = []
    for code in [*new, *(code for code in old if code not in new)]:
        was = old[code].values if code in old else None
        now = new[code].values if code in new else None
        if was == now:
            continue
        kind = RowChangeKind.CHANGED
        if was is None:
            kind = RowChangeKind.ADDED
        elif now is None:
            kind = RowChangeKind.REMOVED
        values = tuple(
            ValueChange(field.key, field.address, field.label, old_value, new_value)
            for field in layout.fields
            if (old_value := (was or {}).get(field.key))
            != (new_value := (now or {}).get(field.key))
        )
        found.append(RowChange(code, (new.get(code) or old[code]).name, kind, values))
    return tuple(found)
