"""日付."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from core.inquiry.answer import Value
from core.inquiry.kinds.kind import Kind, Plain, Said, Scope, TallyLine, text_of
from core.inquiry.question import Question
from core.values.fiscal import Precision, era_date, outside_fiscal_years, parse_date


class _Day(Plain):
    key = "day"
    label = "日付"

    def read(self, question: Question, typed: Value, scope: Scope) -> Value:  # noqa: ARG002
        found = parse_date(text_of(typed, "日付"))
        if found.precision is not Precision.DAY:
            raise ValueError(f"年月日まで入力してください: {text_of(typed)[:40]}")
        if problem := outside_fiscal_years(found.first):
            raise ValueError(problem)
        return found.first.isoformat()

    def words(self, question: Question, value: Value, scope: Scope) -> str:  # noqa: ARG002
        return era_date(date.fromisoformat(str(value)))

    def holds(self, value: Value) -> frozenset[str]:  # noqa: ARG002
        return frozenset()

    def tally(self, question: Question, said: Said, scope: Scope) -> tuple[TallyLine, ...]:
        days: dict[str, list[str]] = defaultdict(list)
        for code, day in said.items():
            days[str(day)].append(code)
        return tuple(
            TallyLine(day, self.words(question, day, scope), len(codes), "団体", tuple(codes))
            for day, codes in sorted(days.items())
        )


KIND: Kind = _Day()
