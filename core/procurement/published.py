"""公表値: counts somebody published, beside the ledger's own and never replaced by it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from core.procurement.counting import CountBasis
from core.values.figure import Status
from core.values.fiscal import FiscalYear, PartialDate
from core.values.label import Labelled


class Metric(Labelled):
    """What a published count counts."""

    PARTICIPANTS = "participants", "参加団体"
    LATE_JOINERS = "late_joiners", "後乗りした団体"


@dataclass(frozen=True)
class PublishedTotal:
    """One 公表値."""

    programme: str
    lot: str | None  # 区分; None for the whole programme
    basis: CountBasis
    metric: Metric
    # of a part, the 年度 it happened in; None for 参加団体, which stand on a day
    period: FiscalYear | None
    value: int  # 団体数
    as_of: PartialDate  # 基準日, as exactly as published
    status: Status
    source: str  # key in data/sources.yaml
    line: int  # line of data/published_totals.csv it stands on


@dataclass(frozen=True)
class PublishedPart:
    """A published part of a published whole: 30団体のうち、令和4年度の後乗り8団体."""

    part: PublishedTotal  # 後乗りした団体 of a fiscal year
    whole: PublishedTotal  # 参加団体 of the same source, basis and status in that year
    period: FiscalYear  # 年度 in which the part came about

    @property
    def share(self) -> Fraction | None:
        """The part of the whole; None of an empty whole."""
        return Fraction(self.part.value, self.whole.value) if self.whole.value else None


def part_of(part: PublishedTotal, totals: Iterable[PublishedTotal]) -> PublishedPart | None:
    """A part with its whole; None when it is no part or nobody published the whole.

    The whole stands on the last day within the part's year that the same source speaks of.
    """
    if part.period is None:
        return None
    wholes = [
        total
        for total in totals
        if total.metric is Metric.PARTICIPANTS
        and (total.programme, total.lot, total.basis, total.status, total.source)
        == (part.programme, part.lot, part.basis, part.status, part.source)
        and FiscalYear.of(total.as_of.first) == part.period
    ]
    whole = max(wholes, key=lambda total: total.as_of.first, default=None)
    return None if whole is None else PublishedPart(part, whole, part.period)


def latest_published(
    totals: Iterable[PublishedTotal],
    programme: str,
    basis: CountBasis,
    as_of: date,
    lot: str | None = None,
    *,
    metric: Metric = Metric.PARTICIPANTS,
    today: date | None = None,
) -> tuple[PublishedTotal, ...]:
    """The latest counts on one basis up to a day; sources that disagree all stay.

    These are the actual counts of the latest date, and the planned ones of the latest date when
    that is not before the actual ones': a plan that a later count has overtaken is left out. A
    month or a fiscal year counts from its first day.

    Args:
        as_of: 基準日, inclusive.
        lot: 区分; None for the whole programme.
        today: No actual count is of a day after it; None for a 基準日 not after it.
    """
    known = [
        total
        for total in totals
        if (total.programme, total.lot, total.basis, total.metric)
        == (programme, lot, basis, metric)
        and total.as_of.first <= as_of
    ]
    last = as_of if today is None else min(as_of, today)
    actual = _newest(t for t in known if t.status is Status.ACTUAL and t.as_of.first <= last)
    foreseen = _newest(total for total in known if total.status is not Status.ACTUAL)
    if actual and foreseen and foreseen[0].as_of.first < actual[0].as_of.first:
        foreseen = ()
    return (*actual, *foreseen)


def latest_parts(
    totals: Iterable[PublishedTotal],
    programme: str,
    basis: CountBasis,
    as_of: date,
    lot: str | None = None,
    *,
    today: date | None = None,
) -> tuple[PublishedPart, ...]:
    """後乗り among 参加団体 as last published up to a day, actual ones first.

    Args:
        totals: Published totals, the wholes among them.
        as_of: 基準日, inclusive.
        lot: 区分; None for the whole programme.
        today: No actual count is of a day after it.
    """
    known = list(totals)
    latest = latest_published(
        known, programme, basis, as_of, lot, metric=Metric.LATE_JOINERS, today=today
    )
    return tuple(part for total in latest if (part := part_of(total, known)))


def _newest(totals: Iterable[PublishedTotal]) -> tuple[PublishedTotal, ...]:
    found = list(totals)
    newest = max((total.as_of.first for total in found), default=None)
    return tuple(total for total in found if total.as_of.first == newest)
