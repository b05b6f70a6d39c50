"""The wishes of 2023 asked again by an inquiry: 13 municipalities, 4·3·1·5·3·7·1 plans, before and after
their councils voted.

Expected figures are those of the founding document, written here by hand.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from core.access.principal import Principal, Role
from core.commands import inquiries, responses
from core.inquiry.composition import Audience, AudienceKind, Composition
from core.inquiry.kinds.plan_wishes import wishes_of
from core.inquiry.question import Question
from core.inquiry.response import ResponseState
from core.support.wish import WishState
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import JAPAN
from core.views.inquiries import answering_view, inquiry_view, tally_view
from core.views.response_receipts import receipt_check_view
from tests.support.reference import REFERENCE

OFFICE = Principal("jimukyoku", "事務局", Role.SECRETARIAT)
OPENS = datetime(2022, 10, 3, 9, 0, tzinfo=JAPAN)
CLOSES = datetime(2022, 11, 1, 0, 0, tzinfo=JAPAN)
THIRTEEN = tuple(REFERENCE.by_code)[:13]
PRINTED = {1: 4, 2: 3, 3: 1, 4: 5, 5: 3, 6: 7, 7: 1}
WISHED = (  # which municipality wished which is not published: one way to come to the printed sums
    (6,), (6,), (6,), (6,), (6,), (6,), (6, 4), (4, 1), (4, 1), (4, 1), (4, 1, 5, 2), (5, 2, 3), (5, 2, 7),
)  # fmt: skip


def officer(code: str) -> Principal:
    return Principal(f"tanto-{code}", "担当", Role.OFFICER, code)


class Round:
    """The inquiry and short ways to its commands."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.now, self.count = engine, OPENS, 0
        question = Question(
            "plans", "plan_wishes", "希望するプラン", not_applicable=True, fiscal_year=2023
        )
        composition = Composition(
            "令和5年度 デジタル人材シェアリング事業の希望調査",
            2022,
            OPENS,
            CLOSES,
            Audience(AudienceKind.LIST, codes=THIRTEEN),
            questions=(question,),
        )
        self.inquiry_id = self.does(
            inquiries.compose_inquiry,
            OFFICE,
            inquiry_id=0,
            composition=composition,
            seen_version=0,
        )
        self.does(
            inquiries.publish_inquiry,
            OFFICE,
            inquiry_id=self.inquiry_id,
            seen_version=1,
            reference=REFERENCE,
        )

    def does(self, command: Any, who: Principal, **arguments: Any) -> Any:
        self.count += 1
        return command(self.engine, who, request_id=f"r{self.count}", now=self.now, **arguments)

    def hands_in(self, code: str, state: WishState, plans: tuple[int, ...]) -> Any:
        typed = {"plans": [{"plan": plan, "visits": 12, "state": state.value} for plan in plans]}
        seen = self.answering(code).response.last
        return self.does(
            responses.hand_in,
            officer(code),
            lg_code=code,
            inquiry_id=self.inquiry_id,
            typed=typed,
            seen_revision=0,
            seen_event=seen.event_id if seen else 0,
            reference=REFERENCE,
            clock=lambda _: self.now,
        )

    def answering(self, code: str) -> Any:
        return answering_view(
            self.engine,
            officer(code),
            REFERENCE,
            lg_code=code,
            inquiry_id=self.inquiry_id,
            now=self.now,
            today=self.now.date(),
        )

    def board(self) -> Any:
        found = inquiry_view(
            self.engine,
            OFFICE,
            REFERENCE,
            inquiry_id=self.inquiry_id,
            now=self.now,
            today=self.now.date(),
        )
        return found.board

    def tally(self) -> Any:
        (found,) = tally_view(
            self.engine,
            OFFICE,
            REFERENCE,
            inquiry_id=self.inquiry_id,
            today=self.now.date(),
        ).questions
        return found


@pytest.fixture
def asked(engine: Engine) -> Round:
    return Round(engine)


def test_the_printed_round_adds_up_before_and_after_the_councils(asked: Round) -> None:
    assert Counter(plan for plans in WISHED for plan in plans) == PRINTED
    for code, plans in zip(THIRTEEN, WISHED, strict=True):
        asked.hands_in(code, WishState.BUDGET_REQUESTED, plans)
    tally = asked.tally()
    assert {line.key: line.value for line in tally.lines} == {
        str(plan): many for plan, many in PRINTED.items()
    }
    assert (len(tally.answered), len(tally.unanswered), tally.everybody) == (13, 0, 13)
    offers = REFERENCE.plan_offers(REFERENCE.fiscal_year)
    visits = sum(
        wish.visits
        for row in asked.board().rows
        for wish in wishes_of(row.response.counted.answers["plans"])
    )
    assert len(offers.plans) == 7
    assert visits == 24 * 12
    assert visits * 100_000 == 28_800_000
    assert visits * 100_000 // 2 == 14_400_000

    asked.now += timedelta(days=20)  # 議会の議決前につき変動
    asked.hands_in(THIRTEEN[0], WishState.CONSIDERING, (6,))
    tally = asked.tally()
    six = next(line for line in tally.lines if line.key == "6")
    assert (six.value, six.note) == (6, "72回、ほかに検討中 1団体")
    assert len(asked.answering(THIRTEEN[0]).response.handed_in) == 2


def test_the_four_kinds_of_nothing_stay_apart(asked: Round) -> None:
    one, two, three, four = THIRTEEN[:4]
    asked.hands_in(one, WishState.WISHED, (6,))
    typed = {"plans": {"not_applicable": True}}
    given = {"inquiry_id": asked.inquiry_id, "seen_event": 0, "reference": REFERENCE}
    given |= {"clock": lambda _: asked.now, "seen_revision": 0}
    asked.does(responses.hand_in, officer(two), lg_code=two, typed=typed, **given)
    with pytest.raises(InvalidInputError, match="設問1「希望するプラン」に回答してください"):
        asked.does(responses.hand_in, officer(three), lg_code=three, typed={}, **given)
    responses.save_draft(
        asked.engine,
        officer(four),
        lg_code=four,
        inquiry_id=asked.inquiry_id,
        typed={"plans": "いま書いている"},
        seen_revision=0,
        reference=REFERENCE,
        now=asked.now,
    )
    tally = asked.tally()
    assert tally.answered == (one,)
    assert tally.not_applicable == (two,)
    assert tally.unanswered == THIRTEEN[2:]
    states = {row.lg_code: row.state for row in asked.board().rows}
    assert states[one] is states[two] is ResponseState.HANDED_IN
    assert states[three] is ResponseState.UNTOUCHED
    assert states[four] is ResponseState.DRAFT


def test_the_clock_of_the_database_closes_the_round_and_a_return_opens_it_for_one(
    asked: Round,
) -> None:
    one, two = THIRTEEN[:2]
    asked.hands_in(one, WishState.WISHED, (6,))
    asked.now = CLOSES - timedelta(microseconds=1)
    asked.hands_in(two, WishState.WISHED, (6,))
    asked.now = CLOSES
    with pytest.raises(ConflictError, match="締切\\(2022-10-31 24:00\\)を過ぎた"):
        asked.hands_in(one, WishState.WISHED, (4,))
    last = asked.answering(one).response.last.event_id
    asked.does(
        responses.return_answer,
        OFFICE,
        lg_code=one,
        inquiry_id=asked.inquiry_id,
        reason="プランを確かめてください",
        seen_event=last,
        clock=lambda _: asked.now,
    )
    assert asked.tally().unanswered == (one, *THIRTEEN[2:])
    asked.hands_in(one, WishState.WISHED, (4,))
    states = {row.lg_code: row.state for row in asked.board().rows}
    assert (states[one], states[two]) == (ResponseState.LATE, ResponseState.HANDED_IN)
    with pytest.raises(ConflictError):
        asked.hands_in(two, WishState.WISHED, (4,))


def test_a_receipt_is_checked_against_what_is_kept(asked: Round) -> None:
    one, two = THIRTEEN[:2]
    first = asked.hands_in(one, WishState.WISHED, (6,))
    asked.hands_in(one, WishState.WISHED, (4,))
    found = receipt_check_view(
        asked.engine, officer(one), lg_code=one, number=first.number, digest=first.digest
    )
    assert found.matches
    assert found.superseded
    assert found.inquiry == "R4-照会001"
    third = asked.hands_in(one, WishState.WISHED, (6,))  # the content of the first once more
    assert third.digest == first.digest
    for receipt, superseded in ((first, True), (third, False)):
        found = receipt_check_view(
            asked.engine, officer(one), lg_code=one, number=receipt.number, digest=receipt.digest
        )
        assert found.superseded is superseded
    for code, digest in ((one, "0" * 64), (two, first.digest)):
        with pytest.raises(InvalidInputError):
            receipt_check_view(
                asked.engine, officer(code), lg_code=code, number=first.number, digest=digest
            )
