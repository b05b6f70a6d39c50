"""数: how many, with its unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from core.inquiry.answer import Value
from core.inquiry.kinds.kind import Kind, Plain, Said, Scope, TallyLine, text_of
from core.inquiry.question import Question
from core.values.written_number import counted, read_decimal, read_number

MOST_DECIMALS = 4
FEWEST = 5
"""Of fewer numbers none is said to lie far off."""
FAR = Fraction(3, 2)
FAR_NOTE = "四分位範囲の1.5倍より外。誤りとは限りません"


class _Number(Plain):
    key = "number"
    label = "数"
    uses = frozenset({"unit", "decimals", "least", "most"})

    def problems(self, question: Question, scope: Scope) -> dict[str, str]:  # noqa: ARG002
        problems = bound_problems(question)
        if not 0 <= question.decimals <= MOST_DECIMALS:
            problems["decimals"] = f"小数点以下は0桁から{MOST_DECIMALS}桁までです。"
        return problems

    def read(self, question: Question, typed: Value, scope: Scope) -> Value:  # noqa: ARG002
        text = text_of(str(typed) if isinstance(typed, int) else typed, "数")
        measure, low, high = counted(question.unit), question.least, question.most
        if not question.decimals:
            return str(read_number(text, measure, least=low, most=high))
        most = question.decimals
        return str(read_decimal(text, measure, decimals=most, least=low, most=high))

    def words(self, question: Question, value: Value, scope: Scope) -> str:  # noqa: ARG002
        return f"{Decimal(value):,}{question.unit}"

    def tally(self, question: Question, said: Said, scope: Scope) -> tuple[TallyLine, ...]:  # noqa: ARG002
        numbers = {code: _number(value) for code, value in said.items()}
        return sums(numbers, question.unit)

    def breaks(self, before: Question, after: Question) -> str:
        return stricter(before, after) or (
            "小数点以下の桁数は、公開した後に減らせません。"
            if after.decimals < before.decimals
            else ""
        )


def _number(value: Value) -> int | Fraction:
    """As kept; whole ones as whole, which is quicker than a fraction."""
    text = str(value)
    return int(text) if text.lstrip("-").isdecimal() else Fraction(text)


def bound_problems(question: Question) -> dict[str, str]:
    """What stands against bounds."""
    least, most = question.least, question.most
    if least is not None and most is not None and most < least:
        return {"most": f"上限は下限({least:,})以上にしてください。"}
    return {}


def stricter(before: Question, after: Question) -> str:
    """Why bounds that close in break answers; empty when they do not."""
    low = after.least is not None and (before.least is None or after.least > before.least)
    high = after.most is not None and (before.most is None or after.most < before.most)
    return "範囲は、公開した後に狭められません。" if low or high else ""


def sums(numbers: Mapping[str, int | Fraction], unit: str) -> tuple[TallyLine, ...]:
    """Together, on average, in the middle, smallest, largest, far off; nothing of nobody is not 0."""
    codes, ordered = tuple(numbers), sorted(numbers.values())
    if not numbers:
        return (TallyLine("sum", "合計", None, unit),)
    total, low, high = sum(ordered), ordered[0], ordered[-1]
    return (
        TallyLine("sum", "合計", _whole(total), unit, codes, note=f"{len(codes)}団体の合計"),
        TallyLine("mean", "平均", _whole(Fraction(total, len(codes))), unit, codes),
        TallyLine("median", "中央値", _whole(_quartile(ordered, 2)), unit, codes),
        TallyLine("least", "最小", _whole(low), unit, _with(numbers, low)),
        TallyLine("most", "最大", _whole(high), unit, _with(numbers, high)),
        *_far_off(numbers, ordered),
    )


def _far_off(
    numbers: Mapping[str, int | Fraction], ordered: Sequence[int | Fraction]
) -> tuple[TallyLine, ...]:
    """Whoever lies more than 1.5 times the middle half beyond it: to be looked at, not wrong."""
    if len(numbers) < FEWEST:
        return ()
    low, high = _quartile(ordered, 1), _quartile(ordered, 3)
    reach = (high - low) * FAR
    first, last = low - reach, high + reach
    beyond = tuple(code for code, each in numbers.items() if each < first or each > last)
    return (TallyLine("far", "外れ値の目安", len(beyond), "団体", beyond, note=FAR_NOTE),)


def _quartile(ordered: Sequence[int | Fraction], which: int) -> int | Fraction:
    """The number at one, two or three quarters of the way, between two where it falls so.

    Examples:
        >>> _quartile([1, 2, 3, 4, 10], 1), _quartile([1, 2], 2)
        (2, Fraction(3, 2))
    """
    place, rest = divmod(which * (len(ordered) - 1), 4)
    if not rest:
        return ordered[place]
    return ordered[place] + (ordered[place + 1] - ordered[place]) * Fraction(rest, 4)


def _with(numbers: Mapping[str, int | Fraction], value: int | Fraction) -> tuple[str, ...]:
    return tuple(code for code, each in numbers.items() if each == value)


def _whole(value: int | Fraction) -> int | Fraction:
    return int(value) if value.denominator == 1 else value


KIND: Kind = _Number()
