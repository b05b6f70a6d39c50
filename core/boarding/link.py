"""A comparison as plain text in an address; the keys stand beside those of the rest of the page."""

from __future__ import annotations

from datetime import date

from core.boarding.request import BoardingRequest, BudgetSection, MeritScope, Present
from core.values.link import Link, Part
from core.values.money import parse_rate


def _month(text: str) -> date:
    year, _, month = text.partition("-")
    return date(int(year), int(month), 1)


BOARDING_LINK = Link(
    BoardingRequest,
    {
        "start": Part("late_start", "利用開始月", _month, "{:%Y-%m}".format),
        "initial": Part("late_initial", "標準価格の初期費用", int),
        "monthly": Part("late_monthly", "標準価格の月額", int),
        "months": Part("late_months", "契約月数", int),
        "joining_fee": Part("late_fee", "後乗りの追加費用", int),
        "merit": Part("late_merit", "スケールメリット", parse_rate),
        "merit_scope": Part("late_scope", "スケールメリットの対象", MeritScope),
        "present": Part("late_present", "現在の状況", Present),
        "initial_section": Part("late_initial_section", "初期費用の節", BudgetSection),
        "monthly_section": Part("late_monthly_section", "月額の節", BudgetSection),
    },
)
