"""What 後乗り shows: windows, costs, peers, and a municipality's own way."""

from __future__ import annotations

from collections.abc import Iterable
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
from core.procurement.event import EventKind, LedgerEvent
from core.procurement.standing import FORESEEN, Standing, State, state_on, steps
from core.reference.pack import Reference
from core.reference.procurements import Procurement, ScaleMerit
from core.store.boarding import STEPS, WINDOWS
from core.store.engine import reading
from core.store.ledger import events_of_cells, ledger_events
from core.store.ledger_index import ledger_index
from core.values.fiscal import FiscalYear, budget_request_year
from core.values.municipality import Municipality


@dataclass(frozen=True)
class BoardingAnswer:
    """A programme that may be boarded.

    Attributes:
        procurement: The programme.
        scale_merit: 標準価格から3割程度, with its basis.
        windows: Its windows, the one with the latest first day first.
        open: Those open on the day, the one that ends first first.
        default_start: First month the comparison starts in unless another is chosen.
    """

    procurement: Procurement
    scale_merit: ScaleMerit
    windows: tuple[Window, ...]
    open: tuple[Window, ...]
    default_start: date


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
    """A comparison and what waiting does to it.

    Attributes:
        cost: Alone against joint.
        waiting: One row a month of waiting.
    """

    cost: BoardingCost
    waiting: tuple[WaitingRow, ...]


@requires("boarding:compute")
def boarding_cost_view(
    engine: Engine,  # noqa: ARG001  nothing of the answer is in the database
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    request: BoardingRequest,
) -> BoardingCostAnswer:
    """Compare procuring alone with joining.

    Raises:
        InvalidInputError: All problems of the request at once.
    """
    cost = boarding_cost(request, reference.procurements.scale_merit.rate)
    return BoardingCostAnswer(cost, waiting_rows(cost))


@dataclass(frozen=True)
class OwnBoarding:
    """A municipality's own way into one programme.

    Attributes:
        procurement: The programme.
        state: Where it stands on the day.
        steps: 意向 to 運用開始.
        next: The next one; None when all is done.
        open: Windows open on the day, the one that ends first first.
        may_state: What the officer may state from here inside a window.
        last_event: Number of the last event of the ledger; 0 for none.
        records: The last word on each own step.
    """

    procurement: Procurement
    state: State
    steps: tuple[StepState, ...]
    next: StepState | None
    open: tuple[Window, ...]
    may_state: tuple[EventKind, ...]
    last_event: int
    records: tuple[StepRecord, ...]


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
        events = list(ledger_events(session, participant=lg_code))
        records = STEPS.all(session, lg_code=lg_code)
    return tuple(
        _own(
            procurement,
            [event for event in events if event.programme == procurement.key],
            [record for record in records if record.programme == procurement.key],
            [window for window in known if window.opened.programme == procurement.key],
            as_of,
        )
        for procurement in reference.procurements.programmes
    )


def _own(
    procurement: Procurement,
    events: list[LedgerEvent],
    records: list[StepRecord],
    known: list[Window],
    as_of: date,
) -> OwnBoarding:
    path = steps(events)
    begun = [step for step in path if step.event.effective.first <= as_of]
    done = [record for record in records if record.done_on <= as_of]
    opened = tuple(open_windows(known, as_of))
    state = state_on(path, as_of)
    last_day = opened[0].last_day if opened else None
    states = step_states(begun, done, last_day, _default_year(opened, as_of), as_of)
    return OwnBoarding(
        procurement=procurement,
        state=state,
        steps=states,
        next=next_step(states),
        open=opened,
        may_state=statements_open(state),
        last_event=events[-1].event_id if events else 0,
        records=tuple(own_records(done, begun).values()),
    )


@dataclass(frozen=True)
class Intention:
    """A municipality that said it is interested, plans to board or handed in a mandate.

    Attributes:
        municipality: Which.
        procurement: The programme.
        state: Where it stands.
        own_steps: 予算要求 and 議決 it recorded.
        last_event: Number of the last event of the ledger.
        note: Its own words with the last statement.
    """

    municipality: Municipality
    procurement: Procurement
    state: State
    own_steps: tuple[StepRecord, ...]
    last_event: int
    note: str


@dataclass(frozen=True)
class BoardingOffice:
    """What the secretariat keeps.

    Attributes:
        procurements: Every programme.
        windows: Every window, the one with the latest first day first.
        intentions: Who is on the way, by programme and code.
    """

    procurements: tuple[Procurement, ...]
    windows: tuple[Window, ...]
    intentions: tuple[Intention, ...]


@requires("boarding:manage")
def boarding_office_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    as_of: date,
) -> BoardingOffice:
    """All windows, and everybody on the way, on a day."""
    with reading(engine) as session:
        known = windows(WINDOWS.all(session))
        index = ledger_index(session, reference.municipalities)
        on_the_way = [
            (procurement, municipality, state)
            for procurement in reference.procurements.programmes
            for municipality in reference.municipalities
            if _on_the_way(
                state := index.programme(procurement.key).state(municipality.lg_code, as_of)
            )
        ]
        events = events_of_cells(session, {(p.key, m.lg_code) for p, m, _ in on_the_way})
        records = STEPS.all(session)
    intentions = tuple(
        _intention(
            municipality,
            procurement,
            state,
            events[procurement.key, municipality.lg_code],
            [
                record
                for record in records
                if (record.lg_code, record.programme) == (municipality.lg_code, procurement.key)
                and record.done_on <= as_of
            ],
            as_of,
        )
        for procurement, municipality, state in on_the_way
    )
    return BoardingOffice(reference.procurements.programmes, tuple(known), intentions)


def _intention(
    municipality: Municipality,
    procurement: Procurement,
    state: State,
    events: list[LedgerEvent],
    records: list[StepRecord],
    as_of: date,
) -> Intention:
    begun = [step for step in steps(events) if step.event.effective.first <= as_of]
    return Intention(
        municipality=municipality,
        procurement=procurement,
        state=state,
        own_steps=tuple(own_records(records, begun).values()),
        last_event=events[-1].event_id,
        note=begun[-1].event.note,
    )


def _on_the_way(state: State) -> bool:
    return state.standing in FORESEEN | {Standing.INTEREST} or state.foreseen is not None


def _default_year(opened: Iterable[Window], as_of: date) -> FiscalYear:
    """年度 of the open window; else the one budgets are being requested for."""
    first = next(iter(opened), None)
    return first.opened.fiscal_year if first else budget_request_year(as_of)
