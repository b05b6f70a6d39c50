"""監査記録: the end of every write, chained so that a later change shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.access.principal import Principal, Role
from core.store.columns import SERIAL, choice
from core.store.engine import RevisionRow
from core.store.table import Base
from core.values.errors import ConflictError

_ORIGIN = "0" * 64


class AuditRow(Base):
    """監査記録: who did what when; each entry carries the hash of the one before."""

    __tablename__ = "audit"
    __table_args__ = ({"info": {"insert_only": True}},)

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str]
    role: Mapped[Role] = mapped_column(choice(Role))
    action: Mapped[str]
    subject: Mapped[str]
    detail: Mapped[str]
    previous_hash: Mapped[str]
    hash: Mapped[str] = mapped_column(unique=True)


class RequestRow(Base):
    """受付済みの要求: a double click finds its first answer here."""

    __tablename__ = "request"

    actor: Mapped[str] = mapped_column(primary_key=True)
    request_id: Mapped[str] = mapped_column(primary_key=True)
    action: Mapped[str]
    result: Mapped[str]
    at: Mapped[datetime]


@dataclass(frozen=True)
class AuditEntry:
    """One line of the audit trail."""

    at: datetime
    actor: str  # account name; empty for the public
    action: str  # ``resource:action``
    subject: str
    detail: Mapping[str, object]  # further facts; never a password or a token


def record_audit(
    session: Session,
    principal: Principal,
    now: datetime,
    action: str,
    subject: str,
    detail: Mapping[str, object],
    *,
    data_changed: bool = True,
) -> None:
    """Write the audit entry of this transaction and raise the data revision.

    Args:
        data_changed: False for signing in and out: no answer depends on it, so no cache is lost.
    """
    last = session.scalar(select(AuditRow.hash).order_by(AuditRow.id.desc()).limit(1)) or _ORIGIN
    text = json.dumps(detail, ensure_ascii=False, sort_keys=True, default=str)
    row = AuditRow(
        at=now,
        actor=principal.username,
        role=principal.role,
        action=action,
        subject=subject,
        detail=text,
        previous_hash=last,
        hash="",
    )
    row.hash = _hash(row)
    session.add(row)
    if data_changed:
        session.execute(
            update(RevisionRow).where(RevisionRow.id == 1).values(value=RevisionRow.value + 1)
        )
    session.flush()


def _hash(row: AuditRow) -> str:
    moment = row.at.astimezone(UTC).isoformat(timespec="microseconds")
    fields = (row.previous_hash, moment, row.actor, row.role, row.action, row.subject, row.detail)
    return hashlib.sha256("\x1f".join(fields).encode()).hexdigest()


def first_broken_entry(session: Session) -> int | None:
    """Number of the first entry that does not continue the chain; None when all do."""
    expected = _ORIGIN
    for row in session.scalars(select(AuditRow).order_by(AuditRow.id)):
        if row.previous_hash != expected or row.hash != _hash(row):
            return row.id
        expected = row.hash
    return None


def latest_entries(session: Session, limit: int) -> list[AuditEntry]:
    """The newest entries, newest first."""
    rows = session.scalars(select(AuditRow).order_by(AuditRow.id.desc()).limit(limit))
    return [
        AuditEntry(row.at, row.actor, row.action, row.subject, json.loads(row.detail))
        for row in rows
    ]


def earlier_result(
    session: Session, principal: Principal, request_id: str, *, action: str
) -> str | None:
    """The answer already given to this request of this principal; None for a new one.

    Args:
        request_id: Made when the form was drawn.
        action: What is asked now, as :func:`remember_result` will keep it.

    Raises:
        ConflictError: The id was used for something else, so nothing was done this time.
    """
    row = session.get(RequestRow, (principal.username, request_id))
    if row is not None and row.action != action:
        raise ConflictError(
            "この操作は受け付けませんでした。同じ受付番号が別の操作に使われています。"
            "画面を再読み込みしてからやり直してください。"
        )
    return None if row is None else row.result


def remember_result(
    session: Session,
    principal: Principal,
    now: datetime,
    action: str,
    request_id: str,
    result: str,
) -> None:
    """Keep the answer so that the same request again changes nothing."""
    session.add(
        RequestRow(
            request_id=request_id,
            actor=principal.username,
            action=action,
            result=result,
            at=now,
        )
    )
