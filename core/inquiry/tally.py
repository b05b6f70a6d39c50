"""集計: what many answered to one question, with n of everybody on every line."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from core.inquiry.answer import Answers, is_blank, is_not_applicable
from core.inquiry.composition import Composition
from core.inquiry.kinds.kind import Said, Scope, TallyLine
from core.inquiry.kinds.registry import kind_of
from core.inquiry.question import Question
from core.inquiry.reading import asked


@dataclass(frozen=True)
class QuestionTally:
    """One question.

    The five groups never meet and make up everybody asked.

    Attributes:
        answered: Who answered with something.
        not_applicable: Who answered 該当なし.
        blank: Who handed in and left it empty.
        not_asked: Whose earlier answers meant it was not asked.
        unanswered: Who has not handed in.
        lines: What those in ``answered`` said.
    """

    question: Question
    answered: tuple[str, ...]
    not_applicable: tuple[str, ...]
    blank: tuple[str, ...]
    not_asked: tuple[str, ...]
    unanswered: tuple[str, ...]
    lines: tuple[TallyLine, ...]

    def said(self, answers: Mapping[str, Answers]) -> Said:
        """What those in ``answered`` said, of all that was handed in."""
        return {code: answers[code][self.question.key] for code in self.answered}

    @property
    def everybody(self) -> int:
        """How many were asked by the inquiry."""
        groups = (self.answered, self.not_applicable, self.blank, self.not_asked, self.unanswered)
        return sum(map(len, groups))


def tallies(
    composition: Composition,
    audience: Collection[str],
    answers: Mapping[str, Answers],
    scope: Scope,
) -> tuple[QuestionTally, ...]:
    """Every question, in order.

    Args:
        audience: Who counts: everybody asked, or those of an area or a size.
        answers: What was handed in and counts, by municipality.
    """
    given = {code: answers[code] for code in audience if code in answers}
    reached = {code: {q.key for q in asked(composition, said)} for code, said in given.items()}
    return tuple(
        _tally(question, audience, given, reached, scope) for question in composition.questions
    )


def _tally(
    question: Question,
    audience: Collection[str],
    given: Mapping[str, Answers],
    reached: Mapping[str, set[str]],
    scope: Scope,
) -> QuestionTally:
    groups: dict[str, list[str]] = {
        name: [] for name in ("answered", "not_applicable", "blank", "not_asked", "unanswered")
    }
    for code in audience:
        if code not in given:
            groups["unanswered"].append(code)
            continue
        value = given[code].get(question.key)
        if question.key not in reached[code]:
            groups["not_asked"].append(code)
        elif is_not_applicable(value):
            groups["not_applicable"].append(code)
        elif is_blank(value):
            groups["blank"].append(code)
        else:
            groups["answered"].append(code)
    said = {code: given[code][question.key] for code in groups["answered"]}
    lines = kind_of(question.kind).tally(question, said, scope)
    return QuestionTally(question, **{k: tuple(v) for k, v in groups.items()}, lines=lines)
