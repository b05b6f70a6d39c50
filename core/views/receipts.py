"""受領の記録: what of a municipality arrived, from the audit trail."""

from __future__ import annotations

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.store.audit import AuditEntry, latest_entries, number_of
from core.store.engine import reading

MOST = 200


@requires("receipt:read", municipality="lg_code")
def receipts_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    *,
    lg_code: str,
    number: int | None = None,
    most: int = MOST,
) -> tuple[AuditEntry, ...]:
    """What was recorded about a municipality, newest number first.

    Ask afresh: what is taken along in a file has a receipt and does not raise the revision.

    Args:
        number: That one alone; nothing where it is another municipality's.
        most: How many at most.
    """
    with reading(engine) as session:
        return tuple(latest_entries(session, most, lg_code=lg_code, number=number))


@requires("receipt:read")
def receipt_number_view(engine: Engine, principal: Principal, *, request_id: str) -> int:
    """受領番号 of what the principal sent under an id; 0 when nothing arrived or changed."""
    with reading(engine) as session:
        return number_of(session, principal, request_id)
