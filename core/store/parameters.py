"""Rows of ``parameter`` ↔ dated values."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.params import DEFINITIONS, Parameter, parse_value, value_text
from core.store.tables import ParameterRow


def all_parameters(session: Session) -> tuple[Parameter, ...]:
    """Every value ever recorded, oldest first."""
    rows = session.scalars(select(ParameterRow).order_by(ParameterRow.id))
    return tuple(
        Parameter(
            name=row.name,
            value=parse_value(DEFINITIONS[row.name], row.value),
            valid_from=row.valid_from,
            basis=row.basis,
            source=row.source,
            note=row.note,
            recorded_at=row.recorded_at,
        )
        for row in rows
        if row.name in DEFINITIONS
    )


def add_parameter(session: Session, parameter: Parameter, recorded_by: str) -> None:
    """Insert one value."""
    session.add(
        ParameterRow(
            name=parameter.name,
            value=value_text(parameter.value),
            valid_from=parameter.valid_from,
            basis=parameter.basis,
            source=parameter.source,
            note=parameter.note,
            recorded_at=parameter.recorded_at,
            recorded_by=recorded_by,
        )
    )


def fill_parameters(session: Session, shipped: Iterable[Parameter]) -> int:
    """Fill an empty table from data/; a table with rows is the secretariat's and stays.

    Returns:
        How many values were inserted.
    """
    if session.scalar(select(func.count()).select_from(ParameterRow)):
        return 0
    values = list(shipped)
    for parameter in values:
        add_parameter(session, parameter, "data")
    return len(values)
