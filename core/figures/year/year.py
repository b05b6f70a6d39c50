"""わがまちの1年: everything of one municipality and fiscal year by one calculation.

わがまち, the page for the council and its workbook draw from it; the screens it leads to fold the same
records by the same rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial

from core.consultation.case import Consultation
from core.consultation.measures import of_fiscal_year
from core.figures.year.due import DueItem, by_day, of_inquiries, of_subsidy, of_support
from core.figures.year.money import GrantYear, Money, PlanYear, grants_of, plans_of
from core.figures.year.saved import Saved, saved_in
from core.inquiry.response import Response
from core.inquiry.round import Inquiry
from core.procurement.standing import TAKING_PART, State
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
from core.values.figure import LEDGER_SOURCE, Figure, Status, day_label
from core.values.fiscal import FiscalYear
from core.values.money import Yen, yen_text
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
class Told:
    """A figure of the year.

    Attributes:
        beside: What stands beside it, in a sentence; of an unknown one why it is.
    """

    figure: Figure
    beside: str = ""


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
    made = _Maker(year, min(today, year.last_day), today, called, names.kind)
    told = {
        **made.of_support(plans, money, subsidised=subsidised),
        "saved": made.saved(saved),
        "hours": made.hours(hours),
        "systems": made.systems(recorded),
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
    items = [
        *of_inquiries(recorded.asked, now, today),
        *of_support(recorded.support, today),
    ]
    for name, number, found in recorded.duties:
        items += of_subsidy(name, number, found, today)
    return by_day(items)


class _Maker:
    """Makes figures of a year."""

    def __init__(self, year: FiscalYear, day: date, today: date, subsidy: str, kind: str) -> None:
        self._year = year
        self._day = day
        self._subsidy = subsidy
        self._kind = kind
        self._figure = partial(
            Figure, as_of=day_label(today), source=LEDGER_SOURCE, status=Status.ACTUAL
        )

    def of_support(
        self, plans: Sequence[PlanYear], money: Money, *, subsidised: bool
    ) -> dict[str, Told]:
        """Visits and money of the support plans."""
        found = {
            "visits": self._visits(plans),
            "contracted": self._yen(
                "契約額", money.contracted, "支援プランの契約額の合計。", "契約の記録がない"
            ),
            "paid": self._yen(
                "支払った額",
                money.paid,
                "支援プランの契約で、事業者に支払ったと記録された額の合計。",
                "支払の記録がない",
                _rest("契約額のうち残り", money.contracted, money.paid),
            ),
        }
        if subsidised:
            found |= self._granted(money)
        return found | {"burden": self._burden(money)}

    def _visits(self, plans: Sequence[PlanYear]) -> Told:
        known = [each for each in plans if each.held is not None]
        agreed = sum(each.agreed or 0 for each in known)
        held = sum(each.held or 0 for each in known)
        figure = self._figure(
            label="実施した支援回",
            value=held if known else None,
            unit="回",
            definition="契約した支援プランで、実施と記録された支援回の数。",
            basis="取り消されていない契約の支援回。予定と中止を含まない。",
        )
        if not known:
            return Told(figure, "契約の記録がない")
        names = "・".join(f"プラン{each.plan}" for each in known)
        return Told(figure, f"契約{agreed}回のうち。残り{agreed - held}回({names})")

    def _granted(self, money: Money) -> dict[str, Told]:
        called = self._subsidy
        why = "申請の記録がない" if money.applied is None else "まだ決定されていない"
        late = "まだ確定していない" if money.decided is not None else why
        applied = "" if money.applied is None else f"申請額 {yen_text(money.applied)}"
        decided = self._yen(
            f"{called}の決定額", money.decided, "支援プランの交付決定額(変更後)。", why, applied
        )
        final = self._yen(f"{called}の確定額", money.final, "支援プランの額の確定による額。", late)
        return {
            "decided": decided,
            "final": final,
            "received": self._yen(
                f"{called}の受入額",
                money.received,
                f"支援プランについて{self._kind}から支払われた額。概算払を含み、返還を引く。",
                why,
                "" if money.received else "まだ支払われていない",
            ),
        }

    def _burden(self, money: Money) -> Told:
        basis = f"支払った額 − {self._subsidy}の確定額" if money.subsidised else "支払った額"
        definition = "支援プランの費用のうち、団体が負担した額。"
        if money.burden is not None or money.foreseen is None:
            why = "支払の記録のないプランがある" if money.gaps else "支払と額の確定がそろっていない"
            found = self._yen("団体の負担", money.burden, definition, why)
            return replace(found, figure=replace(found.figure, basis=f"{basis}。"))
        minus = f"契約額 − {self._subsidy}の決定額" if money.subsidised else "契約額"
        figure = self._figure(
            label="団体の負担",
            value=int(money.foreseen),
            unit="円",
            definition=f"{definition}まだ確定していない。",
            basis=f"決定額で見た見込み: {minus}。",
        )
        return Told(replace(figure, status=Status.PLANNED), f"決定額で見た見込み({minus})")

    def saved(self, saved: Saved) -> Told:
        """What joint procurement saves."""
        found = self._yen(
            "共同調達の削減額(1年あたり)",
            saved.yearly,
            "記録した契約額で、単独(ないときは標準価格)と共同の1年あたりの差を足した額(税込)。",
            "単独と共同の両方の額の記録がない",
            "1年あたりに直した額で、この年度の支出の差ではない",
        )
        basis = "年度末までの文書。共同が見積だけのものと、この年度に使っていない契約を含まない。"
        if saved.offered is not None:
            offered = f"ほかに見積で見た見込み {_signed(saved.offered)}"
            found = replace(found, beside=f"{found.beside}。{offered}")
        return replace(found, figure=replace(found.figure, basis=basis))

    def hours(self, hours: Sequence[HoursEvent]) -> Told:
        """Hours as they were stated."""
        stated = [each.hours for each in hours if each.hours is not None]
        figure = self._figure(
            label="削減時間",
            value=sum(stated) if stated else None,
            unit="時間",
            definition="共同調達のシステムで減った業務の時間として、団体が述べた年間の時間の合計。",
            basis="この年度について述べたもの。団体の測り方による。",
        )
        return Told(figure, f"{len(stated)}システム分" if stated else "この年度の記録がない")

    def systems(self, recorded: Recorded) -> Told:
        """Joint procurements it takes part in."""
        names = [label for label, state in recorded.systems if state.standing in TAKING_PART]
        figure = self._figure(
            label="参加している共同調達",
            value=recorded.taking_part or None,
            unit="件",
            definition="参加台帳で、有償版か無償版に参加している共同調達の数。",
            basis=f"{day_label(self._day)}。予定・関心を含まない。",
        )
        without = "参加の記録がない(参加していないとは限らない)"
        return Told(figure, "、".join(names) if recorded.taking_part else without)

    def trainings(self, lg_code: str, sessions: Sequence[KnownSession]) -> Told:
        """People who came, beside those who enrolled."""
        held = [each for each in sessions if each.day <= self._day and each.recorded]
        came = sum(each.present.get(lg_code, 0) for each in held)
        seats = sum(each.seated.get(lg_code, 0) for each in sessions)
        before = sum(each.seated.get(lg_code, 0) for each in held)
        figure = self._figure(
            label="研修の出席",
            value=came if held and (came or not before) else None,
            unit="人",
            definition="この年度に開かれた研修に出席したと記録された人の、のべの数。",
            basis="中止を除く。申込は参加確定だけで、これからの日程を含む。",
        )
        why = "" if figure.value is not None else "。出席の記録がない"
        return Told(figure, f"申込 のべ{seats}人{why}")

    def consultations(self, consultations: Sequence[Consultation]) -> Told:
        """Consultations of the year."""
        ours = of_fiscal_year(consultations, self._year)
        figure = self._figure(
            label="アドバイザー相談",
            value=len(ours),
            unit="件",
            definition="この年度に受け付けた相談の数。",
            basis="取下げを含む。",
        )
        waiting = sum(each.is_open for each in ours)
        return Told(figure, f"うち進行中 {waiting}件" if waiting else "")

    def answers(self, asked: Sequence[tuple[Inquiry, Response]]) -> Told:
        """Inquiries answered."""
        ours = [each for each in asked if each[0].number.fiscal_year == self._year]
        answered = sum(response.counted is not None for _, response in ours)
        figure = self._figure(
            label="回答した照会",
            value=answered if ours else None,
            unit="件",
            definition="この年度の照会のうち、提出したものの数。",
            basis="差し戻されて再提出していないものを含まない。",
        )
        return Told(figure, f"照会 {len(ours)}件のうち" if ours else "この年度の照会がない")

    def _yen(
        self, label: str, amount: Yen | None, definition: str, why: str, beside: str = ""
    ) -> Told:
        figure = self._figure(
            label=label,
            value=None if amount is None else int(amount),
            unit="円",
            definition=definition,
            basis="ここに記録されたもの。取り消したものを含まない。",
        )
        return Told(figure, why if amount is None else beside)


def _rest(words: str, whole: Yen | None, part: Yen | None) -> str:
    return "" if whole is None or part is None else f"{words} {yen_text(whole - part)}"


def _signed(amount: Yen) -> str:
    return f"−{yen_text(-amount)}" if amount < 0 else yen_text(amount)


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
