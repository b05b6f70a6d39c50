"""組織アカウント: signing in by ``st.login`` where a provider is configured.

Streamlit and Authlib speak with the provider (state, nonce, PKCE, signature, audience). What they
end with, a signed cookie of claims, signs nobody in: right after the provider's answer it begins
one session of ours, and from then on only that session counts.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.access.principal import PUBLIC, Role
from core.access.provider import NOT_CONFIRMED, ClaimRules
from core.commands.provider import sign_in_by_provider
from core.settings import DISCOVERY
from core.values.errors import SignInRefusedError
from dashboard import context
from dashboard.frame import return_place, sign_in
from dashboard.kit import widgets

LABEL = "組織アカウントでサインイン"
_ANSWERED, _SAID = "answered", "noriai.provider.said"
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_SECONDS = 5
_UNREACHABLE = (
    "組織アカウントの認証サーバーにつながりません。しばらくしてからもう一度押してください。"
    "続くときは、事務局に連絡してください。"
)
_OTHERWISE = (
    "組織アカウントの認証サーバーの応答が、設定した接続先のものではないか、署名を求めていません。"
    "事務局に連絡してください。"
)


def secrets() -> dict[str, Any]:
    """What Streamlit reads of ``[auth]`` in its secrets, from the settings; else nothing."""
    settings = context.settings()
    if not settings.oidc_discovery_url:
        return {}
    secret = settings.oidc_client_secret
    return {
        "auth": {
            "redirect_uri": f"{settings.base_url}/oauth2callback",
            # the same on every server, without one more secret to look after
            "cookie_secret": hmac.digest(secret.encode(), b"noriai cookie", hashlib.sha256).hex(),
            "client_id": settings.oidc_client_id,
            "client_secret": secret,
            "server_metadata_url": settings.oidc_discovery_url,
            "client_kwargs": {
                "scope": "openid profile",
                "code_challenge_method": "S256",
                "timeout": _SECONDS,
            },
        }
    }


def offered() -> bool:
    """Whether a provider is configured."""
    return bool(context.settings().oidc_discovery_url)


def draw() -> None:
    """The button that leads to the provider, and what came of its answer."""
    _take_answer()
    if st.button(LABEL, icon=":material/badge:", type="primary", width="stretch"):
        with widgets.refusals_shown():
            _ask(context.settings().oidc_discovery_url)
            return_place.carry_away()
            st.login()


def leave() -> None:
    """Sign out at the provider too, where one signed this browser in."""
    if offered() and st.user.get("is_logged_in"):
        st.logout()


def _take_answer() -> None:
    """Once a window, when the browser comes back from the provider."""
    if _ANSWERED not in st.query_params:
        return
    if _SAID not in st.session_state:
        try:
            sign_in.begin(_token())
        except SignInRefusedError as error:
            st.session_state[_SAID] = str(error)
        else:
            st.rerun()
    widgets.show_refusal(SignInRefusedError(st.session_state[_SAID]))


def _token() -> str:
    if not st.user.get("is_logged_in"):
        raise SignInRefusedError(NOT_CONFIRMED)
    return sign_in_by_provider(
        context.engine(),
        PUBLIC,
        claims=st.user.to_dict(),
        rules=_rules(),
        known_codes=frozenset(m.lg_code for m in context.reference().municipalities),
        moment=context.moment(),
        address=context.client_address(),
        browser=context.known_browser(),
        now=context.now(),
    )


def _rules() -> ClaimRules:
    settings = context.settings()
    values = {
        Role.SECRETARIAT: settings.oidc_secretariat,
        Role.OFFICER: settings.oidc_officer,
        Role.VIEWER: settings.oidc_viewer,
        Role.ADVISER: settings.oidc_adviser,
    }
    return ClaimRules(
        settings.oidc_discovery_url.removesuffix(DISCOVERY),
        settings.oidc_client_id,
        settings.oidc_strength,
        settings.oidc_role_claim,
        {value: role for role, value in values.items() if value},
        settings.oidc_municipality_claim,
        settings.oidc_vendor_claim,
    )


def _ask(discovery: str) -> None:
    """See that the provider answers, and only for itself, before the browser leaves for it.

    Raises:
        SignInRefusedError: It does not; Streamlit would say so in English, on an empty page.
    """
    try:
        answer = httpx2.get(discovery, timeout=_SECONDS).raise_for_status().json()
        named = [str(answer[name]) for name in _ENDPOINTS]
        named.append(str(answer.get("end_session_endpoint") or discovery))
        unsigned = "none" in (answer.get("id_token_signing_alg_values_supported") or ())
        itself = answer["issuer"] == discovery.removesuffix(DISCOVERY)
    except (httpx2.HTTPError, ValueError, KeyError, TypeError):
        raise SignInRefusedError(_UNREACHABLE) from None
    elsewhere = {urlsplit(address)[:2] for address in named} != {urlsplit(discovery)[:2]}
    if elsewhere or unsigned or not itself:
        raise SignInRefusedError(_OTHERWISE)


class ProviderAnswers:
    """ASGI middleware: what Streamlit's sign-in addresses answer leads to our screen.

    The browser comes back to サインイン, whether somebody was confirmed or not; a failure is said
    there, in Japanese. Streamlit's cookie of claims ends with the browser, not after 30 days, and
    travels over TLS alone where there is any.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] not in _ADDRESSES:
            await self._app(scope, receive, send)
        elif not offered():
            await Response(status_code=404)(scope, receive, send)
        else:
            await self._app(scope, receive, _Leading(scope, send).send)


_LOGIN, _LOGOUT, _CALLBACK = _ADDRESSES = "/auth/login", "/auth/logout", "/oauth2callback"
_LONG_LIVED = re.compile("; Max-Age=[1-9][0-9]*", re.IGNORECASE)


class _Leading:
    def __init__(self, scope: Scope, send: Send) -> None:
        query = parse_qs(scope["query_string"].decode("latin-1"))
        self._answered = scope["path"] == _CALLBACK and not query.keys().isdisjoint(
            ("state", "error")
        )
        self._send = send

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            base = context.settings().base_url
            if message["status"] >= HTTPStatus.BAD_REQUEST:
                message.update(status=HTTPStatus.FOUND, headers=[])
                self._answered = True
            headers = MutableHeaders(scope=message)
            cookies = [
                _LONG_LIVED.sub("", cookie) + ("; Secure" if base.startswith("https:") else "")
                for cookie in headers.getlist("set-cookie")
            ]
            del headers["set-cookie"]
            for cookie in cookies:
                headers.append("set-cookie", cookie)
            if self._answered:
                headers["location"] = f"{base}/sign_in?{_ANSWERED}=1"
                headers["content-length"] = "0"
        elif self._answered:
            message = {**message, "body": b""}
        await self._send(message)
