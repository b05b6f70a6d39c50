"""The page for the section chief is one page, whole, and says what its amounts rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from core.boarding.cost import boarding_cost
from core.boarding.request import BoardingRequest, Present
from core.estimate.calculation import estimate
from core.estimate.request import EstimateRequest, PlanChoice
from core.exports.boarding import boarding_pdf
from core.exports.budget import budget_pdf, budget_pdf_file_name
from core.params import Basis, Parameter, RoundingScope
from tests.support.reference import REFERENCE

DAY = date(2026, 11, 23)
LINK = "https://noriai.example/plans?fy=2027&" + "&".join(f"p{n}=12" for n in range(1, 8))
NUMBERS = [plan.number for plan in REFERENCE.plans]
CHAT = REFERENCE.procurements.programme("chat")


def of_plans(
    request: EstimateRequest, parameters: Sequence[Parameter] = REFERENCE.parameters
) -> tuple[str, float, float]:
    return page(
        budget_pdf(
            estimate(request, REFERENCE.plan_offers, parameters),
            reference=REFERENCE, municipality="東大阪市", made_on=DAY, link=LINK, made_up=True,
        )
    )  # fmt: skip


def page(body: bytes) -> tuple[str, float, float]:
    """Text without blanks, and how high (points) the body ends and the foot begins."""
    (only,) = PdfReader(BytesIO(body)).pages
    heights: dict[str, float] = {}

    def visit(text: str, _cm: Any, tm: Any, *_: Any) -> None:
        if text.strip():
            heights.setdefault(text.strip()[:3], tm[5])
            heights["last"] = tm[5] if "出典" not in heights else heights["last"]
        if text.startswith("出典"):
            heights["出典"] = tm[5]

    text = only.extract_text(visitor_text=visit)
    positions: list[float] = []

    def collect(text: str, _cm: Any, tm: Any, *_: Any) -> None:
        if text.strip() and not text.startswith(("出典", "同じ試算")):
            positions.append(tm[5])

    only.extract_text(visitor_text=collect)
    return "".join(text.split()), min(positions), heights["出典"]


MANY = tuple(PlanChoice(number, 12 - number % 2) for number in NUMBERS)


@pytest.mark.parametrize("years", [1, 5])
@pytest.mark.parametrize("choices", [(PlanChoice(6, 12),), MANY[:4], MANY])
def test_whatever_is_asked_for_fits_above_the_foot(
    choices: tuple[PlanChoice, ...], years: int
) -> None:
    request = EstimateRequest(
        2027, choices, years=years, start_month=7, rate=Fraction(1, 3), unit_price=1_234_567,
        rounding_scope=RoundingScope.PLAN,
    )  # fmt: skip
    text, body, foot = of_plans(request)
    assert body > foot
    assert "決めていただくこと" in text
    assert f"プラン{choices[-1].plan}" in text or f"{choices[-1].plan}." in text


def test_amounts_caveats_and_the_case_without_subsidy_stand_on_it() -> None:
    text, _, _ = of_plans(EstimateRequest(2027, (PlanChoice(6, 12), PlanChoice(4, 11))))
    for part in (
        "令和9年度予算要求の概要", "東大阪市", "一般財源1,150,000円(仮)", "2,300,000",
        "令和5年度の値を準用した", "公表(検討中):補助率1/2", "BPRの進め方支援等",
        "一般財源が1,150千円増えて2,300千円", "節:12委託料", "同じ試算を開くアドレス",
    ):  # fmt: skip
        assert part in text, part


def test_a_year_is_provisional_on_paper_as_on_screen_until_all_its_values_are_decided() -> None:
    request = EstimateRequest(2023, (PlanChoice(6, 12),))
    text, _, _ = of_plans(request)
    assert "600,000円(仮)" in text
    assert "仮の額。公表(検討中):補助率1/2" in text
    decided = [
        replace(each, basis=Basis.OFFICIAL) if each.basis is not Basis.UNKNOWN else each
        for each in REFERENCE.parameters
    ]
    text, _, _ = of_plans(request, decided)
    assert "600,000円" in text
    assert "仮" not in text


@pytest.mark.parametrize("months", [1, 40, 120])
def test_the_page_of_boarding_late_fits_and_names_the_three_tenths(months: int) -> None:
    request = BoardingRequest(
        date(2027, 10, 1), initial=1_234_567, monthly=98_765, joining_fee=333_333, months=months,
        present=Present.ALONE,
    )  # fmt: skip
    cost = boarding_cost(request, REFERENCE.procurements.scale_merit.rate)
    text, body, foot = page(
        boarding_pdf(
            cost, procurement=CHAT, reference=REFERENCE, municipality=None, made_on=DAY,
            link=LINK, made_up=False,
        )
    )  # fmt: skip
    assert body > foot
    assert "標準価格から3割程度" in text
    assert "3/10下がるとしたのは仮定" in text
    assert (f"△{-cost.saving:,}" in text) == (cost.saving < 0)


def test_its_name_says_what_it_is() -> None:
    found = estimate(
        EstimateRequest(2027, (PlanChoice(6, 12),)), REFERENCE.plan_offers, REFERENCE.parameters
    )
    assert budget_pdf_file_name(found, "堺市", DAY, made_up=False) == (
        "予算要求の概要_デジタル人材シェアリング_令和9年度_堺市_20261123.pdf"
    )
