"""What the page 共同調達 shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal
from core.procurement.counting import CountBasis, Counts
from core.procurement.coverage import complete_from, is_complete
from core.procurement.headline import Headline, headline
from core.procurement.index import LedgerIndex, indexed
from core.procurement.series import Series, series
from core.procurement.standing import State, under_coverage
from core.reference.pack import Reference
from core.reference.procurements import Procurement, ProcurementLot
from core.store.coverage import coverage_events
from core.store.engine import reading
from core.store.ledger import ledger_events
from core.store.ledger_index import ledger_index
from core.values.fiscal import PartialDate
from core.values.municipality import Municipality, MunicipalityGroup


@dataclass(frozen=True)
class GroupAnswer:
    """The municipalities of one area or category."""

    group: MunicipalityGroup
    counts: Counts


@dataclass(frozen=True)
class LotAnswer:
    """One 区分."""

    lot: ProcurementLot
    counts: Counts  # municipalities whose participation is known to be of this lot
    headline: Headline  # on the paid basis


@dataclass(frozen=True)
class SystemAnswer:
    """One joint procurement as of the day."""

    procurement: Procurement
    counts: Counts  # where the municipalities stand as recorded, also for a day that has not come
    seen: Counts  # where they stand as it may be drawn: what begins after today is foreseen
    # for 有償版, the basis asked for and each other basis something was published on or the ledger
    # covers; never to be added or plotted together
    headlines: tuple[Headline, ...]
    lots: tuple[LotAnswer, ...]  # by 区分; participations of unknown lot are in none
    areas: tuple[GroupAnswer, ...]  # by 地域, in file order, as ``seen``
    categories: tuple[GroupAnswer, ...]  # by 区分 of municipality, in file order, as ``seen``
    paid: Series  # cumulative series, 有償版
    paid_or_free: Series | None  # cumulative series, 有償版・無償版; None where there is no 無償版

    def headline(self, basis: CountBasis) -> Headline:
        """What is known best on the basis asked for, or another of ``headlines``."""
        return next(each for each in self.headlines if each.basis is basis)


@dataclass(frozen=True)
class MatrixRow:
    """One participant across the systems of the answer."""

    participant: str
    name: str
    municipality: Municipality | None  # None for the prefecture
    # in the order of the answer's systems, as they may be drawn; without a record 不参加 where the
    # ledger names everyone on the basis, else 不明
    states: tuple[State, ...]


@dataclass(frozen=True)
class ProcurementAnswer:
    """The whole page as of a day."""

    as_of: date  # 基準日, inclusive
    known_at: datetime | None  # what was known by then; None for all that is known
    systems: tuple[SystemAnswer, ...]
    rows: tuple[MatrixRow, ...]  # the chosen municipalities, in file order
    prefecture: MatrixRow  # never among ``rows``
    municipalities: int  # how many there are
    population: int  # of all of them, 人


@requires("procurement:read")
def paid_later_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    programme: str,
    as_of: date,
    known_at: datetime | None = None,
) -> tuple[tuple[Municipality, PartialDate], ...]:
    """Named in the ledger, but as joining 有償版 after the day; and since when.

    Raises:
        InvalidInputError: No such programme.
    """
    key = reference.procurements.programme(programme).key
    return tuple(_index(engine, reference, known_at).programme(key).paid_later(as_of))


@requires("procurement:read")
def procurement_view(
    engine: Engine,
    principal: Principal,  # noqa: ARG001
    reference: Reference,
    *,
    as_of: date,
    today: date | None = None,
    known_at: datetime | None = None,
    basis: CountBasis = CountBasis.PAID,
    programmes: tuple[str, ...] = (),
    participants: tuple[str, ...] = (),
    months: int | None = None,
) -> ProcurementAnswer:
    """Who takes part in what, as of a day.

    Args:
        as_of: 基準日, inclusive.
        today: What is recorded for a later day is foreseen only; None for a 基準日 not after it.
        known_at: Only what was recorded by then.
        basis: 集計基準 on which a municipality without a record may be told as 不参加.
        programmes: Systems to show in detail and in the matrix; empty for all.
        participants: Municipalities of the matrix; empty for all.
        months: How far back the series go; None for all.

    Raises:
        InvalidInputError: A programme or municipality that is not there.
    """
    reference = reference.on(as_of)
    index = _index(engine, reference, known_at)
    systems = (
        tuple(map(reference.procurements.programme, programmes))
        or reference.procurements.programmes
    )
    shown = tuple(map(reference.municipality, participants)) or reference.municipalities
    indexes = [index.programme(system.key) for system in systems]
    last = as_of if today is None else min(as_of, today)
    covered = [
        is_complete(index.coverage, each.key, basis, last, free_edition=each.free_edition)
        for each in systems
    ]

    def row(participant: str, name: str, municipality: Municipality | None) -> MatrixRow:
        seen = (programme.seen(participant, as_of, today) for programme in indexes)
        return MatrixRow(
            participant=participant,
            name=name,
            municipality=municipality,
            states=tuple(
                under_coverage(state, covered=complete)
                for state, complete in zip(seen, covered, strict=True)
            ),
        )

    return ProcurementAnswer(
        as_of=as_of,
        known_at=known_at,
        systems=tuple(
            _system(reference, system, index, basis, as_of, today, months) for system in systems
        ),
        rows=tuple(row(each.lg_code, each.name, each) for each in shown),
        prefecture=row(reference.names.prefecture_code, reference.names.prefecture, None),
        municipalities=len(reference.municipalities),
        population=sum(area.population for area in reference.areas),
    )


def _index(engine: Engine, reference: Reference, known_at: datetime | None) -> LedgerIndex:
    with reading(engine) as session:
        if known_at is None:
            return ledger_index(session, reference.succession)
        return indexed(
            ledger_events(session, known_at=known_at),
            reference.succession,
            coverage_events(session, known_at=known_at),
        )


def _system(
    reference: Reference,
    system: Procurement,
    index: LedgerIndex,
    asked: CountBasis,
    as_of: date,
    today: date | None,
    months: int | None,
) -> SystemAnswer:
    programme = index.programme(system.key)
    best = partial(
        headline,
        system.key,
        as_of=as_of,
        index=index,
        totals=reference.totals_of(system.key),
        free_edition=system.free_edition,
        today=today,
    )

    def grouped(attribute: str, chosen: tuple[MunicipalityGroup, ...]) -> tuple[GroupAnswer, ...]:
        return tuple(
            GroupAnswer(group, programme.seen_counts(as_of, today, attribute, group.label))
            for group in chosen
        )

    def cumulative(basis: CountBasis) -> Series:
        covered = complete_from(index.coverage, system.key, basis, free_edition=system.free_edition)
        return series(programme, as_of, basis, months, today, covered)

    every = {basis: best(basis) for basis in CountBasis}
    return SystemAnswer(
        procurement=system,
        counts=programme.counts(as_of),
        seen=programme.seen_counts(as_of, today),
        headlines=tuple(
            each
            for basis, each in every.items()
            if basis in (CountBasis.PAID, asked) or each.published
        ),
        lots=tuple(
            LotAnswer(
                lot,
                programme.counts(as_of, "lot", lot.key),
                best(CountBasis.PAID, lot=lot.key),
            )
            for lot in system.lots
        ),
        areas=grouped("area", reference.areas),
        categories=grouped("category", reference.categories),
        paid=cumulative(CountBasis.PAID),
        paid_or_free=cumulative(CountBasis.PAID_OR_FREE) if system.free_edition else None,
    )
