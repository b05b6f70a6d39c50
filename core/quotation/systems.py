"""Which systems prices are kept of: what is procured jointly, people apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.procurement.recording import System
from core.quotation.cut import Slot
from core.reference.pack import Reference
from core.reference.procurements import Procurement, ProcurementLot

_TALENT = "talent"
"""People are no system: their fees are the plans'."""


@dataclass(frozen=True)
class PricedLot:
    """What prices are kept of: a system, or one 区分 of it."""

    procurement: Procurement
    lot: ProcurementLot | None

    @property
    def slot(self) -> Slot:
        """As the rules name it."""
        return Slot(self.procurement.key, self.lot.key if self.lot else None)

    @property
    def label(self) -> str:
        """As a reader sees it."""
        return self.procurement.label + (f" {self.lot.label}" if self.lot else "")

    @property
    def short(self) -> str:
        """The same where there is little room."""
        return self.procurement.short_label + (f" {self.lot.key}" if self.lot else "")


def priced_systems(reference: Reference) -> Mapping[str, System]:
    """The systems prices are kept of, by key."""
    systems = reference.procurements.systems
    return {key: each for key, each in systems.items() if key != _TALENT}


def priced_lots(reference: Reference) -> tuple[PricedLot, ...]:
    """The same, 区分 by 区分, in the order of the catalogue."""
    return tuple(
        PricedLot(each, lot)
        for each in reference.procurements.programmes
        if each.key != _TALENT
        for lot in (each.lots or (None,))
    )
