"""自由記述: words of one's own."""

from __future__ import annotations

from core.inquiry.answer import Value
from core.inquiry.kinds.kind import Kind, Plain, Scope, text_of
from core.inquiry.question import Question
from core.values.free_text import TEXT, Text

WORDS = Text("回答", TEXT, lines=True)


class _Text(Plain):
    key = "text"
    label = "自由記述"

    def read(self, question: Question, typed: Value, scope: Scope) -> Value:  # noqa: ARG002
        return WORDS.read(text_of(typed))

    def words(self, question: Question, value: Value, scope: Scope) -> str:  # noqa: ARG002
        return str(value)

    def holds(self, value: Value) -> frozenset[str]:  # noqa: ARG002
        return frozenset()


KIND: Kind = _Text()
