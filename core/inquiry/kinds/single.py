"""択一: one of several options."""

from __future__ import annotations

from core.inquiry.answer import Value
from core.inquiry.kinds.kind import (
    Kind,
    Plain,
    Said,
    Scope,
    TallyLine,
    by_option,
    dropped,
    one_of,
    option_problems,
)
from core.inquiry.question import Question


class _Single(Plain):
    key = "single"
    label = "択一"
    uses = frozenset({"options"})

    def problems(self, question: Question, scope: Scope) -> dict[str, str]:  # noqa: ARG002
        return option_problems(question)

    def read(self, question: Question, typed: Value, scope: Scope) -> Value:  # noqa: ARG002
        return one_of(typed, [each.key for each in question.options], "選択肢")

    def words(self, question: Question, value: Value, scope: Scope) -> str:  # noqa: ARG002
        return question.option(str(value))

    def tally(self, question: Question, said: Said, scope: Scope) -> tuple[TallyLine, ...]:  # noqa: ARG002
        return by_option(question.options, said, {c: self.holds(v) for c, v in said.items()})

    def breaks(self, before: Question, after: Question) -> str:
        return dropped(before, after)


KIND: Kind = _Single()
