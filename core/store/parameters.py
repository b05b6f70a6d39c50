"""制度値: dated, sourced values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from weakref import WeakKeyDictionary

from sqlalchemy import Column, Engine, Index, ScalarSelect, func, select
from sqlalchemy.orm import Session

from core.access.principal import INITIAL_DATA
from core.params import DEFINITIONS, Parameter, parse_value, value_text
from core.store.columns import AsText, Words
from core.store.engine import one_number, reading
from core.store.table import Stored

PARAMETERS = Stored(
    "parameter",
    Parameter,
    Column("recorded_by", Words, nullable=False),
    Index("parameter_name", "name", "valid_from"),
    key="",
    columns={"value": AsText(value_text, str)},
)

_HOW_MANY = "SELECT count(*) FROM parameter"
_KEPT: WeakKeyDictionary[Engine, tuple[int, tuple[Parameter, ...]]] = WeakKeyDictionary()


def recorded_parameters(engine: Engine, many: int | None = None) -> tuple[Parameter, ...]:
    """Every value ever recorded and committed, oldest first; for views.

    Every estimate asks for them. Rows are never changed or removed, so as many rows are the same
    rows, and they are read anew only when there are more.

    Args:
        many: How many there are, when a query said so already (:func:`how_many`).
    """
    many = one_number(engine, _HOW_MANY) if many is None else many
    kept = _KEPT.get(engine)
    if kept is None or kept[0] != many:
        with reading(engine) as session:
            kept = _KEPT[engine] = many, all_parameters(session)
    return kept[1]


def how_many() -> ScalarSelect[int]:
    """For another query: how many values were recorded."""
    return select(func.count()).select_from(PARAMETERS.table).scalar_subquery()


def all_parameters(session: Session) -> tuple[Parameter, ...]:
    """Every value ever recorded as a transaction sees it, oldest first."""
    return tuple(
        replace(found, value=parse_value(DEFINITIONS[found.name], str(found.value or "")))
        for found in PARAMETERS.all(session)
        if found.name in DEFINITIONS
    )


def fill_parameters(session: Session, shipped: Iterable[Parameter]) -> int:
    """Fill what has no value yet from data/; a name with values is the secretariat's and stays.

    So a database of an earlier release receives the parameters that came since. Returns how many.
    """
    known = set(session.scalars(select(PARAMETERS.c.name).distinct()))
    values = [parameter for parameter in shipped if parameter.name not in known]
    for parameter in values:
        PARAMETERS.add(session, parameter, recorded_by=INITIAL_DATA)
    return len(values)
