"""担当者: somebody of the contacts; kept as their key, so that a purge takes the name from answers too."""

from __future__ import annotations

from core.inquiry.answer import Value
from core.inquiry.kinds.kind import Kind, Plain, Scope
from core.inquiry.question import Question

GONE = "(担当者の情報は削除されました)"


class _Person(Plain):
    key = "person"
    label = "担当者"

    def read(self, question: Question, typed: Value, scope: Scope) -> Value:  # noqa: ARG002
        if not isinstance(typed, str) or typed not in scope.people:
            raise ValueError(
                "担当者を一覧から選んでください。いない場合は、わがまちの「担当者」に登録してから選びます。"
            )
        return typed

    def words(self, question: Question, value: Value, scope: Scope) -> str:  # noqa: ARG002
        return {**scope.former, **scope.people}.get(str(value), GONE)

    def holds(self, value: Value) -> frozenset[str]:  # noqa: ARG002
        return frozenset()


KIND: Kind = _Person()
