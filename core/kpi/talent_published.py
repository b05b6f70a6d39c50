"""人材シェアリングの指標, as published: how many meant to take part, and what that would need."""

from __future__ import annotations

from datetime import date

from core.estimate.calculation import subsidy_demand
from core.estimate.request import EstimateRequest, PlanChoice
from core.estimate.terms import terms_for
from core.kpi.facts import Facts
from core.kpi.indicator import Fold, Indicator, KpiFilter, Row, Subject, Wanted, unknown
from core.reference.catalogue import Reference
from core.values.figure import Status
from core.values.fiscal import FiscalYear


def indicators(reference: Reference) -> tuple[Indicator, ...]:
    """Municipalities, plans, and what all of them would need in subsidy (仮定)."""
    talent = reference.talent
    common = {
        "subject": Subject.TALENT,
        "source": talent.source,
        "screen": "about",
        "wanted": Wanted.NEITHER,
        "fold": Fold.TOTAL,
        "denominator": None,
        "filterable": False,
        "changes": _published_days,
    }
    return (
        Indicator(
            key="talent_published_municipalities",
            name="参加予定の団体(公表値)",
            definition="公表された、人材シェアリングに参加を予定する市町村の数。",
            numerator="公表値",
            basis=talent.participants_note,
            unit="団体",
            status=Status.PLANNED,
            rows=_published_municipalities,
            **common,  # type: ignore[arg-type]
        ),
        Indicator(
            key="talent_published_plans",
            name="のべ希望プラン(公表値)",
            definition="公表された、支援プランごとの希望団体数の合計。",
            numerator="公表値",
            basis=talent.wishes_note,
            unit="件",
            status=Status.PLANNED,
            rows=_published_plans,
            **common,  # type: ignore[arg-type]
        ),
        Indicator(
            key="talent_published_subsidy",
            name="公表された希望に要する府補助金",
            definition="公表された希望プランのすべてが年間の回数いっぱいに支援を受けた場合の府補助金。",
            numerator="1回あたりの費用 × 年間回数 × 希望プラン × 補助率",
            basis="仮定。団体ごとの内訳は公表されておらず、プランごとに1円未満を切り捨てた額。",
            unit="円",
            status=Status.ASSUMED,
            rows=_published_subsidy,
            **common,  # type: ignore[arg-type]
        ),
    )


def _published_days(facts: Facts) -> list[date]:
    return [facts.reference.talent.participants_as_of]


def _too_early(facts: Facts, as_of: date) -> bool:
    return as_of < facts.reference.talent.participants_as_of


_NOT_YET = unknown("公表値", "基準日にはまだ公表されていない。")


def _published_municipalities(facts: Facts, as_of: date, _chosen: KpiFilter) -> tuple[Row, ...]:
    if _too_early(facts, as_of):
        return (_NOT_YET,)
    talent = facts.reference.talent
    return (
        Row("published", "公表値", "予定", talent.participants, detail=talent.participants_text),
    )


def _published_plans(facts: Facts, as_of: date, _chosen: KpiFilter) -> tuple[Row, ...]:
    if _too_early(facts, as_of):
        return (_NOT_YET,)
    return tuple(
        Row(str(plan.number), f"プラン{plan.number}", plan.name, plan.wishes)
        for plan in facts.reference.plans
    )


def _published_subsidy(facts: Facts, as_of: date, _chosen: KpiFilter) -> tuple[Row, ...]:
    if _too_early(facts, as_of):
        return (_NOT_YET,)
    year = FiscalYear.of(facts.reference.talent.participants_as_of)
    request = EstimateRequest(year, (PlanChoice(1, 1),))
    terms = terms_for(request, facts.reference.parameters, year.first_day)
    return tuple(
        Row(
            str(plan.number),
            f"プラン{plan.number}",
            plan.name,
            int(subsidy_demand(plan.wishes, terms)),
            detail=f"{plan.wishes}団体 × {int(terms.unit_price):,}円 × {terms.visits_per_year}回 × {terms.subsidy.rate}",
        )
        for plan in facts.reference.plans
    )
