"""What 後乗り shows: windows, costs, peers, and a municipality's own way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.boarding.cost import BoardingCost, boarding_cost
from core.boarding.request import BoardingRequest
from core.boarding.statement import statements_open
from core.boarding.steps import (
    StepRecord,
    StepState,
    next_step,
    own_records,
    step_states,
)
from core.boarding.waiting import WaitingRow, waiting_rows
from core.boarding.window import Window, open_windows, windows
from core.estimate.real_burden import BondBurden, RealRequest, bond_burden
from core.procurement.carried import paths_of
from core.procurement.event import EventKind
from core.procurement.standing import FORESEEN, Standing, State, state_on, steps
from core.reference.pack import Reference
from core.reference.procurements import Procurement, ScaleMerit
from core.store.boarding import STEPS, WINDOWS
from core.store.engine import reading
from core.store.ledger import events_of_cells, ledger_events, path_events
from core.store.ledger_index import ledger_index
from core.store.parameters import recorded_parameters
from core.values.errors import InvalidInputError
from core.values.fiscal import FiscalYear, budget_request_year
from core.values.municipality import Municipality


@dataclass(frozen=True)
class BoardingAnswer:
    """A programme that may be boarded."""

    procurement: Procurement
    scale_merit: ScaleMerit
    windows: tuple[Window, ...]  # its windows, the one with the latest first day first
    open: tuple[Window, ...]  # those open on the day, the one that ends first first
    default_start: date  # first month the comparison starts in unless another is chosen


@requires("boarding:read")
def boarding_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001  everybody gets the same answer
    reference: Reference,
    *,
    programme: str,
    as_of: date,
) -> BoardingAnswer:
    """A programme and its windows on a day.

    Raises:
        InvalidInputError: No such programme.
    """
    procurement = reference.procurements.programme(programme)
    with reading(engine) as session:
        known = [w for w in windows(WINDOWS.all(session)) if w.opened.programme == programme]
    opened = tuple(open_windows(known, as_of))
    return BoardingAnswer(
        procurement=procurement,
        scale_merit=reference.procurements.scale_merit,
        windows=tuple(known),
        open=opened,
        default_start=_default_year(opened, as_of).first_day,
    )


@dataclass(frozen=True)
class BoardingCostAnswer:
    """A comparison and what waiting does to it."""

    cost: BoardingCost
    waiting: tuple[WaitingRow, ...]  # one row a month of waiting
    real: BondBurden | None  # 実質負担 over the contract; None when it is off or cannot be
    real_problems: Mapping[str, str]  # why it cannot be, by field


@requires("boarding:compute")
def boarding_cost_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    request: BoardingRequest,
    real: RealRequest | None = None,
) -> BoardingCostAnswer:
    """Compare procuring alone with joining.

    Args:
        real: What 実質負担 is asked for; None leaves the layer off.

    Raises:
        InvalidInputError: All problems of the request at once.
    """
    cost = boarding_cost(request, reference.procurements.scale_merit.rate)
    burden, problems = None, {}
    if real is not None:
        costs = {year.fiscal_year: year.joint for year in cost.years}
        known = recorded_parameters(engine)
        try:
            burden = bond_burden(costs, cost.first.joint_once, real, known, request.start)
        except InvalidInputError as error:
            problems = dict(error.problems)
    return BoardingCostAnswer(cost, waiting_rows(cost), burden, problems)


@dataclass(frozen=True)
class OwnBoarding:
    """A municipality's own way into one programme."""

    procurement: Procurement
    state: State
    steps: tuple[StepState, ...]  # 意向 to 運用開始
    next: StepState | None  # the next one; None when all is done
    open: tuple[Window, ...]  # windows open on the day, the one that ends first first
    may_state: tuple[EventKind, ...]  # what the officer may state from here inside a window
    last_event: int  # number of the last event of the ledger; 0 for none
    records: tuple[StepRecord, ...]  # the last word on each own step


@requires("municipality:read", municipality="lg_code")
def own_boarding_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    lg_code: str,
    as_of: date,
) -> tuple[OwnBoarding, ...]:
    """A municipality's way into every joint procurement, in the order of data/procurements.yaml.

    Raises:
        InvalidInputError: No such municipality.
    """
    reference.municipality(lg_code)
    with reading(engine) as session:
        known = windows(WINDOWS.all(session))
        whose = [lg_code, *reference.succession.former(lg_code)]
        events = list(ledger_events(session, participants=whose))
        records = STEPS.all(session, lg_code=lg_code)
    paths = paths_of(reference.succession, events, lg_code, as_of)
    found = []
    for procurement in reference.procurements.programmes:
        cell = (event for event in events if event.programme == procurement.key)
        own = [event for event in cell if event.participant == lg_code]
        path = steps(paths.get(procurement.key, ()))
        begun = [step for step in path if step.event.effective.first <= as_of]
        done = [r for r in records if r.programme == procurement.key and r.done_on <= as_of]
        its_windows = [w for w in known if w.opened.programme == procurement.key]
        opened = tuple(open_windows(its_windows, as_of))
        state = state_on(path, as_of)
        last_day = opened[0].last_day if opened else None
        states = step_states(begun, done, last_day, _default_year(opened, as_of), as_of)
        found.append(
            OwnBoarding(
                procurement=procurement,
                state=state,
                steps=states,
                next=next_step(states),
                open=opened,
                may_state=statements_open(state),
                last_event=own[-1].event_id if own else 0,
                records=tuple(own_records(done, begun).values()),
            )
        )
    return tuple(found)


@dataclass(frozen=True)
class Intention:
    """A municipality that said it is interested, plans to board or handed in a mandate."""

    municipality: Municipality
    procurement: Procurement
    state: State
    own_steps: tuple[StepRecord, ...]  # 予算要求 and 議決 it recorded
    last_event: int  # number of the last event of the ledger
    note: str  # its own words with the last statement


@dataclass(frozen=True)
class BoardingOffice:
    """What the secretariat keeps."""

    procurements: tuple[Procurement, ...]
    windows: tuple[Window, ...]  # every window, the one with the latest first day first
    intentions: tuple[Intention, ...]  # who is on the way, by programme and code


@requires("boarding:manage")
def boarding_office_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    as_of: date,
) -> BoardingOffice:
    """All windows, and everybody on the way, on a day."""
    reference = reference.on(as_of)
    with reading(engine) as session:
        known = windows(WINDOWS.all(session))
        index = ledger_index(session, reference.succession)
        on_the_way = [
            (procurement, municipality, state)
            for procurement in reference.procurements.programmes
            for municipality in reference.municipalities
            if _on_the_way(
                state := index.programme(procurement.key).state(municipality.lg_code, as_of)
            )
        ]
        events = events_of_cells(session, {(p.key, m.lg_code) for p, m, _ in on_the_way})
        paths = {
            (p.key, m.lg_code): path_events(session, reference.succession, m.lg_code, as_of)[p.key]
            for p, m, _ in on_the_way
            if m.lg_code in reference.succession.merging
        }
        records = STEPS.all(session)
    intentions = []
    for procurement, municipality, state in on_the_way:
        place = procurement.key, municipality.lg_code
        cell = events.get(place, [])
        begun = [
            step for step in steps(paths.get(place, cell)) if step.event.effective.first <= as_of
        ]
        done = [
            record
            for record in records
            if (record.lg_code, record.programme) == (municipality.lg_code, procurement.key)
            and record.done_on <= as_of
        ]
        intentions.append(
            Intention(
                municipality=municipality,
                procurement=procurement,
                state=state,
                own_steps=tuple(own_records(done, begun).values()),
                last_event=cell[-1].event_id if cell else 0,
                note=begun[-1].event.note,
            )
        )
    return BoardingOffice(reference.procurements.programmes, tuple(known), tuple(intentions))


def _on_the_way(state: State) -> bool:
    return state.standing in FORESEEN | {Standing.INTEREST} or state.foreseen is not None


def _default_year(opened: Iterable[Window], as_of: date) -> FiscalYear:
    """年度 of the open window; else the one budgets are being requested for."""
    first = next(iter(opened), None)
    return first.opened.fiscal_year if first else budget_request_year(as_of)
