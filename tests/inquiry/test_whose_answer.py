"""Who may say what for a municipality: whoever is asked, with a second hand where it wants one."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from core.access.principal import Principal, Role
from core.commands import contacts, inquiries, responses
from core.contact.contact import ContactCard, ContactRole
from core.inquiry.composition import Audience
from core.inquiry.question import Question
from core.store.engine import reading
from core.store.inquiries import inquiry_of, response_of
from core.values.errors import ConflictError, InvalidInputError, PermissionDeniedError
from core.views.inquiries import answering_view, inquiry_view, our_inquiries_view
from tests.support.inquiry_functions import FUNCTIONS, given, inquiry_of_number
from tests.support.reference import REFERENCE
from tests.support.votes import Asked

OURS, OTHER, NOT_ASKED = tuple(REFERENCE.by_code)[:3]
WHY = Question("why", "text", "理由", not_applicable=True)
WHO = Question("who", "person", "担当者", required=False)
OFFICE = Principal("jimukyoku", "事務局", Role.SECRETARIAT)
OF_ONE = [each for each in FUNCTIONS if "lg_code" in inspect.signature(each).parameters]


def officer(code: str, name: str = "tanto") -> Principal:
    return Principal(f"{name}-{code}", "担当", Role.OFFICER, code)


@pytest.fixture
def asked(engine: Engine) -> Asked:
    return Asked(engine, WHY, WHO, towns=(OURS, OTHER))


def card(name: str, begins: date, ends: date | None = None) -> ContactCard:
    mail = f"{name}@city.example.lg.jp"
    return ContactCard(name, "DX推進課", mail, "", ContactRole.DEPUTY, begins, ends)


def test_somebody_whose_term_is_over_is_named_in_no_new_answer(asked: Asked) -> None:
    today = asked.now.date()
    keys = {
        name: asked.does(
            contacts.record_contact,
            officer(OURS),
            lg_code=OURS,
            form=card(name, begins, ends),
            reference=REFERENCE,
        )
        for name, begins, ends in (
            ("old", today - timedelta(days=90), today - timedelta(days=1)),
            ("last-day", today - timedelta(days=90), today),
            ("coming", today + timedelta(days=1), None),
        )
    }
    scope = answering_view(
        asked.engine,
        officer(OURS),
        REFERENCE,
        lg_code=OURS,
        inquiry_id=asked.number,
        now=asked.now,
        today=today,
    ).scope
    assert set(scope.people) == {keys["last-day"], keys["coming"]}
    assert set(scope.former) == {keys["old"]}
    with pytest.raises(InvalidInputError) as refused:
        asked.hands_in(OURS, why="x", who=keys["old"])
    assert set(refused.value.problems) == {"who"}
    asked.hands_in(OURS, why="x", who=keys["last-day"])


def test_who_was_named_and_left_since_is_still_said_by_name(asked: Asked) -> None:
    today = asked.now.date()
    form = card("taro", today - timedelta(days=90))
    who = asked.does(
        contacts.record_contact, officer(OURS), lg_code=OURS, form=form, reference=REFERENCE
    )
    asked.hands_in(OURS, why="x", who=who)
    asked.does(
        contacts.end_contact,
        officer(OURS),
        lg_code=OURS,
        contact_id=who,
        seen_version=1,
        ends=today,
    )
    asked.now += timedelta(days=1)
    scope = inquiry_view(
        asked.engine, OFFICE, REFERENCE, inquiry_id=asked.number, now=asked.now,
        today=asked.now.date(),
    ).scope  # fmt: skip
    assert who not in scope.people
    assert scope.former[who] == "DX推進課 taro(前任)"


@pytest.mark.parametrize("function", OF_ONE, ids=lambda each: each.__name__)
def test_who_was_not_asked_reaches_an_inquiry_by_nothing_that_takes_its_number(
    asked: Asked, function: Callable[..., Any]
) -> None:
    asked.hands_in(OURS, why="うちの理由")
    reference = (
        {"reference": REFERENCE} if "reference" in inspect.signature(function).parameters else {}
    )
    arguments = given(asked, function, NOT_ASKED) | reference
    said = []
    for who in (officer(NOT_ASKED), OFFICE):
        with pytest.raises((InvalidInputError, PermissionDeniedError)) as refused:
            function(asked.engine, who, **arguments)
        if isinstance(refused.value, InvalidInputError):
            said.append(refused.value.problems)
    unknown = {"inquiry_id": "この照会は見つかりません。画面を更新してください。"}
    assert said
    assert said == [unknown] * len(said)


def test_every_function_that_speaks_for_one_municipality_is_looked_at() -> None:
    names = {each.__name__ for each in OF_ONE}
    assert {"answering_view", "form_to_fill_view", "hand_in", "save_draft", "take_form"} <= names


def test_an_inquiry_that_is_not_published_is_there_for_nobody_asked(asked: Asked) -> None:
    draft = asked.does(
        inquiries.compose_inquiry,
        inquiry_id=0,
        composition=replace(inquiry_of_number(asked).composition, title="まだ"),
        seen_version=0,
    )
    with pytest.raises(InvalidInputError, match="見つかりません"):
        answering_view(
            asked.engine, officer(OURS), REFERENCE, lg_code=OURS, inquiry_id=draft, now=asked.now,
            today=asked.now.date(),
        )  # fmt: skip
    listed = our_inquiries_view(asked.engine, officer(OURS), lg_code=OURS, now=asked.now)
    assert [each.inquiry.inquiry_id for each in listed] == [asked.number]


def test_where_a_second_hand_is_wanted_nobody_hands_in_alone(asked: Asked) -> None:
    asked.does(responses.set_approval_rule, officer(OURS), lg_code=OURS, required=True)
    with pytest.raises(ConflictError, match="別のアカウントの確認が必要です"):
        asked.hands_in(OURS, why="ひとりで")
    asked.hands_in(OTHER, why="よその決まりは、うちの決まりではない")
    kept = {"lg_code": OURS, "inquiry_id": asked.number}
    late = {"reference": REFERENCE, "clock": lambda _: asked.now}
    asked.does(
        responses.ask_approval, officer(OURS), **kept, typed={"why": "ふたりで"}, seen_revision=0,
        seen_event=0, **late,
    )  # fmt: skip
    with reading(asked.engine) as session:
        (event,) = response_of(session, inquiry_of(session, asked.number), OURS).events
    with pytest.raises(ConflictError, match="確認を依頼した本人は確認できません"):
        asked.does(
            responses.confirm_answer, officer(OURS), **kept, seen_event=event.event_id, **late
        )
    asked.does(
        responses.confirm_answer, officer(OURS, "kacho"), **kept, seen_event=event.event_id, **late
    )
    asked.does(responses.set_approval_rule, officer(OURS), lg_code=OURS, required=False)
    asked.hands_in(OURS, why="またひとりで")


def test_a_browser_that_holds_a_discarded_draft_does_not_write_over_the_next_one(
    asked: Asked,
) -> None:
    kept = {"lg_code": OURS, "inquiry_id": asked.number}

    def saves(words: str, seen: int) -> int:
        revision: int = responses.save_draft(
            asked.engine, officer(OURS), **kept, typed={"why": words}, seen_revision=seen,
            reference=REFERENCE, now=asked.now,
        )  # fmt: skip
        return revision

    for _ in range(5):  # a number that began anew at one would meet the other within these
        held = saves("開いたままの画面", 0)
        asked.does(responses.discard_draft, officer(OURS), **kept, seen_revision=held)
        with pytest.raises(ConflictError, match="破棄されています"):
            saves("開いたままの画面から", held)
        begun = saves("新しい下書き", 0)
        with pytest.raises(ConflictError, match="この下書きを保存しています"):
            saves("開いたままの画面から", held)
        with pytest.raises(ConflictError, match="この下書きを保存しています"):
            asked.does(responses.discard_draft, officer(OURS), **kept, seen_revision=held)
        assert saves("続き", begun) == begun + 1
        asked.does(responses.discard_draft, officer(OURS), **kept, seen_revision=begun + 1)


def test_nobody_is_asked_further_once_an_inquiry_is_out(asked: Asked) -> None:
    inquiry = inquiry_of_number(asked)
    wider = replace(inquiry.composition, audience=Audience(), title="広げた照会")
    change = {"inquiry_id": asked.number, "reference": REFERENCE}
    seen = inquiry.version.version_id
    with pytest.raises(InvalidInputError) as refused:
        asked.does(inquiries.change_inquiry, **change, composition=wider, seen_version=seen)
    assert set(refused.value.problems) == {"audience"}
    asked.does(
        inquiries.change_inquiry,
        **change,
        composition=replace(inquiry.composition, title="名を変えた照会"),
        seen_version=seen,
    )
    assert inquiry_of_number(asked).audience == (OURS, OTHER)


def test_who_answered_what_is_now_asked_otherwise_looks_again_and_nobody_else(
    asked: Asked,
) -> None:
    def rows() -> dict[str, bool]:
        board = inquiry_view(
            asked.engine, OFFICE, REFERENCE, inquiry_id=asked.number, now=asked.now,
            today=asked.now.date(),
        ).board  # fmt: skip
        assert board is not None
        return {each.lg_code: each.look_again for each in board.rows}

    def changes(question: Question) -> None:
        inquiry = inquiry_of_number(asked)
        asked.does(
            inquiries.change_inquiry,
            inquiry_id=asked.number,
            composition=replace(inquiry.composition, questions=(question, WHO)),
            seen_version=inquiry.version.version_id,
            reference=REFERENCE,
        )

    asked.hands_in(OURS, why="前の問いへの答え")
    assert rows() == {OURS: False, OTHER: False}
    changes(replace(WHY, required=False))  # easier: nothing to look at
    assert rows() == {OURS: False, OTHER: False}
    changes(replace(WHY, label="困っている理由"))
    assert rows() == {OURS: True, OTHER: False}
    asked.hands_in(OTHER, why="新しい問いへの答え")
    assert rows() == {OURS: True, OTHER: False}
    asked.hands_in(OURS, why="前の問いへの答え")
    assert rows() == {OURS: False, OTHER: False}
