"""資料: what the founding document prints of budgets, surveys and discounts; no number of a day."""

from __future__ import annotations

from dataclasses import dataclass

from core.reference.pack import Reference
from core.values.figure import value_text


@dataclass(frozen=True)
class Paper:
    """One printed figure."""

    key: str
    name: str
    text: str  # as printed, with its unit
    told: str  # what was asked or what it pays for
    dated: str  # when, as printed, and what is not known of it
    source: str  # key in data/sources.yaml


def papers(reference: Reference) -> tuple[Paper, ...]:
    """Budgets, the figures of each survey, the discount as published."""
    programmes, procurements = reference.programmes, reference.procurements
    budgets = (
        Paper(
            f"budget_{each.key}",
            f"{each.label}の予算",
            value_text(each.thousand_yen, "千円"),
            each.description,
            f"{each.fiscal_year.label if each.fiscal_year else '年度は不明'}。{each.fiscal_year_note}",
            each.source,
        )
        for each in programmes.budgets
    )
    surveys = (
        Paper(
            f"survey_{each.key}_{number}",
            f"{each.question}: {figure.label}",
            value_text(figure.value, figure.unit),
            f"{each.name}「{each.question}」で「{figure.label}」と答えた数。",
            f"{each.conducted_text}。{each.note}",
            each.source,
        )
        for each in programmes.surveys
        if each.as_of is None  # a dated one is a figure: core/figures/surveys.py
        for number, figure in enumerate(each.figures, start=1)
    )
    merit = procurements.scale_merit
    discount = Paper(
        "saving_rate",
        "標準価格からの割引",
        merit.text,
        "公表されたスケールメリット。システムごと・団体ごとの実績ではない。",
        f"{procurements.as_of_text}の資料。",
        merit.source,
    )
    return (*budgets, *surveys, discount)
