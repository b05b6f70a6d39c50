"""予算・アンケートの指標: figures of the founding document, as printed."""

from __future__ import annotations

from datetime import date

from core.kpi.facts import Facts
from core.kpi.indicator import Fold, Indicator, KpiFilter, Row, Subject, Wanted
from core.reference.programmes import ProgrammeBudget, Programmes, Survey, SurveyFigure
from core.values.figure import Status


def indicators(programmes: Programmes) -> tuple[Indicator, ...]:
    """Budgets, then the figures of each survey."""
    return (
        *(_budget(budget) for budget in programmes.budgets),
        *(
            _survey(survey, number, figure)
            for survey in programmes.surveys
            for number, figure in enumerate(survey.figures, start=1)
        ),
    )


def _printed(
    key: str, name: str, definition: str, basis: str, unit: str, source: str, value: int, part: str
) -> Indicator:
    row = Row(key, name, "公表値", value, detail=part)

    def rows(_facts: Facts, _as_of: date, _chosen: KpiFilter) -> tuple[Row, ...]:
        return (row,)

    return Indicator(
        key=key,
        name=name,
        subject=Subject.BUDGETS,
        definition=definition,
        numerator=part,
        denominator=None,
        basis=basis,
        unit=unit,
        wanted=Wanted.NEITHER,
        source=source,
        screen="about",
        fold=Fold.TOTAL,
        status=Status.ACTUAL,
        rows=rows,
        changes=lambda _facts: (),
        filterable=False,
        moves=False,
        headline=True,
    )


def _budget(budget: ProgrammeBudget) -> Indicator:
    year = budget.fiscal_year.label if budget.fiscal_year else "年度は不明"
    return _printed(
        f"budget_{budget.key}",
        f"{budget.label}の予算",
        budget.description,
        f"{year}。{budget.fiscal_year_note}",
        "千円",
        budget.source,
        budget.thousand_yen,
        "予算額",
    )


def _survey(survey: Survey, number: int, figure: SurveyFigure) -> Indicator:
    return _printed(
        f"survey_{survey.key}_{number}",
        f"{survey.question}: {figure.label}",
        f"{survey.name}「{survey.question}」で「{figure.label}」と答えた数。",
        f"{survey.conducted_text}。{survey.note}",
        figure.unit,
        survey.source,
        figure.value,
        figure.label,
    )
