"""監査記録: the end of every write, numbered and chained so that a later change shows.

An entry's hash covers its number, what it says, a digest of every row its transaction wrote
(core/store/written.py) and the hash before it. Number and hash of the last entry, the head, stand in
the revision row too; the next entry continues from there, so what is cut off stays missing.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Index,
    func,
    literal,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.access.principal import Principal, Role
from core.store.columns import SERIAL, choice
from core.store.engine import RevisionRow
from core.store.table import Base
from core.store.written import Written
from core.values.errors import ConflictError
from core.values.fiscal import JAPAN, day_in_japan

_log = logging.getLogger("noriai")
_logged: date | None = None


class AuditRow(Base):
    """監査記録: who did what when; each entry carries the hash of the one before."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("audit_lg_code", "lg_code", "id"),
        {"info": {"insert_only": True, "unproven": "the chain itself"}},
    )

    id: Mapped[int] = mapped_column(SERIAL, primary_key=True)  # 1, 2, 3 … without a gap
    at: Mapped[datetime]
    actor: Mapped[str]
    role: Mapped[Role] = mapped_column(choice(Role))
    lg_code: Mapped[str | None]  # the municipality the command was about, where it names one
    action: Mapped[str]
    subject: Mapped[str]
    detail: Mapped[str]
    written: Mapped[str]  # rows of the same transaction and their digests, as Written gives them
    previous_hash: Mapped[str]
    hash: Mapped[str] = mapped_column(unique=True)


class RequestRow(Base):
    """受付済みの要求: a double click finds its first answer here."""

    __tablename__ = "request"
    __table_args__ = (
        {
            "info": {
                "unproven": "answers to double clicks, kept after the entry; says no fact",
                "rights": "SELECT, INSERT",
            }
        },
    )

    actor: Mapped[str] = mapped_column(primary_key=True)
    request_id: Mapped[str] = mapped_column(primary_key=True)
    action: Mapped[str]
    result: Mapped[str]
    number: Mapped[int] = mapped_column(BigInteger)  # of its audit entry; 0 where nothing changed
    at: Mapped[datetime]


@dataclass(frozen=True)
class Head:
    """The end of the audit trail: whoever keeps it elsewhere can tell when the trail was cut."""

    number: int  # of the last entry, which is how many there are; 0 for none
    hash: str

    def __str__(self) -> str:
        """As it is printed, logged and read again."""
        return f"{self.number}:{self.hash}"


@dataclass(frozen=True)
class AuditEntry:
    """One line of the audit trail."""

    number: int
    at: datetime
    actor: str  # account name; empty for the public
    action: str  # ``resource:action``
    subject: str
    detail: Mapping[str, object]  # further facts; never a password or a token
    lg_code: str | None = None  # the municipality the command was about, where it names one
    digest: str = ""  # SHA-256 of what was written with it


def record_audit(
    session: Session,
    principal: Principal,
    now: datetime,
    action: str,
    subject: str,
    detail: Mapping[str, object],
    *,
    lg_code: str | None = None,
    data_changed: bool = True,
) -> int:
    """Write the audit entry of what this transaction wrote so far, and raise the data revision.

    Before a day's first entry of this process the head goes to the log.

    Args:
        lg_code: The municipality it is about, where the command names one.
        data_changed: False for signing in and out: no answer depends on it, so no cache is lost.

    Returns:
        Its number.
    """
    written = Written.of(session).taken()
    last = head(session)
    _log_daily(last, now)
    text = json.dumps(detail, ensure_ascii=False, sort_keys=True, default=str)
    row = AuditRow(
        id=last.number + 1,
        at=now,
        actor=principal.username,
        role=principal.role,
        lg_code=lg_code,
        action=action,
        subject=subject,
        detail=text,
        written=json.dumps(written, separators=(",", ":")),
        previous_hash=last.hash,
        hash="",
    )
    row.hash = hash_of(row)
    session.add(row)
    session.execute(
        update(RevisionRow)
        .where(RevisionRow.id == 1)
        .values(
            value=RevisionRow.value + int(data_changed),
            audit_number=row.id,
            audit_hash=row.hash,
        )
    )
    session.flush()
    return row.id


def _log_daily(last: Head, now: datetime) -> None:
    global _logged
    if _logged != (today := day_in_japan(now)):
        _logged = today
        log_head(last)


def log_head(last: Head) -> None:
    """Keep the head where whoever changes the database cannot reach it."""
    _log.info("監査記録の末尾 %s", last)


def hash_of(row: AuditRow) -> str:
    """What stands in ``hash`` of an entry nobody changed."""
    fields = (
        row.id,
        row.at.astimezone(UTC).isoformat(timespec="microseconds"),
        row.actor,
        row.role,
        row.lg_code,
        row.action,
        row.subject,
        row.detail,
        row.written,
        row.previous_hash,
    )
    return hashlib.sha256(json.dumps(fields).encode()).hexdigest()


def head(session: Session) -> Head:
    """The end of the trail, as the revision row has it."""
    query = select(RevisionRow.audit_number, RevisionRow.audit_hash).where(RevisionRow.id == 1)
    return Head(*session.execute(query).one())


@dataclass(frozen=True)
class AuditFilter:
    """Which entries are asked for; what is None or empty does not narrow.

    Attributes:
        action: ``resource:action``.
        first: First day in Japan, inclusive; ``last`` too.
    """

    lg_code: str | None = None
    actor: str | None = None
    action: str | None = None
    first: date | None = None
    last: date | None = None
    number: int | None = None


def _wanted(wanted: AuditFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for column, value in (
        (AuditRow.lg_code, wanted.lg_code),
        (AuditRow.actor, wanted.actor),
        (AuditRow.action, wanted.action),
        (AuditRow.id, wanted.number),
    ):
        if value is not None:
            found.append(column == value)
    if wanted.first is not None:
        found.append(AuditRow.at >= _begin(wanted.first))
    if wanted.last is not None:
        found.append(AuditRow.at < _begin(wanted.last) + timedelta(days=1))
    return found


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), JAPAN)


def count_entries(session: Session, wanted: AuditFilter) -> int:
    """How many entries there are."""
    query = select(func.count()).select_from(AuditRow).where(*_wanted(wanted))
    return session.scalar(query) or 0


def audit_entries(
    session: Session, wanted: AuditFilter, limit: int, skipped: int = 0
) -> list[AuditEntry]:
    """Entries by number, newest first, whatever a clock said.

    Args:
        skipped: So many newer ones are left out.
    """
    query = select(AuditRow).where(*_wanted(wanted)).order_by(AuditRow.id.desc())
    return [
        AuditEntry(
            row.id,
            row.at,
            row.actor,
            row.action,
            row.subject,
            json.loads(row.detail),
            row.lg_code,
            hashlib.sha256(row.written.encode()).hexdigest(),
        )
        for row in session.scalars(query.offset(skipped).limit(limit))
    ]


def numbers_about(
    session: Session,
    actions: Collection[str],
    *,
    lg_code: str | None = None,
    subject: str | None = None,
) -> list[tuple[int, str, str | None]]:
    """Number, subject and municipality of the entries of some actions, oldest first.

    Args:
        lg_code: Those about one municipality alone.
        subject: Those about one thing alone.
    """
    query = select(AuditRow.id, AuditRow.subject, AuditRow.lg_code).where(
        AuditRow.action.in_(actions)
    )
    if lg_code is not None:
        query = query.where(AuditRow.lg_code == lg_code)
    if subject is not None:
        query = query.where(AuditRow.subject == subject)
    return [(row[0], row[1], row[2]) for row in session.execute(query.order_by(AuditRow.id))]


def latest_entries(
    session: Session, limit: int, *, lg_code: str | None = None, number: int | None = None
) -> list[AuditEntry]:
    """The newest entries, newest first.

    Args:
        lg_code: Those about one municipality alone.
        number: That one alone.
    """
    return audit_entries(session, AuditFilter(lg_code=lg_code, number=number), limit)


def said_in_audit(session: Session) -> tuple[list[str], list[str]]:
    """Every account name and every action there is an entry of, sorted."""
    actors, actions = (
        select(literal(name).label("kind"), column.label("said")).distinct()
        for name, column in (("actor", AuditRow.actor), ("action", AuditRow.action))
    )
    found: dict[str, list[str]] = {"actor": [], "action": []}
    for kind, said in session.execute(union_all(actors, actions)):
        found[kind].append(said)
    return sorted(found["actor"]), sorted(found["action"])


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
    *,
    number: int,
) -> None:
    """Keep the answer so that the same request again changes nothing.

    Args:
        number: Of its audit entry; 0 when nothing was changed.
    """
    session.add(
        RequestRow(
            request_id=request_id,
            actor=principal.username,
            action=action,
            result=result,
            number=number,
            at=now,
        )
    )


def number_of(session: Session, principal: Principal, request_id: str) -> int:
    """受領番号: the audit entry of what this principal sent under an id; 0 for none."""
    row = session.get(RequestRow, (principal.username, request_id))
    return 0 if row is None else row.number
