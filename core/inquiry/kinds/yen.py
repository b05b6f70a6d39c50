"""金額: whole yen, 0 or more."""

from __future__ import annotations

from core.inquiry.answer import Value
from core.inquiry.kinds.kind import Kind, Plain, Said, Scope, TallyLine, text_of
from core.inquiry.kinds.number import bound_problems, stricter, sums
from core.inquiry.question import Question
from core.values.written_number import YEN, read_number


class _Yen(Plain):
    key = "yen"
    label = "金額"
    uses = frozenset({"least", "most"})

    def problems(self, question: Question, scope: Scope) -> dict[str, str]:  # noqa: ARG002
        return bound_problems(question)

    def read(self, question: Question, typed: Value, scope: Scope) -> Value:  # noqa: ARG002
        text = text_of(str(typed) if isinstance(typed, int) else typed, "金額")
        return read_number(text, YEN, least=question.least or 0, most=question.most)

    def words(self, question: Question, value: Value, scope: Scope) -> str:  # noqa: ARG002
        return YEN.told(int(value))

    def tally(self, question: Question, said: Said, scope: Scope) -> tuple[TallyLine, ...]:  # noqa: ARG002
        return sums({code: int(value) for code, value in said.items()}, YEN.unit)

    def breaks(self, before: Question, after: Question) -> str:
        return stricter(before, after)


KIND: Kind = _Yen()
