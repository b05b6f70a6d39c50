"""契約: what a municipality agreed with a vendor for its support plans, what it paid, what changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from core.estimate.request import ExpenditureKind
from core.values.fiscal import FiscalYear
from core.values.free_text import LINE, Text
from core.values.label import Labelled
from core.values.money import Yen

VENDOR_NAME = Text("事業者名", LINE, example="契約書のとおり")
WHY = Text("試算との差の理由", 1000, lines=True, optional=True)
REASON = Text("理由", 1000, lines=True, optional=True)
"""Why; required of everything but 契約締結."""
NOTE = Text("備考", 500, lines=True, optional=True)


@dataclass(frozen=True)
class Vendor:
    """事業者 a contract is made with; one record a name."""

    vendor_id: int
    name: Annotated[str, VENDOR_NAME]
    recorded_at: datetime
    recorded_by: str


class ContractStep(Labelled):
    """契約の経過."""

    CONCLUDED = "concluded", "契約締結"
    CHANGED = "changed", "変更契約"
    CORRECTED = "corrected", "記録の訂正"
    CANCELLED = "cancelled", "記録の取消し"


@dataclass(frozen=True)
class ContractLine:
    """One plan of a contract: what DESIGN calls an engagement.

    Attributes:
        visits: 支援回数 within the term; after a plan was ended early, those that were agreed to
            the end. 0 for a plan that was given up before its first visit.
        amount: 契約額 of the plan for the whole term, yen, tax included.
    """

    plan: int
    visits: int
    amount: Yen


@dataclass(frozen=True)
class ContractTerms:
    """契約の内容 from one step to the next.

    Attributes:
        first_day: Of the term, inclusive; it lies within the fiscal year of the contract.
        last_day: Of the term, inclusive.
        kind: 節 it is paid from.
        lines: One a plan, ascending.
        why: Why the amount differs from the estimate; empty where it does not.
    """

    signed_on: date
    first_day: date
    last_day: date
    kind: ExpenditureKind
    lines: tuple[ContractLine, ...]
    why: Annotated[str, WHY] = ""

    @property
    def amount(self) -> Yen:
        """契約額, the sum of its plans."""
        return sum((line.amount for line in self.lines), Yen(0))

    @property
    def visits(self) -> int:
        """支援回数 of all plans."""
        return sum(line.visits for line in self.lines)

    def line(self, plan: int) -> ContractLine | None:
        """What was agreed of a plan; None when it is not in the contract."""
        return next((line for line in self.lines if line.plan == plan), None)


@dataclass(frozen=True)
class ContractEvent:
    """One step of a contract. Never edited.

    Attributes:
        day: 締結日 or 変更日; the day of the record for 訂正 and 取消し.
        terms: As they hold from here on; those before, of 取消し.
    """

    event_id: int
    contract_id: int
    step: ContractStep
    day: date
    terms: ContractTerms
    reason: str
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True)
class PaidLine:
    """What was paid for one plan."""

    plan: int
    amount: Yen


@dataclass(frozen=True)
class Payment:
    """支払: money that went to the vendor. Never edited.

    Attributes:
        lines: One a plan; they add up to what was paid.
        cancels: Number of the payment this one takes back; None of a payment. Its lines are those
            it takes back.
    """

    event_id: int
    contract_id: int
    paid_on: date
    lines: tuple[PaidLine, ...]
    cancels: int | None
    note: Annotated[str, NOTE]
    recorded_at: datetime
    recorded_by: str

    @property
    def amount(self) -> Yen:
        """What was paid."""
        return sum((line.amount for line in self.lines), Yen(0))


@dataclass(frozen=True)
class ContractNumber:
    """契約の番号: R5-契約003, gapless within a fiscal year."""

    fiscal_year: FiscalYear
    serial: int

    @property
    def label(self) -> str:
        """As readers see it.

        Examples:
            >>> ContractNumber(FiscalYear(2023), 3).label
            'R5-契約003'
        """
        return f"{self.fiscal_year.short}-契約{self.serial:03d}"


@dataclass(frozen=True)
class Contract:
    """A contract with everything that became of it.

    Attributes:
        events: Oldest first; the first is 契約締結.
        payments: Oldest first, with those that were taken back.
    """

    contract_id: int
    number: ContractNumber
    lg_code: str
    vendor: Vendor
    events: tuple[ContractEvent, ...]
    payments: tuple[Payment, ...] = ()

    @property
    def fiscal_year(self) -> FiscalYear:
        """年度 it is paid in."""
        return self.number.fiscal_year

    @property
    def last(self) -> ContractEvent:
        """What was said of it last."""
        return self.events[-1]

    @property
    def terms(self) -> ContractTerms:
        """As they hold."""
        return self.last.terms

    @property
    def stands(self) -> bool:
        """Whether it was not taken back as recorded by mistake."""
        return self.last.step is not ContractStep.CANCELLED

    def terms_on(self, day: date) -> ContractTerms | None:
        """As they held on a day, as is known now; None before it was concluded.

        What was corrected holds from the day of what it corrects.
        """
        said: list[tuple[date, ContractTerms]] = []
        for event in self.events:
            if event.step is ContractStep.CORRECTED:
                said[-1] = (said[-1][0], event.terms)
            else:
                said.append((event.day, event.terms))
        before = [terms for begun, terms in said if begun <= day]
        return before[-1] if before and self.stands else None

    @property
    def paid_lines(self) -> dict[int, Yen]:
        """Plan → what was paid for it and not taken back; plans nothing was paid for are absent."""
        return paid_by_plan(self.payments)

    @property
    def paid(self) -> Yen:
        """What was paid and not taken back."""
        return sum(self.paid_lines.values(), Yen(0))


def paid_by_plan(payments: Iterable[Payment]) -> dict[int, Yen]:
    """Plan → what was paid for it, less what was taken back.

    Args:
        payments: In any order.
    """
    kept = list(payments)
    gone = {each.cancels for each in kept if each.cancels is not None}
    found: dict[int, Yen] = {}
    for payment in kept:
        if payment.cancels is None and payment.event_id not in gone:
            for line in payment.lines:
                found[line.plan] = found.get(line.plan, Yen(0)) + line.amount
    return found
