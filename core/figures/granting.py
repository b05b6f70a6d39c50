"""補助金の指標: what of the subsidy for support plans is decided, final, paid and left in a year.

Against 希望, which :mod:`core.figures.talent` counts: these are the cases, from the application to the
money, of the fiscal year of the day.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from core.figures.indicator import Indicator, KpiFilter, Part, Place, Subject, Wanted, unknown
from core.figures.known import Known
from core.reference.grants import TALENT
from core.reference.names import Names
from core.subsidy.budget import as_on, forecast
from core.subsidy.case import Case
from core.subsidy.money import committed
from core.subsidy.offered import programmes
from core.subsidy.programme import GrantProgramme
from core.values.figure import Status
from core.values.fiscal import FiscalYear
from core.values.money import Yen

_YEAR = "基準日の属する年度の手続を、文書や支払の日で数える。基準日までにここに記録されたもの。"


def indicators(names: Names, called: str) -> tuple[Indicator, ...]:
    """Decided, final, paid, left, foreseen.

    Args:
        called: What the subsidy is called.
    """
    one = partial(
        Indicator,
        subject=Subject.TALENT,
        screen="support",
        unit="円",
        changes=lambda known: known.case_days,
        private=True,
    )
    whole = partial(one, filterable=False, status=Status.PLANNED, below_zero=True)
    return (
        one(
            "grant_decided",
            f"{called}の交付決定額",
            f"{names.kind}が交付を決定した額の合計。変更決定の後の額で、取下げと取消しは0円。",
            _YEAR,
            partial(_case_parts, lambda case: case.decided),
            numerator="交付決定額",
            shows=frozenset({Place.CARD}),
        ),
        one(
            "grant_final",
            f"{called}の確定額",
            "実績報告の後に額を確定した手続の確定額の合計。",
            _YEAR,
            partial(_case_parts, lambda case: case.final),
            numerator="確定額",
        ),
        one(
            "grant_paid",
            f"{called}の支払額",
            f"{names.kind}が支払った額の合計。概算払を含み、返還された額を引く。",
            _YEAR,
            partial(_case_parts, lambda case: case.paid or None),
            numerator="支払額 − 返還額",
            shows=frozenset({Place.CARD}),
        ),
        whole(
            "grant_left",
            f"{called}の予算の残り(交付決定の後)",
            "その年度の予算から、交付決定額(額を確定した手続は確定額)を引いた額。",
            f"{_YEAR}希望ではなく交付決定に対する残り。予算の登録がなければ不明。",
            _left_parts,
            numerator="予算額 − 交付決定額",
        ),
        whole(
            "grant_forecast",
            f"{called}の年度末の見込み",
            "確定額・交付決定額・申請額と、申請前で議決・契約済の希望の補助金の合計。",
            f"{_YEAR}交付決定した手続は決定額を使い切り、申請と議決済の希望は全額を決定すると仮定する。"
            "議決前の希望を含まない。",
            _forecast_parts,
            numerator="見込みの額",
            wanted=Wanted.NEITHER,
        ),
    )


def cases_on(known: Known, as_of: date) -> tuple[Case, ...]:
    """Cases of support plans of the fiscal year of a day, as they stood at its end."""
    year = FiscalYear.of(as_of)
    own = (each for each in known.cases if each.programme == TALENT and each.fiscal_year == year)
    return as_on(own, as_of)


def _case_parts(
    amount: Callable[[Case], Yen | None], known: Known, as_of: date, chosen: KpiFilter
) -> tuple[Part, ...]:
    reference = known.reference.on(as_of)
    return tuple(
        Part(
            key=f"{case.number.label}",
            label=reference.called(case.lg_code),
            group=case.state.label,
            numerator=int(found),
            detail=case.number.label,
            lg_code=town.lg_code,
        )
        for case in cases_on(known, as_of)
        if (found := amount(case)) is not None
        and (town := chosen.counted(known, case.lg_code, as_of))
    )


def _programme(known: Known, as_of: date) -> GrantProgramme | None:
    year = FiscalYear.of(as_of)
    return programmes(known.reference, known.parameters, year, as_of).get(TALENT)


def _left_parts(known: Known, as_of: date, _chosen: KpiFilter) -> tuple[Part, ...]:
    programme, label = _programme(known, as_of), f"{FiscalYear.of(as_of).label}の予算"
    if programme is None or programme.budget is None:
        return (unknown(label, "この年度の予算額は登録されていないか、公表されていない。"),)
    reference = known.reference.on(as_of)
    return (
        Part("budget", label, "予算", int(programme.budget)),
        *(
            Part(
                case.number.label,
                reference.called(case.lg_code),
                case.state.label,
                -int(committed(case)),
                lg_code=case.lg_code,
            )
            for case in cases_on(known, as_of)
        ),
    )


def _forecast_parts(known: Known, as_of: date, _chosen: KpiFilter) -> tuple[Part, ...]:
    programme = _programme(known, as_of)
    if programme is None:
        return ()
    found = forecast(
        programme, cases_on(known, as_of), known.wishes_of(FiscalYear.of(as_of), as_of)
    )
    return tuple(
        Part(part.label, part.label, "見込み", int(part.amount), detail=part.why)
        for part in found.parts
    )
