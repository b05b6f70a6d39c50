"""Who a token belongs to, asked on every run; how long its sign-in lasts; what sign-ins there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine

from core.access.account import SessionState, SignIn, token_hash
from core.access.permission import requires
from core.access.principal import PUBLIC, Principal
from core.store.accounts import SessionRow, holder_of_session, idle_time, sign_ins
from core.store.engine import reading
from core.store.parameters import recorded_parameters
from core.values.fiscal import day_in_japan


@dataclass(frozen=True)
class SessionLife:
    """What is left of a sign-in.

    Attributes:
        state: None when it has ended, or never began.
        idle_left: Until it sleeps unless it is used; none left asleep.
        left: Until it ends, whatever is done.
        by_password: Whether a password wakes it; a 組織アカウント signs in anew.
    """

    state: SessionState | None
    idle_left: timedelta = timedelta()
    left: timedelta = timedelta()
    by_password: bool = True


@requires("session:read")
def session_view(engine: Engine, principal: Principal, *, token: str, now: datetime) -> Principal:  # noqa: ARG001
    """The principal of a session as its account is now; PUBLIC when it no longer holds, or sleeps."""
    with reading(engine) as session:
        found = holder_of_session(session, token_hash(token), now)
    if found is None or found.last_seen_at <= now - _idle(engine, now, found.parameters):
        return PUBLIC
    return found.principal


@requires("session:read")
def session_life_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    *,
    token: str,
    now: datetime,
) -> SessionLife:
    """How long a session still lasts; asking is no use of it."""
    found = _of_token(engine, token, now)
    if found is None:
        return SessionLife(None)
    idle_left = max(timedelta(), found.last_seen_at + _idle(engine, now) - now)
    return SessionLife(
        found.state, idle_left, found.expires_at - now, by_password=not found.by_provider
    )


@requires("session:read")
def this_sign_in_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    *,
    token: str,
    now: datetime,
) -> SignIn | None:
    """The sign-in of a token with what there is to tell of the time before; None when it has ended."""
    return _of_token(engine, token, now)


@requires("session:end")
def own_sign_ins_view(engine: Engine, principal: Principal, *, now: datetime) -> tuple[SignIn, ...]:
    """The principal's own sign-ins that have not ended, the newest first."""
    idle, own = _idle(engine, now), SessionRow.username == principal.username
    with reading(engine) as session:
        return tuple(sign_ins(session, now, idle, own))


def _of_token(engine: Engine, token: str, now: datetime) -> SignIn | None:
    idle, mine = _idle(engine, now), SessionRow.token_hash == token_hash(token)
    with reading(engine) as session:
        return next(iter(sign_ins(session, now, idle, mine)), None)


def _idle(engine: Engine, now: datetime, parameters: int | None = None) -> timedelta:
    return idle_time(recorded_parameters(engine, parameters), day_in_japan(now))
