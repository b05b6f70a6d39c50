"""An inquiry under the screens: composed and published as the secretariat does, answered by officers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine

from core.access.principal import CONSOLE, PUBLIC, Principal, Role
from core.commands import inquiries, responses
from core.commands.accounts import add_account, change_password
from core.commands.sessions import sign_in
from core.inquiry.composition import Audience, AudienceKind, Composition
from core.inquiry.question import Condition, Question
from core.inquiry.response import Receipt
from core.values.fiscal import JAPAN
from tests.support.reference import REFERENCE
from tests.support.screens import HIRAKATA, PASSWORD, SAKAI, TODAY, japan_now

OFFICE = Principal("test-secretariat", "事務局", Role.SECRETARIAT)
TITLE = "DX人材の状況"
QUESTIONS = (
    Question("why", "text", "困っていること", help="採用・育成のどちらでも", not_applicable=True),
    Question("ai", "yes_no", "生成AIを使っていますか"),
    Question("cost", "yen", "利用料の予算", condition=Condition("ai", ("yes",))),
    Question("plan", "file", "計画書", required=False),
)
FULL = {"why": "応募がない", "ai": "yes", "cost": "120万"}
CLOSES = datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=JAPAN) + timedelta(days=6)


def officer(code: str = SAKAI, name: str = "test-officer") -> Principal:
    return Principal(name, "担当", Role.OFFICER, code)


def does(engine: Engine, command: Any, who: Principal, **given: Any) -> Any:
    return command(engine, who, request_id=uuid4().hex, now=japan_now(), **given)


def published(engine: Engine, *, title: str = TITLE, closes: datetime = CLOSES, **more: Any) -> int:
    """Number of an inquiry that asks 堺市 and 枚方市."""
    composition = Composition(
        title,
        2026,
        japan_now() - timedelta(days=1),
        closes,
        Audience(AudienceKind.LIST, codes=(SAKAI, HIRAKATA)),
        why="総務省の<照会>による",
        **{"questions": QUESTIONS} | more,
    )
    made = does(
        engine,
        inquiries.compose_inquiry,
        OFFICE,
        inquiry_id=0,
        composition=composition,
        seen_version=0,
    )
    does(
        engine,
        inquiries.publish_inquiry,
        OFFICE,
        inquiry_id=made,
        seen_version=_last_version(engine, made),
        reference=REFERENCE,
    )
    return int(made)


def _last_version(engine: Engine, inquiry_id: int) -> int:
    from core.store.engine import reading
    from core.store.inquiries import inquiry_of

    with reading(engine) as session:
        return inquiry_of(session, inquiry_id).versions[-1].version_id


def handed_in(
    engine: Engine, inquiry_id: int, code: str = SAKAI, typed: Any = None, seen: int = 0
) -> Receipt:
    receipt: Receipt = does(
        engine,
        responses.hand_in,
        officer(code),
        lg_code=code,
        inquiry_id=inquiry_id,
        typed=typed or FULL,
        seen_revision=0,
        seen_event=seen,
        reference=REFERENCE,
        clock=lambda _: japan_now(),
    )
    return receipt


def colleague(engine: Engine, code: str = SAKAI, username: str = "kacho") -> str:
    """A token of a second account of a municipality."""
    first = add_account(
        engine,
        CONSOLE,
        username=username,
        display_name="課長",
        role=Role.OFFICER,
        lg_code=code,
        known_codes=frozenset({code}),
        now=japan_now(),
    )
    change_password(
        engine,
        Principal(username, "", Role.OFFICER, code, must_change_password=True),
        current=first,
        new=PASSWORD,
        repeated=PASSWORD,
        now=japan_now(),
    )
    return sign_in(engine, PUBLIC, username=username, password=PASSWORD, now=japan_now())
