"""What the page 共同調達 shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.procurement.counting import CountBasis, Counts
from core.procurement.event import PREFECTURE, PREFECTURE_NAME
from core.procurement.index import LedgerIndex, ProgrammeIndex, indexed
from core.procurement.series import Series, series
from core.procurement.standing import State
from core.reference.catalogue import Reference, shipped
from core.reference.comparison import Comparison, compared
from core.reference.procurements import Procurement, ProcurementLot
from core.store.coverage import coverage_events
from core.store.engine import reading
from core.store.ledger import ledger_events
from core.store.ledger_index import ledger_index
from core.values.fiscal import PartialDate
from core.values.municipality import Municipality, MunicipalityGroup


@dataclass(frozen=True)
class GroupAnswer:
    """The municipalities of one area or category.

    Attributes:
        group: 地域 or 区分, how many there are, their population.
        counts: Where they stand.
    """

    group: MunicipalityGroup
    counts: Counts


@dataclass(frozen=True)
class LotAnswer:
    """One 区分.

    Attributes:
        lot: What it is.
        counts: Municipalities whose participation is known to be of this lot.
        comparison: Published beside ledger, on the paid basis.
    """

    lot: ProcurementLot
    counts: Counts
    comparison: Comparison


@dataclass(frozen=True)
class SystemAnswer:
    """One joint procurement as of the day.

    Attributes:
        procurement: What it is.
        counts: Where the municipalities stand as recorded, also for a day that has not come.
        seen: Where they stand as it may be drawn: what begins after today is foreseen.
        comparisons: Published beside ledger, for 有償版 and each other basis
            something was published on; never to be added or plotted together.
        lots: By 区分; participations of unknown lot are in none.
        areas: By 地域, in file order, as ``seen``.
        categories: By 区分 of municipality, in file order, as ``seen``.
        paid: Cumulative series, 有償版.
        paid_or_free: Cumulative series, 有償版・無償版; None where there is no 無償版.
    """

    procurement: Procurement
    counts: Counts
    seen: Counts
    comparisons: tuple[Comparison, ...]
    lots: tuple[LotAnswer, ...]
    areas: tuple[GroupAnswer, ...]
    categories: tuple[GroupAnswer, ...]
    paid: Series
    paid_or_free: Series | None


@dataclass(frozen=True)
class MatrixRow:
    """One participant across the systems of the answer.

    Attributes:
        participant: Code.
        name: 団体名.
        municipality: None for 大阪府.
        states: In the order of the answer's systems, as they may be drawn.
        systems: In how many of all systems it takes part, paid or free.
    """

    participant: str
    name: str
    municipality: Municipality | None
    states: tuple[State, ...]
    systems: int


@dataclass(frozen=True)
class ProcurementAnswer:
    """The whole page as of a day.

    Attributes:
        as_of: 基準日, inclusive.
        known_at: What was known by then; None for all that is known.
        overview: Key, name and counts of every system.
        systems: The chosen systems in detail.
        rows: The chosen municipalities, in file order.
        prefecture: 大阪府, never among ``rows``.
        in_no_system: Chosen municipalities without a record of taking part in any system. Who
            takes part was not published in full, so this is no evidence that they do not.
        municipalities: How many there are.
        population: Of all of them, 人.
        first_day: Of the first record in the chosen systems; None for none.
    """

    as_of: date
    known_at: datetime | None
    overview: tuple[tuple[str, str, Counts], ...]
    systems: tuple[SystemAnswer, ...]
    rows: tuple[MatrixRow, ...]
    prefecture: MatrixRow
    in_no_system: tuple[Municipality, ...]
    municipalities: int
    population: int
    first_day: date | None


@requires("procurement:read")
def paid_later_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    *,
    programme: str,
    as_of: date,
    known_at: datetime | None = None,
) -> tuple[tuple[Municipality, PartialDate], ...]:
    """Named in the ledger, but as joining 有償版 after the day; and since when.

    Raises:
        InvalidInputError: No such programme.
    """
    reference = shipped()
    key = reference.procurements.programme(programme).key
    return tuple(_index(engine, reference, known_at).programme(key).paid_later(as_of))


@requires("procurement:read")
def procurement_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    *,
    as_of: date,
    today: date | None = None,
    known_at: datetime | None = None,
    programmes: tuple[str, ...] = (),
    participants: tuple[str, ...] = (),
    months: int | None = None,
) -> ProcurementAnswer:
    """Who takes part in what, as of a day.

    Args:
        as_of: 基準日, inclusive.
        today: What is recorded for a later day is foreseen only; None for a 基準日 not after it.
        known_at: Only what was recorded by then.
        programmes: Systems to show in detail and in the matrix; empty for all.
        participants: Municipalities of the matrix; empty for all.
        months: How far back the series go; None for all.

    Raises:
        InvalidInputError: A programme or municipality that is not there.
    """
    reference = shipped()
    index = _index(engine, reference, known_at)
    systems = _chosen(reference, programmes)
    indexes = [index.programme(system.key) for system in systems]
    rows = tuple(
        _row(index, indexes, municipality.lg_code, municipality.name, municipality, as_of, today)
        for municipality in _chosen_municipalities(reference, participants)
    )
    return ProcurementAnswer(
        as_of=as_of,
        known_at=known_at,
        overview=tuple(
            (each.key, each.label, index.programme(each.key).counts(as_of))
            for each in reference.procurements.programmes
        ),
        systems=tuple(
            _system(reference, system, programme, as_of, today, months)
            for system, programme in zip(systems, indexes, strict=True)
        ),
        rows=rows,
        prefecture=_row(index, indexes, PREFECTURE, PREFECTURE_NAME, None, as_of, today),
        in_no_system=tuple(
            row.municipality for row in rows if row.municipality and not row.systems
        ),
        municipalities=len(reference.municipalities),
        population=sum(area.population for area in reference.areas),
        first_day=min((day for each in indexes if (day := each.first_day)), default=None),
    )


def _index(engine: Engine, reference: Reference, known_at: datetime | None) -> LedgerIndex:
    with reading(engine) as session:
        if known_at is None:
            return ledger_index(session, reference.municipalities)
        return indexed(
            ledger_events(session, known_at=known_at),
            reference.municipalities,
            coverage_events(session, known_at=known_at),
        )


def _chosen(reference: Reference, keys: tuple[str, ...]) -> tuple[Procurement, ...]:
    if not keys:
        return reference.procurements.programmes
    return tuple(reference.procurements.programme(key) for key in keys)


def _chosen_municipalities(
    reference: Reference, codes: tuple[str, ...]
) -> tuple[Municipality, ...]:
    if not codes:
        return reference.municipalities
    return tuple(reference.municipality(code) for code in codes)


def _row(
    index: LedgerIndex,
    indexes: Sequence[ProgrammeIndex],
    participant: str,
    name: str,
    municipality: Municipality | None,
    as_of: date,
    today: date | None,
) -> MatrixRow:
    return MatrixRow(
        participant=participant,
        name=name,
        municipality=municipality,
        states=tuple(programme.seen(participant, as_of, today) for programme in indexes),
        systems=index.systems_of(participant, as_of),
    )


def _system(
    reference: Reference,
    system: Procurement,
    programme: ProgrammeIndex,
    as_of: date,
    today: date | None,
    months: int | None,
) -> SystemAnswer:
    counts = programme.counts(as_of)
    totals = reference.totals_of(system.key)

    def beside(basis: CountBasis, counted: Counts, lot: str | None = None) -> Comparison:
        return compared(totals, system.key, basis, as_of, counted, lot)

    def grouped(attribute: str, chosen: tuple[MunicipalityGroup, ...]) -> tuple[GroupAnswer, ...]:
        return tuple(
            GroupAnswer(group, programme.seen_counts(as_of, today, attribute, group.label))
            for group in chosen
        )

    lots = tuple((lot, programme.counts_in(as_of, "lot", lot.key)) for lot in system.lots)
    return SystemAnswer(
        procurement=system,
        counts=counts,
        seen=programme.seen_counts(as_of, today),
        comparisons=tuple(
            comparison
            for basis in CountBasis
            if (comparison := beside(basis, counts)).published or basis is CountBasis.PAID
        ),
        lots=tuple(
            LotAnswer(lot, counted, beside(CountBasis.PAID, counted, lot.key))
            for lot, counted in lots
        ),
        areas=grouped("area", reference.areas),
        categories=grouped("category", reference.categories),
        paid=series(programme, as_of, CountBasis.PAID, months, today),
        paid_or_free=series(programme, as_of, CountBasis.PAID_OR_FREE, months, today)
        if system.free_edition
        else None,
    )
