"""Whether what is shown is made up."""

from __future__ import annotations

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.store.demonstration import DemonstrationRow
from core.store.engine import reading


@requires("demonstration:read")
def demonstration_view(engine: Engine, principal: Principal) -> bool:  # noqa: ARG001
    """Whether the database holds made-up data (見本データ)."""
    with reading(engine) as session:
        return session.get(DemonstrationRow, 1) is not None
