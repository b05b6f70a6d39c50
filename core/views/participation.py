"""One participant's history in the ledger, and who is like a municipality and already in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal, allows
from core.procurement.counting import CountBasis
from core.procurement.coverage import is_complete
from core.procurement.event import LedgerEvent, corrected
from core.procurement.index import path_through
from core.procurement.standing import TAKING_PART, State, seen_from, under_coverage
from core.reference.pack import Reference
from core.reference.procurements import Procurement
from core.reference.sources import Source
from core.store.coverage import coverage_events
from core.store.engine import reading
from core.store.ledger import ledger_events
from core.store.ledger_index import ledger_index
from core.values.errors import InvalidInputError
from core.values.municipality import Likeness, Municipality, likenesses


@dataclass(frozen=True)
class HistoryLine:
    """One record as the reader may see it."""

    # the record; for readers without access to the municipality's own rows its note, the recorder's
    # name and a source in the recorder's words are empty
    event: LedgerEvent
    source: Source | None  # the source, when it is one of data/sources.yaml
    corrected_by: int | None  # 記録番号 of the record that took it out; None while it counts
    former: str = ""  # whose record it is where a merger handed it on (旧○○); empty for its own


@dataclass(frozen=True)
class SystemHistory:
    """A participant in one joint procurement."""

    procurement: Procurement
    state: State  # where it stands on 基準日
    lines: tuple[HistoryLine, ...]  # everything recorded, newest first


@dataclass(frozen=True)
class HistoryAnswer:
    """A participant's history."""

    participant: str
    name: str
    municipality: Municipality | None  # None for the prefecture
    as_of: date  # 基準日 of the states; the lines are all there are
    full: bool  # whether notes, recorders and their words are shown
    systems: tuple[SystemHistory, ...]  # in file order; of the one asked for, or all with a record
    # names of the systems the ledger names everyone of, and not this municipality
    absent: tuple[str, ...]


@requires("procurement:read")
def participation_history_view(
    engine: Engine,
    principal: Principal,
    reference: Reference,
    *,
    participant: str,
    as_of: date,
    today: date | None = None,
    programme: str | None = None,
    known_at: datetime | None = None,
    basis: CountBasis = CountBasis.PAID,
) -> HistoryAnswer:
    """Everything recorded of one participant.

    Notes, recorders' names and sources in their own words were written for the office: only the
    secretariat sees them, and an officer those of the own municipality.

    Args:
        as_of: 基準日 of the states.
        today: What is recorded for a later day is foreseen only; None for a 基準日 not after it.
        known_at: Only what was recorded by then.
        basis: 集計基準 on which no record may mean 不参加.

    Raises:
        InvalidInputError: No such participant.
    """
    reference = reference.on(as_of)
    name = reference.named.get(participant)
    if name is None:
        raise InvalidInputError(
            {
                "participant": f"団体コード「{participant[:20]}」の団体はありません。"
                "一覧から選び直してください。"
            }
        )
    full = allows(principal, "municipality:read", participant)
    with reading(engine) as session:
        whose = reference.succession.forebears(participant, as_of) or (participant,)
        found = list(
            ledger_events(session, participants=whose, programme=programme, known_at=known_at)
        )
        said = coverage_events(session, known_at=known_at)
    last = as_of if today is None else min(as_of, today)
    covered = {
        each.key
        for each in reference.procurements.programmes
        if is_complete(said, each.key, basis, last, free_edition=each.free_edition)
    }
    recorded = {event.programme for event in found}
    return HistoryAnswer(
        participant=participant,
        name=name,
        municipality=reference.by_code.get(participant),
        as_of=as_of,
        full=full,
        systems=tuple(
            _history(
                reference,
                participant,
                system,
                events,
                as_of,
                today,
                full=full,
                covered=system.key in covered,
            )
            for system in reference.procurements.programmes
            if (events := [event for event in found if event.programme == system.key])
        ),
        absent=tuple(
            each.label
            for each in reference.procurements.programmes
            if each.key in covered - recorded and programme in (None, each.key)
        ),
    )


def _history(
    reference: Reference,
    participant: str,
    system: Procurement,
    events: list[LedgerEvent],
    as_of: date,
    today: date | None,
    *,
    full: bool,
    covered: bool,
) -> SystemHistory:
    void = corrected(events)
    lines = tuple(
        HistoryLine(
            event if full else _for_everybody(reference, event),
            reference.sources.get(event.source),
            void.get(event.event_id),
            "" if event.participant == participant else reference.called(event.participant),
        )
        for event in reversed(events)
    )
    path = path_through(reference.succession, events, participant)
    state = path.on(as_of)
    if today is not None and today < as_of:
        state = seen_from(path.on(today), state, today)
    return SystemHistory(system, under_coverage(state, covered=covered), lines)


def _for_everybody(reference: Reference, event: LedgerEvent) -> LedgerEvent:
    source = event.source if event.source in reference.sources else ""
    return replace(event, source=source, note="", recorded_by="")


@dataclass(frozen=True)
class AlikeLine:
    """Another municipality in one system."""

    likeness: Likeness
    state: State


@dataclass(frozen=True)
class AlikeAnswer:
    """Who is like a municipality and already in, and who in its area is not."""

    municipality: Municipality
    procurement: Procurement
    state: State  # where ours stands
    # those that resemble ours in something and take part, most alike first
    inside: tuple[AlikeLine, ...]
    # those of our area without a record of taking part, most alike first; 不明, or 不参加 where the
    # ledger names everyone
    area_outside: tuple[AlikeLine, ...]
    covered: bool  # whether the ledger names everyone


@requires("procurement:read")
def alike_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    participant: str,
    programme: str,
    as_of: date,
    today: date | None = None,
    basis: CountBasis = CountBasis.PAID,
) -> AlikeAnswer:
    """Like in category, area or population, as ``core.values.municipality.likenesses`` says.

    Args:
        today: What is recorded for a later day is foreseen only; None for a 基準日 not after it.
        basis: 集計基準 on which no record may mean 不参加.

    Raises:
        InvalidInputError: No such municipality or system.
    """
    reference = reference.on(as_of)
    ours = reference.municipality(participant)
    system = reference.procurements.programme(programme)
    with reading(engine) as session:
        ledger = ledger_index(session, reference.succession)
    index = ledger.programme(programme)
    last = as_of if today is None else min(as_of, today)
    covered = is_complete(ledger.coverage, programme, basis, last, free_edition=system.free_edition)

    def state(lg_code: str) -> State:
        return under_coverage(index.seen(lg_code, as_of, today), covered=covered)

    lines = [
        AlikeLine(likeness, state(likeness.municipality.lg_code))
        for likeness in likenesses(ours, reference.municipalities)
    ]
    return AlikeAnswer(
        municipality=ours,
        procurement=system,
        state=state(participant),
        inside=tuple(
            line for line in lines if line.likeness.reasons and line.state.standing in TAKING_PART
        ),
        area_outside=tuple(
            line
            for line in lines
            if line.likeness.same_area and line.state.standing not in TAKING_PART
        ),
        covered=covered,
    )
