"""はい・いいえ."""

from __future__ import annotations

from core.inquiry.answer import Value
from core.inquiry.kinds.kind import Kind, Plain, Said, Scope, TallyLine, by_option, one_of
from core.inquiry.question import Option, Question

YES_NO = (Option("yes", "はい"), Option("no", "いいえ"))


class _YesNo(Plain):
    key = "yes_no"
    label = "はい・いいえ"

    def read(self, question: Question, typed: Value, scope: Scope) -> Value:  # noqa: ARG002
        return one_of(typed, [each.key for each in YES_NO], "「はい」か「いいえ」")

    def words(self, question: Question, value: Value, scope: Scope) -> str:  # noqa: ARG002
        return next(each.label for each in YES_NO if each.key == value)

    def tally(self, question: Question, said: Said, scope: Scope) -> tuple[TallyLine, ...]:  # noqa: ARG002
        return by_option(YES_NO, said, {c: self.holds(v) for c, v in said.items()})


KIND: Kind = _YesNo()
