"""Who a token belongs to, asked on every run."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine

from core.access.account import token_hash
from core.access.permission import requires
from core.access.principal import Principal
from core.store.accounts import principal_of_session
from core.store.engine import reading


@requires("session:read")
def session_view(engine: Engine, principal: Principal, *, token: str, now: datetime) -> Principal:  # noqa: ARG001
    """The principal of a session as its account is now; PUBLIC when it no longer holds."""
    with reading(engine) as session:
        return principal_of_session(session, token_hash(token), now)
