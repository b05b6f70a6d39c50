"""What 支援の実施 shows: contracts, visits, how far they are, and the files of visits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal, allows
from core.consultation.attachment import CheckedFile
from core.reference.pack import Reference
from core.store.engine import reading
from core.store.experts import experts
from core.store.parameters import all_parameters
from core.store.support import contracts, vendors, visit_file, visits
from core.store.wishes import wish_events
from core.support.contract import Contract
from core.support.expected import Expected, expected_plans, waiting_for_contract
from core.support.expert import Expert
from core.support.pace import Pace, PaceState, paces_of
from core.support.visit import Visit
from core.support.wish import WishEvent, current_wishes
from core.values.errors import InvalidInputError
from core.values.fiscal import FiscalYear
from core.values.municipality import Municipality


@dataclass(frozen=True)
class ContractInYear:
    """A contract, its visits and how far each of its plans is.

    Attributes:
        visits: By plan, then in the order of planning.
        paces: One a plan; none of a contract that was taken back.
        expected: Plan → what its amount is held against.
        experts: Who can be named in a visit: of the vendor, and to a municipality only those who
            were assigned to this contract before.
    """

    contract: Contract
    visits: tuple[Visit, ...]
    paces: tuple[Pace, ...]
    expected: Mapping[int, Expected]
    experts: tuple[Expert, ...]

    @property
    def last_visit_event(self) -> int:
        """Number of what was said last of a visit; 0 of none: what the screen showed."""
        return max((each.last.event_id for each in self.visits), default=0)

    @property
    def last_payment(self) -> int:
        """Number of the last payment; 0 of none."""
        return self.contract.payments[-1].event_id if self.contract.payments else 0


@dataclass(frozen=True)
class OwnSupportAnswer:
    """One municipality's contracts of all years.

    Attributes:
        contracts: Newest first.
        to_conclude: Wishes at 議決 or 契約 for which no contract is recorded, by year and plan.
        vendors: Names a contract was ever made with, by anybody.
    """

    municipality: Municipality
    contracts: tuple[ContractInYear, ...]
    to_conclude: tuple[WishEvent, ...]
    vendors: tuple[str, ...]


@dataclass(frozen=True)
class BoardRow:
    """One plan of one municipality in a year.

    Attributes:
        contract: None: it is approved, and no contract is recorded.
        pace: None without a contract.
    """

    municipality: Municipality
    plan: int
    contract: Contract | None
    pace: Pace | None
    wish: WishEvent | None

    @property
    def urgency(self) -> int:
        """What asks for an act first is the least."""
        if self.pace is None:
            return 0
        order = list(PaceState).index(self.pace.state) * 2 + 1
        unrecorded = self.pace.unrecorded and self.pace.state in (
            PaceState.BEHIND,
            PaceState.ON_PACE,
        )
        return order - 1 if unrecorded else order


@dataclass(frozen=True)
class SupportBoard:
    """Everybody's year, for the secretariat.

    Attributes:
        rows: One a municipality and plan, problems first.
        years: Fiscal years with a contract or an approved wish, and that of today, newest first.
    """

    fiscal_year: FiscalYear
    rows: tuple[BoardRow, ...]
    years: tuple[FiscalYear, ...]


@requires("support:read", municipality="lg_code")
def own_support_view(
    engine: Engine,
    principal: Principal,
    reference: Reference,
    *,
    lg_code: str,
    today: date,
) -> OwnSupportAnswer:
    """Contracts, visits and what waits for a contract of one municipality.

    Raises:
        InvalidInputError: No municipality ever had this code.
    """
    municipality = reference.ever.get(lg_code) or reference.municipality(lg_code)
    with reading(engine) as session:
        ours = contracts(session, lg_code)
        held = _by_contract(visits(session, lg_code))
        said = current_wishes(wish_events(session, lg_code))
        parameters = all_parameters(session)
        known = tuple(sorted(each.name for each in vendors(session).values()))
        pool = experts(session) if ours else []
    manages = allows(principal, "expert:manage")

    def in_year(contract: Contract) -> ContractInYear:
        year = contract.fiscal_year
        wishes = {plan: wish for (_, of, plan), wish in said.items() if of == year}
        expected = expected_plans(
            reference.plan_offers(year), parameters, wishes, year, contract.terms.first_day
        )
        its = sorted(held[contract.contract_id], key=lambda each: (each.plan, each.serial))
        paces = paces_of(contract, its, today)
        came = {number for visit in its for number in visit.experts}
        able = tuple(
            each
            for each in pool
            if each.vendor_id == contract.vendor.vendor_id
            and (each.expert_id in came or (manages and (each.offer.ends or today) >= today))
        )
        return ContractInYear(contract, tuple(its), paces, expected, able)

    return OwnSupportAnswer(
        municipality,
        tuple(in_year(each) for each in reversed(ours)),
        tuple(waiting_for_contract(said.values(), ours)),
        known,
    )


@requires("support:manage")
def support_board_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    fiscal_year: FiscalYear,
    today: date,
) -> SupportBoard:
    """Every municipality's plans in a year; eight queries however many there are."""
    with reading(engine) as session:
        every = contracts(session)
        of_year = [each for each in every if each.fiscal_year == fiscal_year and each.stands]
        keys = [each.contract_id for each in of_year]
        held = _by_contract(visits(session, contract_ids=keys))
        said = current_wishes(wish_events(session))
    rows = [
        BoardRow(
            reference.ever[contract.lg_code],
            pace.plan,
            contract,
            pace,
            said.get((contract.lg_code, fiscal_year, pace.plan)),
        )
        for contract in of_year
        for pace in paces_of(contract, held[contract.contract_id], today)
    ]
    waiting = waiting_for_contract(said.values(), every)
    rows += [
        BoardRow(reference.ever[wish.lg_code], wish.plan, None, None, wish)
        for wish in waiting
        if wish.fiscal_year == fiscal_year
    ]
    order = {code: number for number, code in enumerate(reference.ever)}
    rows.sort(key=lambda row: (row.urgency, order[row.municipality.lg_code], row.plan))
    years = {each.fiscal_year for each in every} | {wish.fiscal_year for wish in waiting}
    years |= {FiscalYear.of(today), fiscal_year}
    return SupportBoard(fiscal_year, tuple(rows), tuple(sorted(years, reverse=True)))


@requires("support:read", municipality="lg_code")
def visit_file_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    *,
    lg_code: str,
    file_id: int,
) -> CheckedFile:
    """A file of a visit with its bytes; another municipality's is as unknown as none.

    Raises:
        InvalidInputError: No such file of this municipality.
    """
    with reading(engine) as session:
        file = visit_file(session, lg_code, file_id)
    if file is None:
        raise InvalidInputError(
            {"file_id": "このファイルは見つかりません。画面を更新してください。"}
        )
    return file


def _by_contract(found: Iterable[Visit]) -> dict[int, list[Visit]]:
    by: dict[int, list[Visit]] = defaultdict(list)
    for each in found:
        by[each.contract_id].append(each)
    return by
