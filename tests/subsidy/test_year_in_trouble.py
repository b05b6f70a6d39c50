"""What a year may run into: records that change, a merger, a programme that is gone, odd numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine

from core.commands import contracts, subsidy, visits
from core.subsidy.case import CaseState
from core.subsidy.check import StepForm
from core.subsidy.due import Turn
from core.subsidy.money import AskedLine
from core.subsidy.step import CaseStep
from core.support.contract import PaidLine
from core.support.visit import CancelledBy, VisitState
from core.support.wish import WishState
from core.values.errors import ConflictError, InvalidInputError, PermissionDeniedError
from core.values.fiscal import FiscalYear
from core.values.money import Yen
from core.views.subsidy import own_subsidy_view, subsidy_board_view
from core.views.support import own_support_view
from tests.support.mergers import BEFORE, DAY, HANNAN, MISAKI, after_merger
from tests.support.played_year import KYODO, OFFICE, WITH_OWN_FEE, YEAR, PlayedYear, officer

SAKAI, TOYONAKA = "271403", "272035"


def begun(
    engine: Engine, code: str = SAKAI, plan_visits: int = 2, start_month: int = 4
) -> PlayedYear:
    """A municipality with a contract of plan 6 and a decision on half of it."""
    year = PlayedYear(engine)
    for state in (WishState.WISHED, WishState.BUDGET_REQUESTED):
        year.wishes(code, (6,), state, visits=plan_visits, start_month=start_month)
    year.council(code, (6,), WishState.APPROVED)
    year.at(4, 3)
    year.conclude(code, {6: (plan_visits, plan_visits * 100_000)})
    year.plans_the_year(code, year.day)
    year.applies(code)
    year.step(code, CaseStep.DECIDED)
    return year


def reported(engine: Engine) -> PlayedYear:
    """The same with all visits held, paid and reported."""
    year = begun(engine)
    year.at(6, 1)
    for visit in year.open_visits(SAKAI):
        year.holds(SAKAI, visit)
    year.pays(SAKAI, {6: 200_000})
    year.step(SAKAI, CaseStep.REPORTED)
    return year


def takes_a_payment_back(year: PlayedYear) -> None:
    contract = year.contract(SAKAI)
    last = contract.payments[-1].event_id
    year.does(
        contracts.take_back_payment,
        OFFICE,
        reference=False,
        lg_code=SAKAI,
        contract_id=contract.contract_id,
        payment_id=last,
        reason="二重の記録",
        seen_payment=last,
    )


def takes_a_visit_back(year: PlayedYear) -> None:
    year.cancels(SAKAI, year.contracts(SAKAI)[-1].visits[0])


@pytest.mark.parametrize("change", [takes_a_payment_back, takes_a_visit_back])
def test_a_final_amount_never_rests_on_records_that_were_taken_back_after_the_report(
    engine: Engine, change: Callable[[PlayedYear], None]
) -> None:
    year = reported(engine)
    change(year)
    with pytest.raises(ConflictError, match="実績報告の後に、契約・支援回・支払の記録が変わり"):
        year.step(SAKAI, CaseStep.FINALISED)
    way = next(way for way in year.shown(SAKAI).ways if way.step is CaseStep.FINALISED)
    assert "差し戻して" in way.refused
    year.step(SAKAI, CaseStep.SENT_BACK, reason="記録の訂正")
    year.step(SAKAI, CaseStep.REPORTED)
    year.step(SAKAI, CaseStep.FINALISED)
    # paid nothing: 0; one of two visits held: 100,000 / 2
    expected = {takes_a_payment_back: 0, takes_a_visit_back: 50_000}
    assert year.case(SAKAI).final == expected[change]


def test_a_municipality_that_ends_in_the_year_is_carried_to_the_end_under_its_former_name(
    engine: Engine,
) -> None:
    before = after_merger().on(BEFORE)
    year = begun(engine, MISAKI, plan_visits=12)
    year.reference = before
    year.at(12, 22)
    for visit in year.open_visits(MISAKI):
        year.holds(MISAKI, visit)
    assert year.changes(MISAKI, 6, 9, 900_000, "合併により終了") == 3

    year.reference = after_merger().on(DAY)
    year.at(1, 15, 2024)
    found = own_support_view(engine, OFFICE, year.reference, lg_code=MISAKI, today=year.day)
    assert found.municipality.name == "旧岬町"
    contract = found.contracts[0].contract
    year.does(
        contracts.record_payment,
        OFFICE,
        reference=False,
        lg_code=MISAKI,
        contract_id=contract.contract_id,
        paid_on=year.day,
        lines=(PaidLine(6, Yen(900_000)),),
        note="",
        seen_payment=0,
    )
    year.step(MISAKI, CaseStep.REPORTED, who=OFFICE)
    year.step(MISAKI, CaseStep.FINALISED)
    year.step(MISAKI, CaseStep.CLAIMED, who=OFFICE)
    own = own_subsidy_view(
        engine, OFFICE, year.reference, lg_code=MISAKI, fiscal_year=YEAR, as_of=year.day
    )
    assert [each.case.state for each in own.cases] == [CaseState.CLAIMED]
    assert own.begin == {}
    year.step(MISAKI, CaseStep.PAID)
    assert year.case(MISAKI).paid == 450_000  # 9 × 100,000 / 2
    row = next(row for row in year.board().rows if row.lg_code == MISAKI)
    assert (row.name, row.due and row.due.turn) == ("旧岬町", Turn.NOBODY)
    assert [each.lg_code for each in year.board().rows if each.case] == [MISAKI]
    with pytest.raises(InvalidInputError, match="岬町"):
        year.applies(MISAKI, "smart_city", (AskedLine(MISAKI, "機器", Yen(1), Yen(1)),))
    with pytest.raises(PermissionDeniedError):
        own_subsidy_view(
            engine, officer(HANNAN), year.reference, lg_code=MISAKI, fiscal_year=YEAR,
            as_of=year.day,
        )  # fmt: skip


def test_a_case_whose_programme_left_the_catalogue_is_read_and_waits(engine: Engine) -> None:
    year = PlayedYear(engine)
    year.at(6, 1)
    costs = (AskedLine(SAKAI, "機器", Yen(300_000)),)
    year.applies(SAKAI, "kyodo", costs)
    year.reference = replace(WITH_OWN_FEE, grants=())
    shown = year.shown(SAKAI, "kyodo")
    assert shown.programme.name == "kyodo(カタログにない補助事業)"
    assert all("カタログに登録してください" in way.refused for way in shown.ways)
    board = year.board(programme="kyodo")
    assert board.programme.key == "kyodo"
    assert board.standing.applied == 200_000  # 2/3
    assert "talent" in board.programmes
    for step in (CaseStep.DECIDED, CaseStep.WITHDRAWN):
        with pytest.raises(InvalidInputError, match="カタログに登録してください"):
            year.step(SAKAI, step, programme="kyodo", reason="理由")
    with pytest.raises(InvalidInputError, match="カタログに登録してください"):
        year.decides_all("kyodo")
    with pytest.raises(InvalidInputError, match="カタログに登録してください"):
        year.applies(TOYONAKA, "kyodo", costs)
    year.reference = WITH_OWN_FEE
    year.step(SAKAI, CaseStep.DECIDED, programme="kyodo")
    assert year.case(SAKAI, "kyodo").decided == 200_000


def test_money_of_a_year_is_bound_within_it(engine: Engine) -> None:
    year = PlayedYear(engine)
    costs = (AskedLine(SAKAI, "機器", Yen(300_000)),)
    year.at(4, 1, 2024)
    with pytest.raises(InvalidInputError, match=r"年度末\(令和6年3月31日\)まで"):
        year.applies(SAKAI, "kyodo", costs)
    year.at(3, 31, 2024)
    year.applies(SAKAI, "kyodo", costs)
    year.at(4, 1, 2024)
    with pytest.raises(InvalidInputError, match="年度末"):
        year.step(SAKAI, CaseStep.DECIDED, programme="kyodo")
    year.step(SAKAI, CaseStep.REFUSED, programme="kyodo", reason="年度内に決定できないため")
    year.at(3, 31, 2022)
    with pytest.raises(InvalidInputError, match="早すぎます"):
        year.applies(TOYONAKA, "kyodo", (replace(costs[0], lg_code=TOYONAKA),))


@pytest.mark.parametrize("fiscal_year", [1990, 2019, 2022, 2035, 2099])
def test_a_year_without_plans_or_grants_is_an_empty_page_and_no_error(
    engine: Engine, fiscal_year: int
) -> None:
    begun(engine)
    of = FiscalYear(fiscal_year)
    for reference in (WITH_OWN_FEE, replace(WITH_OWN_FEE, grants=(), sharing=None)):
        given = {"fiscal_year": of, "as_of": date(2023, 6, 1)}
        own = own_subsidy_view(engine, officer(SAKAI), reference, lg_code=SAKAI, **given)
        assert own.cases == ()
        board = subsidy_board_view(engine, OFFICE, reference, programme="nowhere", **given)
        assert board is None or (board.standing.decided, board.forecast.amount) == (0, 0)


HUGE = 2**70


def test_numbers_out_of_any_range_are_refused_in_words(engine: Engine) -> None:
    year = begun(engine)
    case, contract = year.case(SAKAI), year.contract(SAKAI)
    form = StepForm(year.day, "", "理由")
    seen = {"seen_event": case.last.event_id}
    asked = {"asked": (), "amount": None, "form": form, "step": CaseStep.REPORTED, **seen}
    huge_line = contract.terms.lines[0]

    def refused(command: Callable[..., Any], **given: Any) -> str:
        with pytest.raises((InvalidInputError, ConflictError)) as error:
            year.does(command, OFFICE, lg_code=SAKAI, **given)
        return str(error.value)

    for key in (HUGE, -HUGE, 0, -1, 2**63):
        assert "見つかりません" in refused(subsidy.record_municipal_step, case_id=key, **asked)
        terms = {"terms": contract.terms, "reason": "理由", "seen_event": 1}
        assert "見つかりません" in refused(contracts.correct_contract, contract_id=key, **terms)
        given = {"cancelled_by": CancelledBy.OTHER, "reason": "理由", "seen_event": 1}
        assert "見つかりません" in refused(
            visits.cancel_visit, reference=False, visit_id=key, **given
        )  # fmt: skip
    for visits_of, amount in ((HUGE, 1), (1, HUGE), (-1, 1), (1, -1)):
        line = replace(huge_line, visits=visits_of, amount=Yen(amount))
        terms = {"terms": replace(contract.terms, lines=(line,)), "reason": "理由"}
        assert refused(
            contracts.correct_contract,
            contract_id=contract.contract_id,
            seen_event=contract.last.event_id,
            **terms,
        )
    for amount in (HUGE, -1):
        lines = (PaidLine(6, Yen(amount)),)
        paid = {"paid_on": year.day, "lines": lines, "note": "", "seen_payment": 0}
        assert refused(
            contracts.record_payment, reference=False, contract_id=contract.contract_id, **paid
        )
        application = {"programme": "kyodo", "title": "事業", "form": form}
        assert "対象経費は0円から" in refused(
            subsidy.apply_for_subsidy,
            fiscal_year=YEAR,
            asked=(AskedLine(SAKAI, "機器", Yen(amount)),),
            **application,
        )
    assert year.case(SAKAI) == case
    assert year.contract(SAKAI) == contract


def test_another_municipality_reaches_nothing_by_number(engine: Engine) -> None:
    year = begun(engine)
    case, contract = year.case(SAKAI), year.contract(SAKAI)
    visit = year.contracts(SAKAI)[-1].visits[0]
    held = year.contracts(SAKAI)[-1].last_visit_event
    form = StepForm(year.day, "", "理由")
    ways: list[tuple[Callable[..., Any], dict[str, Any], bool]] = [
        (
            subsidy.record_municipal_step,
            {
                "case_id": case.case_id, "step": CaseStep.WITHDRAWN, "asked": (), "amount": None,
                "form": form, "seen_event": case.last.event_id,
            },
            True,
        ),
        (
            contracts.change_contract,
            {
                "contract_id": contract.contract_id, "day": year.day, "terms": contract.terms,
                "reason": "理由", "seen_event": contract.last.event_id,
            },
            True,
        ),
        (
            contracts.record_payment,
            {
                "contract_id": contract.contract_id, "paid_on": year.day, "note": "",
                "lines": (PaidLine(6, Yen(1)),), "seen_payment": 0,
            },
            False,
        ),
        (
            visits.cancel_visit,
            {
                "visit_id": visit.visit_id, "cancelled_by": CancelledBy.OTHER, "reason": "理由",
                "seen_event": held,
            },
            False,
        ),
    ]  # fmt: skip
    for command, given, reference in ways:
        with pytest.raises(PermissionDeniedError):
            year.does(command, officer(TOYONAKA), reference=reference, lg_code=SAKAI, **given)
        with pytest.raises(InvalidInputError, match="見つかりません"):
            year.does(command, officer(TOYONAKA), reference=reference, lg_code=TOYONAKA, **given)
    assert year.case(SAKAI) == case
    assert year.contract(SAKAI) == contract
    assert all(each.state is VisitState.PLANNED for each in year.contracts(SAKAI)[-1].visits)


def test_a_form_that_was_open_too_long_and_a_request_sent_twice_change_nothing(
    engine: Engine,
) -> None:
    year = begun(engine)
    case = year.case(SAKAI)
    form = StepForm(year.day, "", "契約の変更")
    given = {
        "lg_code": SAKAI, "case_id": case.case_id, "step": CaseStep.CHANGE_APPLIED, "asked": (),
        "amount": None, "form": form, "reference": year.reference, "now": year.now,
    }  # fmt: skip
    with pytest.raises(ConflictError, match="画面を更新"):
        subsidy.record_municipal_step(
            engine, officer(SAKAI), request_id="stale", seen_event=case.events[0].event_id, **given
        )
    for _ in range(2):
        subsidy.record_municipal_step(
            engine, officer(SAKAI), request_id="twice", seen_event=case.last.event_id, **given
        )
    assert len(year.case(SAKAI).events) == len(case.events) + 1
    year.step(SAKAI, CaseStep.CHANGE_DECIDED)
    assert KYODO.joint
