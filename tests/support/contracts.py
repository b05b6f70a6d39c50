"""A contract of two plans in 令和5年度, as commands take it, and the way to one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Engine

from core.access.principal import Principal, Role
from core.commands.contracts import conclude_contract
from core.commands.wishes import advance_wish, hand_in_wishes
from core.consultation.theme import MeetingForm
from core.estimate.request import EstimateRequest, ExpenditureKind, PlanChoice
from core.store.engine import reading
from core.store.wishes import wish_events
from core.support.contract import ContractLine, ContractTerms
from core.support.visit import Held, Planned
from core.support.wish import WishState, current_wishes
from core.values.fiscal import JAPAN, PartialDate, Precision
from core.values.money import Yen
from tests.support.reference import where_wanted

OURS, NEIGHBOUR = "271403", "272108"
OFFICER = Principal(f"tanto-{OURS}", "担当", Role.OFFICER, OURS)
OFFICE = Principal("jimukyoku", "事務局", Role.SECRETARIAT)
SIGNED = datetime(2023, 10, 2, 9, 30, tzinfo=JAPAN)
TERMS = ContractTerms(
    signed_on=date(2023, 10, 2),
    first_day=date(2023, 10, 2),
    last_day=date(2024, 3, 31),
    kind=ExpenditureKind.COMMISSION,
    lines=(ContractLine(4, 3, Yen(300_000)), ContractLine(6, 6, Yen(600_000))),
)
PLANNED = Planned(
    PartialDate(date(2023, 10, 11), Precision.DAY), time(10), MeetingForm.ONLINE, "接続先は後日"
)
HELD = Held(
    day=date(2023, 10, 2),
    minutes=120,
    meeting=MeetingForm.ON_SITE,
    attended="DX推進課3人、情報政策課2人",
    topic="庁内の業務の棚卸し",
    done="業務一覧をつくり、優先順位を決めた。",
    following="各課に調査票を配る。",
    satisfaction=4,
)
VENDOR = "乗合デジタル支援株式会社"


def approved(
    engine: Engine,
    who: Principal = OFFICER,
    lg_code: str = OURS,
    *,
    choices: Sequence[tuple[int, int]] = ((4, 3), (6, 6)),
    fiscal_year: int = 2023,
    start_month: int = 10,
    now: datetime = SIGNED,
) -> dict[int, int]:
    """Wishes of a municipality that its council approved: plan → number of the last event."""
    request = EstimateRequest(
        fiscal_year, tuple(PlanChoice(*each) for each in choices), start_month
    )

    def does(command: Callable[..., Any], **given: Any) -> None:
        given = {"request_id": "", "now": now, "lg_code": lg_code} | where_wanted(command) | given
        command(engine, who, **given)

    for state in (WishState.WISHED, WishState.BUDGET_REQUESTED):
        seen = seen_wishes(engine, lg_code, fiscal_year)
        does(hand_in_wishes, request=request, state=state, seen=seen)
    for plan, _ in choices:
        does(
            advance_wish,
            fiscal_year=fiscal_year,
            plan=plan,
            state=WishState.APPROVED,
            reason="",
            seen_event=seen_wishes(engine, lg_code, fiscal_year)[plan],
        )
    return seen_wishes(engine, lg_code, fiscal_year)


def seen_wishes(engine: Engine, lg_code: str, fiscal_year: int) -> dict[int, int]:
    """Plan → number of the last event of its wish."""
    with reading(engine) as session:
        said = current_wishes(wish_events(session, lg_code))
    return {plan: wish.event_id for (_, of, plan), wish in said.items() if of == fiscal_year}


def concluded(
    engine: Engine,
    who: Principal = OFFICER,
    lg_code: str = OURS,
    *,
    terms: ContractTerms = TERMS,
    vendor: str = VENDOR,
    now: datetime = SIGNED,
    fiscal_year: int = 2023,
) -> int:
    """Number of a contract of approved wishes."""
    choices = [(line.plan, line.visits) for line in terms.lines]
    seen = approved(
        engine,
        who,
        lg_code,
        choices=choices,
        now=now,
        fiscal_year=fiscal_year,
        start_month=terms.first_day.month,
    )
    given = where_wanted(conclude_contract)
    made = conclude_contract(
        engine,
        who,
        lg_code=lg_code,
        fiscal_year=fiscal_year,
        vendor=vendor,
        terms=terms,
        seen=seen,
        request_id="",
        now=now,
        **given,
    )
    return int(made.contract_id)


def with_line(terms: ContractTerms, plan: int, visits: int, amount: int) -> ContractTerms:
    """The same with another line for a plan."""
    lines = tuple(
        ContractLine(plan, visits, Yen(amount)) if line.plan == plan else line
        for line in terms.lines
    )
    return replace(terms, lines=lines)
