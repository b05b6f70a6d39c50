"""What must stand on every paper beside an estimate's amounts: it may be all that is read."""

from __future__ import annotations

from core.estimate.calculation import Estimate, YearEstimate
from core.estimate.wording import pace_note
from core.params import Basis
from core.values.fiscal import FiscalYear
from core.values.money import thousand_yen_text


def _carried_from(year: YearEstimate) -> FiscalYear | None:
    """The fiscal year whose values stand in for this year's; None when none do."""
    carried = (premise.carried_from for premise in year.terms.premises)
    return max((origin for origin in carried if origin is not None), default=None)


def paper_notes(found: Estimate) -> tuple[str, ...]:
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
