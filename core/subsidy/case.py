"""補助金の手続 of one application: what was said, in order, and where it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from core.subsidy.step import ENDED, TRANSITIONS, CaseState, CaseStep
from core.values.fiscal import FiscalYear
from core.values.free_text import LINE, Text
from core.values.label import Labelled
from core.values.money import Yen

DOCUMENT = Text("文書番号", LINE, optional=True)
REASON = Text("理由", 1000, lines=True, optional=True)
"""Why; required of 差戻し, 不交付決定, 変更, 取下げ, 取消し."""
TITLE = Text("事業の名称", LINE)


class Channel(Labelled):
    """手続の受け方."""

    SCREEN = "screen", "画面"
    PAPER = "paper", "書面など(事務局が記録)"


@dataclass(frozen=True)
class CaseLine:
    """One municipality's part of one item.

    Attributes:
        item: 費目: the number of a support plan (``"6"``), or what the cost is for.
        eligible: 補助対象経費, yen.
        amount: 補助金 of it, yen; shares add up to the amount of the event exactly.
    """

    lg_code: str
    item: str
    eligible: Yen
    amount: Yen


@dataclass(frozen=True)
class CaseEvent:
    """One step of a case. Never edited.

    Attributes:
        day: Of the document or the payment.
        document: 文書番号; empty for none.
        amount: Yen asked, decided, final, claimed, paid or repaid; None of a step without money.
            Of 実績報告 what follows from what was paid and held.
        lines: How it falls on municipalities and items; empty of a step without money, of 請求 and of
            支払.
    """

    event_id: int
    case_id: int
    step: CaseStep
    day: date
    document: Annotated[str, DOCUMENT]
    amount: Yen | None
    lines: tuple[CaseLine, ...]
    reason: str
    channel: Channel
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True)
class CaseNumber:
    """補助金の手続の番号: R5-補助003, gapless within a fiscal year."""

    fiscal_year: FiscalYear
    serial: int

    @property
    def label(self) -> str:
        """As readers see it.

        Examples:
            >>> CaseNumber(FiscalYear(2023), 3).label
            'R5-補助003'
        """
        return f"{self.fiscal_year.short}-補助{self.serial:03d}"


@dataclass(frozen=True)
class Case:
    """An application with everything that became of it (補助金の手続).

    Attributes:
        programme: Key of the programme.
        title: 事業の名称.
        lg_code: Of the municipality that applies; of a joint application the one that leads.
        members: All that take part, the leading one first.
        events: Oldest first; the first is 交付申請.
    """

    case_id: int
    number: CaseNumber
    programme: str
    title: Annotated[str, TITLE]
    lg_code: str
    members: tuple[str, ...]
    created_at: datetime
    created_by: str
    events: tuple[CaseEvent, ...] = ()

    @property
    def fiscal_year(self) -> FiscalYear:
        """年度 of the money."""
        return self.number.fiscal_year

    @property
    def last(self) -> CaseEvent:
        """What was said last."""
        return self.events[-1]

    @property
    def state(self) -> CaseState:
        """Where it stands; 精算済 as well where nothing is left to claim or to repay."""
        state = folded(each.step for each in self.events)
        if state is CaseState.FINAL and self.due == 0:
            return CaseState.SETTLED
        return state

    @property
    def granting(self) -> bool:
        """Whether money was, or still may be, granted by it: another application would be a second."""
        return self.state not in ENDED and self.last_of(CaseStep.CANCELLED) is None

    def last_of(self, *steps: CaseStep) -> CaseEvent | None:
        """The last event of some steps; None for none."""
        return next((each for each in reversed(self.events) if each.step in steps), None)

    @property
    def decided(self) -> Yen | None:
        """交付決定額 as it stands; None before the decision, 0 after 取消し and 取下げ."""
        if self.last_of(CaseStep.CANCELLED):
            return Yen(0)
        found = self.last_of(CaseStep.DECIDED, CaseStep.CHANGE_DECIDED)
        if found is None:
            return None
        return Yen(0) if self.last_of(CaseStep.WITHDRAWN) else found.amount

    @property
    def final(self) -> Yen | None:
        """確定額; None before."""
        found = self.last_of(CaseStep.FINALISED)
        return found.amount if found else None

    @property
    def paid(self) -> Yen:
        """What the prefecture paid, in advance and in the end, less what came back."""
        paid, back = (CaseStep.ADVANCE_PAID, CaseStep.PAID), (CaseStep.REPAID,)
        return _sum(self.events, paid) - _sum(self.events, back)

    @property
    def due(self) -> Yen | None:
        """What is left to pay, less than 0 where it is to be repaid; None before it is final."""
        if self.last_of(CaseStep.CANCELLED):
            return -self.paid
        return None if self.final is None else self.final - self.paid


def folded(steps: Iterable[CaseStep]) -> CaseState:
    """The state after steps that may follow one another, at least one.

    Raises:
        KeyError: One of them may not.
    """
    state: CaseState | None = None
    for step in steps:
        state = TRANSITIONS[state][step]
    if state is None:
        raise KeyError(state)
    return state


def _sum(events: Iterable[CaseEvent], steps: tuple[CaseStep, ...]) -> Yen:
    return sum((e.amount or Yen(0) for e in events if e.step in steps), Yen(0))
