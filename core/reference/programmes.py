"""data/programmes.yaml: budgets, surveys, the next joint procurement, questions answered."""

from __future__ import annotations

from collections.abc import Iterable

from core.reference.corrections import read_corrections
from core.reference.entry import Entry
from core.reference.programme import (
    Interview,
    InterviewAnswer,
    NextProcurement,
    ProgrammeBudget,
    ProgrammeOverview,
    Programmes,
    Survey,
    SurveyFigure,
)
from core.reference.sources import Folder

NAME = "programmes.yaml"
_OVERVIEW = (
    "title lead prefecture population_text population_note division related_title related_url "
    "corrections source"
)
_BUDGET = "key label thousand_yen fiscal_year fiscal_year_note description source"
_SURVEY = "key name question conducted_text answering_bodies figures note source"
_NEXT = (
    "fiscal_year programme system decision survey_name surveyed_text surveyed_on scoring_text "
    "points results results_note source"
)


def read_programmes(folder: Folder, procurements: Iterable[str]) -> Programmes:
    """Everything in the file.

    Args:
        folder: data/.
        procurements: Keys the next procurement may have.
    """
    entry = folder.entry(NAME, "overview budgets surveys next_procurement interview")
    budgets = tuple(_budget(below) for below in entry.entries("budgets", _BUDGET))
    return Programmes(
        overview=_overview(entry.entry("overview", _OVERVIEW)),
        budgets=budgets,
        surveys=tuple(_survey(below) for below in entry.entries("surveys", _SURVEY)),
        next_procurement=_next(entry.entry("next_procurement", _NEXT), tuple(procurements)),
        interview=_interview(
            entry.entry("interview", "interviewer respondent answers source"),
            {budget.key for budget in budgets},
        ),
    )


def _overview(entry: Entry) -> ProgrammeOverview:
    return ProgrammeOverview(
        title=entry.text("title"),
        lead=entry.text("lead"),
        prefecture=entry.text("prefecture"),
        population_text=entry.text("population_text"),
        population_note=entry.text("population_note"),
        division=entry.text("division"),
        related_title=entry.text("related_title"),
        related_url=entry.text("related_url"),
        corrections=read_corrections(entry),
        source=entry.text("source"),
    )


def _budget(entry: Entry) -> ProgrammeBudget:
    return ProgrammeBudget(
        key=entry.text("key"),
        label=entry.text("label"),
        thousand_yen=entry.whole("thousand_yen"),
        fiscal_year=entry.fiscal_year_or_none("fiscal_year"),
        fiscal_year_note=entry.text("fiscal_year_note"),
        description=entry.text("description"),
        source=entry.text("source"),
    )


def _survey(entry: Entry) -> Survey:
    return Survey(
        key=entry.text("key"),
        name=entry.text("name"),
        question=entry.text("question"),
        conducted_text=entry.text("conducted_text"),
        answering_bodies=entry.whole_or_none("answering_bodies", 1),
        figures=tuple(
            SurveyFigure(below.text("label"), below.whole("value"), below.text("unit"))
            for below in entry.entries("figures", "label value unit")
        ),
        note=entry.text("note"),
        source=entry.text("source"),
    )


def _next(entry: Entry, procurements: tuple[str, ...]) -> NextProcurement:
    if entry.text("programme") not in procurements:
        raise entry.refusal(
            f"「programme」は{'、'.join(procurements)}のどれかです: {entry.text('programme')}",
            "programme",
        )
    points = entry.entries("points", "rank points")
    return NextProcurement(
        fiscal_year=entry.fiscal_year("fiscal_year"),
        programme=entry.text("programme"),
        system=entry.text("system"),
        decision=entry.text("decision"),
        survey_name=entry.text("survey_name"),
        surveyed_text=entry.text("surveyed_text"),
        surveyed_on=entry.day("surveyed_on"),
        scoring_text=entry.text("scoring_text"),
        points=tuple((below.whole("rank", 1), below.whole("points")) for below in points),
        results=entry.text_or_none("results"),
        results_note=entry.text("results_note"),
        source=entry.text("source"),
    )


def _interview(entry: Entry, budgets: set[str]) -> Interview:
    answers = entry.entries("answers", "key question paragraphs budgets corrections")
    return Interview(
        interviewer=entry.text("interviewer"),
        respondent=entry.text("respondent"),
        answers=tuple(_answer(below, budgets) for below in answers),
        source=entry.text("source"),
    )


def _answer(entry: Entry, budgets: set[str]) -> InterviewAnswer:
    named = entry.texts("budgets")
    if not set(named) <= budgets:
        raise entry.refusal(f"予算の見出しにないものがあります: {'、'.join(named)}", "budgets")
    answer = InterviewAnswer(
        key=entry.text("key"),
        question=entry.text("question"),
        paragraphs=entry.texts("paragraphs"),
        budgets=named,
        corrections=read_corrections(entry),
    )
    if not answer.paragraphs and not answer.budgets:
        raise entry.refusal("答がありません。", "paragraphs")
    return answer
