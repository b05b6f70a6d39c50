"""見本データ of a running year: contracts of support plans, their visits, what was paid. All made up."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Engine

from core.access.principal import Principal
from core.commands.contracts import (
    ConcludedContract,
    conclude_contract,
    record_payment,
)
from core.commands.visits import cancel_visit, hold_unplanned_visit, plan_year, rate_visit
from core.commands.wishes import advance_wish, hand_in_wishes
from core.consultation.theme import MeetingForm
from core.estimate.request import EstimateRequest, ExpenditureKind, PlanChoice
from core.reference.pack import Reference
from core.store.engine import reading
from core.store.support import visits
from core.store.wishes import wish_events
from core.support.contract import ContractLine, ContractTerms, PaidLine
from core.support.visit import CancelledBy, Held, Planned, VisitState
from core.support.wish import WishState, current_wishes
from core.support.year_plan import DayRule, closed_on, planned_months
from core.values.fiscal import FiscalYear, PartialDate, Precision
from core.values.money import Yen
from core.values.municipality import Municipality

_PLANS = ((5,), (3, 5), (0,), (1, 4), (3,), (5, 6), (0, 3), (2,), (4,), (5,), (1,), (0, 5), (6,))
"""Places of plans among those that are offered, one tuple a municipality: thirteen."""
SUPPORTED = len(_PLANS)
"""Municipalities, the first ones, whose wishes of the running year are approved."""
_BEHIND = {3: 2, 6: 3}
"""Place of a municipality → months in which nothing was held."""
_WITHOUT_CONTRACT = (10, 12)
_VENDORS = ("見本デジタル支援株式会社", "見本コンサルティング合同会社")
_TOPICS = (
    "業務の棚卸し",
    "手続のオンライン化の進め方",
    "情報システムの標準化の課題",
    "生成AIの試行",
    "職員研修の組み立て",
    "次年度の計画",
)
Does = Callable[..., Any]


def fill_support(
    engine: Engine,
    reference: Reference,
    now: datetime,
    officer: Callable[[Municipality], Principal],
) -> None:
    """Thirteen municipalities in the year of a day: most under contract, some late, two not yet."""
    year = FiscalYear.of(now.date())
    for place, town in enumerate(reference.municipalities[:SUPPORTED]):
        _town(engine, reference, town, place, year, now, officer(town))


def _town(
    engine: Engine,
    reference: Reference,
    town: Municipality,
    place: int,
    year: FiscalYear,
    now: datetime,
    who: Principal,
) -> None:
    code = town.lg_code
    numbers = list(reference.plan_offers(year).plans)
    plans = sorted({numbers[n % len(numbers)] for n in _PLANS[place]})

    def does(command: Does, name: str, **given: Any) -> Any:
        if command in (hand_in_wishes, conclude_contract):
            given["reference"] = reference
        key = f"mihon-support-{name}"
        return command(engine, who, lg_code=code, request_id=key, now=now, **given)

    seen = _approve(engine, does, code, year, plans)
    if place in _WITHOUT_CONTRACT:
        return
    today = now.date()
    first = min(year.first_day, today)
    with reading(engine) as session:
        gross = {
            plan: wish.gross
            for (_, of, plan), wish in current_wishes(wish_events(session, code)).items()
            if of == year
        }
    terms = ContractTerms(
        signed_on=first,
        first_day=first,
        last_day=year.last_day,
        kind=ExpenditureKind.COMMISSION,
        lines=tuple(ContractLine(plan, 12, gross[plan]) for plan in plans),
    )
    vendor = _VENDORS[place % 2]
    made: ConcludedContract = does(
        conclude_contract, "contract", fiscal_year=int(year), vendor=vendor, terms=terms, seen=seen
    )
    held = _hold(engine, does, code, made.contract_id, terms, today, _BEHIND.get(place, 0))
    _plan(engine, does, code, made.contract_id, plans, today, place)
    paid = tuple(PaidLine(p, Yen(gross[p] // 12 * n)) for p, n in held.items() if n)
    if paid and place % 3 != 2:
        does(
            record_payment,
            "payment",
            contract_id=made.contract_id,
            paid_on=today,
            lines=paid,
            note="見本の支払です。",
            seen_payment=0,
        )


def _approve(
    engine: Engine, does: Does, code: str, year: FiscalYear, plans: list[int]
) -> dict[int, int]:
    request = EstimateRequest(int(year), tuple(PlanChoice(plan, 12) for plan in plans))

    def seen() -> dict[int, int]:
        with reading(engine) as session:
            said = current_wishes(wish_events(session, code))
        return {plan: wish.event_id for (_, of, plan), wish in said.items() if of == year}

    for state in (WishState.WISHED, WishState.BUDGET_REQUESTED):
        does(hand_in_wishes, f"wish-{state}", request=request, state=state, seen=seen())
    for plan in plans:
        does(
            advance_wish,
            f"approved-{plan}",
            fiscal_year=int(year),
            plan=plan,
            state=WishState.APPROVED,
            reason="",
            seen_event=seen()[plan],
        )
    return seen()


def _hold(
    engine: Engine,
    does: Does,
    code: str,
    contract_id: int,
    terms: ContractTerms,
    today: date,
    missed: int,
) -> dict[int, int]:
    """Visits held in the months before this one, on the second Wednesday; plan → how many."""
    found: dict[int, int] = {}
    for line in terms.lines:
        rule = DayRule(2, 2)
        months = planned_months(
            line, terms, (), first_month=terms.first_day, rule=rule, today=terms.first_day
        )
        days = [when.first for when in months if when.last < today.replace(day=1)][missed:]
        for number, day in enumerate(days):
            held = Held(
                day=day,
                minutes=90 + 30 * (number % 2),
                meeting=MeetingForm.ONLINE if number % 3 else MeetingForm.ON_SITE,
                attended="見本DX推進課2人",
                topic=_TOPICS[number % len(_TOPICS)],
                done="画面を試すための架空の記録です。",
                following="次回までに課題を整理します。" if number % 2 else "",
                satisfaction=None if number == len(days) - 1 else 3 + number % 3,
            )
            does(
                hold_unplanned_visit,
                f"held-{line.plan}-{number}",
                contract_id=contract_id,
                plan=line.plan,
                held=held,
                files=[],
                seen_event=_last(engine, code),
            )
        found[line.plan] = len(days)
    return found


def _plan(
    engine: Engine,
    does: Does,
    code: str,
    contract_id: int,
    plans: list[int],
    today: date,
    place: int,
) -> None:
    if place % 5 == 4:  # nobody has planned there yet
        return
    soon = today + timedelta(days=3)
    while closed_on(soon):
        soon += timedelta(days=1)
    if FiscalYear.of(soon) != FiscalYear.of(today):  # the year is over by then
        return
    rule = DayRule(soon.weekday(), (soon.day - 1) // 7 + 1)
    usual = Planned(
        PartialDate(soon, Precision.DAY), time(14, 0), MeetingForm.ONLINE, "https://example.lg.jp/"
    )
    does(
        plan_year,
        "year",
        contract_id=contract_id,
        plans=tuple(plans),
        first_month=soon,
        rule=rule,
        usual=usual,
        seen_event=_last(engine, code),
    )
    with reading(engine) as session:
        planned = [v for v in visits(session, code) if v.state is VisitState.PLANNED]
        held = [v for v in visits(session, code) if v.held and v.held.satisfaction is None]
    if place % 4 == 1 and planned:
        does(
            cancel_visit,
            "cancelled",
            visit_id=planned[-1].visit_id,
            cancelled_by=CancelledBy.VENDOR,
            reason="見本の理由です。",
            seen_event=planned[-1].last.event_id,
        )
    if place % 2 == 0 and held:
        does(
            rate_visit,
            "rated",
            visit_id=held[0].visit_id,
            satisfaction=5,
            seen_event=held[0].last.event_id,
        )


def _last(engine: Engine, code: str) -> int:
    with reading(engine) as session:
        return max((v.last.event_id for v in visits(session, code)), default=0)
