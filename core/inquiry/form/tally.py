"""Many answers to one form: field by field what came in, what stands out, and who is missing."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from statistics import quantiles

from core.inquiry.form.answer import SEPARATOR, FormRow, is_not_applicable
from core.inquiry.form.field import FieldKind, FormField, FormLayout
from core.inquiry.form.template import same_option
from core.values.label import Labelled

FEWEST = 8
"""Fewest values among which one can stand out (仮定)."""
FENCE = 3
"""How many times the middle half's width beyond it a value stands out, by order of magnitude (仮定)."""


class CellState(Labelled):
    """回答の状態: what a municipality says in one field; four things that never meet."""

    VALUE = "value", "記入あり"
    ZERO = "zero", "0"
    BLANK = "blank", "空欄"
    NOT_APPLICABLE = "not_applicable", "該当なし"
    MISSING = "missing", "未回答"


@dataclass(frozen=True)
class FieldTally:
    """One field over all municipalities.

    Attributes:
        states: By 団体コード.
        total: Sum of what was given, 0 included; None where adding up means nothing or nobody gave
            any.
        outliers: 団体コード of values far from the others: by order of magnitude, per head where
            populations are known.
        chosen: Of a choice or boxes: how many chose each option, those nobody chose too.
    """

    field: FormField
    states: Mapping[str, CellState]
    total: Decimal | None
    outliers: tuple[str, ...]
    chosen: Mapping[str, int]

    def count(self, state: CellState) -> int:
        """How many municipalities are in a state."""
        return sum(1 for each in self.states.values() if each is state)

    @property
    def given(self) -> int:
        """How many gave a value, 0 included: those a total is of."""
        return self.count(CellState.VALUE) + self.count(CellState.ZERO)


@dataclass(frozen=True)
class FormTally:
    """All fields; ``missing`` are those who handed in nothing, ``answered`` the others."""

    fields: tuple[FieldTally, ...]
    answered: tuple[FormRow, ...]
    missing: tuple[FormRow, ...]


def tally(
    layout: FormLayout, rows: Sequence[FormRow], populations: Mapping[str, int] | None = None
) -> FormTally:
    """Count what municipalities answered.

    Args:
        rows: One for each that was asked.
        populations: 人口 by 団体コード, so that a large town does not stand out for being large.
    """
    return FormTally(
        tuple(_field_tally(field, rows, populations or {}) for field in layout.fields),
        tuple(row for row in rows if row.values is not None),
        tuple(row for row in rows if row.values is None),
    )


def state_of(row: FormRow, field: FormField) -> CellState:
    """What a municipality says in a field."""
    if row.values is None:
        return CellState.MISSING
    value = row.values.get(field.key)
    if not value:
        return CellState.BLANK
    if is_not_applicable(value):
        return CellState.NOT_APPLICABLE
    return CellState.ZERO if field.is_number and number_of(value) == 0 else CellState.VALUE


def number_of(value: str | None) -> Decimal | None:
    """A kept value as a number; None for anything that is none.

    Examples:
        >>> number_of("1200"), number_of("該当なし"), number_of("0")
        (Decimal('1200'), None, Decimal('0'))
    """
    try:
        found = Decimal(value or "")
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _field_tally(
    field: FormField, rows: Sequence[FormRow], populations: Mapping[str, int]
) -> FieldTally:
    numbers = {
        row.lg_code: found
        for row in rows
        if field.is_number
        and row.values is not None
        and (found := number_of(row.values.get(field.key))) is not None
    }
    return FieldTally(
        field,
        {row.lg_code: state_of(row, field) for row in rows},
        sum(numbers.values(), Decimal(0)) if field.adds_up and numbers else None,
        outliers(numbers, populations),
        _chosen(field, rows),
    )


def _chosen(field: FormField, rows: Sequence[FormRow]) -> Mapping[str, int]:
    if field.kind not in (FieldKind.CHOICE, FieldKind.CHECKBOX):
        return {}
    count = dict.fromkeys(field.options, 0)
    for row in rows:
        for option in filter(None, ((row.values or {}).get(field.key) or "").split(SEPARATOR)):
            if not is_not_applicable(option):
                named = next((each for each in field.options if same_option(each, option)), option)
                count[named] = count.get(named, 0) + 1
    return count


def outliers(
    numbers: Mapping[str, Decimal], populations: Mapping[str, int] | None = None
) -> tuple[str, ...]:
    """Those whose value is of another order of magnitude than the others': 円 for 千円, say.

    Zeros and negative numbers are left out of it.

    Examples:
        >>> outliers({str(n): Decimal(100 + n) for n in range(10)} | {"x": Decimal(100_000)})
        ('x',)
    """
    sizes = {}
    for code, value in numbers.items():
        heads = (populations or {}).get(code, 0 if populations else 1)
        if value > 0 and heads > 0:
            sizes[code] = math.log10(float(value) / heads)
    if len(sizes) < FEWEST:
        return ()
    low, _, high = quantiles(sizes.values(), n=4)
    width = max(high - low, math.log10(2) / FENCE)  # twice as much never stands out
    return tuple(
        code
        for code, size in sizes.items()
        if size < low - FENCE * width or size > high + FENCE * width
    )
