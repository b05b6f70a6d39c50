"""What the page ホーム shows: today's numbers and what is due."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine

from core.access.permission import requires
from core.access.principal import Principal, Role, allows
from core.consultation.case import Consultation
from core.consultation.measures import days_waiting, unanswered
from core.figures.indicator import Place
from core.figures.reading import Reading, grouped
from core.figures.registry import Said
from core.reference.pack import Reference
from core.store.engine import reading
from core.store.kpi import known
from core.support.wish import WishEvent, WishState
from core.values.fiscal import FiscalYear


@dataclass(frozen=True)
class Duty:
    """Something that waits for the reader."""

    text: str
    page: str  # screen that settles it


@dataclass(frozen=True)
class SystemLine:
    """One joint procurement in a line."""

    reading: Reading  # who takes part, as known best
    named: int  # 名前がわかる団体 within it
    planned: int  # 予定, as recorded
    ours: str  # where the reader's municipality stands; empty for none


@dataclass(frozen=True)
class HomeAnswer:
    """Today's numbers and duties."""

    systems: tuple[SystemLine, ...]
    facts: tuple[Reading, ...]  # other facts that everybody is shown
    office: tuple[Reading, ...]  # facts for those who run the programme; empty for everybody else
    duties: tuple[Duty, ...]
    municipalities: int  # how many there are


@requires("home:read")
def home_view(
    engine: Engine,
    principal: Principal,
    reference: Reference,
    *,
    as_of: date,
    fiscal_year: FiscalYear,
) -> HomeAnswer:
    """Facts as of a day, inclusive, and duties for a fiscal year's budget request."""
    with reading(engine) as session:
        everything = known(session, reference)
    said = Said(everything, as_of)
    asked = everything.consultations_on(as_of)
    duties: tuple[Duty, ...] = ()
    office: tuple[Reading, ...] = ()
    if principal.role is Role.OFFICER and allows(principal, "our_municipality:read"):
        code = principal.lg_code
        own = [w for w in everything.wishes_of(fiscal_year, as_of) if w.lg_code == code]
        duties = (
            *_own_duties(own, fiscal_year),
            *_consultation_duties(c for c in asked if c.lg_code == code),
        )
    elif allows(principal, "administration:read"):
        office = said.shown(Place.OFFICE)
        duties = (*_office_duties(unanswered(asked), as_of), *_ledger_duties(said))
    shown = said.shown(Place.HOME)
    heads = {f"{key}_paid": key for key in everything.systems}
    lg_code = principal.lg_code
    return HomeAnswer(
        systems=tuple(
            SystemLine(
                each,
                named=int(said[f"{key}_named"].value or 0),
                planned=int(said[f"{key}_planned"].value or 0),
                ours=everything.state(key, lg_code, as_of).standing.label if lg_code else "",
            )
            for each in shown
            if (key := heads.get(each.key))
        ),
        facts=tuple(each for each in shown if each.key not in heads),
        office=office,
        duties=duties,
        municipalities=len(reference.municipalities),
    )


def _consultation_duties(asked: Iterable[Consultation]) -> tuple[Duty, ...]:
    duties = []
    for consultation in asked:
        number = consultation.number.label
        if consultation.awaits_consent:
            words = (
                f"相談 {number} の回答が届いています。好事例として公開してよいか選んでください。"
            )
            duties.append(Duty(words, "consultations"))
        elif consultation.awaits_municipality:
            words = f"相談 {number} に事務局から返信があります。確認してください。"
            duties.append(Duty(words, "consultations"))
    return tuple(duties)


def _office_duties(waiting: Sequence[Consultation], as_of: date) -> tuple[Duty, ...]:
    if not waiting:
        return ()
    longest = max(days_waiting(consultation, as_of) for consultation in waiting)
    return (
        Duty(
            f"まだ回答していない相談が{len(waiting)}件あります"
            f"(最も古いものは受付から{longest}日)。",
            "consultations",
        ),
    )


def _ledger_duties(said: Said) -> tuple[Duty, ...]:
    found = said["overdue"]
    if not found.value:
        return ()
    named = "、".join(
        f"{group.label} {group.parts}件" for group in grouped(found.indicator, found.parts)
    )
    return (
        Duty(
            f"開始予定を過ぎて、参加の記録がまだない予定が{found.text}あります({named})。"
            "確認して「参加台帳」に記録してください。",
            "ledger",
        ),
    )


def _own_duties(wishes: list[WishEvent], fiscal_year: FiscalYear) -> tuple[Duty, ...]:
    if not wishes:
        return (
            Duty(
                f"{fiscal_year.full_label}の支援プランについて、まだ希望を記録していません。",
                "plans",
            ),
        )
    waiting = {
        WishState.CONSIDERING: "検討中です。参加する場合は「希望」を提出してください。",
        WishState.WISHED: "希望を提出済みです。財政課へ要求したら「予算要求」を記録してください。",
        WishState.BUDGET_REQUESTED: "予算要求済みです。議決されたら「議決」を記録してください。",
        WishState.APPROVED: "議決済みです。契約したら「契約」を記録してください。",
    }
    duties = []
    for state, words in waiting.items():
        plans = sorted(wish.plan for wish in wishes if wish.state is state)
        if plans:
            named = "、".join(f"プラン{plan}" for plan in plans)
            duties.append(Duty(f"{fiscal_year.label}の{named}は{words}", "our_municipality"))
    return tuple(duties)
