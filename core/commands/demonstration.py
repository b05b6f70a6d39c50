"""Mark a database as filled with made-up data (見本データ)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from core.store.audit import AuditRow
from core.store.demonstration import DemonstrationRow
from core.store.work import Work, command
from core.values.errors import ConflictError

_OF_THE_START = ("account:add", "initial_data:fill")


@command("demonstration:fill", "見本データの作成")
def mark_demonstration(work: Work, *, now: datetime) -> None:
    """Say once and for ever that what is recorded here is made up.

    Raises:
        ConflictError: Marked already, or somebody has recorded something.
    """
    if work.session.get(DemonstrationRow, 1) is not None:
        raise ConflictError("見本データは既に入っています。")
    worked = select(AuditRow.id).where(AuditRow.action.not_in(_OF_THE_START)).limit(1)
    if work.session.scalar(worked) is not None:
        raise ConflictError(
            "このデータベースには既に記録があります。見本データは、何も記録していない新しい"
            "データベース(NORIAI_DATABASE_URL)に入れてください。"
        )
    work.session.add(DemonstrationRow(id=1, made_at=work.now))
    work.audit("")
