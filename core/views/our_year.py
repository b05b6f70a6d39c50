"""A municipality's whole fiscal year, for わがまち and the page for its council."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core.access.permission import requires
from core.access.principal import CONSOLE, Principal, Role
from core.figures.year.year import OurYear, Recorded, our_year
from core.inquiry.response import Response
from core.params import Parameter
from core.quotation.systems import priced_lots
from core.reference.pack import Reference
from core.store.accounts import all_accounts
from core.store.consultations import consultations
from core.store.engine import reading
from core.store.inquiries import inquiries, responses_of_town
from core.store.kpi import known_sessions
from core.store.ledger_index import ledger_index
from core.store.parameters import all_parameters
from core.store.quotations import HOURS, quotations
from core.store.subsidy import cases
from core.store.support import contracts, visits
from core.store.wishes import wish_events
from core.subsidy.case import Case
from core.subsidy.due import Due, due
from core.subsidy.offered import programme_of, programmes
from core.subsidy.support import asked_of_support, missing_of_support
from core.support.contract import Contract
from core.support.due import support_dues
from core.support.visit import Visit, VisitState
from core.support.wish import WishEvent, current_wishes
from core.training.filter import TrainingFilter
from core.values.fiscal import FiscalYear
from core.values.offer import OfferedPart


@requires("municipality:read", municipality="lg_code")
def our_year_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    lg_code: str,
    fiscal_year: FiscalYear,
    now: datetime,
    today: date,
) -> OurYear:
    """Everything of a year; of a municipality that is no more what it recorded itself.

    Ask afresh: what is still due depends on the moment, and drafts of answers do not raise the
    revision.

    Raises:
        InvalidInputError: No municipality ever had this code.
    """
    municipality = reference.ever.get(lg_code) or reference.municipality(lg_code)
    with reading(engine) as session:
        recorded = _recorded(session, reference, lg_code, fiscal_year, today)
    return our_year(
        municipality,
        fiscal_year,
        recorded,
        names=reference.names,
        now=now,
        today=today,
    )


@requires("municipality:read", municipality="lg_code")
def our_years_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    *,
    lg_code: str,
    today: date,
) -> tuple[FiscalYear, ...]:
    """Years to choose from, newest first: those with a wish or a contract, this one and the last."""
    with reading(engine) as session:
        said = {wish.fiscal_year for wish in wish_events(session, lg_code)}
        made = {each.fiscal_year for each in contracts(session, lg_code)}
        asked = {case.fiscal_year for case in cases(session, lg_code)}
    this = FiscalYear.of(today)
    years = said | made | asked | {this, FiscalYear(this - 1)}
    return tuple(sorted(years, reverse=True))


@dataclass(frozen=True)
class _Kept:
    """What a duty may follow from."""

    wishes: Sequence[WishEvent]
    contracts: Sequence[Contract]
    visits: Sequence[Visit]
    cases: Sequence[Case]

    @property
    def held(self) -> dict[tuple[int, int], int]:
        """Number of the contract and plan → visits held."""
        return Counter(
            (each.contract_id, each.plan) for each in self.visits if each.state is VisitState.HELD
        )


def _recorded(
    session: Session, reference: Reference, lg_code: str, year: FiscalYear, today: date
) -> Recorded:
    parameters = all_parameters(session)
    said = tuple(current_wishes(wish_events(session, lg_code)).values())
    made, planned = contracts(session, lg_code), visits(session, lg_code)
    its = _Kept(
        [wish for wish in said if wish.fiscal_year == year],
        [each for each in made if each.fiscal_year == year],
        planned,
        cases(session, lg_code, fiscal_year=year),
    )
    index = ledger_index(session, reference.succession)
    day = min(today, year.last_day)
    responses = responses_of_town(session, lg_code)
    trainings = OfferedPart.TRAININGS in reference.offers
    wanted = TrainingFilter(fiscal_year=int(year))
    return Recorded(
        wishes=tuple(its.wishes),
        contracts=tuple(its.contracts),
        visits=tuple(planned),
        cases=tuple(its.cases),
        programmes=programmes(reference, parameters, year, today),
        support=tuple(support_dues(made, planned, said, reference.plan_name, today)),
        duties=tuple(_duties(reference, parameters, lg_code, year, today, its)),
        quotations=tuple(quotations(session, lg_code)),
        hours=tuple(HOURS.all(session, lg_code=lg_code)),
        slots=tuple((lot.label, lot.slot) for lot in priced_lots(reference)),
        systems=tuple(
            (each.label, index.programme(each.key).state(lg_code, day))
            for each in reference.procurements.programmes
        ),
        taking_part=index.systems_of(lg_code, day),
        sessions=known_sessions(session, wanted) if trainings else (),
        consultations=tuple(consultations(session, lg_code)),
        asked=tuple(
            (each, responses.get(each.inquiry_id) or Response(each.inquiry_id, lg_code))
            for each in inquiries(session)
            if lg_code in each.audience
        ),
        others=frozenset(
            {CONSOLE.username}
            | {
                each.username
                for each in all_accounts(session)
                if each.role is not Role.OFFICER or each.lg_code != lg_code
            }
        ),
    )


def _duties(
    reference: Reference,
    parameters: Sequence[Parameter],
    lg_code: str,
    year: FiscalYear,
    today: date,
    its: _Kept,
) -> Iterator[tuple[str, str, Due]]:
    """What comes next of each case a municipality leads, and of support plans to be applied for."""
    missing = missing_of_support(its.contracts, its.held)
    for case in its.cases:
        if case.lg_code == lg_code:
            programme = programme_of(reference, parameters, case)
            lacks = missing if programme.from_contracts else ()
            yield programme.name, case.number.label, due(case, programme, lacks)
    running = {case.programme for case in its.cases if case.granting}
    for key, programme in programmes(reference, parameters, year, today).items():
        asked = programme.from_contracts and asked_of_support(lg_code, its.contracts, its.wishes)
        if asked and key not in running:
            yield programme.name, "", due(None, programme)
