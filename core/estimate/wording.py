"""The working in words: what an officer copies into 積算基礎."""

from __future__ import annotations

from core.estimate.calculation import Estimate, YearEstimate
from core.estimate.subsidy import Step
from core.params import Basis
from core.values.fiscal import FiscalYear
from core.values.money import thousand_yen_text, yen_text


def gross_expression(year: YearEstimate) -> str:
    """歳出の積算: fee × visits × plans, plans with equal visits together.

    Returns:
        Such as ``100,000円 × 12回 × 2プラン + 100,000円 × 6回 × 1プラン``; ``0円`` without plans.
    """
    counts: dict[int, int] = {}
    for line in year.lines:
        counts[line.visits] = counts.get(line.visits, 0) + 1
    terms = [
        f"{yen_text(year.terms.unit_price)} × {visits}回 × {plans}プラン"
        for visits, plans in sorted(counts.items(), reverse=True)
    ]
    return " + ".join(terms) or yen_text(0)


def working(year: YearEstimate) -> tuple[Step, ...]:
    """Every step from the fee to 一般財源, in order."""
    return (
        Step("歳出", f"{gross_expression(year)} = {yen_text(year.gross)}", year.gross),
        *year.steps[1:],
        Step(
            "一般財源",
            f"{yen_text(year.gross)} − {yen_text(year.subsidy)} = {yen_text(year.net)}",
            year.net,
        ),
    )


def pace_note(year: YearEstimate) -> str | None:
    """A warning when the visits do not fit one a month into the months left; else None."""
    crowded = [line.plan for line in year.lines if line.visits > year.months_left]
    if not crowded:
        return None
    named = "、".join(f"プラン{plan}" for plan in crowded)
    return (
        f"{year.start_month}月開始では年度内の残りは{year.months_left}か月です。{named}は"
        "月1回程度の目安を超える月があります。回数を減らすか、開始月を確認してください。"
    )


def carried_note(year: YearEstimate) -> str | None:
    """A warning when values of an earlier fiscal year stand in for unpublished ones; else None."""
    origin = _carried_from(year)
    if origin is None:
        return None
    return (
        f"{year.fiscal_year.label}の費用・補助条件は登録されていません。"
        f"{origin.label}の値を当てはめた仮の試算です。"
    )


def _carried_from(year: YearEstimate) -> FiscalYear | None:
    """The fiscal year whose values stand in for this year's; None when none do."""
    carried = (premise.carried_from for premise in year.terms.premises)
    return max((origin for origin in carried if origin is not None), default=None)


def caveats(found: Estimate) -> tuple[str, ...]:
    """What must stand beside the amounts wherever they are handed on: 準用, what is not settled."""
    first = found.first
    notes = [_carried_caveat(first), _unsettled_caveat(first)]
    if pace := pace_note(first):
        notes.append(pace)
    without, with_it = first.thousands.gross, first.thousands.net
    if without != with_it:
        notes.append(
            f"府補助金がない場合は、一般財源が{thousand_yen_text(without - with_it)}増えて"
            f"{thousand_yen_text(without)}となる。"
        )
    later = [year for year in found.years[1:] if _carried_from(year) is not None]
    if later:
        notes.append(
            f"後年度({'、'.join(year.fiscal_year.label for year in later)})の額も、"
            "登録されている値が続くものとした仮の額。"
        )
    return tuple(note for note in notes if note)


def _carried_caveat(year: YearEstimate) -> str:
    origin = _carried_from(year)
    if origin is None:
        return ""
    return (
        f"仮の額。{year.fiscal_year.label}の費用・補助条件は公表・登録されていないため、"
        f"{origin.label}の値を準用した。"
    )


def _unsettled_caveat(year: YearEstimate) -> str:
    """Every term that is not simply published, by what it rests on."""
    by_basis: dict[str, list[str]] = {}
    for premise in year.terms.premises:
        if premise.basis_label != Basis.OFFICIAL.label:
            said = (
                premise.label
                if premise.basis_label == Basis.UNKNOWN.label
                else (f"{premise.label} {premise.text}")
            )
            by_basis.setdefault(premise.basis_label, []).append(said)
    return "".join(f"{basis}: {'、'.join(said)}。" for basis, said in by_basis.items())
