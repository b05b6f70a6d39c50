"""Contracts through the commands: what is refused and in which words, the wishes, the money."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from core.access.principal import Principal, Role
from core.commands.contracts import (
    cancel_contract,
    change_contract,
    conclude_contract,
    correct_contract,
    record_payment,
    take_back_payment,
)
from core.commands.visits import hold_unplanned_visit, plan_year
from core.estimate.request import ExpenditureKind
from core.store.engine import reading
from core.store.support import contract_of, contracts, vendors, visits
from core.store.wishes import wish_events
from core.support.contract import ContractLine, ContractTerms, PaidLine
from core.support.visit import VisitState
from core.support.wish import WishState, current_wishes
from core.support.year_plan import DayRule
from core.values.errors import ConflictError, InvalidInputError, PermissionDeniedError
from core.values.money import Yen
from core.views.support import own_support_view, support_board_view
from tests.support.contracts import (
    HELD,
    NEIGHBOUR,
    OFFICE,
    OFFICER,
    OURS,
    PLANNED,
    SIGNED,
    TERMS,
    VENDOR,
    approved,
    concluded,
    seen_wishes,
    with_line,
)
from tests.support.reference import REFERENCE, where_wanted

NEXT_DOOR = Principal("tonari", "隣", Role.OFFICER, NEIGHBOUR)
Does = Callable[..., Any]


@pytest.fixture
def does(engine: Engine) -> Does:
    """Calls a command for our officer."""

    def call(command: Callable[..., Any], who: Principal = OFFICER, **given: Any) -> Any:
        usual = {"lg_code": OURS, "now": SIGNED, "request_id": ""} | where_wanted(command)
        return command(engine, who, **(usual | given))

    return call


def conclude(does: Does, terms: ContractTerms, seen: dict[int, int], **more: Any) -> Any:
    given = {"fiscal_year": 2023, "vendor": VENDOR, "terms": terms, "seen": seen}
    return does(conclude_contract, **(given | more))


def states(engine: Engine) -> dict[int, WishState]:
    with reading(engine) as session:
        said = current_wishes(wish_events(session, OURS))
    return {plan: wish.state for (_, _, plan), wish in said.items()}


def test_a_contract_makes_its_wishes_contracted_in_the_same_act(engine: Engine, does: Does) -> None:
    seen = approved(engine)
    made = conclude(does, TERMS, seen)
    assert made.label == "R5-契約001"
    assert states(engine) == {4: WishState.CONTRACTED, 6: WishState.CONTRACTED}
    with reading(engine) as session:
        kept = contract_of(session, OURS, made.contract_id)
        assert kept.terms == TERMS
        assert kept.terms.amount == 900_000


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"signed_on": date(2023, 10, 3)}, "signed_on", "今日(2023-10-02)まで"),
        ({"first_day": date(2023, 10, 1)}, "signed_on", "初日以前"),
        ({"signed_on": date(2021, 3, 31)}, "signed_on", "早すぎます"),
        ({"signed_on": date(1900, 1, 1)}, "signed_on", "日付を指定"),
        ({"first_day": date(2024, 4, 1)}, "first_day", "令和5年度"),
        ({"last_day": date(2024, 4, 1)}, "last_day", "令和5年度"),
        ({"last_day": date(2023, 10, 1)}, "last_day", "初日以降"),
        ({"lines": ()}, "plan", "1つ以上"),
        ({"lines": (TERMS.lines[0],) * 2}, "plan", "2回"),
        ({"lines": (ContractLine(99, 1, Yen(0)),)}, "plan", "ない支援プラン"),
        ({"lines": (ContractLine(6, 0, Yen(0)),)}, "visits.6", "1から12"),
        ({"lines": (ContractLine(6, 13, Yen(0)),)}, "visits.6", "1から12"),
        ({"lines": (ContractLine(6, 10**30, Yen(0)),)}, "visits.6", "1から12"),
        ({"lines": (ContractLine(6, 6, Yen(-1)),)}, "amount.6", "0円から"),
        ({"lines": (ContractLine(6, 6, Yen(10**30)),)}, "amount.6", "0円から"),
        ({"lines": (ContractLine(6, 6, Yen(599_999)),)}, "why", "理由を入力"),
        ({"lines": (ContractLine(6, 7, Yen(700_000)),)}, "why", "議決された額を超え"),
    ],
)
def test_terms_that_cannot_be_are_refused_with_words(
    engine: Engine, does: Does, changed: dict[str, Any], field: str, words: str
) -> None:
    seen = approved(engine)
    with pytest.raises(InvalidInputError) as refusal:
        conclude(does, replace(TERMS, **changed), seen)
    assert words in refusal.value.problems[field]
    with reading(engine) as session:
        assert contracts(session) == []
    assert states(engine) == {4: WishState.APPROVED, 6: WishState.APPROVED}


def test_another_amount_is_taken_with_its_reason(engine: Engine, does: Does) -> None:
    seen = approved(engine)
    cheaper = replace(with_line(TERMS, 6, 6, 540_000), why="=1+1の値引き")
    made = conclude(does, cheaper, seen)
    with reading(engine) as session:
        assert contract_of(session, OURS, made.contract_id).terms.why == "=1+1の値引き"


def test_a_wish_that_is_not_approved_has_no_contract(engine: Engine, does: Does) -> None:
    seen = approved(engine, choices=((4, 3),))
    with pytest.raises(ConflictError, match="プラン6の令和5年度の参加希望は未提出です"):
        conclude(does, TERMS, seen)
    assert states(engine) == {4: WishState.APPROVED}


def test_a_plan_has_one_contract_a_year_and_a_cancelled_one_makes_room(
    engine: Engine, does: Does
) -> None:
    key = concluded(engine)
    seen = seen_wishes(engine, OURS, 2023)
    with pytest.raises(ConflictError, match="プラン4には令和5年度の契約R5-契約001があります"):
        conclude(does, TERMS, seen)
    assert does(cancel_contract, contract_id=key, reason="重複", seen_event=1) == 0
    again = conclude(does, TERMS, seen)
    assert again.label == "R5-契約002"


def test_a_form_drawn_before_the_wish_changed_is_refused(engine: Engine, does: Does) -> None:
    seen = approved(engine)
    with pytest.raises(ConflictError, match="画面を更新"):
        conclude(does, TERMS, {plan: number - 1 for plan, number in seen.items()})


def test_one_vendor_by_whatever_width_it_is_typed(engine: Engine, does: Does) -> None:
    concluded(engine, vendor="ABCデジタル 株式会社")
    seen = approved(engine, choices=((1, 1),))
    terms = replace(TERMS, lines=(ContractLine(1, 1, Yen(100_000)),))
    conclude(does, terms, seen, vendor="ＡＢＣﾃﾞｼﾞﾀﾙ株式会社")
    with reading(engine) as session:
        assert [each.name for each in vendors(session).values()] == ["ABCデジタル 株式会社"]


def hold(does: Does, key: int, seen: int, plan: int = 6, day: date = HELD.day) -> None:
    given = {"contract_id": key, "plan": plan, "files": [], "seen_event": seen}
    does(hold_unplanned_visit, held=replace(HELD, day=day), **given)


@pytest.mark.parametrize(
    ("terms", "field", "words"),
    [
        (with_line(TERMS, 6, 1, 100_000), "visits.6", "2回実施しています"),
        (with_line(TERMS, 6, 2, 99_999), "amount.6", "100,000円を支払っています"),
        (replace(TERMS, last_day=date(2023, 10, 2)), "", ""),
        (replace(TERMS, signed_on=date(2023, 9, 1)), "signed_on", "訂正"),
        (replace(TERMS, kind=ExpenditureKind.CONTRIBUTION), "kind", "訂正"),
        (replace(TERMS, lines=TERMS.lines[:1]), "plan", "プランは変えられません"),
        (TERMS, "plan", "前と同じ内容"),
    ],
)
def test_a_change_leaves_what_was_held_and_paid_possible(
    engine: Engine, does: Does, terms: ContractTerms, field: str, words: str
) -> None:
    key = concluded(engine)
    hold(does, key, 0)
    hold(does, key, 1)
    paid = (PaidLine(6, Yen(100_000)),)
    does(record_payment, contract_id=key, paid_on=HELD.day, lines=paid, note="", seen_payment=0)
    given = {
        "contract_id": key,
        "day": date(2023, 10, 2),
        "terms": replace(terms, why="事情") if terms != TERMS else terms,
        "reason": "途中で終わった",
        "seen_event": 1,
    }
    if not field:
        assert does(change_contract, **given) == 0
        return
    with pytest.raises(InvalidInputError) as refusal:
        does(change_contract, **given)
    assert words in refusal.value.problems[field]


@pytest.mark.parametrize("day", [date(2023, 10, 1), date(2023, 10, 3), date(2024, 4, 1)])
def test_a_change_is_of_a_day_between_signing_and_today(
    engine: Engine, does: Does, day: date
) -> None:
    key = concluded(engine)
    terms = with_line(TERMS, 6, 5, 500_000)
    with pytest.raises(InvalidInputError) as refusal:
        does(change_contract, contract_id=key, day=day, terms=terms, reason="減", seen_event=1)
    assert "day" in refusal.value.problems


def test_a_plan_that_ends_early_loses_the_latest_of_its_planned_visits(
    engine: Engine, does: Does
) -> None:
    key = concluded(engine)
    hold(does, key, 0)
    usual = {"first_month": date(2023, 11, 1), "rule": DayRule(2, 2), "usual": PLANNED}
    made = does(plan_year, contract_id=key, plans=(4, 6), seen_event=1, **usual)
    assert made == 3 + 5  # five months are left for plan 6, and five visits
    terms = with_line(TERMS, 6, 3, 300_000)
    change = {"day": date(2023, 10, 2), "terms": terms, "reason": "人が足りない"}
    assert does(change_contract, contract_id=key, seen_event=1, **change) == 3
    with reading(engine) as session:
        ours = [v for v in visits(session, OURS) if v.plan == 6]
    left = [v.when.first.month for v in ours if v.state is VisitState.PLANNED and v.when]
    assert left == [11, 12]
    assert [v.state for v in ours].count(VisitState.CANCELLED) == 3
    assert all("人が足りない" in v.last.reason for v in ours if v.state is VisitState.CANCELLED)


def test_a_correction_replaces_the_terms_it_corrects(engine: Engine, does: Does) -> None:
    key = concluded(engine)
    earlier = replace(TERMS, signed_on=date(2023, 9, 29))
    given = {"contract_id": key, "terms": earlier, "reason": "締結日の誤り", "seen_event": 1}
    assert does(correct_contract, **given) == 0
    with reading(engine) as session:
        kept = contract_of(session, OURS, key)
    assert kept.terms.signed_on == date(2023, 9, 29)
    assert kept.terms_on(date(2023, 10, 2)) == earlier
    assert kept.terms_on(date(2023, 9, 1)) is None


@pytest.mark.parametrize("with_", ["paid", "held"])
def test_what_was_paid_or_held_is_not_taken_back(engine: Engine, does: Does, with_: str) -> None:
    key = concluded(engine)
    if with_ == "paid":
        lines = (PaidLine(6, Yen(1)),)
        given = {"paid_on": HELD.day, "lines": lines, "note": "", "seen_payment": 0}
        does(record_payment, contract_id=key, **given)
    else:
        hold(does, key, 0)
    with pytest.raises(ConflictError, match="変更契約で回数と額を減らして"):
        does(cancel_contract, contract_id=key, reason="誤り", seen_event=1)


@pytest.mark.parametrize(
    ("lines", "paid_on", "field", "words"),
    [
        ((), HELD.day, "amount", "支払額を入力"),
        ((PaidLine(6, Yen(0)),), HELD.day, "amount", "支払額を入力"),
        ((PaidLine(6, Yen(-1)),), HELD.day, "amount.6", "0円以上"),
        ((PaidLine(6, Yen(600_001)),), HELD.day, "amount.6", "あと600,000円"),
        ((PaidLine(6, Yen(10**40)),), HELD.day, "amount.6", "契約額600,000円を超え"),
        ((PaidLine(6, Yen(1)), PaidLine(6, Yen(1))), HELD.day, "amount", "2回"),
        ((PaidLine(5, Yen(1)),), HELD.day, "amount", "契約にありません"),
        ((PaidLine(6, Yen(1)),), date(2023, 10, 3), "paid_on", "今日"),
        ((PaidLine(6, Yen(1)),), date(2023, 10, 1), "paid_on", "締結日"),
    ],
)
def test_a_payment_fits_into_its_contract(
    engine: Engine,
    does: Does,
    lines: tuple[PaidLine, ...],
    paid_on: date,
    field: str,
    words: str,
) -> None:
    key = concluded(engine)
    given = {"contract_id": key, "paid_on": paid_on, "lines": lines, "note": ""}
    with pytest.raises(InvalidInputError) as refusal:
        does(record_payment, seen_payment=0, **given)
    assert words in refusal.value.problems[field]


def test_payments_add_up_and_one_is_taken_back_once(engine: Engine, does: Does) -> None:
    key = concluded(engine)
    pay = {"contract_id": key, "paid_on": HELD.day, "note": ""}
    some, rest = (PaidLine(6, Yen(250_001)),), (PaidLine(4, Yen(0)), PaidLine(6, Yen(349_999)))
    assert does(record_payment, lines=some, seen_payment=0, **pay) == 250_001
    with pytest.raises(ConflictError, match="支払を記録して"):
        does(record_payment, lines=some, seen_payment=0, **pay)
    assert does(record_payment, lines=rest, seen_payment=1, **pay) == 600_000
    back = {"contract_id": key, "payment_id": 1, "reason": "二重"}
    assert does(take_back_payment, seen_payment=2, **back) == 349_999
    with pytest.raises(ConflictError, match="取り消されています"):
        does(take_back_payment, seen_payment=3, **back)
    for unknown in (0, 3, 99, 2**70):
        with pytest.raises(InvalidInputError, match="見つかりません"):
            does(take_back_payment, seen_payment=3, **(back | {"payment_id": unknown}))
    with reading(engine) as session:
        kept = contract_of(session, OURS, key)
    assert (kept.paid, kept.paid_lines) == (349_999, {6: 349_999})


def test_a_payment_after_the_books_are_closed_is_another_years(engine: Engine, does: Does) -> None:
    key = concluded(engine)
    later = SIGNED.replace(year=2024, month=6, day=3)
    pay = {"contract_id": key, "note": "", "lines": (PaidLine(6, Yen(1)),), "seen_payment": 0}
    with pytest.raises(InvalidInputError, match="出納閉鎖"):
        does(record_payment, paid_on=date(2024, 6, 1), now=later, **pay)
    assert does(record_payment, paid_on=date(2024, 5, 31), now=later, **pay) == 1


@pytest.mark.parametrize("contract_id", [0, -1, 1, 2**63, 10**40])
def test_the_neighbour_reaches_no_contract_by_any_number(
    engine: Engine, does: Does, contract_id: int
) -> None:
    concluded(engine)
    given = {"contract_id": contract_id, "reason": "x", "seen_event": 1, "lg_code": NEIGHBOUR}
    with pytest.raises(InvalidInputError, match="見つかりません"):
        does(cancel_contract, who=NEXT_DOOR, **given)
    with pytest.raises(PermissionDeniedError):
        does(cancel_contract, who=NEXT_DOOR, **(given | {"lg_code": OURS}))


def test_each_reads_the_own_and_the_secretariat_all(engine: Engine) -> None:
    concluded(engine)
    approved(engine, NEXT_DOOR, NEIGHBOUR, choices=((1, 2),))
    today = SIGNED.date()
    ours = own_support_view(engine, OFFICER, REFERENCE, lg_code=OURS, today=today)
    theirs = own_support_view(engine, NEXT_DOOR, REFERENCE, lg_code=NEIGHBOUR, today=today)
    assert [len(each.contracts) for each in (ours, theirs)] == [1, 0]
    assert [wish.plan for wish in theirs.to_conclude] == [1]
    with pytest.raises(PermissionDeniedError):
        own_support_view(engine, NEXT_DOOR, REFERENCE, lg_code=OURS, today=today)
    board = support_board_view(
        engine, OFFICE, REFERENCE, fiscal_year=ours.contracts[0].contract.fiscal_year, today=today
    )
    assert [(row.municipality.lg_code, row.plan) for row in board.rows] == [
        (NEIGHBOUR, 1),  # waits for its contract: first
        (OURS, 4),
        (OURS, 6),
    ]
    later = support_board_view(
        engine,
        OFFICE,
        REFERENCE,
        fiscal_year=ours.contracts[0].contract.fiscal_year,
        today=today + timedelta(days=40),
    )
    assert [row.plan for row in later.rows] == [1, 6, 4]  # six visits in five months: first
