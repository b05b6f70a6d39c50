"""Around Streamlit's sign-in addresses: every answer leads to our screen, cookies are bounded."""

from __future__ import annotations

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from core.settings import Settings
from core.values.errors import SignInRefusedError
from dashboard import context
from dashboard.frame import provider

DISCOVERY = "https://idp.example.lg.jp/realms/osaka/.well-known/openid-configuration"
OURS = "https://noriai.example.lg.jp"


async def _streamlit(request: Request) -> Response:
    if request.url.path == "/auth/login":
        return PlainTextResponse("Authentication error", status_code=400)
    response = RedirectResponse("/")
    response.set_cookie("_streamlit_user", "claims", max_age=2592000, httponly=True)
    response.delete_cookie("_streamlit_user_1")
    return response


@pytest.fixture
def client() -> TestClient:
    paths = ("/auth/login", "/auth/logout", "/oauth2callback", "/other")
    app = Starlette(
        routes=[Route(path, _streamlit) for path in paths],
        middleware=[Middleware(provider.ProviderAnswers)],
    )
    return TestClient(app, follow_redirects=False)


@pytest.fixture
def configured(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(
        base_url=OURS,
        oidc_discovery_url=DISCOVERY,
        oidc_client_id="noriai",
        oidc_client_secret="of the provider",
        oidc_officer="tanto",
    )
    monkeypatch.setattr(context, "settings", lambda: settings)


def test_without_a_provider_its_addresses_are_none(client: TestClient) -> None:
    assert provider.secrets() == {}
    for path in ("/auth/login", "/auth/logout", "/oauth2callback?state=a"):
        assert client.get(path).status_code == 404
    assert client.get("/other").status_code == 307


@pytest.mark.usefixtures("configured")
@pytest.mark.parametrize(
    "path", ["/auth/login", "/oauth2callback?state=a", "/oauth2callback?error=b"]
)
def test_every_answer_and_every_failure_leads_to_the_sign_in_screen(
    client: TestClient, path: str
) -> None:
    answer = client.get(path)
    assert (answer.status_code in (302, 307), answer.text) == (True, "")
    assert answer.headers["location"] == f"{OURS}/sign_in?answered=1"


@pytest.mark.usefixtures("configured")
@pytest.mark.parametrize("path", ["/oauth2callback", "/auth/logout", "/other"])
def test_coming_back_from_signing_out_leads_where_streamlit_says(
    client: TestClient, path: str
) -> None:
    assert client.get(path).headers["location"] == "/"


@pytest.mark.usefixtures("configured")
def test_the_cookie_of_claims_ends_with_the_browser_and_goes_over_tls_alone(
    client: TestClient,
) -> None:
    kept, deleted = client.get("/oauth2callback?state=a").headers.get_list("set-cookie")
    assert "Max-Age" not in kept
    assert "Max-Age=0" in deleted
    assert kept.endswith("; Secure")
    assert "HttpOnly" in kept


@pytest.mark.usefixtures("configured")
def test_what_streamlit_is_told_names_this_server_and_no_secret_twice() -> None:
    told = provider.secrets()["auth"]
    assert told["redirect_uri"] == f"{OURS}/oauth2callback"
    assert told["client_kwargs"]["code_challenge_method"] == "S256"
    assert len(told["cookie_secret"]) == 64
    assert told == provider.secrets()["auth"]  # every server makes the same of it
    assert "of the provider" not in str({**told, "client_secret": ""})


def _told(monkeypatch: pytest.MonkeyPatch, **changes: object) -> str:
    """What a reader is told when the provider describes itself so; empty when they may go on."""
    host = "https://idp.example.lg.jp/realms/osaka"
    said = {
        "issuer": host,
        "authorization_endpoint": f"{host}/auth",
        "token_endpoint": f"{host}/token",
        "jwks_uri": f"{host}/keys",
        **changes,
    }
    answer = httpx2.Response(200, json=said, request=httpx2.Request("GET", DISCOVERY))
    monkeypatch.setattr(httpx2, "get", lambda *_args, **_more: answer)
    try:
        provider._ask(DISCOVERY)
    except SignInRefusedError as error:
        return str(error)
    return ""


def test_a_provider_that_speaks_for_itself_is_gone_to(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _told(monkeypatch) == ""
    assert _told(monkeypatch, id_token_signing_alg_values_supported=["RS256"]) == ""


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("issuer", "https://idp.example.lg.jp/realms/other", "設定した接続先のものではない"),
        ("issuer", "https://idp.example.lg.jp/realms/osaka/", "設定した接続先のものではない"),
        ("token_endpoint", "https://evil.example/token", "設定した接続先のものではない"),
        ("jwks_uri", "http://idp.example.lg.jp/keys", "設定した接続先のものではない"),
        ("end_session_endpoint", "https://evil.example/", "設定した接続先のものではない"),
        ("id_token_signing_alg_values_supported", ["none", "RS256"], "署名を求めていません"),
    ],
)
def test_a_provider_that_speaks_for_another_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: object, words: str
) -> None:
    assert words in _told(monkeypatch, **{name: value})


def test_an_answer_that_is_no_description_is_no_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    for status, text in ((500, "{}"), (302, ""), (200, "<html>"), (200, "[]"), (200, "{}")):
        answer = httpx2.Response(status, text=text, request=httpx2.Request("GET", DISCOVERY))
        monkeypatch.setattr(httpx2, "get", lambda *_args, given=answer, **_more: given)
        with pytest.raises(SignInRefusedError, match="つながりません"):
            provider._ask(DISCOVERY)
