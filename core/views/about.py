"""What the page 使い方・出典 shows."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.params import Parameter, definitions, in_force
from core.reference.pack import Reference
from core.store.engine import reading
from core.store.parameters import all_parameters
from core.values.errors import NoValueInForceError


@requires("about:read")
def about_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    as_of: date,
) -> tuple[Parameter, ...]:
    """The value of every parameter in force on a day; missing ones are left out."""
    with reading(engine) as session:
        parameters = all_parameters(session)
    values = []
    for name in definitions(reference.offers):
        with suppress(NoValueInForceError):
            values.append(in_force(parameters, name, as_of))
    return tuple(values)
