"""支援の実施の指標: contracts, visits held of those agreed, how satisfied municipalities are with them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial

from core.figures.indicator import (
    Fold,
    Indicator,
    KpiFilter,
    Part,
    Place,
    Subject,
    Wanted,
)
from core.figures.known import Known
from core.reference.pack import Reference
from core.support.contract import Contract, ContractLine, ContractTerms
from core.support.visit import Held
from core.values.fiscal import FiscalYear

_YEAR = "基準日の年度の契約。取り消した記録を含まない。"
_CARD = frozenset({Place.CARD})
_support = partial(
    Indicator,
    subject=Subject.SUPPORT,
    screen="support",
    changes=lambda known: known.support_days,
    shows=_CARD,
    private=True,
)


def indicators(reference: Reference) -> tuple[Indicator, ...]:
    """What was agreed, what of it was held, what municipalities said of it."""
    towns = reference.names.towns
    return (
        _support(
            "support_contracts",
            "支援プランの契約",
            "契約を締結した支援プランの数(団体×プラン)。",
            f"{_YEAR}回数を0に減らしたプランを含まない。",
            _contracted,
            numerator="契約したプラン",
            unit="プラン",
        ),
        _support(
            "support_visits_held",
            "実施した支援回",
            "実施を記録した支援回の数。",
            f"{_YEAR}実施日が基準日までの回。予定と中止を含まない。",
            _held,
            numerator="実施した支援回",
            unit="回",
            wanted=Wanted.UP,
        ),
        _support(
            "support_held_rate",
            "支援回の実施率",
            "契約した支援回数のうち、実施した回の割合。",
            f"{_YEAR}実施日が基準日までの回 ÷ 基準日の契約の回数。契約がなければ不明。",
            _held_of_agreed,
            numerator="実施した支援回",
            denominator="契約した支援回数",
            unit="%",
            fold=Fold.SHARE,
            wanted=Wanted.UP,
        ),
        _support(
            "support_satisfaction",
            "支援の満足度",
            f"{towns}が支援回に付けた満足度(1から5)の平均。",
            f"{_YEAR}満足度が記入された回だけ。未記入は0ではなく、含めない。1回も記入がなければ不明。",
            _rated,
            numerator="満足度の合計",
            denominator="満足度が記入された回",
            unit="点",
            fold=Fold.MEAN,
            wanted=Wanted.UP,
        ),
    )


def _of_year(
    known: Known, as_of: date, chosen: KpiFilter
) -> Iterator[tuple[Contract, ContractTerms, str]]:
    """Contracts of the year of a day, with their terms then and whom they count for."""
    year = FiscalYear.of(as_of)
    for contract in known.contracts:
        terms = contract.terms_on(as_of)
        if contract.fiscal_year != year or terms is None:
            continue
        if town := chosen.counted(known, contract.lg_code, as_of):
            yield contract, terms, town.lg_code


def _part(
    known: Known,
    contract: Contract,
    line: ContractLine,
    lg_code: str,
    number: int,
    of: int = 1,
    *,
    as_of: date,
) -> Part:
    reference = known.reference.on(as_of)
    return Part(
        key=f"{contract.number.label}-{line.plan}",
        label=f"{contract.number.label} {reference.called(contract.lg_code)}",
        group=reference.plan_name(line.plan, contract.fiscal_year),
        numerator=number,
        denominator=of,
        detail=f"契約{line.visits}回",
        lg_code=lg_code,
    )


def _contracted(known: Known, as_of: date, chosen: KpiFilter) -> tuple[Part, ...]:
    return tuple(
        _part(known, contract, line, code, 1, as_of=as_of)
        for contract, terms, code in _of_year(known, as_of, chosen)
        for line in terms.lines
        if line.visits
    )


def _held_by(known: Known, contract: Contract, plan: int, as_of: date) -> list[Held]:
    held = (each.held for each in known.visits_of(contract.contract_id) if each.plan == plan)
    return [each for each in held if each is not None and each.day <= as_of]


def _held(known: Known, as_of: date, chosen: KpiFilter) -> tuple[Part, ...]:
    return tuple(
        _part(known, contract, line, code, number, as_of=as_of)
        for contract, terms, code in _of_year(known, as_of, chosen)
        for line in terms.lines
        if (number := len(_held_by(known, contract, line.plan, as_of)))
    )


def _held_of_agreed(known: Known, as_of: date, chosen: KpiFilter) -> tuple[Part, ...]:
    return tuple(
        _part(
            known,
            contract,
            line,
            code,
            len(_held_by(known, contract, line.plan, as_of)),
            line.visits,
            as_of=as_of,
        )
        for contract, terms, code in _of_year(known, as_of, chosen)
        for line in terms.lines
        if line.visits
    )


def _rated(known: Known, as_of: date, chosen: KpiFilter) -> tuple[Part, ...]:
    found = []
    for contract, terms, code in _of_year(known, as_of, chosen):
        for line in terms.lines:
            held = _held_by(known, contract, line.plan, as_of)
            rated = [each.satisfaction for each in held if each.satisfaction is not None]
            if rated:
                number, of = sum(rated), len(rated)
                found.append(_part(known, contract, line, code, number, of, as_of=as_of))
    return tuple(found)
