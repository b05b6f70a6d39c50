"""ファイル: attachments, kept beside the answer and named by their numbers."""

from __future__ import annotations

from core.consultation.attachment import MAX_FILES
from core.inquiry.answer import Value
from core.inquiry.kinds.kind import Kind, Plain, Scope
from core.inquiry.question import Question


class _File(Plain):
    key = "file"
    label = "ファイル"

    def read(self, question: Question, typed: Value, scope: Scope) -> Value:  # noqa: ARG002
        numbers = typed if isinstance(typed, list | tuple) else [typed]
        if not all(isinstance(each, int) and each in scope.files for each in numbers):
            raise ValueError("添付したファイルが見つかりません。選び直してください。")
        if len(numbers) > MAX_FILES:
            raise ValueError(f"ファイルは{MAX_FILES}個までです(選択{len(numbers)}個)。")
        return list(dict.fromkeys(numbers))

    def words(self, question: Question, value: Value, scope: Scope) -> str:  # noqa: ARG002
        return "、".join(scope.files.get(int(each), f"ファイル{each}") for each in value)

    def holds(self, value: Value) -> frozenset[str]:  # noqa: ARG002
        return frozenset()


KIND: Kind = _File()
