"""Whether a step may follow, by order, day and reason; the money is :mod:`core.subsidy.money`'s."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from core.subsidy.case import DOCUMENT, REASON, Case
from core.subsidy.step import TRANSITIONS, CaseStep
from core.values.errors import ConflictError, InvalidInputError
from core.values.fiscal import FiscalYear, era_date, japan_day
from core.values.money import Yen

NEEDS_REASON = frozenset(
    {
        CaseStep.SENT_BACK,
        CaseStep.REFUSED,
        CaseStep.CHANGE_APPLIED,
        CaseStep.CHANGE_REFUSED,
        CaseStep.CHANGE_DROPPED,
        CaseStep.WITHDRAWN,
        CaseStep.CANCELLED,
    }
)
"""Beside them a decision below what was applied for."""
WITHIN_YEAR = frozenset(
    {CaseStep.APPLIED, CaseStep.DECIDED, CaseStep.CHANGE_APPLIED, CaseStep.CHANGE_DECIDED}
)
"""What binds money of a fiscal year is of a day of it (会計年度独立); it may be recorded later."""


@dataclass(frozen=True)
class StepForm:
    """What is said of a step beside its money.

    Attributes:
        day: Of the document or the payment.
    """

    day: date
    document: Annotated[str, DOCUMENT] = ""
    reason: Annotated[str, REASON] = ""


def next_steps(case: Case | None) -> tuple[CaseStep, ...]:
    """What may follow by the order of steps."""
    return tuple(TRANSITIONS[case.state if case else None])


def check_order(case: Case | None, step: CaseStep) -> None:
    """Refuse a step that cannot follow.

    Raises:
        ConflictError: Says what was recorded when and what may follow.
    """
    possible = next_steps(case)
    if step in possible:
        return
    named = "、".join(f"「{each.label}」" for each in possible)
    if case is None:
        raise ConflictError(f"まだ交付申請がないため「{step.label}」は記録できません。")
    advice = f"次に記録できるのは{named}です。" if possible else "この手続は終わっています。"
    raise ConflictError(
        f"{case.number.label}は「{case.state.label}」({japan_day(case.last.recorded_at)}に"
        f"「{case.last.step.label}」を記録)のため「{step.label}」は記録できません。{advice}"
    )


def problems_of(
    case: Case | None, step: CaseStep, form: StepForm, fiscal_year: FiscalYear, today: date
) -> dict[str, str]:
    """What stands against day and reason, by field."""
    problems = {}
    earliest = FiscalYear(fiscal_year - 1).first_day
    if form.day > today:
        problems["day"] = (
            f"日付は今日({era_date(today)})までで入力してください: {era_date(form.day)}"
        )
    elif case is not None and form.day < case.last.day:
        problems["day"] = (
            f"日付は前の手続「{case.last.step.label}」の日({era_date(case.last.day)})以後に"
            f"してください: {era_date(form.day)}"
        )
    elif form.day < earliest:
        problems["day"] = (
            f"{fiscal_year.label}の手続の日付として早すぎます({era_date(earliest)}から): "
            f"{era_date(form.day)}"
        )
    elif step in WITHIN_YEAR and form.day > fiscal_year.last_day:
        problems["day"] = (
            f"{fiscal_year.label}の「{step.label}」は年度末({era_date(fiscal_year.last_day)})までの"
            f"日付で記録してください: {era_date(form.day)}"
        )
    if step in NEEDS_REASON and not form.reason.strip():
        problems["reason"] = f"「{step.label}」の理由を入力してください。"
    return problems


def check_less(asked: Yen | None, amount: Yen | None, reason: str) -> None:
    """Refuse a decision below the application that says no reason.

    Raises:
        InvalidInputError: Field ``reason``.
    """
    less = amount is not None and asked is not None and amount < asked
    if less and not reason.strip():
        raise InvalidInputError({"reason": "申請額から減額する理由を入力してください。"})
