"""見出し: what is known best of how many take part, and from where it is known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.procurement.counting import CountBasis
from core.procurement.coverage import CoverageState, coverage_of
from core.procurement.index import LedgerIndex
from core.procurement.published import PublishedTotal, latest_published
from core.values.figure import LEDGER_SOURCE, Status
from core.values.fiscal import PartialDate, Precision
from core.values.label import Labelled


class Origin(Labelled):
    """Where a headline comes from."""

    PUBLISHED = "published", "公表"
    LEDGER = "ledger", "台帳"


@dataclass(frozen=True)
class Headline:
    """How many take part, with everything the number owes its reader."""

    programme: str
    basis: CountBasis
    lot: str | None  # 区分; None for the whole programme
    value: int | None  # 団体数; None for 不明, which is not 0
    origin: Origin | None  # None while ``value`` is None
    as_of: PartialDate  # day of ``value``; the day asked for, never after today, while it is None
    # 名前がわかる団体: what the ledger counts; None where it does not record what the basis
    # includes. Only with ``coverage`` 網羅 is it the number.
    named: int | None
    # the latest actual 公表値 less ``named``; negative when the ledger names more, None when there
    # is no such count or actual ones of one date disagree
    unnamed: int | None
    # the latest 公表値 on the basis, actual ones first, sources that disagree too
    published: tuple[PublishedTotal, ...]
    coverage: CoverageState  # how much of the count the ledger knows
    source: str  # key in data/sources.yaml, or the ledger's; empty while ``value`` is None
    counted_on: date  # day of ``named``: the day asked for, never after today

    @property
    def text(self) -> str:
        """In one line: 34団体(公表、令和5年6月1日)、うち名前がわかる22."""
        if self.value is None or self.origin is None:
            known = f"(名前がわかる{self.named}団体)" if self.named else ""
            return f"不明{known}"
        said = f"{self.value}団体({self.origin.label}、{self.as_of.label})"
        if self.origin is Origin.LEDGER or self.named is None:
            return said
        if self.named > self.value:
            return f"{said}、台帳で名前がわかる{self.named}"
        return f"{said}、うち名前がわかる{self.named}"

    @property
    def disagree(self) -> bool:
        """Several published counts of the same status and date differ."""
        said = {(total.status, total.value) for total in self.published}
        return len(said) > len({status for status, _ in said})

    @property
    def planned(self) -> tuple[PublishedTotal, ...]:
        """公表値 of what is foreseen; never the headline."""
        return tuple(total for total in self.published if total.status is not Status.ACTUAL)

    def difference(self, total: PublishedTotal) -> int | None:
        """A 公表値 less the ledger's count; None when the ledger does not count on the basis."""
        return None if self.named is None else total.value - self.named


def headline(
    programme: str,
    basis: CountBasis,
    as_of: date,
    *,
    index: LedgerIndex,
    totals: Iterable[PublishedTotal],
    free_edition: bool,
    today: date | None = None,
    lot: str | None = None,
) -> Headline:
    """The headline of a system, or of a lot of it.

    With coverage it is the ledger's count; without it the latest actual 公表値, the ledger's count
    standing inside it. Names alone are no count. What is published as planned never is one.

    Args:
        as_of: 基準日, inclusive.
        free_edition: Whether the system has a 無償版.
        today: Nothing of a later day has happened; None for a 基準日 not after it.
        lot: 区分; None for the whole programme. The ledger's count of one is the number only
            while every participation is known to be of one lot.
    """
    day = as_of if today is None else min(as_of, today)
    system = index.programme(programme)
    counts = system.counts(day) if lot is None else system.counts(day, "lot", lot)
    named = counts.on(basis)
    coverage = coverage_of(
        index.coverage, programme, basis, day, named=named, free_edition=free_edition
    )
    if coverage is CoverageState.COMPLETE and lot is not None and system.lot_unknown(day):
        coverage = CoverageState.PARTIAL if named else CoverageState.NONE
    published = latest_published(totals, programme, basis, as_of, lot, today=today)
    actual = [total for total in published if total.status is Status.ACTUAL]
    agreed = actual[0] if len({total.value for total in actual}) == 1 else None
    value, origin, since, source = None, None, PartialDate(day, Precision.DAY), ""
    if coverage is CoverageState.COMPLETE:
        value, origin, source = named, Origin.LEDGER, LEDGER_SOURCE
    elif agreed is not None:
        value, origin, source = agreed.value, Origin.PUBLISHED, agreed.source
        since = agreed.as_of
    return Headline(
        programme=programme,
        basis=basis,
        lot=lot,
        value=value,
        origin=origin,
        as_of=since,
        named=named,
        unnamed=None if agreed is None or named is None else agreed.value - named,
        published=published,
        coverage=coverage,
        source=source,
        counted_on=day,
    )
