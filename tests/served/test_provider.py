"""Around Streamlit's sign-in addresses: every answer leads to our screen, cookies are bounded."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from core.settings import Settings
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
