"""サインインの制限: what wrong passwords have used up, gone by itself when it is there again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.access.limit import LIMITS, Bucket, LimitKind
from core.store.columns import choice
from core.store.table import Base


class SignInLimitRow(Base):
    """サインインの制限: one thing counted, while anything of it is used up."""

    __tablename__ = "sign_in_limit"
    __table_args__ = ({"info": {"unproven": "moves with every wrong password; grants nothing"}},)

    kind: Mapped[LimitKind] = mapped_column(choice(LimitKind, "kind"), primary_key=True)
    account: Mapped[str] = mapped_column(primary_key=True)
    origin: Mapped[str] = mapped_column(primary_key=True)
    spent_until: Mapped[datetime] = mapped_column(index=True)


def opens_at(session: Session, buckets: Iterable[Bucket], now: datetime) -> datetime:
    """From when on a try is looked at; ``now`` when it is at once."""
    opens = [now]
    for bucket in buckets:
        if row := _row(session, bucket):
            opens.append(LIMITS[bucket.kind].opens_at(row.spent_until, now))
    return max(opens)


def count_failure(session: Session, buckets: Iterable[Bucket], now: datetime) -> None:
    """Count a wrong password; what is there again by now is forgotten."""
    session.execute(delete(SignInLimitRow).where(SignInLimitRow.spent_until <= now))
    for bucket in buckets:
        row = _row(session, bucket)
        spent = LIMITS[bucket.kind].spent_by(row.spent_until if row else None, now)
        if row is None:
            row = SignInLimitRow(kind=bucket.kind, account=bucket.account, origin=bucket.origin)
            session.add(row)
        row.spent_until = spent


def forgive(session: Session, account: str, *kinds: LimitKind, origin: str | None = None) -> int:
    """Forget what was counted for an account; returns of how many things.

    Args:
        kinds: Of these only; all when none is given.
        origin: From there only; None from everywhere.
    """
    query = delete(SignInLimitRow).where(SignInLimitRow.account == account)
    if kinds:
        query = query.where(SignInLimitRow.kind.in_(kinds))
    if origin is not None:
        query = query.where(SignInLimitRow.origin == origin)
    return len(session.execute(query.returning(SignInLimitRow.kind)).all())


def waits(session: Session, now: datetime) -> dict[str, datetime]:
    """The accounts for which anybody has to wait now, and until when at the latest."""
    found: dict[str, datetime] = {}
    for row in session.scalars(select(SignInLimitRow).where(SignInLimitRow.account != "")):
        opens = LIMITS[row.kind].opens_at(row.spent_until, now)
        if opens > now:
            found[row.account] = max(opens, found.get(row.account, now))
    return found


def _row(session: Session, bucket: Bucket) -> SignInLimitRow | None:
    return session.get(SignInLimitRow, (bucket.kind, bucket.account, bucket.origin))
