"""The figures of a municipality's year, each with what it owes its reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from core.consultation.case import Consultation
from core.consultation.measures import of_fiscal_year
from core.figures.year.money import Money, PlanYear
from core.figures.year.saved import Saved
from core.inquiry.response import Response
from core.inquiry.round import Inquiry
from core.procurement.standing import TAKING_PART, State
from core.quotation.hours import HoursEvent
from core.training.reach import KnownSession
from core.values.figure import LEDGER_SOURCE, Figure, Status, day_label
from core.values.fiscal import FiscalYear
from core.values.money import Yen, yen_text


@dataclass(frozen=True)
class Told:
    """A figure of the year.

    Attributes:
        beside: What stands beside it, in a sentence; of an unknown one why it is.
    """

    figure: Figure
    beside: str = ""


class Maker:
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
            both = "支払と額の確定がそろっていない" if money.subsidised else "支払の記録がない"
            why = "支払の記録のないプランがある" if money.gaps else both
            found = self._yen("団体の負担", money.burden, definition, why)
            return replace(found, figure=replace(found.figure, basis=f"{basis}。"))
        minus, by = (
            (f"契約額 − {self._subsidy}の決定額", "決定額")
            if money.subsidised
            else ("契約額", "契約額")
        )
        figure = self._figure(
            label="団体の負担",
            value=int(money.foreseen),
            unit="円",
            definition=f"{definition}まだ確定していない。",
            basis=f"{by}で見た見込み: {minus}。",
        )
        return Told(replace(figure, status=Status.PLANNED), f"{by}で見た見込み({minus})")

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

    def systems(self, systems: Sequence[tuple[str, State]], taking_part: int) -> Told:
        """Joint procurements it takes part in."""
        names = [label for label, state in systems if state.standing in TAKING_PART]
        figure = self._figure(
            label="参加している共同調達",
            value=taking_part or None,
            unit="件",
            definition="参加台帳で、有償版か無償版に参加している共同調達の数。",
            basis=f"{day_label(self._day)}。予定・関心を含まない。",
        )
        without = "参加の記録がない(参加していないとは限らない)"
        return Told(figure, "、".join(names) if taking_part else without)

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
