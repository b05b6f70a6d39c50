"""記入の読取り: what somebody typed, as answers; everything that stands against it at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.inquiry.answer import (
    NOT_APPLICABLE,
    NOT_APPLICABLE_LABEL,
    UNREADABLE_LABEL,
    Answers,
    Value,
    is_blank,
    is_not_applicable,
)
from core.inquiry.composition import Composition
from core.inquiry.kinds.kind import Scope
from core.inquiry.kinds.registry import kind_of
from core.inquiry.question import Question


@dataclass(frozen=True)
class ReadAnswers:
    """What was typed, read.

    Attributes:
        answers: What could be read, of questions that are asked; blank ones are absent.
        problems: Key of a question → why it cannot be handed in so.
        missing: Keys of required questions without an answer; part of ``problems``.
    """

    answers: Answers
    problems: Mapping[str, str]
    missing: tuple[str, ...]


def asked(composition: Composition, answers: Answers) -> Iterator[Question]:
    """The questions that are asked of who answered so, in their order.

    One whose condition rests on a question that is itself not asked is not asked either. Each is
    decided when it is reached: answers to those before may come meanwhile.
    """
    seen: set[str] = set()
    for question in composition.questions:
        if _is_asked(question, composition, answers, seen):
            seen.add(question.key)
            yield question


def _is_asked(
    question: Question, composition: Composition, answers: Answers, seen: set[str]
) -> bool:
    condition = question.condition
    if condition is None:
        return True
    if condition.question not in seen or condition.question not in answers:
        return False
    value = answers[condition.question]
    if is_not_applicable(value):
        return False
    holds = kind_of(composition.by_key[condition.question].kind).holds(value)
    return not holds.isdisjoint(condition.options)


def read_answers(composition: Composition, typed: Answers, scope: Scope) -> ReadAnswers:
    """Read what was typed.

    Args:
        typed: Key of a question → what its fields hold; what belongs to no question that is asked
            is left out.
    """
    answers: dict[str, Value] = {}
    problems: dict[str, str] = {}
    missing: list[str] = []
    for question in asked(composition, answers):
        number, value = composition.number_of(question.key), typed.get(question.key)
        if is_blank(value):
            if question.required:
                missing.append(question.key)
                problems[question.key] = f"設問{number}「{question.label}」に回答してください。"
            continue
        try:
            answers[question.key] = read_answer(question, value, scope)
        except ValueError as error:
            problems[question.key] = f"設問{number}: {error}"
    return ReadAnswers(MappingProxyType(answers), MappingProxyType(problems), tuple(missing))


def read_answer(question: Question, typed: Value, scope: Scope) -> Value:
    """What was typed into one question that is not blank, as it is kept.

    Raises:
        ValueError: What stands against it, in one Japanese sentence.
    """
    if not is_not_applicable(typed):
        return kind_of(question.kind).read(question, typed, scope)
    if not question.not_applicable:
        raise ValueError(f"「{NOT_APPLICABLE_LABEL}」は選べません。回答してください。")
    return dict(NOT_APPLICABLE)


def words_of(question: Question, value: Value, scope: Scope) -> str:
    """One answer as tables and files show it; blank is empty."""
    if is_not_applicable(value):
        return NOT_APPLICABLE_LABEL
    if is_blank(value):
        return ""
    return kind_of(question.kind).words(question, value, scope)


@dataclass(frozen=True)
class AnswerDifference:
    """One question that two answers say differently."""

    question: Question
    before: str
    after: str


def differences(
    composition: Composition, before: Answers, after: Answers, scope: Scope
) -> tuple[AnswerDifference, ...]:
    """Where two sets of answers, read or only typed, differ, in the order of the questions."""
    found = (
        AnswerDifference(
            question, *_both(question, before.get(question.key), after.get(question.key), scope)
        )
        for question in composition.questions
        if not same(question, before.get(question.key), after.get(question.key), scope)
    )
    return tuple(found)


def _both(question: Question, before: Value, after: Value, scope: Scope) -> tuple[str, str]:
    """What each says differently, in words; all of it where one is blank or cannot be read."""
    if not any(is_blank(each) or is_not_applicable(each) for each in (before, after)):
        try:
            was, now = (read_answer(question, each, scope) for each in (before, after))
        except ValueError:
            pass  # said as they were typed
        else:
            told = kind_of(question.kind).compared(question, was, now)
            if told is not None:
                return told
    return typed_words(question, before, scope), typed_words(question, after, scope)


def same(question: Question, before: Value, after: Value, scope: Scope) -> bool:
    """Whether two entries say the same: 120万 and 1,200,000 do, blank and absent do."""
    if before == after or (is_blank(before) and is_blank(after)):
        return True
    if is_blank(before) or is_blank(after):
        return False
    try:
        return bool(read_answer(question, before, scope) == read_answer(question, after, scope))
    except ValueError:
        return False


def typed_words(question: Question, typed: Value, scope: Scope) -> str:
    """What was typed, in words; what cannot be read, as it was typed. Blank is empty."""
    if is_blank(typed):
        return ""
    try:
        return words_of(question, read_answer(question, typed, scope), scope)
    except ValueError:
        return str(typed) if isinstance(typed, str | int) else UNREADABLE_LABEL
