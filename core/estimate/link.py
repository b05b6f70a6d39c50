"""An estimate as plain text: in an address, in a database row, in a file name.

Examples:
    >>> ESTIMATE_LINK.write(EstimateRequest(2023, (PlanChoice(6, 12), PlanChoice(4, 11))))
    {'fy': '2023', 'plans': '6:12,4:11'}
    >>> ESTIMATE_LINK.read({"plans": "6:12", "rate": "1/3"}, 2024).rate
    Fraction(1, 3)
"""

from __future__ import annotations

from core.estimate.request import EstimateRequest, ExpenditureKind, PlanChoice
from core.params import RoundingScope
from core.values.link import Link, Part
from core.values.money import Direction, parse_rate


def _choices(text: str) -> tuple[PlanChoice, ...]:
    pairs = (part.partition(":") for part in text.split(",") if part)
    return tuple(PlanChoice(int(plan), int(visits)) for plan, _, visits in pairs)


def _choices_text(choices: tuple[PlanChoice, ...]) -> str:
    return ",".join(f"{choice.plan}:{choice.visits}" for choice in choices)


ESTIMATE_LINK = Link(
    EstimateRequest,
    {
        "fiscal_year": Part("fy", "年度", int, "{:d}".format),
        "choices": Part("plans", "プランと回数", _choices, _choices_text),
        "start_month": Part("start", "開始月", int),
        "years": Part("years", "継続年数", int),
        "kind": Part("kind", "節", ExpenditureKind),
        "unit_price": Part("fee", "1回あたりの費用", int),
        "rate": Part("rate", "補助率", parse_rate),
        "rounding_unit": Part("unit", "端数処理の単位", int),
        "rounding_direction": Part("direction", "端数処理の方向", Direction),
        "rounding_scope": Part("scope", "端数処理の対象", RoundingScope),
    },
)
