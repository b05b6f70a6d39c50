"""三つの場合: subsidy as announced, none, and a programme budget that falls short."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.estimate.calculation import YearEstimate
from core.estimate.subsidy import prorated
from core.values.errors import InvalidInputError
from core.values.money import Amounts, Yen, yen_text


class ScenarioKey(StrEnum):
    """Which case."""

    ANNOUNCED = "announced"
    NO_SUBSIDY = "no_subsidy"
    SHORTFALL = "shortfall"


@dataclass(frozen=True)
class Scenario(Amounts):
    """One case for the year of the budget request.

    Attributes:
        working: One sentence on how the subsidy came about.
    """

    key: ScenarioKey
    label: str
    working: str


def scenarios(
    year: YearEstimate, demand: Yen | None, shortfall: Yen | None
) -> tuple[Scenario, ...]:
    """The three cases side by side; without what is known of the demand the first two.

    Where there is no subsidy there is nothing to tell apart, and no case.

    Args:
        demand: 申請総額: subsidy all municipalities together apply for, ours included; None: unknown.
        shortfall: 不足額: how far the programme's budget falls short of it, 0 to ``demand``.

    Raises:
        InvalidInputError: ``demand`` below our own application, or ``shortfall`` outside its
            bounds; both problems at once.
    """
    if year.terms.subsidy is None:
        return ()
    announced = "、".join(step.label for step in year.steps[1:])
    with_subsidy = f"補助あり({year.terms.subsidy.rate})"
    cases = [
        (ScenarioKey.ANNOUNCED, with_subsidy, announced, year.subsidy),
        (ScenarioKey.NO_SUBSIDY, "補助なし", "補助金がつかない場合", Yen(0)),
    ]
    if demand is not None and shortfall is not None:
        cases.append(_shortfall(year, demand, shortfall))
    return tuple(
        Scenario(key, label, working, gross=year.gross, subsidy=subsidy)
        for key, label, working, subsidy in cases
    )


def _shortfall(
    year: YearEstimate, demand: Yen, shortfall: Yen
) -> tuple[ScenarioKey, str, str, Yen]:
    problems = {}
    if demand < year.subsidy:
        problems["demand"] = (
            f"申請総額は自団体の補助額({yen_text(year.subsidy)})以上で指定してください: "
            f"{yen_text(demand)}"
        )
    if not 0 <= shortfall <= max(demand, 0):
        problems["shortfall"] = (
            f"不足額は0円以上、申請総額({yen_text(demand)})以下で指定してください: "
            f"{yen_text(shortfall)}"
        )
    if problems:
        raise InvalidInputError(problems)
    budget = demand - shortfall
    ours = prorated([year.subsidy, demand - year.subsidy], budget)[0]
    short = (
        f"{yen_text(shortfall)}不足: 予算{yen_text(budget)} ÷ 申請総額{yen_text(demand)}の割合で、"
        f"{yen_text(year.subsidy)}を1円単位で按分"
    )
    return ScenarioKey.SHORTFALL, "予算が不足", short, ours
