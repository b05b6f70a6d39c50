"""Addresses other programs fetch: what they answer, to whom, and how often it is sent again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.types import Message

from core.access.principal import CONSOLE, Principal, Role
from core.commands.accounts import add_account, set_account_active
from core.commands.calendar_tokens import make_calendar_token, revoke_calendar_token
from core.commands.enrolments import enrol
from core.commands.trainings import cancel_training
from core.training.vocabulary import Audience
from core.views.calendar import calendar_tokens_view
from dashboard import context
from dashboard.served import calendar_feed, open_data
from tests.support.reference import REFERENCE
from tests.support.trainings import ADDRESS, an_applicant

OURS, NEIGHBOUR = "271004", "271403"


class Answer:
    """Status, headers and body of one request."""

    def __init__(self, messages: list[Message]) -> None:
        start = next(m for m in messages if m["type"] == "http.response.start")
        self.status = start["status"]
        self.headers = {k.decode(): v.decode() for k, v in start["headers"]}
        self.body = b"".join(m.get("body", b"") for m in messages)


@pytest.fixture
def ask(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> Iterator[Callable[..., Answer]]:
    monkeypatch.setattr(context, "engine", lambda: engine)
    monkeypatch.setattr(context, "now", lambda: now)
    caches = (calendar_feed._public_file, open_data._files_of, context.settings)
    for cache in caches:
        cache.cache_clear()
    app = Starlette(routes=[*calendar_feed.ROUTES, *open_data.ROUTES])

    def asked(path: str, query: str = "", method: str = "GET", **headers: str) -> Answer:
        messages: list[Message] = []
        named = [(k.replace("_", "-").encode(), v.encode()) for k, v in headers.items()]
        scope = {
            "type": "http", "method": method, "path": path, "raw_path": path.encode(),
            "query_string": query.encode(), "headers": named, "scheme": "http",
            "server": ("127.0.0.1", 8501), "root_path": "",
        }  # fmt: skip

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            messages.append(message)

        asyncio.run(app(scope, receive, send))
        return Answer(messages)

    yield asked
    for cache in caches:
        cache.cache_clear()


def test_the_feed_is_for_everybody_and_sent_again_only_when_it_changed(
    engine: Engine, ask: Callable[..., Answer], publish: Callable, secretariat: Principal,
    now: datetime,
) -> None:  # fmt: skip
    training_id, _ = publish()
    first = ask("/calendar.ics")
    assert first.status == 200
    assert first.headers["content-type"] == "text/calendar; charset=utf-8"
    assert first.body.count(b"BEGIN:VEVENT") == 1
    assert ADDRESS.encode() not in first.body
    again = ask("/calendar.ics", if_none_match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert ask("/calendar.ics", if_none_match=f'W/{first.headers["etag"]}, "x"').status == 304
    cancel_training(
        engine,
        secretariat,
        training_id=training_id,
        reason="台風",
        seen_version=2,
        reference=REFERENCE,
        now=now,
    )
    changed = ask("/calendar.ics", if_none_match=first.headers["etag"])
    assert (changed.status, b"STATUS:CANCELLED" in changed.body) == (200, True)
    assert ask("/calendar.ics", method="HEAD").status == 200


def test_a_draft_is_in_no_feed(
    engine: Engine, ask: Callable[..., Answer], secretariat: Principal, now: datetime
) -> None:
    from core.commands.trainings import create_training
    from tests.support.trainings import a_content

    create_training(
        engine, secretariat, content=a_content(), reference=REFERENCE, request_id="d", now=now
    )
    assert b"BEGIN:VEVENT" not in ask("/calendar.ics").body


def test_theme_and_audience_narrow_the_feed_and_unknown_ones_are_refused(
    ask: Callable[..., Answer], publish: Callable
) -> None:
    publish(theme="ai")
    publish(theme="chat", audience=None)
    assert ask("/calendar.ics", "theme=chat").body.count(b"BEGIN:VEVENT") == 1
    named = ask("/calendar.ics", f"audience={Audience.ALL_MUNICIPALITIES}")
    assert named.body.count(b"BEGIN:VEVENT") == 1
    refused = ask("/calendar.ics", "theme=%3Cscript%3E")
    assert refused.status == 400
    assert refused.headers["content-type"].startswith("text/plain")
    assert ask("/calendar.ics", "audience=everybody").status == 400


@pytest.fixture
def ours(engine: Engine, now: datetime) -> Principal:
    add_account(
        engine, CONSOLE, username="tanto", display_name="担当", role=Role.OFFICER, lg_code=OURS,
        known_codes=frozenset({OURS}), now=now,
    )  # fmt: skip
    return Principal("tanto", "担当", Role.OFFICER, OURS)


def test_a_personal_address_shows_ours_alone_and_names_nobody(
    engine: Engine, ask: Callable[..., Answer], ours: Principal, publish: Callable,
    officer: Callable, now: datetime,
) -> None:  # fmt: skip
    _, (mine,) = publish(title="申し込んだ研修")
    _, (theirs,) = publish(title="隣の研修")
    for number, (code, session_id) in enumerate(((OURS, mine), (NEIGHBOUR, theirs))):
        enrol(
            engine, officer(code), lg_code=code, session_id=session_id,
            applicants=[an_applicant(number)], reference=REFERENCE, request_id=f"e{number}", now=now,
        )  # fmt: skip
    token = make_calendar_token(engine, ours, lg_code=OURS, label="共有", now=now)
    answer = ask(f"/calendar/{token}.ics")
    text = answer.body.replace(b"\r\n ", b"").decode()
    assert answer.status == 200
    assert "申し込んだ研修" in text
    assert ADDRESS in text.replace("\\", "")
    assert not [word for word in ("隣の研修", "職員", "@city") if word in text]
    assert answer.headers["cache-control"] == "private, no-cache"
    assert answer.headers["x-robots-tag"] == "noindex"


def test_guessed_revoked_and_orphaned_addresses_are_all_not_found_alike(
    engine: Engine, ask: Callable[..., Answer], ours: Principal, now: datetime
) -> None:
    revoked, orphaned = (
        make_calendar_token(engine, ours, lg_code=OURS, label=label, now=now) for label in "ab"
    )
    first = next(t for t in calendar_tokens_view(engine, ours, lg_code=OURS) if t.label == "a")
    assert ask(f"/calendar/{revoked}.ics").status == 200
    revoke_calendar_token(engine, ours, lg_code=OURS, token_id=first.token_id, now=now)
    answers = [ask(f"/calendar/{revoked}.ics"), ask(f"/calendar/{first.token_id}.ics")]
    assert ask(f"/calendar/{orphaned}.ics").status == 200
    set_account_active(engine, CONSOLE, username="tanto", active=False, now=now)
    answers += [ask(f"/calendar/{orphaned}.ics"), ask("/calendar/x.ics"), ask("/calendar/%00.ics")]
    answers.append(ask(f"/calendar/{'a' * 5000}.ics"))
    assert {answer.status for answer in answers} == {404}
    assert len({answer.body for answer in answers}) == 1


def test_open_data_has_a_page_and_its_files_and_nothing_else(
    ask: Callable[..., Answer], held: None
) -> None:
    page = ask("/open-data/")
    assert page.status == 200
    for name in ("trainings.csv", "municipalities.csv", "participation.csv", "codebook.csv"):
        assert f'href="/open-data/{name}"' in page.body.decode()
        file = ask(f"/open-data/{name}")
        assert file.headers["content-type"] == "text/csv; charset=utf-8"
        assert ask(f"/open-data/{name}", if_none_match=file.headers["etag"]).status == 304
    assert ask("/open-data").status == 307
    assert ask("/open-data/accounts.csv").status == 404
    assert ask("/open-data/../data/sources.yaml").status == 404
