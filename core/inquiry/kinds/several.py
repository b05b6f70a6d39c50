"""複数選択: any of several options."""

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
    option_problems,
)
from core.inquiry.question import Question


class _Several(Plain):
    key = "several"
    label = "複数選択"
    uses = frozenset({"options", "least", "most"})

    def problems(self, question: Question, scope: Scope) -> dict[str, str]:  # noqa: ARG002
        problems = option_problems(question)
        least, most = question.least or 0, question.most
        if most is not None and (most < 1 or most < least):
            problems["most"] = f"選べる数の上限は{max(1, least)}以上にしてください。"
        if least > len(question.options):
            problems["least"] = (
                f"選択肢は{len(question.options)}個です。選ぶ数の下限を減らしてください。"
            )
        return problems

    def read(self, question: Question, typed: Value, scope: Scope) -> Value:  # noqa: ARG002
        known = [each.key for each in question.options]
        if not isinstance(typed, list | tuple) or not set(typed) <= set(known):
            raise ValueError("選択肢を選び直してください。")
        chosen = [key for key in known if key in typed]
        if question.least and len(chosen) < question.least:
            raise ValueError(f"{question.least}個以上選んでください(いま{len(chosen)}個)。")
        if question.most is not None and len(chosen) > question.most:
            raise ValueError(f"選べるのは{question.most}個までです(いま{len(chosen)}個)。")
        return chosen

    def words(self, question: Question, value: Value, scope: Scope) -> str:  # noqa: ARG002
        return "、".join(question.option(str(each)) for each in value)

    def tally(self, question: Question, said: Said, scope: Scope) -> tuple[TallyLine, ...]:  # noqa: ARG002
        return by_option(question.options, said, {c: self.holds(v) for c, v in said.items()})

    def breaks(self, before: Question, after: Question) -> str:
        return dropped(before, after) or (
            "選ぶ数の制限は、公開した後に厳しくできません。" if _stricter(before, after) else ""
        )


def _stricter(before: Question, after: Question) -> bool:
    fewer = after.most is not None and (before.most is None or after.most < before.most)
    return fewer or (after.least or 0) > (before.least or 0)


KIND: Kind = _Several()
