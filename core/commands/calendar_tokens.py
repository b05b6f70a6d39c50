"""Make and revoke calendar addresses (カレンダー用アドレス) of a municipality or a 事業者."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime
from typing import Annotated

from sqlalchemy import ColumnElement, select

from core.access.account import token_hash
from core.store.calendar_tokens import (
    CalendarToken,
    CalendarTokenRow,
    calendar_tokens,
    vendor_calendar_tokens,
)
from core.store.work import Work, command
from core.values.errors import ConflictError, InvalidInputError
from core.values.free_text import Text

LABEL = Text("カレンダー用アドレスの名前", 60)
MAX_TOKENS = 20
"""Most working addresses of one municipality."""


@command("calendar_token:make", "カレンダー用アドレスの作成", "calendar_token:manage")
def make_calendar_token(
    work: Work, *, lg_code: str, label: Annotated[str, LABEL], now: datetime
) -> str:
    """Make an address of what the municipality enrolled in; by its label it is revoked.

    Returns:
        The secret part of the address, to be shown once; only its hash is kept.

    Raises:
        InvalidInputError: Field ``label``.
        ConflictError: Too many addresses.
    """
    there = calendar_tokens(work.session, lg_code)
    token, token_id = _made(work, there, label, lg_code=lg_code)
    work.audit(token_id, lg_code=lg_code, name=label)
    return token


@command("visit_calendar:make", "支援回のカレンダー用アドレスの作成", "visit_calendar:manage")
def make_visit_calendar_token(work: Work, *, label: Annotated[str, LABEL], now: datetime) -> str:
    """Make an address of the visits of the adviser's 事業者; by its label it is revoked.

    Returns:
        The secret part of the address, to be shown once; only its hash is kept.

    Raises:
        InvalidInputError: Field ``label``.
        ConflictError: Too many addresses.
    """
    vendor_id = work.principal.vendor_id
    there = vendor_calendar_tokens(work.session, vendor_id or 0)
    token, token_id = _made(work, there, label, vendor_id=vendor_id)
    work.audit(token_id, name=label)
    return token


def _made(
    work: Work,
    there: list[CalendarToken],
    label: str,
    *,
    lg_code: str | None = None,
    vendor_id: int | None = None,
) -> tuple[str, str]:
    """A new address: its secret, and what revoking refers to."""
    if sum(each.revoked_at is None for each in there) >= MAX_TOKENS:
        raise ConflictError(
            f"カレンダー用アドレスは1団体{MAX_TOKENS}件までです。使わないものを無効にしてください。"
        )
    token, token_id = secrets.token_urlsafe(32), uuid.uuid4().hex
    work.session.add(
        CalendarTokenRow(
            token_hash=token_hash(token),
            token_id=token_id,
            username=work.by,
            lg_code=lg_code,
            vendor_id=vendor_id,
            label=label,
            created_at=work.now,
            revoked_at=None,
        )
    )
    return token, token_id


@command("calendar_token:revoke", "カレンダー用アドレスの無効化", "calendar_token:manage")
def revoke_calendar_token(work: Work, *, lg_code: str, token_id: str, now: datetime) -> None:
    """Make an address of the municipality useless at once; a second time changes nothing.

    Raises:
        InvalidInputError: No such address of this municipality.
    """
    row = _revoked(work, token_id, CalendarTokenRow.lg_code == lg_code)
    if row is not None:
        work.audit(token_id, lg_code=lg_code, name=row.label)


@command("visit_calendar:revoke", "支援回のカレンダー用アドレスの無効化", "visit_calendar:manage")
def revoke_visit_calendar_token(work: Work, *, token_id: str, now: datetime) -> None:
    """Make an address of the adviser's 事業者 useless at once; a second time changes nothing.

    Raises:
        InvalidInputError: No such address of this 事業者.
    """
    row = _revoked(work, token_id, CalendarTokenRow.vendor_id == (work.principal.vendor_id or 0))
    if row is not None:
        work.audit(token_id, name=row.label)


def _revoked(work: Work, token_id: str, ours: ColumnElement[bool]) -> CalendarTokenRow | None:
    """The address, revoked; None when it was before."""
    row = work.session.scalar(
        select(CalendarTokenRow).where(CalendarTokenRow.token_id == token_id, ours)
    )
    if row is None:
        raise InvalidInputError(
            {"token_id": "このカレンダー用アドレスは見つかりません。画面を更新してください。"}
        )
    if row.revoked_at is not None:
        return None
    row.revoked_at = work.now
    return row
