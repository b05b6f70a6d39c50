"""前提と注意: why an amount is 仮 and what else must stand beside it, in the same words everywhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.estimate.calculation import Estimate, YearEstimate
from core.estimate.terms import PLANS, Premise
from core.params import DEFINITIONS, Basis
from core.values.fiscal import FiscalYear
from core.values.money import thousand_yen_text


def is_provisional(year: YearEstimate) -> bool:
    """Whether an amount is 仮: a value is an earlier year's, or nobody has decided it yet."""
    return any(premise.carried_from or premise.assumed for premise in year.terms.premises)


def provisional_note(year: YearEstimate) -> str | None:
    """Why the amounts are 仮, the weightiest reason alone; None when they are not."""
    if not is_provisional(year):
        return None
    if _carried_from(year) is None:
        return f"仮の額。{_unsettled_note(year)}"
    terms, plans = _carried_terms(year), _carried_plans(year)
    said = ""
    if terms is not None:
        said = (
            f"{year.fiscal_year.label}の{year.terms.said}は公表・登録されていないため、"
            f"{terms.label}の値を準用した。"
        )
    if plans is not None:
        why = "プランも" if said else f"{year.fiscal_year.label}のプランは公表されていないため、"
        said += f"{why}{plans.label}のプランを準用した。"
    return f"仮の額。{said}"


def ended_note(found: Estimate) -> str | None:
    """What is said when a plan of the request is offered no more in a later year; else None."""
    asked = [choice.plan for choice in found.request.choices]
    said = []
    for year in found.years[1:]:
        ended = "、".join(f"プラン{plan}" for plan in asked if plan not in year.terms.plans)
        if ended:
            said.append(f"{year.fiscal_year.label}の{ended}")
    return f"{'、'.join(said)}は提供されないため、額に含まない。" if said else None


def pace_note(year: YearEstimate) -> str | None:
    """What is said when the visits do not fit one a month into the months left; else None."""
    crowded = [line.plan for line in year.lines if line.visits > year.months_left]
    if not crowded:
        return None
    named = "、".join(f"プラン{plan}" for plan in crowded)
    return (
        f"{year.start_month}月開始では年度内の残りは{year.months_left}か月で、{named}は"
        "月1回程度の目安を超える月がある。"
    )


def caveats(found: Estimate, subsidy: str | None) -> tuple[str, ...]:
    """What must stand beside the amounts wherever they are handed on: a page may be all that is read.

    Args:
        subsidy: What the prefecture's subsidy is called; None where there is none.
    """
    first = found.first
    notes = [provisional_note(first)]
    if _carried_from(first) is not None or not is_provisional(first):
        notes.append(_unsettled_note(first))
    notes += [pace_note(first), ended_note(found)]
    without, with_it = first.thousands.gross, first.thousands.net
    if subsidy is not None and without != with_it:
        notes.append(
            f"{subsidy}がない場合は、一般財源が{thousand_yen_text(without - with_it)}増えて"
            f"{thousand_yen_text(without)}となる。"
        )
    later = [year for year in found.years[1:] if _carried_from(year) is not None]
    if later:
        notes.append(
            f"後年度({'、'.join(year.fiscal_year.label for year in later)})の額も、"
            "登録されている値が続くものとした仮の額。"
        )
    return tuple(note for note in notes if note)


def _carried_from(year: YearEstimate) -> FiscalYear | None:
    """The fiscal year whose plans or values stand in for this year's; None when none do."""
    return _carried_terms(year) or _carried_plans(year)


def _carried_terms(year: YearEstimate) -> FiscalYear | None:
    carried = [p.carried_from for p in year.terms.premises if p.name in DEFINITIONS]
    return max((origin for origin in carried if origin is not None), default=None)


def _carried_plans(year: YearEstimate) -> FiscalYear | None:
    """A plan's own fee goes with its plan."""
    carried = (p.carried_from for p in year.terms.premises if p.name == PLANS)
    return next(carried, None)


def _unsettled_note(year: YearEstimate) -> str:
    """Every term that is not simply published, by what it rests on; empty when all are."""
    by_basis: dict[str, list[Premise]] = {}
    for premise in year.terms.premises:
        if premise.basis_label != Basis.OFFICIAL.label:
            by_basis.setdefault(premise.basis_label, []).append(premise)
    return "".join(f"{basis}: {'、'.join(_said(each))}。" for basis, each in by_basis.items())


def _said(premises: Sequence[Premise]) -> Iterator[str]:
    """Each value, those of the rounding as one; of what nobody published its name alone."""
    rounding = [each for each in premises if each.name.startswith("talent.rounding_")]
    for each in premises:
        if each not in rounding:
            unknown = each.basis_label == Basis.UNKNOWN.label
            yield each.label if unknown else f"{each.label} {each.text}"
    if rounding:
        yield f"補助金の端数処理({'・'.join(each.text for each in rounding)})"
