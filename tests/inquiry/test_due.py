"""照会の締切: on a municipality's home and in its calendar, moved with the deadline."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import Engine

from core.access.principal import CONSOLE, PUBLIC, Role
from core.commands.accounts import add_account
from core.commands.calendar_tokens import make_calendar_token
from core.commands.inquiries import take_inquiry_step
from core.exports.calendar import personal_calendar
from core.inquiry.round import InquiryStep
from core.store.engine import reading
from core.store.inquiries import inquiry_of
from core.values.fiscal import FiscalYear
from core.views.calendar import personal_calendar_view
from core.views.home import home_view
from tests.support.inquiries import CLOSES, OFFICE, TITLE, does, handed_in, officer, published
from tests.support.reference import REFERENCE
from tests.support.screens import HIRAKATA, SAKAI, TODAY, japan_now

LAST = (CLOSES - timedelta(days=1)).date()
NOBODY = "271004"  # 大阪市, which is not asked


def duties(engine: Engine, code: str, day: date = TODAY) -> list:
    answer = home_view(engine, officer(code), REFERENCE, as_of=day, fiscal_year=FiscalYear(2027))
    return [duty for duty in answer.duties if duty.page == "inquiries"]


def calendar(engine: Engine, code: str) -> bytes:
    add_account(
        engine,
        CONSOLE,
        username=f"tanto-{code}",
        display_name="担当",
        role=Role.OFFICER,
        lg_code=code,
        known_codes=frozenset({code}),
        now=japan_now(),
    )
    who = officer(code, f"tanto-{code}")
    token = make_calendar_token(engine, who, lg_code=code, label="Outlook", now=japan_now())
    return token.encode()


def events_of(engine: Engine, token: bytes) -> str:
    found = personal_calendar_view(engine, PUBLIC, REFERENCE, token=token.decode(), as_of=TODAY)
    body = personal_calendar(
        found.entries, found.days, "堺市", link=str, day_link=str, window_link=str,
        inquiry_link=lambda number: f"https://noriai.example/inquiries?inquiry={number}",
        visit_link=lambda *_: "",
        reference=REFERENCE, made_up=False,
    ).body  # fmt: skip
    return body.replace(b"\r\n ", b"").decode()


def test_home_says_what_is_due_until_it_is_in_and_again_when_it_comes_back(engine: Engine) -> None:
    number = published(engine)
    [duty] = duties(engine, SAKAI)
    assert (duty.day, duty.title, duty.go) == (LAST, f"照会「{TITLE}」", "回答する")
    assert duty.query == {"inquiry": str(number)}
    assert "24:00・まだ提出していません" in duty.text
    assert duties(engine, NOBODY) == []
    assert len(duties(engine, SAKAI, LAST)) == 1
    assert duties(engine, SAKAI, LAST + timedelta(days=1)) == []
    handed_in(engine, number)
    assert duties(engine, SAKAI) == []
    assert len(duties(engine, HIRAKATA)) == 1


def test_the_deadline_stands_in_the_calendar_of_whoever_is_asked_and_moves(engine: Engine) -> None:
    number = published(engine)
    token, other = calendar(engine, SAKAI), calendar(engine, NOBODY)
    text = events_of(engine, token)
    assert f"SUMMARY:照会の締切「{TITLE}」" in text
    assert f"DTSTART;VALUE=DATE:{LAST:%Y%m%d}" in text
    assert f"inquiry={number}" in text
    assert "回答: 未着手" in text
    assert "照会の締切" not in events_of(engine, other)
    handed_in(engine, number)
    assert "回答: 提出" in events_of(engine, token)
    with reading(engine) as session:
        seen = inquiry_of(session, number).events[-1].event_id
    later = CLOSES + timedelta(days=3)
    step(engine, number, InquiryStep.EXTENDED, later, seen)
    moved = events_of(engine, token)
    assert f"DTSTART;VALUE=DATE:{LAST + timedelta(days=3):%Y%m%d}" in moved
    assert "SEQUENCE:3" in moved
    step(engine, number, InquiryStep.WITHDRAWN, None, seen + 1)
    assert "STATUS:CANCELLED" in events_of(engine, token)


def step(
    engine: Engine, number: int, which: InquiryStep, closes_at: datetime | None, seen: int
) -> None:
    does(
        engine,
        take_inquiry_step,
        OFFICE,
        inquiry_id=number,
        step=which,
        closes_at=closes_at,
        reason="都合により",
        seen_event=seen,
        reference=REFERENCE,
        clock=lambda _: japan_now(),
    )
