"""The sign-in form of streamlit-authenticator over our own accounts and session tokens.

The library draws the form. Its own cookie proves nothing here (docs/decisions.md), so its
controllers are replaced: credentials are checked by :func:`core.commands.sessions.sign_in`, and the
cookie is an HttpOnly one that ``/session`` sets (dashboard/asgi.py).
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

import streamlit as st
from streamlit_authenticator import Authenticate
from streamlit_authenticator.controllers import AuthenticationController, CookieController

from core.access.principal import PUBLIC, Principal, Role
from core.commands.sessions import acknowledge_failures, sign_in, sign_out
from core.values.errors import DatabaseTroubleError
from core.values.fiscal import JAPAN
from core.views.session import this_sign_in_view
from dashboard import context
from dashboard.kit.act import act
from dashboard.kit.notice import notice_later
from dashboard.kit.ticket import TICKETS
from dashboard.kit.typed import Markdown, escaped

_TICKET, _RUNS_LEFT = "noriai.hand_over", "noriai.hand_over.runs"
_TOLD = "noriai.told"
_RUNS = 3  # the screen changes at once after signing in; the browser must still get to see it
_FIELDS = {
    "Form name": "サインイン",
    "Username": "ユーザー名",
    "Password": "パスワード",
    "Login": "サインイン",
}
_COOKIE_SCRIPT = """
export default function ({ data }) {
  fetch(data.address, {
    method: "POST",
    credentials: "same-origin",
    keepalive: true, // whoever goes on at once is signed in all the same
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ticket: data.ticket }),
  }).then(() => dispatchEvent(new Event("noriai:session")))
}
"""


class _Accounts(AuthenticationController):  # type: ignore[misc]
    """Checks credentials against the database instead of a dictionary."""

    def __init__(self) -> None:  # the library would read its dictionary and secrets here
        pass

    def login(self, username: str = "", password: str = "", *_: Any, **__: Any) -> bool:
        """Begin a session, or raise SignInRefusedError."""
        token = sign_in(
            context.engine(),
            PUBLIC,
            username=username,
            password=password,
            address=context.client_address(),
            browser=context.known_browser(),
            now=context.now(),
        )
        context.remember_token(token)
        return True


class _HttpOnlyCookie(CookieController):  # type: ignore[misc]
    """Leaves the cookie to the server: the script only asks for it."""

    def __init__(self) -> None:  # the library would draw a third-party iframe here
        pass

    def get_cookie(self) -> None:
        """Never signs in by itself: dashboard/context.py reads the cookie on every run."""

    def set_cookie(self) -> None:
        """Ask for the cookie on the next run."""
        _follow(st.session_state[context.TOKEN])


class _Form(Authenticate):  # type: ignore[misc]
    def __init__(self) -> None:
        self.path = None
        self.attrs = {"login_sleep_time": 0}
        self.authentication_controller = _Accounts()
        self.cookie_controller = _HttpOnlyCookie()


def draw_form() -> None:
    """Draw the form; raises SignInRefusedError, reruns the script after success."""
    before = st.session_state.get(context.TOKEN)
    _Form().login(fields=_FIELDS, key="sign_in")
    if st.session_state.get(context.TOKEN) != before:
        st.rerun()


def begin(token: str) -> None:
    """Sign this session in, and the browser's other windows with the cookie that follows."""
    context.remember_token(token)
    _follow(token)


def _follow(token: str) -> None:
    """Ask for the cookie of a token on the next run; empty takes the cookie away."""
    st.session_state[_TICKET] = TICKETS.issue(token) if token else ""
    st.session_state.pop(_RUNS_LEFT, None)


def leave() -> None:
    """Sign out everywhere; for use as a button's callback."""
    try:
        principal = context.who()
        if principal.role is not Role.PUBLIC:  # whose sign-in ended meanwhile is out already
            sign_out(context.engine(), principal, now=context.now())
    except DatabaseTroubleError as error:
        leave_here()
        notice_later(
            f"{error.trouble.label}。この画面ではサインアウトしましたが、ほかの画面のサインインは"
            "終わっていません。使えるようになったら、もう一度サインインしてサインアウトしてください。"
        )
    else:
        leave_here()


def tell_of_failures(principal: Principal) -> None:
    """Tell whoever signed in of wrong passwords since their sign-in before, until they have read it."""
    if principal.role is Role.PUBLIC:
        return
    token = str(st.session_state[context.TOKEN])
    if st.session_state.get(_TOLD) == token:
        return
    found = this_sign_in_view(context.engine(), PUBLIC, token=token, now=context.now())
    if found is None or not found.failures or found.failed_at is None:
        st.session_state[_TOLD] = token
        return
    since = (
        Markdown(f"前回のサインイン({_minute(found.previous_at)})")
        if found.previous_at
        else Markdown("アカウントの作成")
    )
    with st.container(border=True):
        st.warning(
            f"{since}のあと、パスワードの誤りが{found.failures}回ありました(最後は{_minute(found.failed_at)})。"
            "ご自身の入力でなければ、パスワードを変更し、事務局に連絡してください。",
            icon=":material/gpp_maybe:",
        )
        act(
            "確認しました",
            "sign_in.told",
            partial(acknowledge_failures, session_id=found.session_id),
            "",
            primary=False,
        )


def _minute(moment: datetime) -> Markdown:
    return escaped(f"{moment.astimezone(JAPAN):%Y-%m-%d %H:%M}")


def leave_here() -> None:
    """Forget a sign-in that no longer holds; for use as a button's callback."""
    context.forget_everything()
    _follow("")


def hand_over_cookie() -> None:
    """Have the browser's cookie follow the last signing in or out; draws nothing visible."""
    ticket = st.session_state.get(_TICKET)
    if ticket is None:
        return
    left = st.session_state.get(_RUNS_LEFT, _RUNS) - 1
    if left:
        st.session_state[_RUNS_LEFT] = left
    else:
        del st.session_state[_TICKET]
        st.session_state.pop(_RUNS_LEFT, None)
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    address = f"/{base}/session" if base else "/session"
    send = st.components.v2.component("noriai_session_cookie", js=_COOKIE_SCRIPT)
    send(data={"ticket": ticket, "address": address}, key="noriai_session_cookie")
