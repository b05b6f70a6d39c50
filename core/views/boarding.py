"""What 後乗り shows: windows, costs, peers, and a municipality's own way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine

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
from core.fiscal import FiscalYear, budget_request_year
from core.municipality import Municipality
from core.permission import requires
from core.principal import Principal
from core.procurement.event import EventKind, LedgerEvent
from core.procurement.standing import FORESEEN, Standing, State, Step, state_on, steps
from core.reference.catalogue import shipped
from core.reference.procurement import Procurement, ScaleMerit
from core.store.boarding import step_records, window_events
from core.store.engine import reading
from core.store.ledger import ledger_events


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
    *,
    programme: str,
    as_of: date,
) -> BoardingAnswer:
    """A programme and its windows on a day.

    Raises:
        InvalidInputError: No such programme.
    """
    reference = shipped()
    procurement = reference.procurements.programme(programme)
    with reading(engine) as session:
        known = [w for w in windows(window_events(session)) if w.opened.programme == programme]
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
    *,
    request: BoardingRequest,
) -> BoardingCostAnswer:
    """Compare procuring alone with joining.

    Raises:
        InvalidInputError: All problems of the request at once.
    """
    cost = boarding_cost(request, shipped().procurements.scale_merit.rate)
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
    *,
    lg_code: str,
    as_of: date,
) -> tuple[OwnBoarding, ...]:
    """A municipality's way into every joint procurement, in the order of data/procurements.yaml.

    Raises:
        InvalidInputError: No such municipality.
    """
    reference = shipped()
    reference.municipality(lg_code)
    with reading(engine) as session:
        known = windows(window_events(session))
        events = list(ledger_events(session, participant=lg_code))
        records = step_records(session, lg_code)
    paths = _paths(events)
    return tuple(
        _own(
            procurement,
            paths.get((lg_code, procurement.key), []),
            [record for record in records if record.programme == procurement.key],
            [window for window in known if window.opened.programme == procurement.key],
            max((e.event_id for e in events if e.programme == procurement.key), default=0),
            as_of,
        )
        for procurement in reference.procurements.programmes
    )


def _own(
    procurement: Procurement,
    path: list[Step],
    records: list[StepRecord],
    known: list[Window],
    last_event: int,
    as_of: date,
) -> OwnBoarding:
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
        last_event=last_event,
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
    *,
    as_of: date,
) -> BoardingOffice:
    """All windows, and everybody on the way, on a day."""
    reference = shipped()
    with reading(engine) as session:
        known = windows(window_events(session))
        events = list(ledger_events(session))
        records = step_records(session)
    last = {(event.participant, event.programme): event.event_id for event in events}
    paths = _paths(events)
    intentions = []
    for procurement in reference.procurements.programmes:
        for municipality in reference.municipalities:
            cell = municipality.lg_code, procurement.key
            if cell not in paths or not _on_the_way(state := state_on(paths[cell], as_of)):
                continue
            own = [r for r in records if (r.lg_code, r.programme) == cell]
            intentions.append(
                Intention(
                    municipality=municipality,
                    procurement=procurement,
                    state=state,
                    own_steps=tuple(own_records(own, paths[cell]).values()),
                    last_event=last[cell],
                    note=paths[cell][-1].event.note,
                )
            )
    return BoardingOffice(reference.procurements.programmes, tuple(known), tuple(intentions))


def _on_the_way(state: State) -> bool:
    return state.standing in FORESEEN | {Standing.INTEREST} or state.foreseen is not None


def _paths(events: Iterable[LedgerEvent]) -> dict[tuple[str, str], list[Step]]:
    """Participant and programme → the steps of the ledger."""
    found: dict[tuple[str, str], list[LedgerEvent]] = defaultdict(list)
    for event in events:
        found[event.participant, event.programme].append(event)
    return {cell: steps(of_cell) for cell, of_cell in found.items()}


def _default_year(opened: Iterable[Window], as_of: date) -> FiscalYear:
    """年度 of the open window; else the one budgets are being requested for."""
    first = next(iter(opened), None)
    return first.opened.fiscal_year if first else budget_request_year(as_of)
