"""アンケートの指標: what an inquiry found out, as of its day, with the inquiry as source.

Surveys that were only printed have no day and are no figures: core/figures/papers.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

from core.figures.indicator import Birth, Indicator, KpiFilter, Part, Subject, unknown
from core.figures.known import Known
from core.reference.pack import Reference
from core.reference.programmes import Survey, SurveyFigure
from core.values.figure import day_label


def indicators(reference: Reference) -> tuple[Indicator, ...]:
    """Every whole number of every dated survey, in the order of the catalogue."""
    return tuple(each for survey in reference.programmes.surveys for each in _of_survey(survey))


def _of_survey(survey: Survey) -> Iterator[Indicator]:
    if survey.as_of is None:
        return
    for number, figure in enumerate(survey.figures, start=1):
        if isinstance(figure.value, int):
            yield _indicator(survey, figure, number, survey.as_of)


def _indicator(survey: Survey, figure: SurveyFigure, number: int, as_of: date) -> Indicator:
    return Indicator(
        key=f"survey_{survey.key}_{number}",
        name=f"{survey.question}: {figure.label}",
        definition=f"{survey.name}「{survey.question}」への回答のうち「{figure.label}」。",
        basis=f"{survey.conducted_text}。{survey.note}",
        parts=partial(_parts, survey, figure),
        subject=Subject.SURVEYS,
        screen="inquiries",
        changes=lambda _: (as_of,),
        numerator=figure.label,
        unit=figure.unit,
        source=survey.source,
        filterable=False,
        born=lambda _known, _day: Birth(day_label(as_of), survey.source),
    )


def _parts(
    survey: Survey, figure: SurveyFigure, _known: Known, day: date, _chosen: KpiFilter
) -> tuple[Part, ...]:
    if survey.as_of is None or day < survey.as_of:
        return (unknown(figure.label, "この日には、まだ集計がありません。"),)
    return (Part(survey.key, figure.label, survey.question, int(figure.value)),)
