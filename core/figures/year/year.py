"""わがまちの1年: everything of one municipality and fiscal year by one calculation.

わがまち, the page for the council and its workbook draw from it; the screens it leads to fold the same
records by the same rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from core.consultation.case import Consultation
from core.figures.year.due import DueItem, by_day, of_inquiries, of_subsidies, of_support
from core.figures.year.money import GrantYear, Money, PlanYear, grants_of, plans_of
from core.figures.year.saved import Saved, saved_in
from core.figures.year.told import Maker, Told
from core.inquiry.response import Response
from core.inquiry.round import Inquiry
from core.procurement.standing import State
from core.quotation.cut import Slot
from core.quotation.event import Quotation
from core.quotation.hours import HoursEvent, hours_stated
from core.reference.grants import TALENT
from core.reference.names import Names
from core.subsidy.case import Case
from core.subsidy.due import Due
from core.subsidy.programme import GrantProgramme
from core.support.contract import Contract
from core.support.due import SupportDue
from core.support.pace import paces_of
from core.support.visit import Visit, VisitState
from core.support.wish import WishEvent
from core.training.reach import KnownSession
from core.values.fiscal import FiscalYear
from core.values.municipality import Municipality


@dataclass(frozen=True)
class Recorded:
    """What a year is made of: a municipality's own records, as they stand.

    Attributes:
        wishes: The last word on each plan of the year.
        contracts: Of the year, taken back ones included.
        visits: Of all its contracts.
        cases: Subsidy cases of the year it takes part in.
        programmes: Subsidy programmes of the year by key, on today's terms.
        support: What contracts and visits of all years ask for.
        duties: What comes next of subsidies: name of the programme, number of the case or empty, and it.
        quotations: All it ever kept.
        hours: All it ever said of hours.
        slots: Systems prices are kept of: what each is called, and it.
        systems: Joint procurements: what each is called, and where it stands on the day.
        taking_part: In how many it takes part then.
        sessions: 日程 of the year.
        consultations: All it ever asked.
        asked: Inquiries that ask it, with its response.
        others: Accounts that are not the municipality's: words of theirs are not its own.
    """

    wishes: tuple[WishEvent, ...]
    contracts: tuple[Contract, ...]
    visits: tuple[Visit, ...]
    cases: tuple[Case, ...]
    programmes: Mapping[str, GrantProgramme]
    support: tuple[SupportDue, ...]
    duties: tuple[tuple[str, str, Due], ...]
    quotations: tuple[Quotation, ...]
    hours: tuple[HoursEvent, ...]
    slots: tuple[tuple[str, Slot], ...]
    systems: tuple[tuple[str, State], ...]
    taking_part: int
    sessions: tuple[KnownSession, ...]
    consultations: tuple[Consultation, ...]
    asked: tuple[tuple[Inquiry, Response], ...]
    others: frozenset[str]


@dataclass(frozen=True)
class Topic:
    """What a visit that was held was about, in the municipality's own words."""

    day: date
    plan: int
    text: str


@dataclass(frozen=True)
class OurYear:
    """One municipality's fiscal year.

    Attributes:
        today: 基準日: what was recorded by then.
        told: Figures by key, in the order they are read.
        money: All plans together.
        topics: Oldest first.
        topics_of_others: Visits held whose words somebody else wrote.
        due: What is due first; of this and the coming days, whatever the year.
        notes: What is unknown or assumed, in sentences.
    """

    municipality: Municipality
    fiscal_year: FiscalYear
    today: date
    told: Mapping[str, Told]
    plans: tuple[PlanYear, ...]
    money: Money
    grants: tuple[GrantYear, ...]
    saved: Saved
    hours: tuple[HoursEvent, ...]
    systems: tuple[tuple[str, State], ...]
    sessions: tuple[KnownSession, ...] = field(repr=False)
    topics: tuple[Topic, ...]
    topics_of_others: int
    due: tuple[DueItem, ...]
    notes: tuple[str, ...]

    @property
    def on_going(self) -> bool:
        """Whether the year is not over."""
        return self.today <= self.fiscal_year.last_day

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is known of it."""
        return all(not each.figure.value for each in self.told.values()) and not self.plans


def our_year(
    municipality: Municipality,
    year: FiscalYear,
    recorded: Recorded,
    *,
    names: Names,
    now: datetime,
    today: date,
) -> OurYear:
    """Everything of a year.

    Args:
        names: What the prefecture and its subsidy are called.
    """
    code = municipality.lg_code
    standing = tuple(each for each in recorded.contracts if each.stands)
    paces = {each.contract_id: paces_of(each, recorded.visits, today) for each in standing}
    subsidised = TALENT in recorded.programmes
    plans, money = plans_of(
        code, recorded.wishes, standing, paces, recorded.cases, subsidised=subsidised
    )
    saved = saved_in(recorded.quotations, recorded.slots, year)
    hours = tuple(
        each for each in hours_stated(recorded.hours).values() if each.fiscal_year == year
    )
    grants = grants_of(code, recorded.cases, {k: p.name for k, p in recorded.programmes.items()})
    topics, of_others = _topics(recorded, standing)
    called = names.subsidy or "補助金"
    made = Maker(year, min(today, year.last_day), today, called, names.kind)
    told = {
        **made.of_support(plans, money, subsidised=subsidised),
        "saved": made.saved(saved),
        "hours": made.hours(hours),
        "systems": made.systems(recorded.systems, recorded.taking_part),
        "trainings": made.trainings(code, recorded.sessions),
        "consultations": made.consultations(recorded.consultations),
        "answers": made.answers(recorded.asked),
    }
    return OurYear(
        municipality,
        year,
        today,
        told,
        plans,
        money,
        grants,
        saved,
        hours,
        recorded.systems,
        recorded.sessions,
        topics,
        of_others,
        _due(recorded, now, today),
        tuple(_notes(plans, money, saved, of_others, called)),
    )


def _topics(recorded: Recorded, contracts: Iterable[Contract]) -> tuple[tuple[Topic, ...], int]:
    standing = {each.contract_id for each in contracts}
    held = [
        each
        for each in recorded.visits
        if each.state is VisitState.HELD and each.held and each.contract_id in standing
    ]
    own = [each for each in held if each.last.recorded_by not in recorded.others]
    topics = [Topic(each.held.day, each.plan, each.held.topic) for each in own if each.held]
    return tuple(sorted(topics, key=lambda each: (each.day, each.plan))), len(held) - len(own)


def _due(recorded: Recorded, now: datetime, today: date) -> tuple[DueItem, ...]:
    return by_day(
        [
            *of_inquiries(recorded.asked, now, today),
            *of_support(recorded.support, today),
            *of_subsidies(recorded.duties, today),
        ]
    )


def _notes(
    plans: Sequence[PlanYear], money: Money, saved: Saved, of_others: int, subsidy: str
) -> Iterable[str]:
    yield "「不明」「記録なし」は0円・0件ではない。見込みは実績に足していない。"
    unpaid = [each.plan for each in plans if each.money.contracted and each.money.paid is None]
    if unpaid:
        names = "・".join(f"プラン{plan}" for plan in unpaid)
        yield f"{names}は支払の記録がないため、支払額の合計に入っていない。"
    if money.foreseen is not None:
        minus = f"から{subsidy}の決定額を引いた" if money.subsidised else "の"
        yield f"団体の負担は、額の確定までは契約額{minus}見込み。"
    if any(each.saving.yearly is None for each in saved.lots):
        yield "削減額は、単独(または標準価格)と共同の両方の額が記録されたシステムだけの合計。"
    if of_others:
        yield f"支援回{of_others}回の議題は、団体以外が記録したため載せていない。"
