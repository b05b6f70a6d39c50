"""What the tab 補助金 shows: a municipality's cases with what comes next, everybody's board."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core.access.permission import requires
from core.access.principal import Principal
from core.params import Parameter
from core.reference.pack import Reference
from core.store.engine import reading
from core.store.parameters import all_parameters
from core.store.subsidy import cases
from core.store.support import contracts, held_counts
from core.store.wishes import WISHES
from core.subsidy.budget import (
    BudgetStanding,
    Forecast,
    as_on,
    cut_to_budget,
    forecast,
    left_for,
    standing,
)
from core.subsidy.case import Case
from core.subsidy.check import next_steps
from core.subsidy.due import Due, Turn, due
from core.subsidy.money import AskedLine, Offered, Outcome, applied, outcome
from core.subsidy.offered import gone, not_in_catalogue, programmes
from core.subsidy.programme import GrantProgramme
from core.subsidy.step import MUNICIPAL, CaseStep
from core.subsidy.support import (
    APPLIED_FOR,
    asked_of_support,
    missing_of_support,
    results_of_support,
)
from core.support.contract import Contract
from core.support.wish import WishEvent, current_wishes
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import FiscalYear, day_in_japan
from core.values.money import Yen


@dataclass(frozen=True)
class Way:
    """One step that may follow, before anybody takes it.

    Attributes:
        asked: Costs it would rest on; empty of one without costs, and of one where they are typed.
        outcome: What it comes to; None where something must be typed first, or it is refused.
        refused: Why it cannot be taken now; empty when it can.
    """

    step: CaseStep
    asked: tuple[AskedLine, ...]
    outcome: Outcome | None
    refused: str = ""

    @property
    def municipal(self) -> bool:
        """Whether it is the municipality's."""
        return self.step in MUNICIPAL


@dataclass(frozen=True)
class CaseShown:
    """A case and what comes next."""

    case: Case
    programme: GrantProgramme
    due: Due
    ways: tuple[Way, ...]  # what may follow by the order of steps; the usual one first


@dataclass(frozen=True)
class OwnSubsidyAnswer:
    """A municipality's subsidies of a fiscal year."""

    fiscal_year: FiscalYear
    programmes: Mapping[str, GrantProgramme]  # those there are
    cases: tuple[CaseShown, ...]  # those it takes part in, newest first
    begin: Mapping[
        str, Way
    ]  # programme → 交付申請 of a new case; absent where there is one already
    # programme → what to apply for next, with its deadline; absent where there is nothing to
    awaited: Mapping[str, Due]


@dataclass(frozen=True)
class BoardRow:
    """One municipality of the board.

    Attributes:
        case: Its case; None where it has none; more than one has as many rows.
        expected: Whether it should have one: a council decided on a plan of it.
        due: What comes next; None for nothing, and of a joint case with the leading one alone.
        leads: Whether the case is its own; otherwise it takes part in a joint one.
    """

    lg_code: str
    name: str
    case: Case | None
    expected: bool
    due: Due | None
    leads: bool = True

    def late_days(self, today: date) -> int:
        """Days past the deadline of what it has to do; 0 for none."""
        return self.due.late_days(today) if self.due else 0


@dataclass(frozen=True)
class BoardAnswer:
    """A programme's year: who stands where, and its money."""

    programme: GrantProgramme
    programmes: Mapping[str, GrantProgramme]  # all there are in the year
    fiscal_year: FiscalYear
    as_of: date
    rows: tuple[BoardRow, ...]  # late first, then what lacks something, then in file order
    standing: BudgetStanding
    forecast: Forecast
    cuts: Mapping[
        int, Yen
    ]  # case that waits for its decision → what it gets if all are decided now


@requires("subsidy:read", municipality="lg_code")
def own_subsidy_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    lg_code: str,
    fiscal_year: FiscalYear,
    as_of: date,
) -> OwnSubsidyAnswer:
    """Cases a municipality takes part in, what comes next of each and what it may apply for.

    One that ended has its cases under its former name, and applies for nothing.

    Raises:
        InvalidInputError: No municipality ever had this code.
    """
    if lg_code not in reference.ever:
        reference.municipality(lg_code)
    with reading(engine) as session:
        kept = _Kept.read(session, reference, fiscal_year, lg_code, as_of)
        everybody = cases(session, fiscal_year=fiscal_year)
    own = [case for case in everybody if lg_code in case.members]
    offered = programmes(reference, kept.parameters, fiscal_year, as_of)
    shown = [_shown(case, reference, kept, everybody) for case in reversed(own)]
    running = {case.programme for case in own if case.granting}
    open_ = {
        key: each
        for key, each in offered.items()
        if lg_code in reference.by_code and not (each.from_contracts and key in running)
    }
    begin = {key: _first(lg_code, each, kept) for key, each in open_.items()}
    awaited = {
        key: due(None, each)
        for key, each in open_.items()
        if key not in running and each.from_contracts and not begin[key].refused
    }
    return OwnSubsidyAnswer(fiscal_year, offered, tuple(shown), begin, awaited)


@requires("subsidy:decide")
def subsidy_board_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    programme: str | None,
    fiscal_year: FiscalYear,
    as_of: date,
) -> BoardAnswer | None:
    """Every municipality and its case of a programme, the money and what the year comes to.

    Args:
        programme: Its key; None, or one there is not: the first there is. One that left the
            catalogue is there as long as a case of the year is its.
        as_of: Steps, wishes and contracts of a later day are not yet there.

    Returns:
        None where nothing is granted in the year.
    """
    with reading(engine) as session:
        kept = _Kept.read(session, reference, fiscal_year, None, as_of)
        every = cases(session, fiscal_year=fiscal_year)
    in_catalogue = programmes(reference, kept.parameters, fiscal_year, as_of)
    offered = {
        **in_catalogue,
        **{c.programme: gone(c) for c in every if c.programme not in in_catalogue},
    }
    if not offered:
        return None
    chosen = offered.get(programme or "") or next(iter(offered.values()))
    known = [case for case in as_on(every, as_of) if case.programme == chosen.key]
    rows = _rows(chosen, known, reference, kept)
    wishes = kept.wishes if chosen.from_contracts else ()
    return BoardAnswer(
        chosen,
        offered,
        fiscal_year,
        as_of,
        tuple(sorted(rows, key=lambda row: (-row.late_days(as_of), not _lacking(row)))),
        standing(known, chosen.budget),
        forecast(chosen, known, wishes),
        cut_to_budget(known, chosen.budget),
    )


@dataclass(frozen=True)
class _Kept:
    """What amounts of support plans rest on, by municipality."""

    parameters: Sequence[Parameter]
    wishes: tuple[WishEvent, ...]  # the last word on each plan of the year
    wishes_of: Mapping[str, list[WishEvent]]
    contracts_of: Mapping[str, list[Contract]]
    held: Mapping[tuple[int, int], int]
    _programmes: dict[tuple[str, date], GrantProgramme] = field(default_factory=dict)

    @classmethod
    def read(
        cls,
        session: Session,
        reference: Reference,
        year: FiscalYear,
        lg_code: str | None,
        as_of: date,
    ) -> _Kept:
        parameters = all_parameters(session)
        if not any(
            each.from_contracts
            for each in programmes(reference, parameters, year, year.last_day).values()
        ):
            return cls(parameters, (), {}, {}, {})
        said = WISHES.all(session, lg_code=lg_code, fiscal_year=year)
        then = (each for each in said if day_in_japan(each.recorded_at) <= as_of)
        wishes = tuple(current_wishes(then).values())
        recorded = contracts(session, lg_code, fiscal_year=year)
        made = [each for each in recorded if each.events[0].day <= as_of]
        held = held_counts(session, [each.contract_id for each in made]) if made else {}
        wishes_of: dict[str, list[WishEvent]] = defaultdict(list)
        for wish in wishes:
            wishes_of[wish.lg_code].append(wish)
        contracts_of: dict[str, list[Contract]] = defaultdict(list)
        for contract in made:
            contracts_of[contract.lg_code].append(contract)
        return cls(parameters, wishes, wishes_of, contracts_of, held)

    def programme_of(self, reference: Reference, case: Case) -> GrantProgramme:
        """The programme of a case; one look a day and programme."""
        day = case.events[0].day
        key = case.programme, day
        if key not in self._programmes:
            there = programmes(reference, self.parameters, case.fiscal_year, day)
            self._programmes[key] = there.get(case.programme) or gone(case)
        return self._programmes[key]

    def asked(self, lg_code: str, step: CaseStep) -> tuple[AskedLine, ...]:
        made = self.contracts_of.get(lg_code, [])
        if step is CaseStep.REPORTED:
            return results_of_support(lg_code, made, self.held)
        return asked_of_support(lg_code, made, self.wishes_of.get(lg_code, []))

    def missing(self, lg_code: str) -> tuple[str, ...]:
        return missing_of_support(self.contracts_of.get(lg_code, []), self.held)


def _rows(
    programme: GrantProgramme, known: Sequence[Case], reference: Reference, kept: _Kept
) -> Iterable[BoardRow]:
    of_code: dict[str, list[Case]] = defaultdict(list)
    joined: dict[str, list[Case]] = defaultdict(list)
    for case in known:
        of_code[case.lg_code].append(case)
        for code in case.members[1:]:
            joined[code].append(case)
    codes = [*reference.by_code, *(code for code in of_code if code not in reference.by_code)]
    for code in codes:
        own = of_code.get(code, [])
        wished = any(w.state in APPLIED_FOR for w in kept.wishes_of.get(code, []))
        expected = programme.from_contracts and (wished or code in kept.contracts_of)
        for case in own:
            following = _due(case, kept.programme_of(reference, case), kept)
            yield BoardRow(code, reference.called(code), case, expected, following)
        for case in joined.get(code, []):
            yield BoardRow(code, reference.called(code), case, expected, None, leads=False)
        own = [*own, *joined.get(code, [])]
        if not any(case.granting for case in own) and (expected or not own):
            awaited = due(None, programme) if expected else None
            yield BoardRow(code, reference.called(code), None, expected, awaited)


def _lacking(row: BoardRow) -> bool:
    return row.due is not None and row.due.turn is not Turn.NOBODY


def _due(case: Case, programme: GrantProgramme, kept: _Kept) -> Due:
    return due(case, programme, kept.missing(case.lg_code) if programme.from_contracts else ())


def _shown(case: Case, reference: Reference, kept: _Kept, everybody: Iterable[Case]) -> CaseShown:
    terms = kept.programme_of(reference, case)
    following = _due(case, terms, kept)
    others = [each for each in everybody if each.programme == case.programme]
    ways = [_way(case, step, terms, kept, others) for step in next_steps(case)]
    return CaseShown(
        case,
        terms,
        following,
        tuple(sorted(ways, key=lambda way: way.step is not following.step)),
    )


_TYPED = frozenset({CaseStep.APPLIED, CaseStep.CHANGE_APPLIED, CaseStep.REPORTED})


def _way(
    case: Case, step: CaseStep, programme: GrantProgramme, kept: _Kept, others: Iterable[Case]
) -> Way:
    """A step as it would be taken: a decision of all that was applied for, or of what is left."""
    if not programme.known:
        return Way(step, (), None, not_in_catalogue(case.programme, case.fiscal_year))
    asked: tuple[AskedLine, ...] = ()
    if step in _TYPED:
        if not programme.from_contracts:
            return Way(step, (), None)
        asked = kept.asked(case.lg_code, step)
    if step is CaseStep.FINALISED and programme.from_contracts:
        asked = kept.asked(case.lg_code, CaseStep.REPORTED)
    if step is CaseStep.ADVANCE_CLAIMED and programme.advance:
        return Way(step, (), None)
    offered = Offered(asked)
    if step in (CaseStep.DECIDED, CaseStep.CHANGE_DECIDED):
        left = left_for(case.case_id, others, programme.budget)
        had = applied(case).amount or Yen(0)
        offered = replace(
            offered, left=left, amount=had if left is None else min(had, max(left, Yen(0)))
        )
    try:
        return Way(step, asked, outcome(case, step, programme, offered))
    except (ConflictError, InvalidInputError) as error:
        return Way(step, asked, None, str(error))


def _first(lg_code: str, programme: GrantProgramme, kept: _Kept) -> Way:
    if not programme.from_contracts:
        return Way(CaseStep.APPLIED, (), None)
    asked = kept.asked(lg_code, CaseStep.APPLIED)
    try:
        return Way(
            CaseStep.APPLIED, asked, outcome(None, CaseStep.APPLIED, programme, Offered(asked))
        )
    except InvalidInputError as error:
        return Way(CaseStep.APPLIED, asked, None, str(error))
