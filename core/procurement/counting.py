"""数える: how many take part on a day, each number on one basis."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.procurement.standing import FORESEEN, PAID, Standing, State
from core.values.label import Labelled


class CountBasis(Labelled):
    """集計基準. Counts of different bases never meet in one series."""

    PAID = "paid", "有償版に参加した団体"
    PAID_OR_FREE = "paid_or_free", "有償版または無償版の団体"
    PAID_FREE_OR_PLANNED = "paid_free_or_planned", "有償版・無償版・予定を含む"
    INCLUDING_OWN_PROCUREMENT = "including_own_procurement", "単独調達を含む"
    PAID_WITH_PREFECTURE = "paid_with_prefecture", "有償版、都道府県を含む"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of the municipalities stand where; the prefecture apart."""

    initial: int = 0  # 当初参加
    late: int = 0  # 後乗り
    free: int = 0  # 無償版, also when paying is foreseen
    planned: int = 0  # 予定・委任状 of those not taking part yet
    interest: int = 0  # 関心
    left: int = 0  # 離脱
    withdrawn: int = 0  # 取下げ
    live: int = 0  # 運用開始済み, paid or free
    free_foreseen: int = 0  # of ``free``, those foreseen to become paid
    population: int = 0  # 人口 of those taking part in the paid edition
    prefecture: int = 0  # whether the prefecture takes part in the paid edition (1) or not (0)

    @property
    def paid(self) -> int:
        """有償版の参加団体: 当初参加 and 後乗り."""
        return self.initial + self.late

    def on(self, basis: CountBasis) -> int | None:
        """The count on a basis; None where the ledger does not record what it includes."""
        match basis:
            case CountBasis.PAID:
                return self.paid
            case CountBasis.PAID_OR_FREE:
                return self.paid + self.free
            case CountBasis.PAID_FREE_OR_PLANNED:
                return self.paid + self.free + self.planned
            case CountBasis.PAID_WITH_PREFECTURE:
                return self.paid + self.prefecture
        return None


def counts(states: Iterable[tuple[State, int]], prefecture: State | None = None) -> Counts:
    """Count states of municipalities, each with its population; the prefecture apart, never among them."""
    found = list(states)

    def number(*standings: Standing) -> int:
        return sum(state.standing in standings for state, _ in found)

    return Counts(
        initial=number(Standing.PAID_INITIAL),
        late=number(Standing.PAID_LATE),
        free=number(Standing.FREE),
        planned=number(*FORESEEN),
        interest=number(Standing.INTEREST),
        left=number(Standing.LEFT),
        withdrawn=number(Standing.WITHDRAWN),
        live=sum(state.live for state, _ in found),
        free_foreseen=sum(state.foreseen is not None for state, _ in found),
        population=sum(population for state, population in found if state.standing in PAID),
        prefecture=int(prefecture is not None and prefecture.standing in PAID),
    )
