"""What the prefecture's programmes are: budgets, surveys, the next joint procurement, answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.reference.corrections import Correction
from core.values.fiscal import FiscalYear


@dataclass(frozen=True)
class ProgrammeOverview:
    """What the document says of itself and who answers for it.

    Attributes:
        title: 題名.
        lead: リード文.
        prefecture: 都道府県.
        population_text: 人口 as printed (880.1万人).
        population_note: What is not known of it.
        division: 担当.
        related_title: Title of the related page.
        related_url: Its address.
        corrections: Where the reading differs from the print.
        source: Key in data/sources.yaml.
    """

    title: str
    lead: str
    prefecture: str
    population_text: str
    population_note: str
    division: str
    related_title: str
    related_url: str
    corrections: tuple[Correction, ...]
    source: str


@dataclass(frozen=True)
class ProgrammeBudget:
    """予算 of one of the prefecture's programmes.

    Attributes:
        key: Identifier.
        label: 名称.
        thousand_yen: 千円.
        fiscal_year: 年度; None when not printed.
        fiscal_year_note: What is and is not known of the year.
        description: What it pays for.
        source: Key in data/sources.yaml.
    """

    key: str
    label: str
    thousand_yen: int
    fiscal_year: FiscalYear | None
    fiscal_year_note: str
    description: str
    source: str


@dataclass(frozen=True)
class SurveyFigure:
    """One answer's count.

    Attributes:
        label: The answer.
        value: Count in ``unit``.
        unit: 票, 割.
    """

    label: str
    value: int
    unit: str


@dataclass(frozen=True)
class Survey:
    """One question of a survey (アンケート) and the figures that survive.

    Attributes:
        key: Identifier.
        name: 調査名.
        question: 設問.
        conducted_text: When, as printed.
        answering_bodies: 回答団体数; None when not printed.
        figures: The figures in the text, not all there were.
        note: What is not known.
        source: Key in data/sources.yaml.
    """

    key: str
    name: str
    question: str
    conducted_text: str
    answering_bodies: int | None
    figures: tuple[SurveyFigure, ...]
    note: str
    source: str


@dataclass(frozen=True)
class NextProcurement:
    """次期共同調達: what was asked, how votes count, what was decided.

    Attributes:
        fiscal_year: 年度 it is procured in.
        programme: Programme key.
        system: システム名.
        decision: The decision in the document's words.
        survey_name: 調査名.
        surveyed_text: When, as printed (R4.4.7).
        surveyed_on: That day.
        scoring_text: The rule in the document's words.
        points: Rank → points.
        results: 集計結果; None when unknown, which it is wherever the table was a picture.
        results_note: Why.
        source: Key in data/sources.yaml.
    """

    fiscal_year: FiscalYear
    programme: str
    system: str
    decision: str
    survey_name: str
    surveyed_text: str
    surveyed_on: date
    scoring_text: str
    points: tuple[tuple[int, int], ...]
    results: str | None
    results_note: str
    source: str


@dataclass(frozen=True)
class InterviewAnswer:
    """One question and its answer.

    Attributes:
        key: Identifier.
        question: 問.
        paragraphs: 答, paragraph by paragraph; empty when the answer is the ``budgets``.
        budgets: Keys of the budgets the answer names.
        corrections: Where the reading differs from the print.
    """

    key: str
    question: str
    paragraphs: tuple[str, ...]
    budgets: tuple[str, ...]
    corrections: tuple[Correction, ...]


@dataclass(frozen=True)
class Interview:
    """取組についての問答.

    Attributes:
        interviewer: Who asks.
        respondent: Who answers.
        answers: In printed order.
        source: Key in data/sources.yaml.
    """

    interviewer: str
    respondent: str
    answers: tuple[InterviewAnswer, ...]
    source: str


@dataclass(frozen=True)
class Programmes:
    """The prefecture's support of its municipalities, as the document tells it."""

    overview: ProgrammeOverview
    budgets: tuple[ProgrammeBudget, ...]
    surveys: tuple[Survey, ...]
    next_procurement: NextProcurement
    interview: Interview
