"""台帳の網羅: from which day on the ledger names every participant of a system and edition.

The secretariat says so, and takes it back, with a day and a source; nothing is edited. Without its
word a count of the ledger is the number of known names (名前がわかる団体), and a municipality
without a record is 不明; under its word the count is the number, and such a municipality is 不参加.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated

from core.procurement.counting import CountBasis
from core.procurement.recording import NOTE, SOURCE, System, no_programme, text_problems
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import outside_fiscal_years
from core.values.free_text import cleaned
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
    """One word of the secretariat on one system and edition."""

    event_id: int  # order of recording; 0 before it is recorded
    programme: str
    edition: Edition
    kind: CoverageKind
    effective: date  # from which day on, inclusive
    source: str  # what it rests on; required
    note: str
    recorded_at: datetime  # what ``known_at`` looks at
    recorded_by: str


_EDITIONS = {
    CountBasis.PAID: frozenset({Edition.PAID}),
    CountBasis.PAID_WITH_PREFECTURE: frozenset({Edition.PAID}),
    CountBasis.PAID_OR_FREE: frozenset(Edition),
}
"""Basis → editions it counts. The others count plans or 単独調達, which no word covers."""


@dataclass(frozen=True)
class CoverageEntry:
    """What somebody wants said, before it is checked; fields as in :class:`CoverageEvent`."""

    programme: str
    edition: Edition
    effective: date
    source: Annotated[str, SOURCE]
    note: Annotated[str, NOTE] = ""

    def event(self, kind: CoverageKind, recorded_at: datetime, recorded_by: str) -> CoverageEvent:
        """As an event without a number."""
        return CoverageEvent(
            event_id=0,
            programme=self.programme,
            edition=self.edition,
            kind=kind,
            effective=self.effective,
            source=cleaned(self.source),
            note=cleaned(self.note),
            recorded_at=recorded_at,
            recorded_by=recorded_by,
        )


BASIS_OF = {Edition.PAID: CountBasis.PAID, Edition.FREE: CountBasis.PAID_OR_FREE}
"""Edition → the basis on which its coverage is compared with what was published."""


def editions(*, free_edition: bool) -> tuple[Edition, ...]:
    """The editions of a system."""
    return tuple(Edition) if free_edition else (Edition.PAID,)


def covered_from(
    events: Iterable[CoverageEvent], programme: str, edition: Edition
) -> tuple[tuple[date, bool], ...]:
    """Days on which it begins (True) or ends (False) that the ledger names everyone, ascending.

    The last word counts from its day on, whatever was said before of later days: a withdrawal
    from a day ends every declaration from that day on.
    """
    points: list[tuple[date, bool]] = []
    own = (e for e in events if (e.programme, e.edition) == (programme, edition))
    for event in sorted(own, key=lambda event: event.event_id):
        points = [point for point in points if point[0] < event.effective]
        declared = event.kind is CoverageKind.DECLARED
        if declared is not bool(points and points[-1][1]):
            points.append((event.effective, declared))
    return tuple(points)


def complete_from(
    events: Iterable[CoverageEvent], programme: str, basis: CountBasis, *, free_edition: bool
) -> tuple[tuple[date, bool], ...]:
    """Days on which the ledger's count on a basis begins (True) or ends (False) to be the number.

    Args:
        basis: 集計基準; every edition it counts must be covered.
        free_edition: Whether the system has a 無償版; one it does not have needs no word.
    """
    known = list(events)
    counted = [
        covered_from(known, programme, edition)
        for edition in editions(free_edition=free_edition)
        if edition in _EDITIONS.get(basis, frozenset())
    ]
    points: list[tuple[date, bool]] = []
    for day in sorted({day for own in counted for day, _ in own}):
        covered = all(covered_on(own, day) for own in counted)
        if covered is not bool(points and points[-1][1]):
            points.append((day, covered))
    return tuple(points)


def covered_on(points: Iterable[tuple[date, bool]], day: date) -> bool:
    """What :func:`covered_from` or :func:`complete_from` says of a day."""
    return next((covered for begins, covered in reversed(list(points)) if begins <= day), False)


def is_complete(
    events: Iterable[CoverageEvent],
    programme: str,
    basis: CountBasis,
    as_of: date,
    *,
    free_edition: bool,
) -> bool:
    """Whether the ledger's count on a basis is the number on a day, inclusive."""
    return covered_on(complete_from(events, programme, basis, free_edition=free_edition), as_of)


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
        as_of: Day, inclusive.
        named: What the ledger counts then; None where it does not record what the basis includes.
        free_edition: Whether the system has a 無償版.

    Returns:
        網羅 by the secretariat's word, also of a count of 0; else 一部のみ with any name.
    """
    if is_complete(events, programme, basis, as_of, free_edition=free_edition):
        return CoverageState.COMPLETE
    return CoverageState.PARTIAL if named else CoverageState.NONE


def admitted_coverage(
    existing: Sequence[CoverageEvent],
    event: CoverageEvent,
    systems: Mapping[str, System],
    today: date,
) -> CoverageEvent:
    """The word as it may be recorded, or a refusal.

    Args:
        event: Without a number.
        today: Nobody can say who takes part on a later day.

    Raises:
        InvalidInputError: Fields ``programme``, ``edition``, ``effective``, ``source``, ``note``.
        ConflictError: It says what holds already.
    """
    problems = text_problems(event.source, event.note)
    system = systems.get(event.programme)
    if system is None:
        problems |= no_programme(event.programme, systems)
    elif event.edition not in editions(free_edition=system.free_edition):
        problems["edition"] = f"{system.label}に{event.edition.label}はありません。"
    if problem := outside_fiscal_years(event.effective):
        problems["effective"] = problem
    elif event.effective > today:
        problems["effective"] = (
            f"今日({today.isoformat()})より後の日からは記録できません。今日までの日にしてください。"
        )
    if problems:
        raise InvalidInputError(problems)
    before = covered_from(existing, event.programme, event.edition)
    last = max((each.event_id for each in existing), default=0)
    said = replace(event, event_id=last + 1)
    if covered_from([*existing, said], event.programme, event.edition) == before:
        raise ConflictError(
            "その日からはすでに網羅を宣言しています。別の日にするか、画面を更新して確認してください。"
            if event.kind is CoverageKind.DECLARED
            else "その日から後に網羅の宣言はありません。取り下げるものがないか、画面を更新して確認してください。"
        )
    latest = max((each.recorded_at for each in existing), default=event.recorded_at)
    return replace(event, recorded_at=max(event.recorded_at, latest))
