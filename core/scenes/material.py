"""What scenes are made of: everything known on a day, gathered once for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from core.params import Basis
from core.procurement.event import LedgerEvent
from core.procurement.published import PublishedTotal
from core.procurement.standing import State, Step, state_on, steps
from core.reference.catalogue import Reference
from core.support.wish import WishEvent, WishState
from core.values.fiscal import FiscalYear
from core.values.money import Yen


@dataclass(frozen=True)
class Budget:
    """The programme's budget for subsidies (府補助金の予算総額).

    Attributes:
        amount: Yen; None is unknown (未公表), which is not zero.
        basis: 根拠区分.
        source: Key in data/sources.yaml or the secretariat's words.
    """

    amount: Yen | None
    basis: Basis
    source: str


@dataclass(frozen=True)
class TrainingAhead:
    """One 日程 on or after the day.

    Attributes:
        day: 開催日.
        title: 題名.
        place: 会場 or 開催形式; empty when not said.
        seats_left: 残席; None when no 定員 was given, which is not "no limit".
        source: Key in data/sources.yaml or 台帳.
    """

    day: date
    title: str
    place: str
    seats_left: int | None
    source: str


@dataclass(frozen=True)
class Material:
    """Everything a scene may use.

    Attributes:
        as_of: 基準日, inclusive.
        fiscal_year: 年度 that wishes are counted for.
        reference: What is in data/.
        wishes: The last word of each municipality on each plan of that year, 辞退 included.
        budget: The programme's budget in that year.
        ledger: Everything recorded about joint procurements.
        trainings: 日程 ahead, the next one first.
    """

    as_of: date
    fiscal_year: FiscalYear
    reference: Reference
    wishes: tuple[WishEvent, ...]
    budget: Budget
    ledger: tuple[LedgerEvent, ...]
    trainings: tuple[TrainingAhead, ...]

    @property
    def wanted(self) -> tuple[WishEvent, ...]:
        """Wishes that stand: without 辞退."""
        return tuple(w for w in self.wishes if w.state is not WishState.WITHDRAWN)

    @property
    def systems(self) -> tuple[tuple[str, str], ...]:
        """Key and name of each jointly procured system; talent sharing is none."""
        programmes = self.reference.procurements.programmes
        return tuple((each.key, each.label) for each in programmes if each.key != "talent")

    @cached_property
    def paths(self) -> Mapping[tuple[str, str], tuple[Step, ...]]:
        """(programme, 団体コード) → how its standing came about, from first to last."""
        events: dict[tuple[str, str], list[LedgerEvent]] = {}
        for event in self.ledger:
            events.setdefault((event.programme, event.participant), []).append(event)
        return {key: tuple(steps(found)) for key, found in events.items()}

    def state(self, programme: str, lg_code: str) -> State:
        """Where a municipality stands in a programme on the day."""
        return state_on(self.paths.get((programme, lg_code), ()), self.as_of)

    def recorded(self, programme: str) -> bool:
        """Whether the ledger names any municipality for a programme by the day."""
        codes = {m.lg_code for m in self.reference.municipalities}
        return any(
            event.programme == programme
            and event.participant in codes
            and event.effective.first <= self.as_of
            for event in self.ledger
        )

    def published(self, programme: str) -> PublishedTotal | None:
        """The latest actual 公表値 of paying municipalities up to the day."""
        known = [
            total
            for total in self.reference.published_totals
            if (total.programme, total.metric, total.lot, total.basis)
            == (programme, "participants", None, "paid")
            and total.status == "actual"
            and total.as_of.first <= self.as_of
        ]
        return max(known, key=lambda total: total.as_of.first, default=None)
