"""What a comparison is asked for, and the one place that refuses what cannot be computed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from core.estimate.request import ExpenditureKind
from core.estimate.terms import expenditure_section
from core.values.errors import InvalidInputError
from core.values.fiscal import FiscalYear
from core.values.label import Labelled
from core.values.money import yen_text

MAX_AMOUNT = 10**10
"""Largest price a quotation may hold, yen."""
MAX_MONTHS = 120
"""Longest 契約月数."""
FINEST_MERIT = 10_000
"""Largest denominator of a merit: 33.33% is as fine as anybody quotes."""
FIRST_YEAR, LAST_YEAR = 2021, 2080
"""Fiscal years a use may begin in; the first joint procurement was in 2021."""


class MeritScope(Labelled):
    """スケールメリットの対象: what of the list price falls."""

    BOTH = "both", "初期費用と月額"
    MONTHLY = "monthly", "月額のみ"
    INITIAL = "initial", "初期費用のみ"


class Present(Labelled):
    """現在の状況: whether a system of one's own is in use already."""

    UNUSED = "unused", "未導入"
    ALONE = "alone", "単独で利用中"


class BudgetSection(StrEnum):
    """歳出の節 of a system: work, use of a service, or a share."""

    COMMISSION = "commission"
    USAGE = "usage"
    CONTRIBUTION = "contribution"


def section_of(section: BudgetSection, fiscal_year: FiscalYear) -> tuple[int, str]:
    """節 number and name; the numbers changed with FY2020.

    Examples:
        >>> section_of(BudgetSection.USAGE, FiscalYear(2027))
        (13, '使用料及び賃借料')
    """
    if section is BudgetSection.USAGE:
        return (14 if fiscal_year < 2020 else 13), "使用料及び賃借料"
    return expenditure_section(ExpenditureKind(section.value), fiscal_year)


@dataclass(frozen=True)
class BoardingRequest:
    """Everything that decides a comparison; equal requests give equal answers.

    Attributes:
        start: First month of use, as its first day.
        initial: 標準価格の初期費用, yen.
        monthly: 標準価格の月額, yen.
        months: 契約月数, the horizon of the comparison.
        joining_fee: 後乗りの追加費用, paid once at joining (設定, データ移行), yen; not discounted.
        merit: スケールメリット in place of the published 3割程度.
        present: Whether a system of one's own is in use; its initial fee is then spent already
            and left out.
    """

    start: date
    initial: int = 0
    monthly: int = 0
    months: int = 60
    joining_fee: int = 0
    merit: Fraction | None = None
    merit_scope: MeritScope = MeritScope.BOTH
    present: Present = Present.UNUSED
    initial_section: BudgetSection = BudgetSection.COMMISSION
    monthly_section: BudgetSection = BudgetSection.USAGE


def check_request(request: BoardingRequest) -> None:
    """Refuse what cannot be computed, all problems at once.

    Raises:
        InvalidInputError: Keys are the names of the attributes.
    """
    problems = {}
    for field, label in (
        ("initial", "標準価格の初期費用"),
        ("monthly", "標準価格の月額"),
        ("joining_fee", "後乗りの追加費用"),
    ):
        amount = getattr(request, field)
        if not 0 <= amount <= MAX_AMOUNT:
            problems[field] = (
                f"{label}は0円以上{yen_text(MAX_AMOUNT)}以下で入力してください: {yen_text(amount)}"
            )
    if not 1 <= request.months <= MAX_MONTHS:
        problems["months"] = (
            f"契約月数は1以上{MAX_MONTHS}以下で入力してください: {request.months}か月"
        )
    if request.start.day != 1 or not FIRST_YEAR <= _fiscal_year(request.start) <= LAST_YEAR:
        problems["start"] = (
            f"利用開始月は{FIRST_YEAR}年4月から{LAST_YEAR + 1}年3月までの月で選んでください: "
            f"{request.start.isoformat()}"
        )
    if request.merit is not None and not 0 <= request.merit <= 1:
        problems["merit"] = (
            f"スケールメリットは0以上1以下で入力してください(例: 3/10、30%): {request.merit}"
        )
    elif request.merit is not None and request.merit.denominator > FINEST_MERIT:
        problems["merit"] = (
            f"スケールメリットは1万分の1の位までで入力してください(例: 33.33%): {request.merit}"
        )
    if problems:
        raise InvalidInputError(problems)


def _fiscal_year(day: date) -> int:
    return day.year if day.month >= 4 else day.year - 1
