"""What プラン選択・費用試算 is asked: an estimate and for whom, as its address says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from core.estimate.link import ESTIMATE_LINK
from core.estimate.request import MAX_YEARS, EstimateRequest, ExpenditureKind, PlanChoice
from core.params import DEFINITIONS, RoundingScope
from core.values.fiscal import FISCAL_MONTHS
from core.values.money import Direction, parse_rate
from core.values.offer import OfferedPart
from core.values.written_number import YEN, counted, read_number
from core.views.plans import PlansFrame
from dashboard.kit import address, town
from dashboard.kit.real_burden import RealQuestion

PAGE = "plans"
UNITS = (1, 10, 100, 1000)
OWN_TERMS = ("unit_price", "rate", "rounding_unit", "rounding_direction", "rounding_scope")
"""Terms of the asker's own."""
VISITS = counted("回", "年間回数")
FEE = DEFINITIONS["talent.unit_price"]
_PARTS = ESTIMATE_LINK.parts


class Question(RealQuestion):
    """What the page is asked: an estimate, for whom, and whether 実質負担 stands under it."""

    town: str | None

    @property
    def request(self) -> EstimateRequest:
        """The estimate."""
        return EstimateRequest(**{name: getattr(self, name) for name in _PARTS})

    def query(self) -> dict[str, str]:
        """As the link of an estimate; its year is always in it, since the usual one moves on."""
        town = {"municipality": self.town} if self.town else {}
        return ESTIMATE_LINK.write(self.request) | town | self.real_query()


def question_of(frame: PlansFrame, fiscal_year: int) -> type[Question]:
    """The question, with the choices there are in a fiscal year."""
    most = tuple((plan.number, frame.most(plan)) for plan in frame.plans(fiscal_year))
    subsidised = OfferedPart.SUBSIDY in frame.offered[fiscal_year].offers
    return _question(frame.years, frame.default_year, most, subsidised)


def year_asked(frame: PlansFrame, text: object) -> int:
    """The fiscal year a link or a widget says; the usual one when it says none there is."""
    said = str(text or "")
    year = int(said) if said.isdecimal() and len(said) == _DIGITS else 0
    return year if year in frame.offered else frame.default_year


_DIGITS = 4


@lru_cache(maxsize=8)
def _question(
    offered: tuple[int, ...],
    default_year: int,
    most: tuple[tuple[int, int], ...],
    subsidised: bool,
) -> type[Question]:
    def of_subsidy(allowed: Any) -> Any:
        """Where there is none, nothing a link says of it is taken."""
        return allowed if subsidised else ()

    @dataclass(frozen=True)
    class Estimated(Question):
        fiscal_year: int = address.linked(_PARTS["fiscal_year"], default_year, offered)
        choices: tuple[PlanChoice, ...] = address.own(
            "plans",
            (),
            lambda text: _choices(text, dict(most)),
            _choices_text,
            lambda choices: {choice.plan: str(choice.visits) for choice in choices},
        )
        start_month: int = address.linked(_PARTS["start_month"], 4, FISCAL_MONTHS)
        years: int = address.linked(_PARTS["years"], 1, range(1, MAX_YEARS + 1))
        kind: ExpenditureKind = address.linked(
            _PARTS["kind"], ExpenditureKind.COMMISSION, ExpenditureKind
        )
        unit_price: int | None = address.linked(_PARTS["unit_price"], None, read=_fee)
        rate: Fraction | None = address.linked(_PARTS["rate"], None, of_subsidy(None), read_rate)
        rounding_unit: int | None = address.linked(_PARTS["rounding_unit"], None, of_subsidy(UNITS))
        rounding_direction: Direction | None = address.linked(
            _PARTS["rounding_direction"], None, of_subsidy(Direction)
        )
        rounding_scope: RoundingScope | None = address.linked(
            _PARTS["rounding_scope"], None, of_subsidy(RoundingScope)
        )
        town: str | None = address.choice("団体", town.codes, key="municipality")

    return Estimated


def _fee(text: str) -> int:
    return read_number(text, YEN, least=FEE.minimum, most=FEE.maximum)


def read_rate(text: str) -> Fraction:
    """補助率 of the asker's own; ValueError in Japanese."""
    rate = parse_rate(text)
    if not 0 <= rate <= 1:
        raise ValueError(f"補助率は0以上1以下で指定してください: {text}")
    return rate


def _choices(text: str, most: Mapping[int, int]) -> tuple[PlanChoice, ...]:
    part = _PARTS["choices"]
    try:
        asked: tuple[PlanChoice, ...] = part.read(text)
    except ValueError:
        raise ValueError(address.refusal(part.label, text)) from None
    problems = []
    if unknown := sorted({each.plan for each in asked} - set(most)):
        named = "、".join(str(number)[:20] for number in unknown[:5])
        problems.append(f"リンクにあるプラン{named}はありません。選択から外しました。")
    fine: dict[int, int] = {}
    for choice in asked:
        if choice.plan not in most:
            continue
        fine[choice.plan] = choice.visits
        if not 1 <= choice.visits <= most[choice.plan]:
            fine[choice.plan] = most[choice.plan]
            problems.append(
                f"リンクのプラン{choice.plan}の回数{str(choice.visits)[:20]}は使えません。"
                f"{most[choice.plan]}回に直しました。"
            )
    found = tuple(PlanChoice(number, fine[number]) for number in most if number in fine)
    if problems:
        raise address.InsteadError("".join(problems[:5]), found)
    return found


def _choices_text(chosen: Mapping[int, str]) -> str:
    return ",".join(f"{number}:{visits}" for number, visits in chosen.items())
