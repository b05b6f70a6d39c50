"""Make and revoke personal calendar addresses (カレンダー用アドレス)."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime

from sqlalchemy import Engine, select

from core.access.account import token_hash
from core.access.permission import requires
from core.access.principal import Principal
from core.store.audit import record_audit
from core.store.calendar_tokens import CalendarTokenRow, calendar_tokens
from core.store.engine import writing
from core.values.errors import ConflictError, InvalidInputError
from core.values.free_text import cleaned, text_problem

MAX_TOKENS = 20
"""Most working addresses of one municipality."""
_LABEL = 60


@requires("calendar_token:manage", municipality="lg_code")
def make_calendar_token(
    engine: Engine, principal: Principal, *, lg_code: str, label: str, now: datetime
) -> str:
    """Make an address of what the municipality enrolled in.

    Args:
        label: What it is for, so that the right one is revoked.

    Returns:
        The secret part of the address, to be shown once; only its hash is kept.

    Raises:
        InvalidInputError: Field ``label``.
        ConflictError: Too many addresses.
    """
    words = cleaned(label)
    if problem := text_problem("カレンダー用アドレスの名前", words, _LABEL, required=True):
        raise InvalidInputError({"label": problem})
    token = secrets.token_urlsafe(32)
    with writing(engine) as session:
        working = [t for t in calendar_tokens(session, lg_code) if t.revoked_at is None]
        if len(working) >= MAX_TOKENS:
            raise ConflictError(
                f"カレンダー用アドレスは1団体{MAX_TOKENS}件までです。使わないものを無効にしてください。"
            )
        token_id = uuid.uuid4().hex
        session.add(
            CalendarTokenRow(
                token_hash=token_hash(token),
                token_id=token_id,
                username=principal.username,
                lg_code=lg_code,
                label=words,
                created_at=now,
                revoked_at=None,
            )
        )
        detail = {"lg_code": lg_code, "name": words}
        record_audit(session, principal, now, "calendar_token:make", token_id, detail)
    return token


@requires("calendar_token:manage", municipality="lg_code")
def revoke_calendar_token(
    engine: Engine, principal: Principal, *, lg_code: str, token_id: str, now: datetime
) -> None:
    """Make an address of the municipality useless at once; a second time changes nothing.

    Raises:
        InvalidInputError: No such address of this municipality.
    """
    with writing(engine) as session:
        row = session.scalar(
            select(CalendarTokenRow).where(
                CalendarTokenRow.token_id == token_id, CalendarTokenRow.lg_code == lg_code
            )
        )
        if row is None:
            raise InvalidInputError(
                {"token_id": "このカレンダー用アドレスは見つかりません。画面を更新してください。"}
            )
        if row.revoked_at is None:
            row.revoked_at = now
            detail = {"lg_code": lg_code, "name": row.label}
            record_audit(session, principal, now, "calendar_token:revoke", token_id, detail)
