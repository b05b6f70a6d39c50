"""公表値と台帳: published counts beside the ledger's own, never the one in place of the other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.procurement.counting import CountBasis, Counts
from core.procurement.published import PublishedTotal, latest_published
from core.values.figure import Status


@dataclass(frozen=True)
class Beside:
    """One published count beside the ledger's.

    Attributes:
        total: 公表値.
        difference: Published less ledger; None when the ledger does not count on that basis.
    """

    total: PublishedTotal
    difference: int | None


@dataclass(frozen=True)
class Comparison:
    """What was published on one basis beside what the ledger counts on it.

    Attributes:
        basis: 集計基準.
        ledger: The ledger's own count; None when it does not record what the basis includes.
        published: The latest published counts, actual ones first; empty for none.
        unnamed: 未公表の団体数: the latest actual count less the ledger's; negative when the ledger
            names more, None when there is no such count or actual ones of one date disagree.
        disagree: Several published counts of the same status and date differ.
    """

    basis: CountBasis
    ledger: int | None
    published: tuple[Beside, ...]
    unnamed: int | None
    disagree: bool


def compared(
    totals: Iterable[PublishedTotal],
    programme: str,
    basis: CountBasis,
    as_of: date,
    counts: Counts,
    lot: str | None = None,
) -> Comparison:
    """Published and ledger side by side on one basis; nothing is filled by subtraction.

    Args:
        totals: Any published totals.
        programme: Programme key.
        basis: 集計基準.
        as_of: 基準日, inclusive.
        counts: The ledger's own of that day, of the programme or of the lot.
        lot: 区分; None for the whole programme.
    """
    ledger = counts.on(basis)
    latest = latest_published(totals, programme, basis, as_of, lot)
    said = {(total.status, total.value) for total in latest}
    return Comparison(
        basis=basis,
        ledger=ledger,
        published=tuple(
            Beside(total, None if ledger is None else total.value - ledger) for total in latest
        ),
        unnamed=_unnamed(latest, ledger),
        disagree=len(said) > len({status for status, _ in said}),
    )


def _unnamed(latest: Iterable[PublishedTotal], ledger: int | None) -> int | None:
    actual = {total.value for total in latest if total.status is Status.ACTUAL}
    if ledger is None or len(actual) != 1:
        return None
    return actual.pop() - ledger
