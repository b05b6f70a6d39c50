"""Make and revoke personal calendar addresses (カレンダー用アドレス)."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime
from typing import Annotated

from sqlalchemy import select

from core.access.account import token_hash
from core.store.calendar_tokens import CalendarTokenRow, calendar_tokens
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
    working = [t for t in calendar_tokens(work.session, lg_code) if t.revoked_at is None]
    if len(working) >= MAX_TOKENS:
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
            label=label,
            created_at=work.now,
            revoked_at=None,
        )
    )
    work.audit(token_id, lg_code=lg_code, name=label)
    return token


@command("calendar_token:revoke", "カレンダー用アドレスの無効化", "calendar_token:manage")
def revoke_calendar_token(work: Work, *, lg_code: str, token_id: str, now: datetime) -> None:
    """Make an address of the municipality useless at once; a second time changes nothing.

    Raises:
        InvalidInputError: No such address of this municipality.
    """
    row = work.session.scalar(
        select(CalendarTokenRow).where(
            CalendarTokenRow.token_id == token_id, CalendarTokenRow.lg_code == lg_code
        )
    )
    if row is None:
        raise InvalidInputError(
            {"token_id": "このカレンダー用アドレスは見つかりません。画面を更新してください。"}
        )
    if row.revoked_at is None:
        row.revoked_at = work.now
        work.audit(token_id, lg_code=lg_code, name=row.label)
