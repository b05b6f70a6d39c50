"""台帳の網羅: from which day on the ledger names every participant of a system and edition.

The secretariat says so, and takes it back, with a day and a source; nothing is edited. Without its
word a count of the ledger is the number of known names (名前がわかる団体), and a municipality
without a record is 不明; under its word the count is the number, and such a municipality is 不参加.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from core.procurement.counting import CountBasis
from core.values.label import Labelled


class Edition(Labelled):
    """版: what a system is joined in."""

    PAID = "paid", "有償版"
    FREE = "free", "無償版"


class CoverageKind(Labelled):
    """網羅の記録の種類."""

    DECLARED = "declared", "網羅を宣言"
    WITHDRAWN = "withdrawn", "宣言を取下げ"


class CoverageState(Labelled):
    """How much of a count the ledger knows by name on a day and a basis."""

    COMPLETE = "complete", "網羅"
    PARTIAL = "partial", "一部のみ"
    NONE = "none", "名前なし"


@dataclass(frozen=True, slots=True)
class CoverageEvent:
    """One word of the secretariat on one system and edition.

    Attributes:
        event_id: Order of recording; 0 before it is recorded.
        programme: Key of the joint procurement.
        edition: 版.
        kind: Declared or withdrawn.
        effective: From which day on, inclusive.
        source: What it rests on; required.
        note: What must be known beside it.
        recorded_at: What ``known_at`` looks at.
        recorded_by: Account name.
    """

    event_id: int
    programme: str
    edition: Edition
    kind: CoverageKind
    effective: date
    source: str
    note: str
    recorded_at: datetime
    recorded_by: str


_EDITIONS = {
    CountBasis.PAID: frozenset({Edition.PAID}),
    CountBasis.PAID_WITH_PREFECTURE: frozenset({Edition.PAID}),
    CountBasis.PAID_OR_FREE: frozenset(Edition),
}
"""Basis → editions it counts. The others count plans or 単独調達, which no word covers."""


def editions(*, free_edition: bool) -> tuple[Edition, ...]:
    """The editions of a system."""
    return tuple(Edition) if free_edition else (Edition.PAID,)


def covered_from(
    events: Iterable[CoverageEvent], programme: str, edition: Edition
) -> tuple[tuple[date, bool], ...]:
    """Days on which it begins (True) or ends (False) that the ledger names everyone, ascending.

    The last word counts from its day on, whatever was said before of later days: a withdrawal
    from a day ends every declaration from that day on.

    Args:
        events: Of any systems and editions.
        programme: Key.
        edition: 版.
    """
    points: list[tuple[date, bool]] = []
    own = (e for e in events if (e.programme, e.edition) == (programme, edition))
    for event in sorted(own, key=lambda event: event.event_id):
        points = [point for point in points if point[0] < event.effective]
        declared = event.kind is CoverageKind.DECLARED
        if (points[-1][1] if points else False) is not declared:
            points.append((event.effective, declared))
    return tuple(points)


def is_complete(
    events: Iterable[CoverageEvent],
    programme: str,
    basis: CountBasis,
    as_of: date,
    *,
    free_edition: bool,
) -> bool:
    """Whether the ledger's count on a basis is the number: every edition it counts is covered.

    Args:
        events: Of any systems and editions.
        programme: Key.
        basis: 集計基準.
        as_of: Day, inclusive.
        free_edition: Whether the system has a 無償版; one it does not have needs no word.
    """
    counted = _EDITIONS.get(basis)
    if counted is None:
        return False
    known = list(events)
    return all(
        _on(covered_from(known, programme, edition), as_of)
        for edition in editions(free_edition=free_edition)
        if edition in counted
    )


def coverage_of(
    events: Iterable[CoverageEvent],
    programme: str,
    basis: CountBasis,
    as_of: date,
    *,
    named: int | None,
    free_edition: bool,
) -> CoverageState:
    """How much of a count the ledger knows.

    Args:
        events: Of any systems and editions.
        programme: Key.
        basis: 集計基準.
        as_of: Day, inclusive.
        named: What the ledger counts then; None where it does not record what the basis includes.
        free_edition: Whether the system has a 無償版.

    Returns:
        網羅 by the secretariat's word, also of a count of 0; else 一部のみ with any name.
    """
    if is_complete(events, programme, basis, as_of, free_edition=free_edition):
        return CoverageState.COMPLETE
    return CoverageState.PARTIAL if named else CoverageState.NONE


def _on(points: tuple[tuple[date, bool], ...], day: date) -> bool:
    state = False
    for begins, covered in points:
        if begins <= day:
            state = covered
    return state
