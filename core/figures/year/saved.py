"""削減額: what a municipality's own prices say it saved in a fiscal year, system by system."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from core.quotation.cut import Slot, best_by_way
from core.quotation.event import Quotation
from core.quotation.price import Document, Price, Way
from core.quotation.saving import Saving, saving
from core.values.fiscal import FiscalYear
from core.values.money import Yen


@dataclass(frozen=True)
class SavedLot:
    """One system, or 区分 of it, of which a price is kept."""

    label: str
    saving: Saving

    @property
    def contracted(self) -> bool:
        """Whether the joint price is what was contracted, and no mere offer."""
        joint = self.saving.joint
        return bool(joint and joint.price and joint.price.document is Document.CONTRACTED)


@dataclass(frozen=True)
class Saved:
    """All systems."""

    lots: tuple[SavedLot, ...]

    @property
    def yearly(self) -> Yen | None:
        """Yen a year, of those that were contracted; None of none."""
        return self._sum(contracted=True)

    @property
    def offered(self) -> Yen | None:
        """The same of those that are only quoted: 見積で見た見込み."""
        return self._sum(contracted=False)

    def _sum(self, *, contracted: bool) -> Yen | None:
        known = [
            each.saving.yearly
            for each in self.lots
            if each.saving.yearly is not None and each.contracted is contracted
        ]
        return sum(known, Yen(0)) if known else None


def saved_in(
    quotations: Iterable[Quotation], slots: Iterable[tuple[str, Slot]], year: FiscalYear
) -> Saved:
    """What the documents up to the end of a year say of it.

    Args:
        quotations: Of one municipality; withdrawn ones do not count.
        slots: What a system is called, and it.
    """
    known = [each for each in quotations if each.price and _of_year(each.price, year)]
    return Saved(tuple(_lots(known, slots)))


def _lots(known: Sequence[Quotation], slots: Iterable[tuple[str, Slot]]) -> Iterable[SavedLot]:
    for label, slot in slots:
        if found := best_by_way(known, slot):
            yield SavedLot(label, saving(found))


def _of_year(price: Price, year: FiscalYear) -> bool:
    """Whether a price says anything of a year: a joint one is in use in it, as far as is known."""
    if price.dated > year.last_day:
        return False
    if price.way is not Way.JOINT or price.first_day is None:
        return True
    return price.first_day <= year.last_day and (
        price.months is None or _end(price.first_day, price.months) > year.first_day
    )


def _end(first: date, months: int) -> date:
    """The first day of the month after so many of use."""
    month = first.month - 1 + months
    return date(min(first.year + month // 12, date.max.year), month % 12 + 1, 1)
