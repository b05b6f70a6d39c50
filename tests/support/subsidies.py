"""Programmes and short ways to cases, and a model of a case written without the product's rules."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import Engine

from core.access.principal import Principal, Role
from core.commands.subsidy import apply_for_subsidy, record_municipal_step, record_office_step
from core.reference.grants import Grant
from core.store.engine import reading
from core.store.subsidy import case_of
from core.subsidy.case import Case
from core.subsidy.check import StepForm
from core.subsidy.money import AskedLine
from core.subsidy.step import CaseStep
from core.values.fiscal import JAPAN, FiscalYear
from core.values.money import Direction, Yen
from tests.support.reference import REFERENCE

A, B, C = "271403", "271004", "272035"
YEAR = FiscalYear(2023)
NOW = datetime(2024, 3, 20, 9, 30, tzinfo=JAPAN)
DAY = date(2023, 6, 1)
OFFICE = Principal("jimukyoku", "事務局", Role.SECRETARIAT)
KYODO = Grant(
    key="kyodo",
    name="共同の補助金",
    rate="1/2",
    rounding_unit=1000,
    rounding_direction=Direction.DOWN,
    budget=3_000_000,
    joint=True,
    advance=True,
    deadline_application=date(2023, 6, 30),
    deadline_report=date(2024, 3, 10),
    source="見本",
)
STATED = Grant(key="stated", name="率のない補助金", budget=1_000_000, source="見本")
HERE = replace(REFERENCE, grants=(KYODO, STATED))
_numbers = (f"{os.getpid()}-{number}" for number in count(1))


def officer(lg_code: str) -> Principal:
    return Principal(f"tanto-{lg_code}", "担当", Role.OFFICER, lg_code)


def asked(*costs: int, town: str = A, amount: int | None = None) -> tuple[AskedLine, ...]:
    """Costs of one municipality."""
    return tuple(
        AskedLine(town, f"費目{place}", Yen(cost), None if amount is None else Yen(amount))
        for place, cost in enumerate(costs, start=1)
    )


@dataclass
class Office:
    """Short ways to the commands."""

    engine: Engine
    reference: Any = HERE
    now: datetime = NOW

    def given(self, day: date = DAY, reason: str = "") -> dict[str, Any]:
        return {
            "form": StepForm(day, "", reason),
            "reference": self.reference,
            "request_id": f"s{next(_numbers)}",
            "now": self.now,
        }

    def apply(
        self, lines: tuple[AskedLine, ...], programme: str = "kyodo", town: str = A, **form: Any
    ) -> int:
        return apply_for_subsidy(
            self.engine,
            officer(town),
            lg_code=town,
            fiscal_year=YEAR,
            programme=programme,
            title="見本の事業",
            asked=lines,
            **self.given(**form),
        )

    def case(self, case_id: int, town: str = A) -> Case:
        with reading(self.engine) as session:
            return case_of(session, town, case_id)

    def ours(
        self, case_id: int, step: CaseStep, lines: tuple[AskedLine, ...] = (), *,
        amount: int | None = None, town: str = A, who: Principal | None = None, **form: Any,
    ) -> None:  # fmt: skip
        """A step of the municipality."""
        record_municipal_step(
            self.engine,
            who or officer(town),
            lg_code=town,
            case_id=case_id,
            step=step,
            asked=lines,
            amount=None if amount is None else Yen(amount),
            seen_event=self.case(case_id, town).last.event_id,
            **self.given(**form),
        )

    def theirs(
        self, case_id: int, step: CaseStep, amount: int | None = None, *, town: str = A, **form: Any
    ) -> None:
        """A step of the secretariat."""
        record_office_step(
            self.engine,
            OFFICE,
            lg_code=town,
            case_id=case_id,
            step=step,
            amount=None if amount is None else Yen(amount),
            seen_event=self.case(case_id, town).last.event_id,
            **self.given(**form),
        )


ALLOWED: dict[str, dict[str, str]] = {
    "applied": {"returned": "applied"},
    "sent_back": {
        "applied": "returned", "change_applied": "change_returned", "advance_claimed": "decided",
        "reported": "report_returned", "claimed": "final",
    },
    "decided": {"applied": "decided"},
    "refused": {"applied": "refused"},
    "change_applied": {"decided": "change_applied", "change_returned": "change_applied"},
    "change_decided": {"change_applied": "decided"},
    "change_refused": {"change_applied": "decided"},
    "change_dropped": {"change_applied": "decided", "change_returned": "decided"},
    "advance_claimed": {"decided": "advance_claimed"},
    "advance_paid": {"advance_claimed": "decided"},
    "reported": {"decided": "reported", "report_returned": "reported"},
    "finalised": {"reported": "final"},
    "claimed": {"final": "claimed"},
    "paid": {"claimed": "paid"},
    "repaid": {"final": "settled", "cancelled": "settled"},
    "withdrawn": {"applied": "withdrawn", "returned": "withdrawn", "decided": "withdrawn"},
    "cancelled": {"decided": "cancelled", "report_returned": "cancelled"},
}  # fmt: skip
"""Step → state it may follow → state after it, step by step as a 交付要綱 tells it."""


@dataclass
class CaseModel:
    """A case in plain numbers.

    Attributes:
        waiting: Asked for in the application or change that waits.
    """

    state: str = "applied"
    waiting: int = 0
    decided: int | None = None
    claim: int = 0
    report: int = 0
    final: int | None = None
    paid: int = 0
    cancelled: bool = False
    steps: list[str] = field(default_factory=lambda: ["applied"])

    @property
    def taken(self) -> int:
        """What of the budget it takes."""
        if self.cancelled:
            return self.paid
        if self.state == "withdrawn":
            return 0
        return self.final if self.final is not None else (self.decided or 0)

    def refuses(self, step: str, asks: int | None, amount: int | None, left: int) -> bool:
        """Whether a step is refused, whatever the reason."""
        if self.state not in ALLOWED[step]:
            return True
        match step:
            case "decided":
                return not 0 < (amount or 0) <= min(self.waiting, left)
            case "change_applied":
                return (asks or 0) < self.paid
            case "change_decided":
                more = (amount or 0) > (self.decided or 0)
                within = self.paid <= (amount or 0) <= self.waiting
                return not within or (more and (amount or 0) > left)
            case "advance_claimed":
                return not 0 < (amount or 0) <= (self.decided or 0) - self.paid
            case "withdrawn":
                return self.paid > 0
            case "claimed":
                return (self.final or 0) <= self.paid
            case "repaid":
                return self.paid <= (0 if self.cancelled else (self.final or 0))
        return False

    def take(self, step: str, asks: int | None, amount: int | None) -> None:
        """A step that was not refused."""
        self.state = ALLOWED[step][self.state]
        self.steps.append(step)
        match step:
            case "applied" | "change_applied":
                self.waiting = asks or 0
            case "decided" | "change_decided":
                self.decided = amount
            case "advance_claimed":
                self.claim = amount or 0
            case "advance_paid" | "paid":
                self.paid += self.claim
            case "reported":
                self.report = asks or 0
            case "finalised":
                self.final = min(self.report, self.decided or 0)
                if self.final == self.paid:
                    self.state = "settled"
            case "claimed":
                self.claim = (self.final or 0) - self.paid
            case "repaid":
                self.paid = 0 if self.cancelled else (self.final or 0)
            case "cancelled":
                self.cancelled = True
                self.decided = 0


def later(day: date, days: int) -> date:
    return day + timedelta(days=days)
