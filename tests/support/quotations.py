"""Prices and words about them, for tests."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from core.quotation.event import Change, QuotationEvent
from core.quotation.price import Document, Price, Tax, Way
from core.values.fiscal import JAPAN

A_PRICE = Price(
    document=Document.CONTRACTED,
    way=Way.JOINT,
    programme="chat",
    lot=None,
    vendor="あさひシステム",
    initial=None,
    monthly=None,
    total=1_200_000,
    months=12,
    first_day=date(2023, 4, 1),
    tax=Tax.INCLUDED,
    dated=date(2023, 3, 20),
    basis="契約書、保守込み",
)
BEGIN = datetime(2023, 6, 1, 9, tzinfo=JAPAN)


def a_year(yearly: int, **more: object) -> Price:
    """A price of so much a year."""
    return replace(A_PRICE, total=yearly, **more)  # type: ignore[arg-type]


class Words:
    """What municipalities say one after the other, one word a day."""

    def __init__(self, begin: datetime = BEGIN) -> None:
        self._begin = begin
        self.events: list[QuotationEvent] = []
        self._last: dict[tuple[str, Way], int] = {}

    def keep(self, lg_code: str, price: Price) -> None:
        """Record, or correct what the municipality said of the way before."""
        number = self._last.get((lg_code, price.way))
        change = Change.RECORDED if number is None else Change.CORRECTED
        self._say(lg_code, number, change, price)
        self._last.setdefault((lg_code, price.way), len(self.events))

    def withdraw(self, lg_code: str, way: Way = Way.JOINT) -> None:
        """Take it back."""
        number = self._last.pop((lg_code, way), None)
        if number is not None:
            self._say(lg_code, number, Change.WITHDRAWN, None)

    def keep_all(self, prices: Iterable[tuple[str, int]]) -> None:
        """So much a year, jointly."""
        for lg_code, yearly in prices:
            self.keep(lg_code, a_year(yearly))

    def _say(self, lg_code: str, number: int | None, change: Change, price: Price | None) -> None:
        at = self._begin + timedelta(days=len(self.events))
        reason = "" if number is None else "誤記"
        self.events.append(
            QuotationEvent(
                len(self.events) + 1, lg_code, number, change, price, reason, at, "tanto"
            )
        )
