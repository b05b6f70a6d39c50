"""見本の見積・契約額と削減時間: enough of them that a range and a sum are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine

from core.access.principal import Principal, Role
from core.commands.quotations import (
    decide_quotation_consent,
    record_quotation,
    state_saved_hours,
)
from core.quotation.price import Document, Price, Tax, Way
from core.quotation.systems import priced_lots
from core.reference.pack import Reference
from core.values.fiscal import FiscalYear
from core.values.municipality import Municipality

_SOURCE = "見本データ(架空)の見積書。保守を含み、端末は含まない"
_VENDORS = ("見本システム", "サンプル通信", "架空ソフト")
_TOWNS = (14, 8, 3)
"""How many keep prices of the first, the second and the third system."""
_AGREED = (2, 5)
_HOURS = 6


@dataclass(frozen=True)
class _Keeping:
    engine: Engine
    reference: Reference
    now: datetime

    def price(self, town: Municipality, price: Price, agreed: bool) -> None:
        officer, request = _officer(town), f"mihon-{price.programme}-{price.lot}-{price.way}"
        number = record_quotation(
            self.engine,
            officer,
            lg_code=town.lg_code,
            price=price,
            files=[],
            reference=self.reference,
            request_id=request,
            now=self.now,
        )
        if agreed:
            decide_quotation_consent(
                self.engine,
                officer,
                lg_code=town.lg_code,
                quotation_id=number,
                agreed=True,
                seen_event=number,
                request_id=f"{request}-agreed",
                now=self.now,
            )


def fill_prices(
    engine: Engine, reference: Reference, now: datetime, towns: Sequence[Municipality]
) -> None:
    """Prices of three systems, and hours of one."""
    keeping = _Keeping(engine, reference, now)
    lots = priced_lots(reference)[: len(_TOWNS)]
    for height, (lot, many) in enumerate(zip(lots, _TOWNS, strict=False), start=1):
        for place, town in enumerate(towns[:many]):
            monthly = height * (40_000 + town.population // 20 // 1_000 * 1_000)
            initial = monthly * (4 + place % 3)
            alone = Way.STANDARD if place % 4 == 1 else Way.ALONE
            agreed = place in _AGREED and height == 1
            for way, tenths in ((alone, 10), (Way.JOINT, 6 + place % 3)):
                price = Price(
                    document=Document.CONTRACTED if way is Way.JOINT else Document.QUOTED,
                    way=way,
                    programme=lot.slot.programme,
                    lot=lot.slot.lot,
                    vendor=_VENDORS[place % len(_VENDORS)] if way is not Way.STANDARD else "",
                    initial=initial * tenths // 10,
                    monthly=monthly * tenths // 10,
                    total=None,
                    months=None if place % 7 == 6 else 60,
                    first_day=None,
                    tax=Tax.EXCLUDED if place % 5 == 3 else Tax.INCLUDED,
                    dated=now.date() - timedelta(days=30 + place),
                    basis=_SOURCE,
                )
                keeping.price(town, price, agreed and way is Way.JOINT)
    for place, town in enumerate(towns[:_HOURS]):
        state_saved_hours(
            engine,
            _officer(town),
            lg_code=town.lg_code,
            programme=lots[0].slot.programme,
            fiscal_year=int(FiscalYear.of(now.date())),
            hours=300 + 120 * place,
            measured="見本データ(架空)。電話・メールの取次ぎ1件5分として計算",
            reason="",
            seen_event=0,
            reference=reference,
            request_id="mihon-hours",
            now=now,
        )


def _officer(town: Municipality) -> Principal:
    return Principal(f"mihon-{town.lg_code}", f"見本 {town.name}", Role.OFFICER, town.lg_code)
