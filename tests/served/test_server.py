"""What the server does around the script: health, the cookie, the Japanese page, other hosts."""

from __future__ import annotations

import asyncio
import hashlib
import json
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route
from starlette.types import Message

from core.access.principal import CONSOLE, PUBLIC, Principal, Role
from core.commands.accounts import add_account, change_password, set_account_active
from core.commands.consultations import request_consultation
from core.commands.quotations import decide_quotation_consent, record_quotation
from core.commands.sessions import sign_in, sign_out
from core.consultation.attachment import OfferedFile
from core.consultation.request import RequestForm
from core.settings import Settings
from core.store.consultations import consultations
from core.store.engine import reading
from dashboard import context
from dashboard.frame.page_html import JapanesePage
from dashboard.kit.ticket import TICKETS
from dashboard.served import attachments, map_file, session
from dashboard.served.headers import Guarding
from tests.support.quotations import A_PRICE
from tests.support.reference import REFERENCE


class Answer:
    """Status, headers and body of one request made to an ASGI application."""

    def __init__(self, messages: list[Message]) -> None:
        start = next(m for m in messages if m["type"] == "http.response.start")
        self.status = start["status"]
        self.headers = [(k.decode(), v.decode()) for k, v in start["headers"]]
        self.body = b"".join(m.get("body", b"") for m in messages)

    def header(self, name: str) -> str:
        return dict(self.headers).get(name, "")


def ask(
    app: Starlette, path: str, method: str = "GET", body: bytes = b"", **headers: str
) -> Answer:
    messages: list[Message] = []
    named = [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", b"127.0.0.1:8501"), *named],
        "scheme": "http",
        "server": ("127.0.0.1", 8501),
        "root_path": "",
    }

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        messages.append(message)

    asyncio.run(app(scope, receive, send))
    return Answer(messages)


@pytest.fixture
def app(engine: Engine, monkeypatch: pytest.MonkeyPatch, now: datetime) -> Starlette:
    monkeypatch.setattr(context, "engine", lambda: engine)
    monkeypatch.setattr(context, "now", lambda: now)
    routes = [
        *attachments.ROUTES,
        *map_file.ROUTES,
        *session.ROUTES,
        Route("/", lambda _: HTMLResponse('<html lang="en"><head></head></html>')),
        Route("/app.js", lambda _: PlainTextResponse('<html lang="en">')),
    ]
    return Starlette(routes=routes, middleware=[Middleware(Guarding), Middleware(JapanesePage)])


@pytest.fixture
def token(engine: Engine, secretariat: Principal, now: datetime) -> str:
    password = add_account(
        engine,
        secretariat,
        username="viewer-1",
        display_name="閲覧",
        role=Role.VIEWER,
        lg_code=None,
        known_codes=frozenset(),
        now=now,
    )
    return sign_in(engine, PUBLIC, username="viewer-1", password=password, now=now)


SAME = "http://127.0.0.1:8501"


def body_for(token: str) -> bytes:
    return json.dumps({"ticket": TICKETS.issue(token)}).encode()


def test_the_cookie_of_a_live_session_is_httponly_and_strict(app: Starlette, token: str) -> None:
    answer = ask(app, "/session", "POST", body_for(token), origin=SAME)
    cookie = answer.header("set-cookie")
    assert answer.status == 204
    assert cookie.startswith(f"{context.COOKIE}={token}")
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))


def test_no_cookie_for_a_token_that_does_not_hold(
    app: Starlette, token: str, engine: Engine, secretariat: Principal, now: datetime
) -> None:
    invented = ask(app, "/session", "POST", b'{"ticket":"x"}', origin=SAME)
    plain = ask(app, "/session", "POST", f'{{"ticket":"{token}"}}'.encode(), origin=SAME)
    body = body_for(token)
    assert ask(app, "/session", "POST", body, origin=SAME).status == 204
    again = ask(app, "/session", "POST", body, origin=SAME)
    set_account_active(engine, secretariat, username="viewer-1", active=False, now=now)
    ended = ask(app, "/session", "POST", body_for(token), origin=SAME)
    for answer in (invented, plain, again, ended):
        assert (answer.status, answer.header("set-cookie")) == (403, "")


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:9999"])
def test_another_site_cannot_set_or_clear_the_cookie(
    app: Starlette, token: str, origin: str
) -> None:
    for body in (body_for(token), b'{"ticket":""}'):
        answer = ask(app, "/session", "POST", body, origin=origin)
        assert (answer.status, answer.header("set-cookie")) == (403, "")


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff", b'"text"'])
def test_a_broken_request_is_400(app: Starlette, body: bytes) -> None:
    assert ask(app, "/session", "POST", body, origin=SAME).status == 400


def test_an_empty_ticket_takes_the_cookie_away(app: Starlette) -> None:
    answer = ask(app, "/session", "POST", b'{"ticket":""}', origin=SAME)
    assert answer.status == 204
    assert "Max-Age=0" in answer.header("set-cookie")


def test_the_page_is_japanese(app: Starlette) -> None:
    answer = ask(app, "/")
    assert b'<html lang="ja">' in answer.body
    assert int(answer.header("content-length")) == len(answer.body)


def test_only_pages_are_answered(app: Starlette) -> None:
    assert ask(app, "/app.js").body == b'<html lang="en">'
    assert ask(app, "/plans").body == ask(app, "/").body


def test_the_page_streamlit_ships_still_has_what_is_replaced() -> None:
    """A new Streamlit that writes its start page otherwise must not pass unnoticed."""
    import streamlit

    from dashboard.frame import page_html

    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text("utf-8")
    for old, _ in page_html._REPLACEMENTS:
        assert old in page
    for begins, ends in page_html._LEFT_OUT:
        shorter = page_html._without(page, begins, ends)
        assert len(shorter) < len(page)
        page = shorter
    assert "<script>" not in page  # the policy would refuse it
    assert "openapi" not in page


def test_the_map_is_kept_by_the_browser_under_an_address_of_its_content(app: Starlette) -> None:
    answer = ask(app, map_file.map_address())
    assert answer.status == 200
    assert answer.header("cache-control") == "public, max-age=31536000, immutable"
    assert answer.header("content-type") == "application/json"
    shapes = json.loads(answer.body)["objects"]["municipalities"]["geometries"]
    assert {shape["id"] for shape in shapes} == set(REFERENCE.by_code)
    digest = hashlib.sha256(answer.body).hexdigest()
    assert map_file.map_address() == f"/map/municipalities.{digest[:16]}.topojson"


def test_an_address_of_an_earlier_map_leads_to_the_present_one(app: Starlette) -> None:
    answer = ask(app, "/map/municipalities.0123456789abcdef.topojson")
    assert (answer.status, answer.header("location")) == (307, map_file.map_address())
    assert answer.header("cache-control") == "no-store"


def test_the_map_stands_below_the_path_readers_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        context, "settings", lambda: Settings(base_url="https://example.lg.jp/noriai/")
    )
    assert map_file.map_address().startswith("/noriai/map/municipalities.")


SAKAI, HIRAKATA = "271403", "272108"


def _signed_in(
    engine: Engine, username: str, role: Role, lg_code: str | None, now: datetime
) -> str:
    password = add_account(
        engine,
        CONSOLE,
        username=username,
        display_name=username,
        role=role,
        lg_code=lg_code,
        known_codes=frozenset({SAKAI, HIRAKATA}),
        now=now,
    )
    who = Principal(username, "", role, lg_code, must_change_password=True)
    new = "ふたりでのる電車2026"
    change_password(engine, who, current=password, new=new, repeated=new, now=now)
    return sign_in(engine, PUBLIC, username=username, password=new, now=now)


def _asked_with_a_file(engine: Engine, lg_code: str, now: datetime) -> int:
    request_consultation(
        engine,
        Principal("tanto", "担当", Role.OFFICER, lg_code),
        lg_code=lg_code,
        form=RequestForm(
            "daily_work", "件名", "内容", "", "written", (), "", "課", "担当", "a@b.lg.jp", ""
        ),
        files=[OfferedFile("見積書(案).pdf", b"%PDF-1.7 " + lg_code.encode() + b"%%EOF")],
        reference=REFERENCE,
        request_id=lg_code,
        now=now,
    )
    with reading(engine) as session:
        return consultations(session, lg_code)[0].attachments[0].attachment_id


def test_a_file_leaves_for_its_own_side_only_and_all_others_read_the_same(
    app: Starlette, engine: Engine, now: datetime
) -> None:
    files = {code: _asked_with_a_file(engine, code, now) for code in (SAKAI, HIRAKATA)}
    cookies = {
        "public": "",
        "made up": "x" * 43,
        "viewer": _signed_in(engine, "etsuran", Role.VIEWER, None, now),
        "officer": _signed_in(engine, "sakai", Role.OFFICER, SAKAI, now),
        "office": _signed_in(engine, "jimukyoku", Role.SECRETARIAT, None, now),
    }
    refusals = set()
    for reader, token in cookies.items():
        for code in (SAKAI, HIRAKATA, "000000"):
            for number in (*files.values(), 0, 999, 10**30):
                answer = ask(
                    app, f"/attachments/{code}/{number}", cookie=f"{context.COOKIE}={token}"
                )
                mine = reader == "office" or (reader == "officer" and code == SAKAI)
                if mine and files.get(code) == number:
                    assert answer.status == 200
                    assert answer.body == b"%PDF-1.7 " + code.encode() + b"%%EOF"
                    assert answer.header("content-type") == "application/pdf"
                    assert answer.header("x-content-type-options") == "nosniff"
                    assert answer.header("cache-control") == "private, no-store"
                    assert answer.header("content-disposition") == (
                        "attachment; filename*=UTF-8''"
                        "%E8%A6%8B%E7%A9%8D%E6%9B%B8%28%E6%A1%88%29.pdf"
                    )
                else:
                    assert answer.status == 404
                    refusals.add(answer.body)
    assert len(refusals) == 1
    sign_out(engine, Principal("sakai", "", Role.OFFICER, SAKAI), now=now)
    gone = ask(
        app, f"/attachments/{SAKAI}/{files[SAKAI]}", cookie=f"{context.COOKIE}={cookies['officer']}"
    )
    assert (gone.status, gone.body) == (404, next(iter(refusals)))


def test_a_file_of_a_quotation_leaves_for_its_own_side_only(
    app: Starlette, engine: Engine, now: datetime
) -> None:
    for number, code in enumerate((SAKAI, HIRAKATA), start=1):
        who = Principal("tanto", "担当", Role.OFFICER, code)
        quotation = record_quotation(
            engine, who, lg_code=code, price=A_PRICE,
            files=[OfferedFile("見積.pdf", b"%PDF-1.7 " + code.encode() + b"%%EOF")],
            reference=REFERENCE, request_id=code, now=now,
        )  # fmt: skip
        decide_quotation_consent(  # the price may be seen by name; the file stays where it is
            engine, who, lg_code=code, quotation_id=quotation, agreed=True,
            seen_event=quotation, request_id=code + "x", now=now,
        )  # fmt: skip
        assert quotation == number
    cookies = {
        "public": "",
        "viewer": _signed_in(engine, "etsuran", Role.VIEWER, None, now),
        "officer": _signed_in(engine, "sakai", Role.OFFICER, SAKAI, now),
        "office": _signed_in(engine, "jimukyoku", Role.SECRETARIAT, None, now),
    }
    files = {SAKAI: 1, HIRAKATA: 2}
    for reader, token in cookies.items():
        for code in files:
            for number in (*files.values(), 0, 3, 10**30):
                cookie = f"{context.COOKIE}={token}"
                answer = ask(app, f"/attachments/quotations/{code}/{number}", cookie=cookie)
                mine = reader == "office" or (reader == "officer" and code == SAKAI)
                found = mine and files[code] == number
                assert answer.status == (200 if found else 404), (reader, code, number)
                assert (code.encode() in answer.body) == found
