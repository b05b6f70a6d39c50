"""様式(Excel): a workbook from elsewhere, filled in in Excel or on the screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from core.inquiry.answer import Value
from core.inquiry.form.answer import FormRow, FormValues
from core.inquiry.form.field import FormField, FormLayout
from core.inquiry.form.tally import CellState, tally
from core.inquiry.form.typed import named, read_value, value_words
from core.inquiry.kinds.kind import Kind, Plain, Said, Scope, TallyLine
from core.inquiry.question import Question

_TOLD = 10
"""Fields that stand against an answer and are told at once."""


def layout_of(question: Question) -> FormLayout:
    """The form of a question that has one."""
    return FormLayout.of_plain(question.layout)


def values_of(value: Value) -> FormValues:
    """What an answer put into the form, by key of the field."""
    return dict(value.get("values", {})) if isinstance(value, Mapping) else {}


class _ExcelForm(Plain):
    key = "excel_form"
    label = "様式(Excel)"
    uses = frozenset({"form"})

    def problems(self, question: Question, scope: Scope) -> dict[str, str]:  # noqa: ARG002
        if question.form is None or not question.layout:
            return {"form": "様式のファイル(.xlsx)を登録してください。"}
        if not layout_of(question).fields:
            return {"form": "記入欄がありません。様式の図で、記入するセルを選んでください。"}
        return {}

    def read(self, question: Question, typed: Value, scope: Scope) -> Value:
        if not isinstance(typed, Mapping):
            raise ValueError("様式に記入するか、記入したファイルを選んでください。")
        layout, given = layout_of(question), typed.get("values") or {}
        values: dict[str, str] = {}
        problems: list[str] = []
        for field in layout.fields:
            try:
                kept = read_value(field, str(given.get(field.key) or ""))
            except ValueError as error:
                problems.append(str(error))
                continue
            if kept:
                values[field.key] = kept
            elif field.required:
                problems.append(f"{named(field)}を記入してください。")
        if problems:
            more = f"ほか{len(problems) - _TOLD}欄。" if len(problems) > _TOLD else ""
            raise ValueError("".join(problems[:_TOLD]) + more)
        read: dict[str, Any] = {"values": values}
        if (file := typed.get("file")) is not None:
            if file not in scope.files:
                raise ValueError("記入した様式のファイルが見つかりません。選び直してください。")
            read["file"] = file
        return read

    def words(self, question: Question, value: Value, scope: Scope) -> str:  # noqa: ARG002
        filled, every = len(values_of(value)), len(layout_of(question).fields)
        return f"{every}欄のうち{filled}欄に記入"

    def compared(self, question: Question, before: Value, after: Value) -> tuple[str, str] | None:
        """The cells that differ, the first few by name; how many are filled says nothing of them."""
        was, now = values_of(before), values_of(after)
        fields = [f for f in layout_of(question).fields if was.get(f.key) != now.get(f.key)]
        return (_cells(fields, was), _cells(fields, now)) if fields else None

    def holds(self, value: Value) -> frozenset[str]:  # noqa: ARG002
        return frozenset()

    def breaks(self, before: Question, after: Question) -> str:
        if before.layout != after.layout:
            return "様式の記入欄は、公開した後に変えられません。補足説明に書いてください。"
        return ""

    def tally(self, question: Question, said: Said, scope: Scope) -> tuple[TallyLine, ...]:
        names = scope.reference.participants
        rows = [FormRow(code, names.get(code, code), values_of(v)) for code, v in said.items()]
        return tuple(
            TallyLine(
                each.field.key,
                named(each.field),
                None if each.total is None else _whole(each.total),
                each.field.unit if each.total is not None else "",
                tuple(c for c, s in each.states.items() if s in (CellState.VALUE, CellState.ZERO)),
                note=f"{each.given}団体が記入",
            )
            for each in tally(layout_of(question), rows).fields
        )


def _cells(fields: Sequence[FormField], values: FormValues) -> str:
    said = [f"{named(f)} {value_words(f, values.get(f.key, '')) or '空欄'}" for f in fields[:_TOLD]]
    more = f" ほか{len(fields) - _TOLD}欄" if len(fields) > _TOLD else ""
    return "、".join(said) + more


def _whole(total: Decimal) -> int | Fraction:
    found = Fraction(total)
    return int(found) if found.denominator == 1 else found


KIND: Kind = _ExcelForm()
