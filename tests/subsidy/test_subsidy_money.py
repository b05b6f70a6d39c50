"""Amounts of a case: worked by hand, and what always adds up."""

from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.estimate.request import ExpenditureKind
from core.estimate.terms import SubsidyTerms
from core.params import RoundingScope
from core.subsidy.budget import cut_to_budget, forecast, left_for, over_alert, standing
from core.subsidy.case import Case, CaseEvent, CaseLine, CaseNumber, Channel
from core.subsidy.due import Turn, due, track
from core.subsidy.money import AskedLine, Offered, application, outcome, spread, total
from core.subsidy.programme import GrantProgramme
from core.subsidy.step import CaseState, CaseStep
from core.subsidy.support import asked_of_support, missing_of_support, results_of_support
from core.support.contract import (
    Contract,
    ContractEvent,
    ContractLine,
    ContractNumber,
    ContractStep,
    ContractTerms,
    PaidLine,
    Payment,
    Vendor,
)
from core.support.wish import WishEvent, WishState
from core.values.errors import InvalidInputError
from core.values.fiscal import FiscalYear
from core.values.money import Direction, Rounding, Yen

YEAR, DAY = FiscalYear(2023), date(2023, 6, 1)
AT = datetime(2023, 6, 1, tzinfo=UTC)
A, B = "271403", "271004"
HALF = SubsidyTerms(Fraction(1, 2), Rounding(1000, Direction.DOWN), RoundingScope.TOTAL)


def a_programme(**more: object) -> GrantProgramme:
    usual = {"terms": HALF, "budget": Yen(1_000_000), "joint": True} | more
    return GrantProgramme("kyodo", YEAR, "共同の補助金", **usual)  # type: ignore[arg-type]


def event(step: CaseStep, amount: int | None = None, day: date = DAY) -> CaseEvent:
    lines = () if amount is None else (CaseLine(A, "委託料", Yen(amount * 2), Yen(amount)),)
    found = None if amount is None else Yen(amount)
    return CaseEvent(0, 1, step, day, "", found, lines, "", Channel.SCREEN, AT, "a")


def a_case(*events: CaseEvent, case_id: int = 1, programme: str = "kyodo") -> Case:
    return Case(case_id, CaseNumber(YEAR, case_id), programme, "事業", A, (A,), AT, "a", events)


def a_contract(plans: dict[int, tuple[int, int]], paid: dict[int, int]) -> Contract:
    lines = tuple(ContractLine(p, visits, Yen(yen)) for p, (visits, yen) in plans.items())
    terms = ContractTerms(DAY, DAY, YEAR.last_day, ExpenditureKind.COMMISSION, lines, "")
    concluded = ContractEvent(1, 1, ContractStep.CONCLUDED, DAY, terms, "", AT, "a")
    money = tuple(PaidLine(plan, Yen(yen)) for plan, yen in paid.items())
    payments = (Payment(1, 1, DAY, money, None, "", AT, "a"),) if paid else ()
    vendor = Vendor(1, "見本", AT, "a")
    return Contract(1, ContractNumber(YEAR, 1), A, vendor, (concluded,), payments)


def a_wish(plan: int, state: WishState, gross: int, lg_code: str = A) -> WishEvent:
    half = Yen(gross // 2)
    return WishEvent(1, lg_code, YEAR, plan, state, 12, Yen(gross), half, half, "", AT, "a")


def test_each_municipality_of_a_joint_application_has_its_own_rounded_half() -> None:
    lines = (
        AskedLine(A, "委託料", Yen(1_234_567)), AskedLine(A, "使用料", Yen(3)),
        AskedLine(B, "委託料", Yen(999_999)),
    )  # fmt: skip
    found = application(lines, a_programme())
    assert found.amount == 617_000 + 499_000
    assert [line.amount for line in found.lines] == [616_999, 1, 499_000]


def test_without_a_rate_the_applicants_own_amount_stands_up_to_the_cost() -> None:
    programme = a_programme(terms=None)
    found = application((AskedLine(A, "委託料", Yen(500), Yen(333)),), programme)
    assert found.amount == 333
    for amount in (None, Yen(501), Yen(-1)):
        with pytest.raises(InvalidInputError, match="1行目の補助金の額は0円から対象経費まで"):
            application((AskedLine(A, "委託料", Yen(500), amount),), programme)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ((), "申請する経費がありません"),
        ((AskedLine(A, "a", Yen(-1)),), "1行目の対象経費は0円から"),
        ((AskedLine(A, "a", Yen(10**12 + 1)),), "1行目の対象経費は0円から"),
        ((AskedLine(A, "a", Yen(0)),), "対象経費がすべて0円です"),
        ((AskedLine(A, "a", Yen(1)), AskedLine(A, "a", Yen(1))), "同じ費目が2行"),
        (tuple(AskedLine(A, str(n), Yen(1)) for n in range(201)), "200行まで"),
    ],
)
def test_lines_that_mean_nothing_are_refused(lines: tuple[AskedLine, ...], words: str) -> None:
    with pytest.raises(InvalidInputError, match=words):
        application(lines, a_programme())


def test_several_municipalities_are_refused_where_the_programme_is_not_joint() -> None:
    lines = (AskedLine(A, "a", Yen(1)), AskedLine(B, "a", Yen(1)))
    with pytest.raises(InvalidInputError, match="共同申請を受け付けていません"):
        application(lines, a_programme(joint=False))


YENS = st.integers(0, 10**10)


@given(costs=st.lists(st.tuples(st.sampled_from([A, B]), YENS), min_size=1, max_size=9))
def test_the_shares_of_an_application_add_up_and_exceed_no_cost(
    costs: list[tuple[str, int]],
) -> None:
    lines = tuple(
        AskedLine(code, str(place), Yen(cost)) for place, (code, cost) in enumerate(sorted(costs))
    )
    found = application(lines, a_programme(), may_be_nothing=True)
    assert total(found.lines) == found.amount
    assert all(0 <= line.amount <= line.eligible for line in found.lines)


@given(had=st.lists(YENS, min_size=1, max_size=9), share=st.fractions(0, 1))
def test_a_cut_adds_up_to_the_yen_and_takes_from_everybody_at_most_what_there_was(
    had: list[int], share: Fraction
) -> None:
    lines = [CaseLine(A, str(n), Yen(each), Yen(each)) for n, each in enumerate(had)]
    amount = Yen(int(sum(had) * share))
    found = spread(lines, amount)
    assert total(found) == amount
    assert all(new.amount <= old.amount for new, old in zip(found, lines, strict=True))


@given(asked=st.lists(st.integers(1, 10**9), min_size=1, max_size=9), budget=YENS, taken=YENS)
def test_deciding_on_all_at_once_spends_all_there_is_and_no_more(
    asked: list[int], budget: int, taken: int
) -> None:
    waiting = [a_case(event(CaseStep.APPLIED, n), case_id=k) for k, n in enumerate(asked, start=2)]
    decided = a_case(event(CaseStep.APPLIED, taken), event(CaseStep.DECIDED, taken))
    cuts = cut_to_budget([decided, *waiting], Yen(budget))
    left = max(budget - taken, 0)
    assert sum(cuts.values(), Yen(0)) == min(sum(asked), left)
    assert all(cuts[k] <= n for k, n in enumerate(asked, start=2))
    assert cut_to_budget([decided, *waiting], None) == dict(enumerate(asked, start=2))


def test_what_is_final_below_the_decision_is_free_again() -> None:
    final = a_case(
        event(CaseStep.APPLIED, 600_000), event(CaseStep.DECIDED, 600_000),
        event(CaseStep.REPORTED, 400_000), event(CaseStep.FINALISED, 400_000),
    )  # fmt: skip
    money = standing([final], Yen(1_000_000))
    assert (money.decided, money.final, money.committed, money.left) == (600_000, 400_000, 400_000, 600_000)  # fmt: skip
    assert left_for(2, [final], Yen(1_000_000)) == 600_000
    assert left_for(1, [final], Yen(1_000_000)) == 1_000_000
    assert left_for(1, [final], None) is None


def test_the_final_amount_is_the_lesser_of_report_and_decision() -> None:
    for reported, expected in ((500_000, 400_000), (300_000, 300_000), (0, 0)):
        case = a_case(
            event(CaseStep.APPLIED, 500_000), event(CaseStep.DECIDED, 400_000),
            event(CaseStep.REPORTED, reported),
        )  # fmt: skip
        found = outcome(case, CaseStep.FINALISED, a_programme(), Offered())
        assert found.amount == total(found.lines) == expected


def test_a_report_counts_what_was_paid_for_visits_that_were_held() -> None:
    contract = a_contract(
        {1: (12, 1_200_000), 2: (7, 700_000), 4: (12, 1_200_000), 6: (9, 1_000_000), 7: (0, 0)},
        {1: 1_200_000, 2: 700_000, 4: 1_200_000, 6: 500_000},
    )
    held = {(1, 1): 12, (1, 2): 7, (1, 4): 5, (1, 6): 8}
    found = {line.item: int(line.eligible) for line in results_of_support(A, [contract], held)}
    assert found == {"1": 1_200_000, "2": 700_000, "4": 500_000, "6": 500_000, "7": 0}
    assert missing_of_support([contract], held) == (
        "支援回の実施(残り8回)",
        "事業者への支払(残り500,000円)",
    )
    assert missing_of_support([], {}) == ("契約",)


def test_before_a_contract_a_plan_counts_once_the_council_has_decided() -> None:
    contract = a_contract({1: (12, 1_100_000)}, {})
    wishes = [
        a_wish(1, WishState.CONTRACTED, 1_200_000), a_wish(2, WishState.APPROVED, 600_000),
        a_wish(3, WishState.BUDGET_REQUESTED, 900_000),
    ]  # fmt: skip
    found = {line.item: int(line.eligible) for line in asked_of_support(A, [contract], wishes)}
    assert found == {"1": 1_100_000, "2": 600_000}


def test_a_forecast_says_what_it_assumes_and_leaves_out_what_no_council_decided() -> None:
    cases = [
        a_case(event(CaseStep.APPLIED, 100), event(CaseStep.DECIDED, 90)),
        a_case(event(CaseStep.APPLIED, 200), case_id=2),
        a_case(
            event(CaseStep.APPLIED, 50), event(CaseStep.DECIDED, 50), event(CaseStep.REPORTED, 30),
            case_id=3,
        ),
        a_case(event(CaseStep.APPLIED, 9), event(CaseStep.REFUSED), case_id=4),
    ]  # fmt: skip
    talent = GrantProgramme("talent", YEAR, "人材", HALF, Yen(1000))
    wishes = [
        a_wish(1, WishState.APPROVED, 80, B), a_wish(2, WishState.WISHED, 60, B),
        a_wish(3, WishState.WISHED, 1_000, A),
    ]  # fmt: skip
    found = forecast(talent, cases, wishes)
    assert (found.amount, found.left, found.at_most) == (90 + 200 + 30 + 40, 640, 390)
    assert found.undecided_municipalities == 1
    assert sum(part.amount for part in found.parts) == found.amount
    assert all(part.why for part in found.parts)
    assert forecast(a_programme(budget=None), cases, ()).left is None


@pytest.mark.parametrize(
    ("amount", "budget", "over"),
    [(900, 1000, False), (901, 1000, True), (1, None, False), (1, 0, True)],
)
def test_the_alert_begins_above_nine_tenths(amount: int, budget: int | None, over: bool) -> None:
    assert over_alert(Yen(amount), None if budget is None else Yen(budget)) is over


def test_nobody_is_late_without_a_deadline_and_everybody_after_it() -> None:
    decided = a_case(event(CaseStep.APPLIED, 100), event(CaseStep.DECIDED, 90))
    assert due(decided, a_programme()).late_days(date(2099, 1, 1)) == 0
    known = a_programme(deadlines={CaseStep.REPORTED: date(2024, 3, 10)})
    found = due(decided, known, ["支払"])
    assert (found.turn, found.step, found.missing) == (
        Turn.MUNICIPALITY, CaseStep.REPORTED, ("支払",),
    )  # fmt: skip
    assert [found.late_days(date(2024, 3, day)) for day in (9, 10, 11)] == [0, 0, 1]
    assert due(a_case(event(CaseStep.APPLIED, 1)), known).turn is Turn.SECRETARIAT


def test_the_track_takes_back_what_is_to_be_done_again() -> None:
    events = (event(CaseStep.APPLIED, 1), event(CaseStep.DECIDED, 1), event(CaseStep.REPORTED, 1))
    back = a_case(*events, event(CaseStep.SENT_BACK))
    assert back.state is CaseState.REPORT_RETURNED
    assert track(a_case(*events))[CaseStep.REPORTED] == DAY
    assert track(back)[CaseStep.REPORTED] is None
    assert track(back)[CaseStep.DECIDED] == DAY
