"""What the page 使い方・出典 shows."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.params import DEFINITIONS, Parameter, in_force
from core.reference.pack import Reference
from core.store.engine import reading
from core.store.parameters import all_parameters
from core.values.errors import NoValueInForceError


@dataclass(frozen=True)
class AboutAnswer:
    """Sources and definitions.

    Attributes:
        reference: All reference data.
        parameters: The value of every parameter in force on the day; missing ones are left out.
        as_of: The day.
    """

    reference: Reference
    parameters: tuple[Parameter, ...]
    as_of: date


@requires("about:read")
def about_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    as_of: date,
) -> AboutAnswer:
    """Where every number comes from, as of a day."""
    with reading(engine) as session:
        parameters = all_parameters(session)
    values = []
    for name in DEFINITIONS:
        with suppress(NoValueInForceError):
            values.append(in_force(parameters, name, as_of))
    return AboutAnswer(reference, tuple(values), as_of)
