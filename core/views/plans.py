"""What the page プラン選択・費用試算 shows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.estimate.calculation import (
    Estimate,
    EstimateLine,
    each_alone,
    estimate,
    subsidy_demand,
)
from core.estimate.ceiling import FewerVisits, Fits, choices_within, fewer_visits
from core.estimate.real_burden import RealBurden, RealRequest, special_burden
from core.estimate.request import EstimateRequest
from core.estimate.scenarios import Scenario, scenarios
from core.params import DEFINITIONS
from core.reference.pack import Reference
from core.reference.plans import SupportPlan
from core.store.engine import reading
from core.store.estimates import KeptEstimate, still_kept
from core.store.parameters import recorded_parameters
from core.store.wishes import wish_events
from core.support.wish import WishEvent, current_wishes
from core.values.errors import InvalidInputError, NoValueInForceError
from core.values.fiscal import FiscalYear, budget_request_year
from core.values.money import Yen
from core.values.municipality import Likeness, Municipality, most_alike

_YEARS_AHEAD = 3
_ALIKE = 5


@dataclass(frozen=True)
class PlansFrame:
    """What can be chosen before anything is computed."""

    offered: Mapping[int, Reference]  # by fiscal year that can be asked for, oldest first
    default_year: int  # the year budgets are being requested for
    most_visits: int  # 年間の支援回数の上限 in force, of plans without one of their own

    @property
    def years(self) -> tuple[int, ...]:
        """Fiscal years that can be asked for, oldest first."""
        return tuple(self.offered)

    def plans(self, fiscal_year: int) -> tuple[SupportPlan, ...]:
        """The plans of a year."""
        return self.offered[fiscal_year].plans

    def most(self, plan: SupportPlan) -> int:
        """Most visits of a plan in a fiscal year."""
        return plan.visits or self.most_visits


@requires("plans:read")
def plans_frame_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    as_of: date,
) -> PlansFrame:
    """The choices of the page as of a day.

    Raises:
        NoValueInForceError: No fee or number of visits was ever recorded.
    """
    parameters = recorded_parameters(engine)
    begun = [FiscalYear.of(p.valid_from) for p in parameters if p.name == "talent.unit_price"]
    if not begun:
        raise NoValueInForceError(DEFINITIONS["talent.unit_price"].label, as_of)
    first, request_year = min(begun), max(min(begun), budget_request_year(as_of))
    visits = [
        p.value
        for p in parameters
        if p.name == "talent.visits_per_year" and isinstance(p.value, int)
    ]
    last = max(request_year + _YEARS_AHEAD, *reference.years)
    return PlansFrame(
        offered={year: reference.of(FiscalYear(year)) for year in range(first, last + 1)},
        default_year=int(request_year),
        most_visits=max(visits, default=1),
    )


@dataclass(frozen=True)
class TownAnswer:
    """What is public of the municipality an estimate is made for."""

    municipality: Municipality
    alike: tuple[Likeness, ...]  # the most like it; none that shares nothing with it


def _town(reference: Reference, lg_code: str) -> TownAnswer:
    ours = reference.municipality(lg_code)
    return TownAnswer(ours, most_alike(ours, reference.municipalities, _ALIKE))


@dataclass(frozen=True)
class PlansAnswer:
    """An estimate with everything around it."""

    estimate: Estimate
    alone: Mapping[int, EstimateLine]  # what each plan would cost by itself, by number
    town: TownAnswer | None  # whom it is made for
    # number of plan wishes published for the year, all plans together; None while some are not
    published_wishes: int | None
    demand: Yen | None  # 申請総額 used for the shortfall, yen; None: not given and not known
    shortfall: Yen | None  # 不足額 used, yen
    # the three cases, that of the shortfall only where the demand is known; empty when demand or
    # shortfall cannot be
    scenarios: tuple[Scenario, ...]
    scenario_problems: Mapping[str, str]  # why not, by field
    real: RealBurden | None  # 実質負担 of the first year; None when it is off or cannot be
    real_problems: Mapping[str, str]  # why it cannot be, by field


@requires("estimate:compute")
def plans_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001  everybody gets the same answer
    reference: Reference,
    *,
    request: EstimateRequest,
    visits: tuple[tuple[int, int], ...] = (),
    made_for: str | None = None,
    demand: int | None = None,
    shortfall: int | None = None,
    real: RealRequest | None = None,
) -> PlansAnswer:
    """Compute an estimate and its three cases.

    Args:
        visits: Plan number and visits of every plan there is, to say what each costs by itself.
        made_for: Code of the municipality it is made for; only what is published of it is said.
        demand: 申請総額; None takes what the published wishes would need, where they are known.
        shortfall: 不足額; None takes a tenth of the demand (仮定, for illustration).
        real: What 実質負担 is asked for; None leaves the layer off.

    Raises:
        InvalidInputError: The request cannot be computed, all problems at once; no such
            municipality.
    """
    parameters = recorded_parameters(engine)
    result = estimate(request, reference.plan_offers, parameters)
    year = result.first
    published = _published_wishes(reference.of(year.fiscal_year).plans)
    if year.terms.subsidy is None:  # nothing to apply for, so nothing that may fall short
        demand = shortfall = published = None
    whole = (
        Yen(demand)
        if demand is not None
        else None
        if published is None
        else subsidy_demand(published, year.terms)
    )
    short = Yen(shortfall) if shortfall is not None else whole and Yen(whole // 10)
    cases: tuple[Scenario, ...] = ()
    problems: Mapping[str, str] = {}
    if whole is None and shortfall is not None:
        problems = {"demand": _NO_DEMAND}
    try:
        cases = scenarios(year, whole, short)
    except InvalidInputError as error:
        problems = error.problems
    burden, burden_problems = None, {}
    if real is not None and year.lines:
        try:
            burden = special_burden(year.net, real, parameters, year.terms.as_of)
        except InvalidInputError as error:
            burden_problems = dict(error.problems)
    return PlansAnswer(
        estimate=result,
        alone=each_alone(request, dict(visits), reference.plan_offers, parameters),
        town=_town(reference, made_for) if made_for else None,
        published_wishes=None if published is None else sum(published.values()),
        demand=whole,
        shortfall=short,
        scenarios=cases,
        scenario_problems=problems,
        real=burden,
        real_problems=burden_problems,
    )


_NO_DEMAND = (
    "この年度の希望は公表されていないため、申請総額がわかりません。"
    "不足額を入れるときは申請総額も入れてください。"
)


def _published_wishes(plans: Collection[SupportPlan]) -> dict[int, int] | None:
    """Plan → wishes published; None while those of a plan are not."""
    known = {plan.number: plan.wishes for plan in plans if plan.wishes is not None}
    return known if len(known) == len(plans) else None


@requires("estimate:compute")
def comparison_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001  everybody gets the same answer
    reference: Reference,
    *,
    requests: tuple[EstimateRequest, ...],
) -> tuple[Estimate | None, ...]:
    """Several estimates with what is offered and in force now, in the order asked for.

    None for one that cannot be computed any more: its plan is not offered in its year since.
    """
    parameters = recorded_parameters(engine)

    def again(request: EstimateRequest) -> Estimate | None:
        try:
            return estimate(request, reference.plan_offers, parameters)
        except (InvalidInputError, NoValueInForceError):
            return None

    return tuple(map(again, requests))


@dataclass(frozen=True)
class CeilingAnswer:
    """What fits under a ceiling of 一般財源."""

    fits: Fits
    fewer: FewerVisits | None  # with fewer visits, when nothing fits with those asked for


@requires("estimate:compute")
def ceiling_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    ceiling: int,
    request: EstimateRequest,
    visits: tuple[tuple[int, int], ...],
    required: Collection[int] = (),
) -> CeilingAnswer:
    """All choices of plans under a ceiling of 一般財源; where there are none, what fits instead.

    Args:
        ceiling: Yen.
        request: Year, start month and own terms.
        visits: Plan number and visits, for every plan.
        required: Plans that must be among them.

    Raises:
        InvalidInputError: A negative ceiling, or a request that cannot be computed.
    """
    parameters = recorded_parameters(engine)
    asked = Yen(ceiling), request, dict(visits), reference.plan_offers, parameters, required
    fits = choices_within(*asked)
    return CeilingAnswer(fits, None if fits.number else fewer_visits(*asked))


@dataclass(frozen=True)
class OwnPlans:
    """What a municipality has kept and stated."""

    kept: tuple[KeptEstimate, ...]  # its estimates that are not discarded, newest first
    wishes: Mapping[tuple[int, int], WishEvent]  # the last word by fiscal year and plan


@requires("municipality:read", municipality="lg_code")
def own_plans_view(engine: Engine, principal: Principal, *, lg_code: str) -> OwnPlans:  # noqa: ARG001
    """A municipality's kept estimates and wishes, for that municipality and the secretariat."""
    with reading(engine) as session:
        kept = still_kept(session, lg_code)
        wishes = current_wishes(wish_events(session, lg_code))
    return OwnPlans(
        kept=kept,
        wishes={(year, plan): event for (_, year, plan), event in wishes.items()},
    )
