"""「うちが対象」: whether a training concerns a municipality, as far as anybody has said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.procurement.standing import FORESEEN, PAID, Standing
from core.support.wish import WishEvent, WishState
from core.training.vocabulary import Audience
from core.values.fiscal import FiscalYear
from core.values.label import Labelled

TALENT = "talent"
"""Programme key of デジタル人材シェアリング, whose budget requests are wishes."""
_REQUESTED = frozenset({WishState.BUDGET_REQUESTED, WishState.APPROVED, WishState.CONTRACTED})


class Concern(Labelled):
    """Whether a training concerns a municipality (対象かどうか)."""

    CONCERNED = "concerned", "対象"
    NOT_CONCERNED = "not_concerned", "対象外"
    UNKNOWN = "unknown", "対象不明"


ProgrammeYear = tuple[str, int]
"""Key of a programme and the 年度 a training is held in."""


@dataclass(frozen=True)
class OurStanding:
    """What is on record of one municipality that decides whether trainings concern it."""

    lg_code: str
    requested: frozenset[ProgrammeYear] = frozenset()  # for which it is a 予算要求団体
    answered: frozenset[ProgrammeYear] = frozenset()  # for which anything is on record
    former: tuple[str, ...] = ()  # codes of whoever became part of it

    @property
    def codes(self) -> tuple[str, ...]:
        """Under which it may be named: its own, and those of whoever became part of it."""
        return self.lg_code, *self.former


def our_standing(
    lg_code: str,
    wishes: Iterable[WishEvent],
    standings: Mapping[str, Standing],
    fiscal_year: FiscalYear,
) -> OurStanding:
    """Gather what decides the concern of one municipality.

    A wish for a year counts for trainings of that year and of the one before, in which its budget
    is requested: 予算要求, 議決 and 契約 make a 予算要求団体. In the ledger 予定, 委任状 and a paid
    participation do, for trainings of the current year and the next.

    Args:
        wishes: The last word on each of its plans.
        standings: Programme → where it stands in the ledger today; absent for no record.
        fiscal_year: 年度 of today.
    """
    requested: set[ProgrammeYear] = set()
    answered: set[ProgrammeYear] = set()
    for wish in wishes:
        years = {(TALENT, int(wish.fiscal_year)), (TALENT, int(wish.fiscal_year) - 1)}
        answered |= years
        if wish.state in _REQUESTED:
            requested |= years
    for programme, standing in standings.items():
        if standing is not Standing.NONE:
            years = {(programme, int(fiscal_year)), (programme, int(fiscal_year) + 1)}
            answered |= years
            if standing in FORESEEN | PAID:
                requested |= years
    return OurStanding(lg_code, frozenset(requested), frozenset(answered))


def concern_of(
    audience: Audience | None,
    named: Iterable[str],
    programme: str | None,
    fiscal_year: int,
    ours: OurStanding,
) -> Concern:
    """Whether a training concerns a municipality.

    Args:
        audience: 対象 as written; None is unknown, not everybody.
        named: Codes, for :attr:`Audience.NAMED`.
        programme: Programme of the training's theme; None: any will do.
        fiscal_year: 年度 the session is held in.
    """
    if audience is None:
        return Concern.UNKNOWN
    if audience is Audience.ALL_MUNICIPALITIES:
        return Concern.CONCERNED
    if audience is Audience.NAMED:
        return Concern.CONCERNED if {*ours.codes} & {*named} else Concern.NOT_CONCERNED
    if _touches(ours.requested, programme, fiscal_year):
        return Concern.CONCERNED
    if _touches(ours.answered, programme, fiscal_year):
        return Concern.NOT_CONCERNED
    return Concern.UNKNOWN


def _touches(pairs: Iterable[ProgrammeYear], programme: str | None, fiscal_year: int) -> bool:
    return any(
        year == fiscal_year and programme in (None, their_programme)
        for their_programme, year in pairs
    )
