"""実質負担: 一般財源 less what others give for it and the nation gives back, a layer under the estimate.

An assumption throughout (要確認). It reads 歳出, the subsidy and 一般財源 and never changes them; what
it does not know it does not compute: the real burden is then unknown, not 一般財源.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from core.estimate.subsidy import Step
from core.estimate.terms import Premise, own_premise, premise_of
from core.params import DEFINITIONS, Basis, Parameter, Value, in_force
from core.values.errors import InvalidInputError, NoValueInForceError
from core.values.fiscal import FiscalYear
from core.values.label import Labelled
from core.values.money import (
    Direction,
    Rounding,
    Yen,
    exact_yen_text,
    largest_remainder,
    yen_text,
)

ROUNDING = Rounding(1, Direction.DOWN)
"""仮定: what comes from elsewhere is rounded down to the yen, so that no more is counted on."""
MOST_OTHERS = 3
"""Other subsidies that may be named."""
LONGEST_NAME = 40
"""Most characters of the name of one."""
NAME = "実質負担(要確認)"
"""What the layer is called wherever it is shown."""


class Allocation(Labelled):
    """普通交付税の交付: asked of the reader, since nothing here says it."""

    RECEIVES = "receives", "交付団体"
    NONE = "none", "不交付団体"
    UNKNOWN = "unknown", "わからない"


@dataclass(frozen=True)
class OtherSubsidy:
    """A subsidy by name, as the asker entered it; yen."""

    name: str
    amount: int


@dataclass(frozen=True)
class RealRequest:
    """What the layer is asked for.

    Attributes:
        others: Other subsidies, all received in the first fiscal year (仮定).
    """

    allocation: Allocation = Allocation.UNKNOWN
    others: tuple[OtherSubsidy, ...] = ()


@dataclass(frozen=True)
class RealBurden:
    """A real burden and how it comes about.

    Attributes:
        net: 一般財源 as the estimate has it; the layer begins here.
        others: Other subsidies, all together.
        returned: What comes back through 交付税; None when it is not known.
        unknown: Why it is not known and what to do, a sentence each; empty when it is.
        values: National values in force by name, None for what is unknown.
    """

    asked: RealRequest
    net: Yen
    others: Yen
    returned: Yen | None
    unknown: tuple[str, ...]
    steps: tuple[Step, ...]
    premises: tuple[Premise, ...]
    values: Mapping[str, Value]

    @property
    def amount(self) -> Yen | None:
        """実質負担; None when it is not known."""
        return None if self.returned is None else self.net - self.others - self.returned

    @property
    def text(self) -> str:
        """実質負担 as a reader sees it."""
        return "不明" if self.amount is None else yen_text(self.amount)


@dataclass(frozen=True)
class BondYear:
    """One fiscal year of what is borrowed.

    Attributes:
        cost: 一般財源 without the layer.
        others: Other subsidies received.
        bond: 起債 received.
        repaid: 償還, without interest.
        returned: Through 普通交付税.
    """

    fiscal_year: FiscalYear
    cost: Yen
    others: Yen
    bond: Yen
    repaid: Yen
    returned: Yen

    @property
    def amount(self) -> Yen:
        """実質負担 of the year; negative when more comes in than is paid."""
        return self.cost - self.others - self.bond + self.repaid - self.returned


@dataclass(frozen=True)
class BondBurden(RealBurden):
    """A real burden whose first year is partly borrowed.

    Attributes:
        first_year: 年度 the system is introduced in.
        introduction: 導入経費, paid once in the first year.
        bond: 起債; None when it is not known.
        years: A row for every year that pays or repays, adding up to the totals; empty while
            anything of it is unknown.
    """

    first_year: FiscalYear
    introduction: Yen
    bond: Yen | None
    years: tuple[BondYear, ...]


_COMMON = (
    "実質負担は参考の額で、予算要求の額({amounts})を変えない。",
    "1円未満は切り捨てる(仮定)。",
    "不交付団体には、普通交付税も特別交付税も見込まない(仮定)。",
    "他の補助金は初年度に入力した額の全額を受けるものとする(仮定)。{overlap}上限は確かめていない。",
)
_SPECIAL = (
    *_COMMON,
    "支援プランの費用を外部デジタル人材の経費とみて、{granted}他の補助金を引いた額に措置率を掛ける(仮定)。",
    "特別交付税は各団体の事情をあわせて算定されるため、同じ額が増えるとは限らない。",
    "予算要求の年度についてだけ計算する。",
)
_BOND = (
    *_COMMON,
    "初期費用と後乗りの追加費用を導入経費とみて、他の補助金を先に充て、残りに起債する(仮定)。月額は起債の対象としない。",
    "償還は起債の翌年度から毎年度同じ額(端数は早い年度)とし、利子は含まない(仮定)。",
    "交付税で戻る額も償還の年度に同じように分ける(仮定)。基準財政需要額に算入される額で、同じ額の交付が約束されるものではない。",
    "起債には同意等の手続きが要る。",
)


def amounts_of_a_request(*, subsidised: bool) -> str:
    """What a budget request holds that the layer leaves as it is."""
    return "歳出・補助金・一般財源" if subsidised else "歳出・一般財源"


def assumptions(found: RealBurden, *, subsidised: bool) -> tuple[str, ...]:
    """What the layer takes for granted.

    Args:
        subsidised: Whether the prefecture pays a subsidy for support plans.
    """
    words = {
        "amounts": amounts_of_a_request(subsidised=subsidised),
        "overlap": "事業の補助金との重複や" if subsidised else "",
        "granted": "事業の補助金と" if subsidised else "",
    }
    lines = _BOND if isinstance(found, BondBurden) else _SPECIAL
    return tuple(line.format(**words) for line in lines)


def special_burden(
    net: Yen, asked: RealRequest, parameters: Sequence[Parameter], as_of: date
) -> RealBurden:
    """実質負担 of support plans in one fiscal year: 特別交付税 for external digital experts.

    Args:
        net: 一般財源 of the year.
        as_of: 適用日.

    Raises:
        InvalidInputError: Field ``others``.

    Source:
        data/sources.yaml: chizai-2022-11-18; rate and cap are unknown until entered.
    """
    check(asked, net)
    values, premises = _in_force("national.special_", parameters, as_of)
    rate, cap = _rate(values["national.special_rate"]), _yen(values["national.special_cap"])
    others = _sum(asked)
    base = net - others
    unknown = _unknown(asked, values, FiscalYear.of(as_of))
    steps = list(_begin(net, "予算要求の年度", asked))
    returned: Yen | None = None
    if asked.allocation is Allocation.NONE:
        returned, unknown = Yen(0), ()
        steps.append(Step("特別交付税", "不交付団体のため見込まない(仮定) = 0円", returned))
    elif not unknown and rate is not None and cap is not None:
        eligible = min(base, cap)
        steps.append(Step("措置の対象", f"{_less(net, others)}{_capped(base, cap)}", eligible))
        returned = ROUNDING.apply(eligible * rate)
        steps.append(Step("特別交付税", _product(eligible, rate, returned), returned))
    else:
        steps.append(Step("特別交付税", "不明", None))
    steps.append(_last(net, others, returned))
    return RealBurden(
        asked,
        net=net,
        others=others,
        returned=returned,
        unknown=unknown,
        steps=tuple(steps),
        premises=(*_own(asked), *premises),
        values=values,
    )


def bond_burden(
    costs: Mapping[FiscalYear, Yen],
    introduction: Yen,
    asked: RealRequest,
    parameters: Sequence[Parameter],
    as_of: date,
) -> BondBurden:
    """実質負担 of a joint procurement over its contract: デジタル活用推進事業債.

    Args:
        costs: 一般財源 by fiscal year, the first being the year the system is introduced in.
        introduction: 導入経費 of that year.
        as_of: First day of use.

    Raises:
        InvalidInputError: Field ``others``.

    Source:
        data/sources.yaml: holg-digital-bond, yec-digital-bond, jichinippo-2025-02-24.
    """
    first = min(costs)
    check(asked, costs[first])
    values, premises = _in_force("national.bond_", parameters, as_of)
    net, others = sum(costs.values(), Yen(0)), _sum(asked)
    base = max(Yen(0), introduction - others)
    steps = list(_begin(net, "契約期間の計", asked))
    bond, step = _bond(base, introduction, others, first, values)
    steps += step
    unknown = () if bond == 0 else _unknown(asked, values, first)
    returned: Yen | None = None
    share = _rate(values["national.bond_return_rate"])
    if bond == 0:
        returned = Yen(0)
    elif asked.allocation is Allocation.NONE and bond is not None:
        returned, unknown = Yen(0), ()
        steps.append(Step("交付税で戻る額", "不交付団体のため見込まない(仮定) = 0円", returned))
    elif not unknown and bond is not None and share is not None:
        returned = ROUNDING.apply(bond * share)
        steps.append(Step("交付税で戻る額", _product(bond, share, returned), returned))
    else:
        steps.append(Step("交付税で戻る額", "不明", None))
    steps.append(_last(net, others, returned))
    return BondBurden(
        asked,
        net=net,
        others=others,
        returned=returned,
        unknown=unknown,
        steps=tuple(steps),
        premises=(*_own(asked), *premises),
        values=values,
        first_year=first,
        introduction=introduction,
        bond=bond,
        years=_years(costs, others, bond, returned, values["national.bond_term"]),
    )


def check(asked: RealRequest, most: Yen) -> None:
    """Refuse other subsidies that cannot be.

    Args:
        most: 一般財源 of the first year: nobody is given more than is left to pay.

    Raises:
        InvalidInputError: Field ``others``; all problems in one text.
    """
    said = []
    if len(asked.others) > MOST_OTHERS:
        said.append(f"他の補助金は{MOST_OTHERS}つまでです。合わせて入力してください。")
    for each in asked.others:
        name = each.name.strip()
        if not name:
            said.append(f"{yen_text(each.amount)}の補助金の名前を書いてください。")
        elif len(name) > LONGEST_NAME:
            said.append(f"補助金の名前は{LONGEST_NAME}文字までです: {name[:LONGEST_NAME]}…")
        elif each.amount <= 0:
            said.append(f"「{name}」の額を1円以上で入力してください。")
    if not said and (given := _sum(asked)) > most:
        said.append(
            f"他の補助金の計{yen_text(given)}が、初年度の一般財源{yen_text(most)}を超えています。"
            "額を確かめてください。"
        )
    if said:
        raise InvalidInputError({"others": "".join(said)})


def _sum(asked: RealRequest) -> Yen:
    return Yen(sum(each.amount for each in asked.others))


def _in_force(
    prefix: str, parameters: Sequence[Parameter], as_of: date
) -> tuple[Mapping[str, Value], tuple[Premise, ...]]:
    """The national values of a day, None for what is unknown, and what each rests on."""
    values: dict[str, Value] = {}
    premises = []
    for name in (each for each in DEFINITIONS if each.startswith(prefix)):
        try:
            parameter = in_force(parameters, name, as_of)
        except NoValueInForceError:
            values[name] = None
            label = DEFINITIONS[name].label
            note = f"{FiscalYear.of(as_of).label}に使える値は登録されていない。"
            premises.append(
                Premise(name, label, "不明(未登録)", Basis.UNKNOWN.label, None, "", note)
            )
        else:
            values[name] = parameter.value
            premises.append(premise_of(parameter, FiscalYear.of(as_of)))
    return values, tuple(premises)


def _own(asked: RealRequest) -> tuple[Premise, ...]:
    allocation = own_premise(
        "allocation",
        "普通交付税の交付",
        asked.allocation.label,
        "団体が選んだもの。財政課に確かめる。",
    )
    others = (
        own_premise("other", each.name, yen_text(each.amount), "団体が入力した他の補助金。要確認。")
        for each in asked.others
    )
    return allocation, *others


_NEEDLESS = ("national.bond_term",)
"""Says when, not how much."""


def _unknown(asked: RealRequest, values: Mapping[str, Value], year: FiscalYear) -> tuple[str, ...]:
    """Why nothing can be computed, and what to do."""
    said = []
    missing = [name for name, value in values.items() if value is None and name not in _NEEDLESS]
    if asked.allocation is Allocation.NONE:
        missing = [name for name in missing if name != "national.bond_return_rate"]
    if missing:
        named = "、".join(f"「{DEFINITIONS[name].label}」" for name in missing)
        said.append(
            f"{year.label}に使える{named}がわからないため計算していません。"
            "値と出典が確かめられたら、事務局が「管理」の制度値に登録します。"
        )
    if asked.allocation is Allocation.UNKNOWN:
        said.append(
            "普通交付税の交付団体か不交付団体かが選ばれていないため計算していません。"
            "財政課に確かめて選んでください。"
        )
    return tuple(said)


def _begin(net: Yen, span: str, asked: RealRequest) -> tuple[Step, ...]:
    """From 一般財源 to what is left after the other subsidies."""
    steps = [Step("一般財源", f"{yen_text(net)}({span}。変わらない)", net)]
    for each in asked.others:
        steps.append(
            Step(f"他の補助金「{each.name}」", f"{yen_text(each.amount)}(入力値)", Yen(each.amount))
        )
    return tuple(steps)


def _bond(
    base: Yen, introduction: Yen, others: Yen, first: FiscalYear, values: Mapping[str, Value]
) -> tuple[Yen | None, list[Step]]:
    """起債 of the first year, None when it is not known, and its steps."""
    last, rate = values["national.bond_last_year"], _rate(values["national.bond_rate"])
    if base == 0:
        return Yen(0), [Step("起債", "起債の対象になる導入経費がない = 0円", Yen(0))]
    if isinstance(last, int) and first > last:
        until = FiscalYear(last).label
        said = f"{until}までの制度のため、{first.label}は見込まない = 0円"
        return Yen(0), [Step("起債", said, Yen(0))]
    steps = [Step("起債の対象", f"導入経費 {_less(introduction, others)}", base)]
    if last is None or rate is None:
        return None, [*steps, Step("起債", "不明", None)]
    bond = ROUNDING.apply(base * rate)
    return bond, [*steps, Step(f"起債({first.label})", _product(base, rate, bond), bond)]


def _years(
    costs: Mapping[FiscalYear, Yen],
    others: Yen,
    bond: Yen | None,
    returned: Yen | None,
    term: Value,
) -> tuple[BondYear, ...]:
    if bond is None or returned is None or (bond and not isinstance(term, int)):
        return ()
    first = min(costs)
    count = int(term) if bond and isinstance(term, int) else 0
    repaid, back = spread(bond, count), spread(returned, count)
    last = max(max(costs), first + count)
    rows = []
    for year in map(FiscalYear, range(first, last + 1)):
        place, begins = year - first - 1, year == first
        repays = 0 <= place < count
        rows.append(
            BondYear(
                fiscal_year=year,
                cost=costs.get(year, Yen(0)),
                others=others if begins else Yen(0),
                bond=bond if begins else Yen(0),
                repaid=Yen(repaid[place] if repays else 0),
                returned=Yen(back[place] if repays else 0),
            )
        )
    return tuple(rows)


def spread(amount: int, years: int) -> list[int]:
    """An amount in equal yearly parts, whole yen, the earlier years one yen more.

    Examples:
        >>> spread(1_000, 3), spread(0, 0)
        ([334, 333, 333], [])
    """
    return largest_remainder(int(amount), [1] * years)


def _less(amount: Yen, others: Yen) -> str:
    if not others:
        return yen_text(amount)
    left = max(Yen(0), amount - others)
    return f"{yen_text(amount)} − {yen_text(others)} = {yen_text(left)}"


def _capped(base: Yen, cap: Yen) -> str:
    return f" → 上限額{yen_text(cap)}" if cap < base else ""


def _product(amount: Yen, rate: Fraction, rounded: Yen) -> str:
    exact = amount * rate
    said = f"{yen_text(amount)} × {rate} = {exact_yen_text(exact)}"
    return said if exact == rounded else f"{said} → {yen_text(rounded)}(1円未満切捨て、仮定)"


def _last(net: Yen, others: Yen, returned: Yen | None) -> Step:
    parts = [yen_text(net), *([yen_text(others)] if others else [])]
    if returned is None:
        return Step("実質負担", "不明", None)
    left = net - others - returned
    return Step("実質負担", f"{' − '.join([*parts, yen_text(returned)])} = {yen_text(left)}", left)


def _rate(value: Value) -> Fraction | None:
    return Fraction(value) if isinstance(value, int | Fraction) else None


def _yen(value: Value) -> Yen | None:
    return Yen(value) if isinstance(value, int) else None
