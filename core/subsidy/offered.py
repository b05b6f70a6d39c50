"""Which programmes there are in a fiscal year, from the catalogue and the parameters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType

from core.estimate.terms import SubsidyTerms, subsidy_parameters, subsidy_terms
from core.params import Basis, Parameter, RoundingScope, in_force
from core.reference.grants import TALENT, Grant
from core.reference.pack import Reference
from core.subsidy.case import Case
from core.subsidy.programme import GrantProgramme
from core.subsidy.step import CaseStep
from core.values.errors import InvalidInputError, NoValueInForceError
from core.values.fiscal import FiscalYear
from core.values.money import Direction, Rounding, Yen
from core.values.offer import OfferedPart

_BUDGET = "talent.programme_budget"
_OPEN = (Basis.UNDER_CONSIDERATION, Basis.ASSUMPTION)


def programmes(
    reference: Reference, parameters: Iterable[Parameter], fiscal_year: FiscalYear, day: date
) -> Mapping[str, GrantProgramme]:
    """By key, the support plans' first where they are subsidised.

    What an earlier year's catalogue says of a later one is 仮, and its budget and its deadlines are
    nobody's.

    Args:
        day: On which terms are asked for; those of support plans begin with the year.
    """
    offered = reference.of(fiscal_year)
    known = tuple(parameters)
    own = offered.fiscal_year == fiscal_year
    found = {}
    for grant in offered.grants:
        if grant.key == TALENT:
            if OfferedPart.SUBSIDY in offered.offers:
                found[TALENT] = _talent(reference, known, fiscal_year, day, grant, own=own)
        else:
            found[grant.key] = _of_catalogue(grant, fiscal_year, own=own)
    if OfferedPart.SUBSIDY in offered.offers and TALENT not in found:
        found[TALENT] = _talent(reference, known, fiscal_year, day, None, own=own)
    first = {key: each for key, each in found.items() if each.from_contracts}
    return MappingProxyType(first | found)


def gone(case: Case) -> GrantProgramme:
    """What stands for the programme of a case that the catalogue knows no longer: read, not acted on."""
    return GrantProgramme(
        case.programme,
        case.fiscal_year,
        f"{case.programme}(カタログにない補助事業)",
        terms=None,
        budget=None,
        known=False,
    )


def programme_of(
    reference: Reference, parameters: Iterable[Parameter], case: Case
) -> GrantProgramme:
    """The programme of a case, on the terms in force on the day it was first applied for.

    Raises:
        InvalidInputError: The catalogue knows it no longer.
    """
    day = case.events[0].day
    return programme_named(reference, parameters, case.programme, case.fiscal_year, day)


def programme_named(
    reference: Reference,
    parameters: Iterable[Parameter],
    key: str,
    fiscal_year: FiscalYear,
    day: date,
) -> GrantProgramme:
    """The programme of a key.

    Raises:
        InvalidInputError: Field ``programme``: there is none.
    """
    found = programmes(reference, parameters, fiscal_year, day).get(key)
    if found is None:
        raise InvalidInputError({"programme": not_in_catalogue(key, fiscal_year)})
    return found


def not_in_catalogue(key: str, fiscal_year: FiscalYear) -> str:
    """Why nothing can be said of a programme, and what to do."""
    return (
        f"{fiscal_year.label}の補助事業「{key[:40]}」はカタログにありません。"
        "一覧から選び直すか、事務局がカタログに登録してください。"
    )


def _talent(
    reference: Reference,
    parameters: tuple[Parameter, ...],
    fiscal_year: FiscalYear,
    day: date,
    grant: Grant | None,
    *,
    own: bool,
) -> GrantProgramme:
    on = max(day, fiscal_year.first_day)
    terms: SubsidyTerms | None
    try:
        terms = subsidy_terms(parameters, on)
        assumed = any(each.basis in _OPEN for each in subsidy_parameters(parameters, on))
    except NoValueInForceError:
        terms, assumed = None, True
    budget, open_budget = _budget(parameters, fiscal_year)
    return GrantProgramme(
        key=TALENT,
        fiscal_year=fiscal_year,
        name=grant.name if grant else reference.of(fiscal_year).talent.name,
        terms=terms,
        budget=budget,
        joint=False,
        advance=grant.advance if grant else False,
        criteria=grant.criteria if grant else (),
        deadlines=_deadlines(grant, own=own),
        source=grant.source if grant else reference.of(fiscal_year).talent.source,
        assumed=assumed or open_budget or not own,
        budget_assumed=open_budget,
        note=(grant.note or "") if grant else "",
    )


def _budget(parameters: tuple[Parameter, ...], year: FiscalYear) -> tuple[Yen | None, bool]:
    try:
        found = in_force(parameters, _BUDGET, year.last_day)
    except NoValueInForceError:
        return None, False
    value = found.value
    return (Yen(value) if isinstance(value, int) else None), found.basis in _OPEN


def _of_catalogue(grant: Grant, fiscal_year: FiscalYear, *, own: bool) -> GrantProgramme:
    rate = grant.exact_rate
    terms = None
    if rate is not None:
        terms = SubsidyTerms(
            rate,
            Rounding(grant.rounding_unit or 1, grant.rounding_direction or Direction.DOWN),
            grant.rounding_scope or RoundingScope.TOTAL,
            None if grant.cap is None else Yen(grant.cap),
        )
    return GrantProgramme(
        key=grant.key,
        fiscal_year=fiscal_year,
        name=grant.name,
        terms=terms,
        budget=Yen(grant.budget) if own and grant.budget is not None else None,
        joint=grant.joint,
        advance=grant.advance,
        criteria=grant.criteria,
        deadlines=_deadlines(grant, own=own),
        source=grant.source,
        assumed=grant.assumed or not own,
        budget_assumed=grant.assumed,
        note=grant.note or "",
    )


def _deadlines(grant: Grant | None, *, own: bool) -> Mapping[CaseStep, date]:
    if grant is None or not own:
        return MappingProxyType({})
    days = {
        CaseStep.APPLIED: grant.deadline_application,
        CaseStep.REPORTED: grant.deadline_report,
        CaseStep.CLAIMED: grant.deadline_claim,
    }
    return MappingProxyType({step: day for step, day in days.items() if day is not None})
