"""Mark a database as filled with made-up data (見本データ)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, select

from core.access.permission import requires
from core.access.principal import Principal
from core.store.audit import AuditRow, record_audit
from core.store.demonstration import DemonstrationRow
from core.store.engine import writing
from core.values.errors import ConflictError

_OF_THE_START = ("account:add",)


@requires("demonstration:fill")
def mark_demonstration(engine: Engine, principal: Principal, *, now: datetime) -> None:
    """Say once and for ever that what is recorded here is made up.

    Raises:
        ConflictError: Marked already, or somebody has recorded something.
    """
    with writing(engine) as session:
        if session.get(DemonstrationRow, 1) is not None:
            raise ConflictError("見本データは既に入っています。")
        worked = select(AuditRow.id).where(AuditRow.action.not_in(_OF_THE_START)).limit(1)
        if session.scalar(worked) is not None:
            raise ConflictError(
                "このデータベースには既に記録があります。見本データは、何も記録していない新しい"
                "データベース(NORIAI_DATABASE_URL)に入れてください。"
            )
        session.add(DemonstrationRow(id=1, made_at=now))
        record_audit(session, principal, now, "demonstration:fill", "", {})
