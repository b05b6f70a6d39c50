"""The working in words: what an officer copies into 積算基礎."""

from __future__ import annotations

from core.estimate.calculation import YearEstimate
from core.estimate.subsidy import Step
from core.values.money import yen_text


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
    carried = [premise for premise in year.terms.premises if premise.carried_from is not None]
    if not carried:
        return None
    origin = max(premise.carried_from for premise in carried if premise.carried_from is not None)
    return (
        f"{year.fiscal_year.label}の費用・補助条件は登録されていません。"
        f"{origin.label}の値を当てはめた仮の試算です。"
    )


def assumed_note(year: YearEstimate) -> str | None:
    """Which values nobody has decided yet, each with its 根拠区分; None when all are decided."""
    named: dict[str, dict[str, None]] = {}
    for premise in year.terms.premises:
        if premise.assumed:
            rounding = premise.name.startswith("talent.rounding_")
            named.setdefault(premise.basis_label, {})["端数処理" if rounding else premise.label] = (
                None
            )
    said = "、".join(f"{'・'.join(labels)}は{basis}" for basis, labels in named.items())
    return f"{said}です。" if said else None


def caveats(year: YearEstimate) -> tuple[str, ...]:
    """Why an estimate is 仮, the weightier reason first; empty when it rests on decided values."""
    return tuple(note for note in (carried_note(year), assumed_note(year)) if note)
