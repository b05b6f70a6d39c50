"""Who asks, what time it is, the reference data, and the only cache of answers.

The one place of the dashboard that reads clock, session and data/.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from functools import cache, lru_cache, partial
from inspect import signature
from threading import Lock
from typing import Any, Concatenate, ParamSpec, TypeVar, overload
from urllib.parse import urlencode
from weakref import WeakKeyDictionary

import streamlit as st
from sqlalchemy import Engine
from streamlit.web.server.starlette.starlette_app_utils import decode_xsrf_token_string

from core import log
from core.access.account import SEEN_EVERY, token_hash
from core.access.principal import PUBLIC, Principal, Role
from core.commands.sessions import note_use
from core.reference.catalogue import Catalogue
from core.reference.names import Names
from core.reference.pack import Reference, load_reference
from core.settings import DATA, Settings, load_settings
from core.store.catalogue import kept_catalogue
from core.store.engine import data_revision, open_engine
from core.store.inquiries import Clock, database_clock
from core.values.errors import DashboardError, DatabaseTroubleError
from core.values.fiscal import JAPAN, FiscalYear
from core.views.session import session_view

COOKIE, BROWSER_COOKIE = "noriai_session", "noriai_browser"
TOKEN, _BROWSER = "noriai.token", "noriai.browser"
_KNOWN, _SEEN = "noriai.known", "noriai.seen"
_LOG = logging.getLogger("noriai")
P = ParamSpec("P")
R = TypeVar("R")


@cache
def settings() -> Settings:
    """Settings of this process, read once."""
    return load_settings()


@cache
def pack() -> Reference:
    """The pack that fills an empty database, read once."""
    return load_reference(DATA)


_CATALOGUES: WeakKeyDictionary[Engine, tuple[int, Catalogue | None]] = WeakKeyDictionary()
"""The catalogue as of the last data revision that was met; asked anew when there is another."""


def names() -> Names:
    """What the prefecture, its municipalities and their alliance are called.

    The pack's own words as long as the database was never in reach: the menu is drawn with them.
    """
    try:
        return reference().names
    except DatabaseTroubleError:
        return pack().names


def reference() -> Reference:
    """What the programme offers today, as the secretariat keeps it."""
    database = engine()
    if database not in _CATALOGUES:
        _follow(database, data_revision(database))
    known = _CATALOGUES[database][1]
    return (pack() if known is None else known.of(this_fiscal_year())).on(today())


def _follow(database: Engine, revision: int) -> None:
    if _CATALOGUES.get(database, (None,))[0] != revision:
        _CATALOGUES[database] = revision, kept_catalogue(database)


@cache
def engine() -> Engine:
    """The one engine of this process."""
    return open_engine(settings().database)


def moment() -> datetime:
    """This moment as other machines know it, whatever NORIAI_TODAY says."""
    return datetime.now(JAPAN)  # noqa: TID251  the only clock of the screens


def now() -> datetime:
    """This moment in Japan; on the fixed day when NORIAI_TODAY is set."""
    fixed = settings().today
    return moment() if fixed is None else datetime.combine(fixed, moment().timetz())


def clock() -> Clock:
    """The clock of the database, for what a deadline decides; on the fixed day when NORIAI_TODAY is set."""
    fixed = settings().today
    if fixed is None:
        return database_clock
    return lambda session: datetime.combine(
        fixed, database_clock(session).astimezone(JAPAN).timetz()
    )


def today() -> date:
    """Today in Japan."""
    return now().date()


def this_fiscal_year() -> FiscalYear:
    """The fiscal year of today."""
    return FiscalYear.of(today())


def behind_tls() -> bool:
    """Whether readers reach this server by https."""
    return settings().base_url.startswith("https:")


def cookie_name(name: str = COOKIE) -> str:
    """The name of a cookie as it is set; behind TLS no other host and no path may set one like it."""
    return f"__Host-{name}" if behind_tls() else name


def client_address() -> str:
    """Where this session's browser is, as dashboard/served/client_address.py finds it."""
    return st.context.ip_address or "127.0.0.1"  # Streamlit says None of the machine itself


def known_browser() -> str:
    """The secret by which a browser is known to whom it signed in before; empty for a new one."""
    return st.context.cookies.get(cookie_name(BROWSER_COOKIE), "")


def who_holds(token: str) -> Principal:
    """Whoever a session token belongs to right now; PUBLIC when it no longer holds."""
    return session_view(engine(), PUBLIC, token=token, now=now()) if token else PUBLIC


def who() -> Principal:
    """Whoever this browser is signed in as right now; asked of the database on every run."""
    token = _token()
    principal = who_holds(token)
    if principal.role is not Role.PUBLIC:
        if TOKEN not in st.session_state:
            remember_token(token)  # came by cookie: its end is noticed and said
        _note_use(token)
    st.session_state[_KNOWN] = asdict(principal) | {"role": principal.role.value}
    log.about(user=principal.username)
    return principal


def _note_use(token: str) -> None:
    """A run of the script is use of its sign-in; that it cannot be noted stops nobody."""
    moment, seen = now(), st.session_state.get(_SEEN)
    if seen is not None and timedelta() <= moment - seen < SEEN_EVERY:
        return
    st.session_state[_SEEN] = moment
    try:
        note_use(engine(), PUBLIC, token=token, now=moment)
    except DashboardError:
        _LOG.warning("use of a sign-in could not be noted", exc_info=True)


def who_was() -> Principal:
    """Whoever this browser was signed in as when that could last be asked; decides nothing.

    While the database is away, the menu is drawn for them. PUBLIC where nobody was signed in.
    """
    known = st.session_state.get(_KNOWN)
    if not known or not _token():
        return PUBLIC
    return Principal(**{**known, "role": Role(known["role"])})


def who_later() -> Callable[[], Principal]:
    """Asks :func:`who` where no session can be reached: what a download makes, it makes later."""
    return partial(who_holds, _token())


def holder() -> str:
    """Tells the sign-in of this session from every other; empty without one."""
    return holder_of(_token())


def holder_of(token: str) -> str:
    """Tells one sign-in from every other without giving it away; empty without one."""
    return token_hash(token) if token else ""


def _browser() -> str:
    """What the browser's anti-forgery cookie holds: a session taken over from elsewhere has it not.

    The cookie itself is written anew, under another mask, whenever a page connects again.
    """
    cookie = st.context.cookies.get("_streamlit_xsrf", "")
    held, _ = decode_xsrf_token_string(cookie)
    return hashlib.sha256(held or cookie.encode()).hexdigest()


def this_browser() -> str:
    """Tells this browser from every other, in whatever window; no secret of its own in it."""
    return _browser()


def _token() -> str:
    if TOKEN in st.session_state:
        same_browser = st.session_state.get(_BROWSER) == _browser()
        return str(st.session_state[TOKEN]) if same_browser else ""
    return st.context.cookies.get(cookie_name(), "")


def remember_token(token: str) -> None:
    """Sign this session in; the browser's cookie follows by :mod:`dashboard.frame.sign_in`."""
    st.session_state[TOKEN] = token
    st.session_state[_BROWSER] = _browser()


def forget_everything(but: Collection[str] = ()) -> None:
    """Leave nothing of the signed-in reader in this session; the cookie counts no longer.

    Args:
        but: Entries that stay: what is given back to nobody else.
    """
    kept = {key: st.session_state[key] for key in but if key in st.session_state}
    st.session_state.clear()
    st.session_state.update(kept)
    st.session_state[TOKEN] = ""
    st.session_state[_BROWSER] = _browser()


@dataclass(frozen=True)
class _Question:
    """What decides an answer, and nothing else; the person asking is not compared."""

    principal: Principal = field(compare=False)
    view: Callable[..., Any]
    arguments: tuple[Any, ...]
    named: tuple[tuple[str, Any], ...]
    role: Role
    lg_code: str | None
    vendor_id: int | None
    serves: frozenset[str]
    pending: bool
    revision: int
    reference: Reference | None  # another one when municipalities change overnight


@overload
def answer(
    view: Callable[Concatenate[Engine, Principal, Reference, P], R],
    principal: Principal,
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> R: ...


@overload
def answer(
    view: Callable[Concatenate[Engine, Principal, P], R],
    principal: Principal,
    /,
    *args: P.args,
    **kwargs: P.kwargs,
) -> R: ...


def answer(view: Callable[..., Any], principal: Principal, /, *args: Any, **kwargs: Any) -> Any:
    """What a view says, computed once per arguments, role scope and data revision.

    A view that asks for the reference data gets it. The answer is shared between sessions: never
    change it. A view that depends on the person, not only on role and municipality, is called
    directly.
    """
    revision = data_revision(engine())
    _follow(engine(), revision)
    question = _Question(
        principal,
        view,
        args,
        tuple(sorted(kwargs.items())),
        principal.role,
        principal.lg_code,
        principal.vendor_id,
        principal.serves,
        principal.must_change_password,
        revision,
        reference() if "reference" in signature(view).parameters else None,
    )
    with _ONE_AT_A_TIME[hash(question) % len(_ONE_AT_A_TIME)]:
        return _answered(question)


_ONE_AT_A_TIME = [Lock() for _ in range(64)]
"""Fifty walls that hear of a new revision together ask the same; one computes, the rest wait."""


@lru_cache(maxsize=1000)
def _answered(question: _Question) -> Any:
    view = question.view
    asked: list[Any] = [engine(), question.principal]
    if question.reference is not None:
        asked.append(question.reference)
    return view(*asked, *question.arguments, **dict(question.named))


def was_signed_in() -> bool:
    """Whether this session was signed in before, in this browser."""
    return bool(st.session_state.get(TOKEN))


def address(page: str, query: Mapping[str, str]) -> str:
    """The address of a page that reproduces what is shown, as readers reach this server."""
    return f"{settings().base_url}/{page}?{urlencode(query, safe=':,')}"
