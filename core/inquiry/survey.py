"""アンケートになる回答: how a question was answered, as an entry of the catalogue with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.inquiry.board import last_day
from core.inquiry.flow import survey_key
from core.inquiry.round import Inquiry
from core.inquiry.tally import QuestionTally
from core.reference.names import Names
from core.values.errors import InvalidInputError
from core.values.fiscal import era_date

COUNTED = frozenset(
    {"single", "several", "yes_no", "number", "yen", "ranking", "plan_wishes", "join_intention"}
)
"""Kinds whose tally says numbers."""


@dataclass(frozen=True)
class MadeSurvey:
    """An entry of the part ``surveys`` and the source it rests on.

    Attributes:
        content: Without its source.
    """

    key: str
    content: Mapping[str, Any]
    source: Mapping[str, Any]
    reason: str


def survey_of(inquiry: Inquiry, tally: QuestionTally, names: Names, today: date) -> MadeSurvey:
    """A question that was answered, as of a day.

    Raises:
        InvalidInputError: It has no counts, or nobody answered it.
    """
    question = tally.question
    if question.kind not in COUNTED:
        raise InvalidInputError({"question": "この種類の設問は、数として残せません。"})
    figures = tuple(
        {"label": line.label, "value": int(line.value), "unit": line.unit}
        for line in tally.lines
        if line.value is not None and line.value == int(line.value)
    )
    if not tally.answered or not figures:
        raise InvalidInputError({"question": "まだ回答がありません。"})
    closes = era_date(last_day(inquiry.closes_at))
    asked = f"{tally.everybody}{names.towns}に照会"
    title = inquiry.composition.title
    return MadeSurvey(
        key=survey_key(inquiry, question),
        content={
            "key": survey_key(inquiry, question),
            "name": title,
            "question": question.label,
            "conducted_text": f"{asked}、締切{closes}、{era_date(today)}時点の回答",
            "answering_bodies": len(tally.answered),
            "figures": figures,
            "note": (
                f"該当なし{len(tally.not_applicable)}、無記入{len(tally.blank)}、"
                f"対象外{len(tally.not_asked)}、未回答{len(tally.unanswered)}。"
            ),
            "as_of": today.isoformat(),
        },
        source={
            "title": f"{inquiry.number.label}「{title}」の回答",
            "publisher": names.secretariat,
            "url": None,
            "licence": "庁内資料",
            "date": era_date(today),
            "note": asked,
            "files": (),
        },
        reason=f"{inquiry.number.label}の回答による",
    )
