"""programmes.yaml: budgets, surveys, the next joint procurement, questions answered."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from core.reference.corrections import Corrected
from core.reference.facts import (
    Day,
    Fact,
    Number,
    Ordinal,
    ProgrammeKey,
    RefusalError,
    SourceKey,
    Text,
    Texts,
    Year,
)


class ProgrammeOverview(Corrected):
    """What the document says of itself and who answers for it."""

    title: Text
    lead: Text
    prefecture: Text
    population_text: Text  # as printed (880.1万人)
    population_note: Text
    division: Text
    related_title: Text
    related_url: Text
    source: SourceKey


class ProgrammeBudget(Fact):
    """予算 of one of the prefecture's programmes."""

    key: Text
    label: Text
    thousand_yen: Number
    fiscal_year: Year | None = None  # None when not printed
    fiscal_year_note: Text
    description: Text
    source: SourceKey


class SurveyFigure(Fact):
    """How many gave one answer, in 票 or 割."""

    label: Text
    value: Number
    unit: Text


class Survey(Fact):
    """One question of a survey (アンケート) and the figures in the text, not all there were."""

    key: Text
    name: Text
    question: Text
    conducted_text: Text
    answering_bodies: Ordinal | None = None  # None when not printed
    figures: tuple[SurveyFigure, ...]
    note: Text
    source: SourceKey
    as_of: Day | None = None  # 基準日 of the figures; None when not printed


class VotePoints(Fact):
    """How many points a rank is worth."""

    rank: Ordinal
    points: Number


class NextProcurement(Fact):
    """次期共同調達: what was asked, how votes count, what was decided."""

    fiscal_year: Year
    programme: ProgrammeKey
    system: Text
    decision: Text
    survey_name: Text
    surveyed_text: Text  # as printed (R4.4.7)
    surveyed_on: Day
    scoring_text: Text
    points: tuple[VotePoints, ...]
    results: Text | None = None  # None wherever the table was a picture
    results_note: Text
    source: SourceKey


class InterviewAnswer(Corrected):
    """One question and its answer: paragraphs, or the budgets it names."""

    key: Text
    question: Text
    paragraphs: Texts
    budgets: Texts

    @model_validator(mode="after")
    def _answers(self) -> Self:
        if not self.paragraphs and not self.budgets:
            raise RefusalError("答がありません。", "paragraphs")
        return self


class Interview(Fact):
    """取組についての問答, in printed order."""

    interviewer: Text
    respondent: Text
    answers: tuple[InterviewAnswer, ...]
    source: SourceKey


class Programmes(Fact):
    """The prefecture's support of its municipalities, as far as documents tell it."""

    overview: ProgrammeOverview | None = None
    budgets: tuple[ProgrammeBudget, ...] = ()
    surveys: tuple[Survey, ...] = ()
    next_procurement: NextProcurement | None = None
    interview: Interview | None = None

    @model_validator(mode="after")
    def _named_budgets_are_here(self) -> Self:
        here = {budget.key for budget in self.budgets}
        for index, answer in enumerate(self.interview.answers if self.interview else ()):
            if not here.issuperset(answer.budgets):
                raise RefusalError(
                    f"予算の見出しにないものがあります: {'、'.join(answer.budgets)}",
                    *("interview", "answers", index, "budgets"),
                )
        return self
