"""``/session/…``: what the browser learns of its sign-in, keeps it by, wakes it with, is known by."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from starlette.applications import Starlette

from core.access.account import SESSION_LASTS, browser_secret
from core.access.limit import KNOWN_FOR, LIMITS, LimitKind
from core.access.principal import PUBLIC, Role
from core.settings import Settings
from core.views.session import session_view
from dashboard import context
from dashboard.kit.making import NoLongerWantedError, making, step
from dashboard.kit.ticket import TICKETS
from dashboard.served import session, session_life
from tests.served.test_server import SAKAI, SAME, Answer, _signed_in, ask

PASSWORD = "ふたりでのる電車2026"
IDLE, HALF = timedelta(minutes=60), timedelta(minutes=30)


@dataclass
class Browser:
    """One browser with the cookie of a sign-in, at a moment that passes."""

    app: Starlette
    engine: Engine
    token: str
    now: datetime

    def asks(self, what: str, method: str = "POST", body: object = None, **headers: str) -> Answer:
        given = {"cookie": f"{context.cookie_name()}={self.token}", "origin": SAME} | headers
        sent = body if isinstance(body, bytes) else json.dumps(body).encode()
        return ask(self.app, f"/session/{what}", method, sent, **given)

    def life(self) -> dict[str, object]:
        answer = self.asks("life", "GET")
        assert (answer.status, answer.header("cache-control")) == (200, "no-store")
        return dict(json.loads(answer.body))

    def holds(self) -> bool:
        return session_view(self.engine, PUBLIC, token=self.token, now=self.now) != PUBLIC


@pytest.fixture
def browser(engine: Engine, monkeypatch: pytest.MonkeyPatch, now: datetime) -> Browser:
    app = Starlette(routes=[*session.ROUTES, *session_life.ROUTES])
    found = Browser(app, engine, _signed_in(engine, "tanto", Role.OFFICER, SAKAI, now), now)
    monkeypatch.setattr(context, "engine", lambda: engine)
    monkeypatch.setattr(context, "now", lambda: found.now)
    return found


def test_what_is_left_is_told_and_asking_is_no_use(browser: Browser) -> None:
    left = SESSION_LASTS.total_seconds()
    assert browser.life() == {"state": "awake", "idle": 3600.0, "left": left, "password": True}
    browser.now += HALF
    assert browser.life() == {
        "state": "awake",
        "idle": 1800.0,
        "left": left - 1800,
        "password": True,
    }
    browser.now += HALF
    assert browser.life() == {"state": "asleep", "idle": 0.0, "left": left - 3600, "password": True}
    browser.now += SESSION_LASTS
    assert browser.life() == {"state": None, "idle": 0.0, "left": 0.0, "password": True}
    assert json.loads(browser.asks("life", "GET", cookie="").body)["state"] is None


def test_a_file_on_its_way_is_told_to_whom_it_is_for_and_ends_when_nobody_waits(
    browser: Browser,
) -> None:
    def files(**headers: str) -> list[dict[str, object]]:
        return list(json.loads(browser.asks("making", "GET", **headers).body)["files"])

    mine = context.holder_of(browser.token)
    with suppress(NoLongerWantedError), making(mine, "会議資料"):
        step("3枚目")
        [found] = files()
        assert (found["label"], found["step"]) == ("会議資料", "3枚目")
        assert files(cookie="") == []
        assert browser.asks("leave", body=found, origin="https://example.com").status == 403
        assert browser.asks("leave", body={"number": "x"}).status == 400
        assert browser.asks("leave", body=found, cookie="").status == 204
        step("4枚目")  # whose it is not has left nothing
        assert browser.asks("leave", body=found).status == 204
        assert files() == []
        with pytest.raises(NoLongerWantedError):
            step("5枚目")
    with making(mine, "Excel"):  # what was left is over
        assert [each["label"] for each in files()] == ["Excel"]
    assert files() == []


def test_somebody_being_there_lengthens_it_and_wakes_nothing(browser: Browser) -> None:
    browser.now += HALF
    assert json.loads(browser.asks("keep").body)["idle"] == 3600.0
    browser.now += IDLE
    assert json.loads(browser.asks("keep").body)["state"] == "asleep"
    assert not browser.holds()


def test_the_password_wakes_it(browser: Browser) -> None:
    browser.now += 2 * IDLE
    wrong = browser.asks("wake", body={"password": "ちがう"})
    assert wrong.status == 403
    assert "確認してください" in json.loads(wrong.body)["message"]
    assert not browser.holds()
    right = browser.asks("wake", body={"password": PASSWORD})
    assert (right.status, json.loads(right.body)["state"]) == (200, "awake")
    assert browser.holds()


def test_waking_is_limited_and_says_how_long(browser: Browser) -> None:
    browser.now += 2 * IDLE
    for _ in range(LIMITS[LimitKind.PAIR].free):
        browser.asks("wake", body={"password": "ちがう"})
    answer = browser.asks("wake", body={"password": PASSWORD})
    assert answer.status == 403
    assert "あと60秒は試せません" in json.loads(answer.body)["message"]


def test_what_has_ended_is_said_to_have(browser: Browser) -> None:
    browser.now += SESSION_LASTS
    answer = browser.asks("wake", body={"password": PASSWORD})
    assert answer.status == 409
    assert "サインインし直してください" in json.loads(answer.body)["message"]


@pytest.mark.parametrize("what", ["keep", "wake"])
@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:9999", ""])
def test_another_site_neither_keeps_nor_wakes(browser: Browser, what: str, origin: str) -> None:
    browser.now += HALF
    answer = browser.asks(what, body={"password": PASSWORD}, origin=origin)
    assert answer.status == 403
    assert browser.life()["idle"] == 1800.0


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b"\xff", b'"text"', b"[" * 4000],
)
def test_what_is_no_password_is_400(browser: Browser, body: bytes) -> None:
    assert browser.asks("wake", body=body).status == 400


def cookies(answer: Answer) -> dict[str, str]:
    set_ = [value for name, value in answer.headers if name == "set-cookie"]
    return {value.partition("=")[0]: value for value in set_}


def hand_over(browser: Browser, **headers: str) -> Answer:
    body = json.dumps({"ticket": TICKETS.issue(browser.token)}).encode()
    return ask(browser.app, "/session", "POST", body, origin=SAME, **headers)


def test_a_browser_that_signs_in_is_known_from_then_on(browser: Browser) -> None:
    known = cookies(hand_over(browser))["noriai_browser"]
    assert known.startswith(f"noriai_browser={browser_secret(browser.token)};")
    assert f"Max-Age={int(KNOWN_FOR.total_seconds())}" in known
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(known.split("; "))
    assert browser.token not in known


def test_it_keeps_the_secret_it_has_and_takes_none_that_is_none(browser: Browser) -> None:
    mine = browser_secret("of somebody before")
    assert (
        f"noriai_browser={mine};"
        in cookies(hand_over(browser, cookie=f"noriai_browser={mine}"))["noriai_browser"]
    )
    made_up = cookies(hand_over(browser, cookie="noriai_browser=x"))["noriai_browser"]
    assert browser_secret(browser.token) in made_up


def test_signing_out_leaves_the_browser_known(browser: Browser) -> None:
    answer = ask(browser.app, "/session", "POST", b'{"ticket":""}', origin=SAME)
    assert set(cookies(answer)) == {"noriai_session"}


def test_behind_tls_no_other_host_can_set_either(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(context, "settings", lambda: Settings(base_url="https://noriai.example"))
    found = cookies(hand_over(browser))
    assert set(found) == {"__Host-noriai_session", "__Host-noriai_browser"}
    for cookie in found.values():
        assert {"Secure", "Path=/", "HttpOnly"} <= set(cookie.split("; "))
        assert "Domain" not in cookie
    assert browser.life()["state"] == "awake"
    away = cookies(ask(browser.app, "/session", "POST", b'{"ticket":""}', origin=SAME))
    assert "Secure" in away["__Host-noriai_session"]
