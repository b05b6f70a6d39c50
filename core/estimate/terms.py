"""費用と補助条件: the values an estimate uses, each with what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from core.estimate.offers import Offers
from core.estimate.request import EstimateRequest, ExpenditureKind
from core.params import DEFINITIONS, NO_CAP, Basis, Kind, Parameter, RoundingScope, Value, in_force
from core.values.fiscal import FiscalYear
from core.values.label import Labelled
from core.values.money import Direction, Rounding, Yen
from core.values.offer import OfferedPart

_NAMES = tuple(
    name
    for name, definition in DEFINITIONS.items()
    if name.startswith("talent.") and not definition.annual
)
"""What an estimate rests on; the budget of the programme decides nobody's own estimate."""


@dataclass(frozen=True)
class Premise:
    """One value an estimate rests on (前提).

    Attributes:
        basis_label: 公表, 公表(検討中), 仮定(要確認), 未公表, or 入力値 for the asker's own.
        valid_from: First day it holds; None for the asker's own.
        source: Key in data/sources.yaml or the secretariat's words; empty for the asker's own.
        carried_from: Fiscal year the value was given for when it is applied to a later one for
            want of a newer value (準用); None when it is the year's own.
        assumed: Whether nobody has decided it yet (公表(検討中), 仮定).
    """

    name: str
    label: str
    text: str
    basis_label: str
    valid_from: date | None
    source: str
    note: str
    carried_from: FiscalYear | None = None
    assumed: bool = False


@dataclass(frozen=True)
class SubsidyTerms:
    """補助条件.

    Attributes:
        rate: 補助率, 0 to 1.
        scope: Whether the total or each plan is rounded.
        cap: 上限額 for one municipality and year, yen; None when none was published.
    """

    rate: Fraction
    rounding: Rounding
    scope: RoundingScope
    cap: Yen | None = None


@dataclass(frozen=True)
class Terms:
    """Fee and subsidy terms in force on the day the support begins.

    Attributes:
        as_of: 適用日, first day of the start month.
        unit_price: Of every plan that has none of its own.
        own_prices: Plan → its own fee; empty where the asker gave a fee for all of them.
        visits_per_year: Most visits in a fiscal year of every plan that has none of its own.
        own_visits: Plan → its own most visits.
        plans: Numbers of the plans that are offered, ascending.
        subsidy: None where the prefecture pays none.
    """

    as_of: date
    unit_price: Yen
    own_prices: Mapping[int, Yen]
    visits_per_year: int
    own_visits: Mapping[int, int]
    plans: tuple[int, ...]
    subsidy: SubsidyTerms | None
    premises: tuple[Premise, ...]

    @property
    def said(self) -> str:
        """What they are in a word."""
        return terms_word(subsidised=self.subsidy is not None)

    def price(self, plan: int) -> Yen:
        """Yen a visit of a plan: the asker's own, else the plan's, else that of every plan."""
        return self.own_prices.get(plan, self.unit_price)

    def most_visits(self, plan: int) -> int:
        """Most visits of a plan in a fiscal year."""
        return self.own_visits.get(plan, self.visits_per_year)


def terms_word(*, subsidised: bool) -> str:
    """What an estimate rests on, in a word."""
    return "費用・補助条件" if subsidised else "費用"


def terms_for(
    request: EstimateRequest, offers: Offers, parameters: Iterable[Parameter], as_of: date
) -> Terms:
    """Resolve the terms of a request: the asker's own value where given, else the one in force.

    Args:
        request: Already checked.
        offers: The plans that hold for the fiscal year of ``as_of``.
        as_of: First day of the start month.

    Raises:
        NoValueInForceError: A parameter has no value on that day.
    """
    known = tuple(parameters)
    own: dict[str, Value] = {
        "talent.unit_price": request.unit_price,
        "talent.subsidy_rate": request.rate,
        "talent.rounding_unit": request.rounding_unit,
        "talent.rounding_direction": request.rounding_direction,
        "talent.rounding_scope": request.rounding_scope,
    }
    premises: list[Premise] = []
    values: dict[str, Value] = {}
    for name in _NAMES:
        if DEFINITIONS[name].need is OfferedPart.SUBSIDY and not offers.subsidised:
            continue
        given = own.get(name)
        if given is not None:
            values[name] = given
            note = "この試算のために入力した値。公表値ではない。"
            label, text = DEFINITIONS[name].label, premise_text(name, given)
            premises.append(own_premise(name, label, text, note))
        else:
            parameter = in_force(known, name, as_of)
            values[name] = parameter.value
            premises.append(premise_of(parameter, FiscalYear.of(as_of)))
    prices = {
        number: each.unit_price
        for number, each in offers.plans.items()
        if each.unit_price is not None and request.unit_price is None
    }
    premises += _offer_premises(request, offers, prices, FiscalYear.of(as_of))
    return Terms(
        as_of=as_of,
        unit_price=Yen(_integer(values["talent.unit_price"])),
        own_prices=prices,
        visits_per_year=_integer(values["talent.visits_per_year"]),
        own_visits={n: each.visits for n, each in offers.plans.items() if each.visits is not None},
        plans=tuple(offers.plans),
        subsidy=_subsidy_terms(values) if offers.subsidised else None,
        premises=tuple(premises),
    )


_SUBSIDY = tuple(name for name in _NAMES if DEFINITIONS[name].need is OfferedPart.SUBSIDY)


def subsidy_parameters(parameters: Iterable[Parameter], as_of: date) -> tuple[Parameter, ...]:
    """What the terms of the subsidy rest on, on a day.

    Raises:
        NoValueInForceError: A parameter has no value on that day.
    """
    known = tuple(parameters)
    return tuple(in_force(known, name, as_of) for name in _SUBSIDY)


def subsidy_terms(parameters: Iterable[Parameter], as_of: date) -> SubsidyTerms:
    """補助条件 in force on a day, where a subsidy is offered.

    Raises:
        NoValueInForceError: A parameter has no value on that day.
    """
    found = subsidy_parameters(parameters, as_of)
    return _subsidy_terms({each.name: each.value for each in found})


def _subsidy_terms(values: Mapping[str, Value]) -> SubsidyTerms:
    return SubsidyTerms(
        rate=Fraction(_number(values["talent.subsidy_rate"])),
        rounding=Rounding(
            _integer(values["talent.rounding_unit"]),
            Direction(str(values["talent.rounding_direction"])),
        ),
        scope=RoundingScope(str(values["talent.rounding_scope"])),
        cap=_optional_yen(values["talent.subsidy_cap"]),
    )


def _offer_premises(
    request: EstimateRequest, offers: Offers, prices: Mapping[int, Yen], year: FiscalYear
) -> Iterator[Premise]:
    """That the plans are an earlier year's, and every fee and limit of a chosen plan's own."""
    carried = offers.fiscal_year if offers.carried_to(year) else None
    official = Basis.OFFICIAL.label
    since = offers.fiscal_year.first_day
    chosen = [n for n in offers.plans if n in {choice.plan for choice in request.choices}]
    if carried:
        source = next(iter(offers.plans.values())).source
        said = f"プラン{offers.listed}"
        yield Premise(PLANS, "支援プラン", said, official, since, source, "", carried_from=carried)
    for number in chosen:
        offer = offers.plans[number]
        for name, label, value in (
            ("talent.unit_price", "1回あたりの費用", prices.get(number)),
            ("talent.visits_per_year", "年間の支援回数の上限", offer.visits),
        ):
            if value is not None:
                yield Premise(
                    f"{name}.{number}",
                    f"プラン{number}の{label}",
                    premise_text(name, value),
                    official,
                    since,
                    offer.source,
                    "",
                    carried_from=carried,
                )


PLANS = "talent.plans"
"""Name of the premise that the plans are an earlier year's."""


def _number(value: Value) -> int | Fraction:
    if not isinstance(value, int | Fraction):
        raise TypeError(f"not a number: {value!r}")
    return value


def _integer(value: Value) -> int:
    if not isinstance(value, int):
        raise TypeError(f"not a whole number: {value!r}")
    return value


def _optional_yen(value: Value) -> Yen | None:
    return None if value is None else Yen(_integer(value))


def premise_text(name: str, value: Value) -> str:
    """A parameter's value as a reader sees it, with its unit.

    Examples:
        >>> premise_text("talent.unit_price", 100_000), premise_text("talent.subsidy_cap", None)
        ('100,000円/回', '不明(未公表)')
        >>> premise_text("national.bond_last_year", 2029)
        '令和11年度(2029年度)'
    """
    if value is None:
        return "不明(未公表)"
    definition = DEFINITIONS[name]
    if definition.kind is Kind.FISCAL_YEAR:
        return FiscalYear(int(value)).full_label
    if value == NO_CAP == definition.maximum:
        return "上限なし"
    if isinstance(value, Labelled):
        return value.label
    if isinstance(value, Fraction):
        return str(value)
    return f"{value:,}{definition.unit}"


def premise_of(parameter: Parameter, fiscal_year: FiscalYear) -> Premise:
    """A value in force, as it serves a fiscal year."""
    begun = FiscalYear.of(parameter.valid_from)
    carried = begun < fiscal_year and parameter.value is not None
    return Premise(
        parameter.name,
        DEFINITIONS[parameter.name].label,
        premise_text(parameter.name, parameter.value),
        parameter.basis.label,
        parameter.valid_from,
        parameter.source,
        parameter.note,
        carried_from=begun if carried else None,
        assumed=parameter.basis in (Basis.UNDER_CONSIDERATION, Basis.ASSUMPTION),
    )


def own_premise(name: str, label: str, text: str, note: str) -> Premise:
    """A value the asker gave."""
    return Premise(name, label, text, "入力値", None, "", note)


def expenditure_section(kind: ExpenditureKind, fiscal_year: FiscalYear) -> tuple[int, str]:
    """節 number and name; the numbers changed with FY2020.

    Source:
        data/sources.yaml: formats-budget.

    Examples:
        >>> expenditure_section(ExpenditureKind.COMMISSION, FiscalYear(2023))
        (12, '委託料')
        >>> expenditure_section(ExpenditureKind.CONTRIBUTION, FiscalYear(2019))
        (19, '負担金、補助及び交付金')
    """
    before_2020 = fiscal_year < 2020
    if kind is ExpenditureKind.COMMISSION:
        return (13 if before_2020 else 12), "委託料"
    return (19 if before_2020 else 18), "負担金、補助及び交付金"
