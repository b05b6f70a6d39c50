"""What facts are made of: everything known, gathered once, looked at as of any day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from core.boarding.window import Window
from core.consultation.case import Consultation
from core.params import Parameter
from core.procurement.counting import CountBasis
from core.procurement.coverage import CoverageState
from core.procurement.headline import Headline, headline
from core.procurement.index import LedgerIndex
from core.procurement.standing import TAKING_PART, State, under_coverage
from core.reference.pack import Reference
from core.subsidy.case import Case
from core.support.contract import Contract
from core.support.visit import Visit
from core.support.wish import WishEvent, WishKey, current_wishes
from core.training.reach import KnownSession
from core.values.fiscal import FiscalYear, budget_request_year, day_in_japan
from core.values.municipality import Municipality


@dataclass(frozen=True)
class Known:
    """Everything a fact may use; which part of it holds on a day it says itself."""

    reference: Reference = field(repr=False)
    ledger: LedgerIndex = field(repr=False)
    wishes: tuple[WishEvent, ...]  # everything said about wishes, oldest first
    # all dated parameters, in the order they were recorded
    parameters: tuple[Parameter, ...] = field(repr=False)
    windows: tuple[Window, ...]
    sessions: tuple[KnownSession, ...]  # 日程, in order of day
    consultations: tuple[Consultation, ...]  # アドバイザー相談, oldest first
    cases: tuple[Case, ...] = ()  # 補助金の手続, oldest first
    contracts: tuple[Contract, ...] = ()  # 支援プランの契約, oldest first
    visits: tuple[Visit, ...] = field(default=(), repr=False)  # 支援回 of them
    # no participation of a later day has come about; None where no later day is asked about
    today: date | None = None

    @property
    def systems(self) -> tuple[str, ...]:
        """Keys of the jointly procured systems; talent sharing is none."""
        return tuple(p.key for p in self.reference.procurements.programmes if p.key != "talent")

    def municipalities(self, day: date) -> tuple[Municipality, ...]:
        """The municipalities there are on a day, in file order."""
        return self.reference.succession.on(day)

    def headline(self, programme: str, basis: CountBasis, as_of: date) -> Headline:
        """What is known best of how many take part on a day."""
        procurement = self.reference.procurements.programme(programme)
        return headline(
            programme,
            basis,
            as_of,
            index=self.ledger,
            totals=self.reference.totals_of(programme),
            free_edition=procurement.free_edition,
            today=self.today,
        )

    def recorded(self, programme: str, lg_code: str, as_of: date) -> State:
        """What a record says of a municipality, also of a day that has not come."""
        return self.ledger.programme(programme).state(lg_code, as_of)

    def seen(self, programme: str, lg_code: str, as_of: date) -> State:
        """The same as it may be drawn: what begins after today is foreseen only."""
        return self.ledger.programme(programme).seen(lg_code, as_of, self.today)

    def systems_of(self, lg_code: str, as_of: date) -> int:
        """In how many programmes a municipality takes part, paid or free."""
        if self.today is None or as_of <= self.today:
            return self.ledger.systems_of(lg_code, as_of)
        states = (self.seen(key, lg_code, as_of) for key in self.ledger.programmes)
        return sum(state.standing in TAKING_PART for state in states)

    def state(self, programme: str, lg_code: str, as_of: date) -> State:
        """Where a municipality stands: without a record 不参加 where the ledger names everyone."""
        found = self.headline(programme, CountBasis.PAID_OR_FREE, as_of)
        return under_coverage(
            self.seen(programme, lg_code, as_of),
            covered=found.coverage is CoverageState.COMPLETE,
        )

    def wishes_on(self, as_of: date) -> tuple[WishEvent, ...]:
        """The last word on every plan by a day, for the year being budgeted then; 辞退 included."""
        return self.wishes_of(budget_request_year(as_of), as_of)

    def wishes_of(self, year: FiscalYear, as_of: date) -> tuple[WishEvent, ...]:
        """The last word on every plan of a year by a day; 辞退 included."""
        said = (
            wish for day, wish in self._dated_wishes if day <= as_of and wish.fiscal_year == year
        )
        last = current_wishes(said)
        return tuple(wish for wish in last.values() if not self._said_anew(wish, last, as_of))

    def _said_anew(self, wish: WishEvent, last: Mapping[WishKey, WishEvent], as_of: date) -> bool:
        """Whether, after a merger, the successor has its own word on the plan."""
        succession = self.reference.succession
        heir = succession.heir(wish.lg_code, as_of)
        own = last.get((heir, wish.fiscal_year, wish.plan))
        if heir == wish.lg_code or own is None:
            return False
        return day_in_japan(own.recorded_at) > succession.of_code[wish.lg_code][-1].last

    def round_begun(self, as_of: date) -> bool:
        """Whether wishes of the year budgeted for on a day were asked for here by then.

        The round of a year begins on October 1st before it, the first day it is budgeted for; the
        very first with the first wish ever recorded: before that nobody was asked here.
        """
        return any(day <= as_of for day, _ in self._dated_wishes)

    def sessions_on(self, as_of: date) -> tuple[KnownSession, ...]:
        """日程 held in the fiscal year of a day, up to it."""
        first = FiscalYear.of(as_of).first_day
        return tuple(s for s in self.sessions if first <= s.day <= as_of)

    def consultations_on(self, as_of: date) -> tuple[Consultation, ...]:
        """Every consultation as it stood at the end of a day."""
        return tuple(
            replace(
                each,
                events=tuple(e for e in each.events if day_in_japan(e.recorded_at) <= as_of),
                messages=tuple(m for m in each.messages if day_in_japan(m.sent_at) <= as_of),
            )
            for each in self.consultations
            if each.requested_on <= as_of
        )

    def visits_of(self, contract_id: int) -> tuple[Visit, ...]:
        """支援回 of a contract, in the order of planning."""
        return self._visits_by_contract.get(contract_id, ())

    @cached_property
    def _visits_by_contract(self) -> Mapping[int, tuple[Visit, ...]]:
        found: dict[int, list[Visit]] = {}
        for each in self.visits:
            found.setdefault(each.contract_id, []).append(each)
        return {key: tuple(each) for key, each in found.items()}

    @cached_property
    def support_days(self) -> tuple[date, ...]:
        """Days on which contracts and visits may change: one was agreed, changed, held, or a year begins."""
        agreed = {event.day for each in self.contracts for event in each.events}
        held = {each.held.day for each in self.visits if each.held is not None}
        return self._with_mergers(_with_months(agreed | held, 4))

    @cached_property
    def wish_days(self) -> tuple[date, ...]:
        """Days on which wishes may change: something was said, or another year is budgeted for."""
        years = {wish.fiscal_year for wish in self.wishes}
        begun = {date(year + offset, 10, 1) for year in years for offset in (-1, 0)}
        return self._with_mergers(_with_months(begun | {day for day, _ in self._dated_wishes}, 10))

    @cached_property
    def case_days(self) -> tuple[date, ...]:
        """Days on which subsidies may change: a step, a wish, or a fiscal year begins."""
        said = {event.day for case in self.cases for event in case.events}
        return self._with_mergers(_with_months(said | {day for day, _ in self._dated_wishes}, 4))

    @cached_property
    def session_days(self) -> tuple[date, ...]:
        """Days on which trainings may change: one was held, or a fiscal year begins."""
        return self._with_mergers(_with_months({s.day for s in self.sessions}, 4))

    @cached_property
    def consultation_days(self) -> tuple[date, ...]:
        """Days on which consultations may change: something was said, or a fiscal year begins."""
        said = {day_in_japan(e.recorded_at) for c in self.consultations for e in c.events}
        said |= {day_in_japan(m.sent_at) for c in self.consultations for m in c.messages}
        begun = {c.requested_on for c in self.consultations}
        return self._with_mergers(_with_months(said | begun, 4))

    def _with_mergers(self, days: tuple[date, ...]) -> tuple[date, ...]:
        """Days, and those on which municipalities change; none where nothing was ever said."""
        return tuple(sorted({*days, *self.reference.succession.days})) if days else ()

    @cached_property
    def programme_days(self) -> Mapping[str, tuple[date, ...]]:
        """Programme → days on which its ledger, its coverage or what is published of it changes."""
        counted = self.reference.succession.of_code
        found = {
            p.key: {*self.reference.succession.days} for p in self.reference.procurements.programmes
        }
        for key, programme in self.ledger.programmes.items():
            for code, path in programme.paths.items():
                if code in counted:
                    found[key].update(path.days)
        for event in self.ledger.coverage:
            found[event.programme].add(event.effective)
        for total in self.reference.published_totals:
            found[total.programme].add(total.as_of.first)
        return {key: tuple(sorted(days)) for key, days in found.items()}

    @cached_property
    def _dated_wishes(self) -> tuple[tuple[date, WishEvent], ...]:
        return tuple((day_in_japan(wish.recorded_at), wish) for wish in self.wishes)


def _with_months(days: set[date], month: int) -> tuple[date, ...]:
    if not days:
        return ()
    years = range(min(days).year, max(days).year + 2)
    return tuple(sorted(days | {date(year, month, 1) for year in years}))
