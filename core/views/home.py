"""What the page ホーム shows: today's numbers and what is due."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core.access.permission import requires
from core.access.principal import Principal, Role, allows
from core.boarding.steps import StepStatus
from core.boarding.window import open_windows
from core.consultation.case import Consultation
from core.consultation.due import (
    PAGE,
    ConsultationDue,
    ConsultationDueKind,
    consultation_dues,
)
from core.consultation.measures import days_waiting, unanswered
from core.estimate.calculation import estimate
from core.estimate.caveats import is_provisional
from core.figures.indicator import Place
from core.figures.known import Known
from core.figures.reading import Reading
from core.figures.registry import Said
from core.inquiry.due import PAGE as INQUIRIES_PAGE
from core.inquiry.due import due_day, duty_words, is_due, state_on
from core.inquiry.response import Response
from core.news.trainings import when
from core.procurement.standing import Standing
from core.reference.pack import Reference
from core.store.consultations import HEARINGS
from core.store.engine import reading
from core.store.enrolments import session_places, sessions_enrolled_for
from core.store.estimates import KeptEstimate, still_kept
from core.store.inquiries import inquiries, responses_of_town
from core.store.kpi import known
from core.store.trainings import lines_of
from core.support.due import PAGE as SUPPORT_PAGE
from core.support.due import SupportDue, SupportDueKind, support_dues
from core.support.wish import WishEvent, WishState, current_wishes
from core.training.enrolment import PlaceKind
from core.values.errors import InvalidInputError, NoValueInForceError
from core.values.fiscal import FiscalYear, era_date
from core.values.offer import OfferedPart
from core.views.boarding import OwnBoarding, own_boarding_view

_AHEAD = timedelta(days=60)
"""How far ahead a day stands among what is due."""
_NAMED = 8


@dataclass(frozen=True)
class Duty:
    """Something that waits for the reader.

    Attributes:
        day: By when, or on which day; None where no day is set.
        text: Names and what to do; empty where the title says it all.
        page: Screen that settles it.
        go: What the way there says.
    """

    day: date | None
    title: str
    text: str
    page: str
    go: str
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class KeptAnswer:
    """The estimate a municipality kept last."""

    kept: KeptEstimate
    provisional: bool  # 仮
    sources: tuple[str, ...]  # keys in data/sources.yaml of the values it rests on


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
    duties: tuple[Duty, ...]  # by day, those without a day last
    kept: KeptAnswer | None  # of an officer's municipality; None for none
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
    reference = reference.on(as_of)
    with reading(engine) as session:
        everything = known(session, reference)
        hearings = HEARINGS.all(session)
    said = Said(everything, as_of)
    asked = everything.consultations_on(as_of)
    duties: list[Duty] = []
    office: tuple[Reading, ...] = ()
    kept = None
    if principal.role is Role.OFFICER and allows(principal, "our_municipality:read"):
        code = str(principal.lg_code)
        own = [w for w in everything.wishes_of(fiscal_year, as_of) if w.lg_code == code]
        ways = own_boarding_view(engine, principal, reference, lg_code=code, as_of=as_of)
        if OfferedPart.TALENT in reference.offers:
            duties += _own_duties(own, fiscal_year)
            found = _support_dues(everything, as_of, code)
            duties += [Duty(e.day, e.title, e.text, SUPPORT_PAGE, "開く", e.query) for e in found]
        theirs = [each for each in asked if each.lg_code == code]
        heard = [each for each in hearings if each.lg_code == code]
        duties += _consultation_duties(consultation_dues(theirs, heard, as_of))
        duties += _boarding_duties(ways)
        with reading(engine) as session:
            duties += _training_duties(session, code, as_of)
            duties += _inquiry_duties(session, code, as_of)
            kept = _kept(everything, still_kept(session, code))
    elif allows(principal, "administration:read"):
        towns = {each.lg_code: each.name for each in reference.municipalities}
        for code, name in towns.items():
            before = reference.succession.forebears(code, as_of)
            theirs = [each for each in asked if each.lg_code in before]
            heard = [each for each in hearings if each.lg_code in before]
            fixed = (e for e in consultation_dues(theirs, heard, as_of) if not e.asks)
            duties += _consultation_duties(fixed, name)
        office = said.shown(Place.OFFICE)
        duties += _office_duties(unanswered(asked), reference.called, as_of)
        duties += _ledger_duties(said)
        duties += _intention_duties(everything, as_of)
        if OfferedPart.TALENT in reference.offers:
            found = _support_dues(everything, as_of)
            duties += _office_support_duties(found, reference.called)
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
        duties=tuple(sorted(duties, key=lambda duty: (duty.day is None, duty.day or as_of))),
        kept=kept,
        municipalities=len(reference.municipalities),
    )


def _kept(everything: Known, kept: Sequence[KeptEstimate]) -> KeptAnswer | None:
    if not kept:
        return None
    last = max(kept, key=lambda each: each.row_id)
    try:
        years = estimate(
            last.request, everything.reference.plan_offers, everything.parameters
        ).years
    except (InvalidInputError, NoValueInForceError):  # of a year whose values are gone since
        return KeptAnswer(last, provisional=True, sources=())
    return KeptAnswer(
        last,
        provisional=any(map(is_provisional, years)),
        sources=tuple(dict.fromkeys(p.source for p in years[0].terms.premises if p.source)),
    )


def _some(names: Iterable[str]) -> str:
    found = list(names)
    more = [f"ほか{len(found) - _NAMED}団体"] if len(found) > _NAMED else []
    return "、".join([*found[:_NAMED], *more])


_GO = {ConsultationDueKind.CONSENT: "選ぶ", ConsultationDueKind.REPLY: "読む"}


def _consultation_duties(found: Iterable[ConsultationDue], town: str = "") -> Iterator[Duty]:
    for each in found:
        title = f"{town} {each.text}" if town else each.text
        day = era_date(each.day) if each.day else ""
        yield Duty(each.day, title, day, PAGE, _GO.get(each.kind, "開く"), each.query)


def _inquiry_duties(session: Session, lg_code: str, as_of: date) -> Iterator[Duty]:
    """Inquiries to be answered, and answers that came back."""
    own = responses_of_town(session, lg_code)
    for each in inquiries(session):
        if lg_code not in each.audience:
            continue
        response = own.get(each.inquiry_id) or Response(each.inquiry_id, lg_code)
        if is_due(response, state_on(each, as_of)):
            title = f"照会「{each.composition.title}」"
            go = "直す" if response.returned is not None else "回答する"
            query = {"inquiry": str(each.inquiry_id)}
            text = duty_words(each, response)
            yield Duty(due_day(each), title, text, INQUIRIES_PAGE, go, query)


def _boarding_duties(ways: Iterable[OwnBoarding]) -> Iterator[Duty]:
    """What is open for boarding, and the next step of whoever is on the way."""
    for way in ways:
        name, query = way.procurement.short_label, {"programme": way.procurement.key}
        following = way.next
        begun = way.state.standing in (Standing.PLANNED, Standing.MANDATE)
        if begun and following is not None and following.status is StepStatus.NEXT:
            text = f"{following.due}{'〔仮定〕' if following.assumed else ''}・{following.step.who}"
            title = f"{name} 後乗りの次の手順「{following.step.label}」"
            yield Duty(following.due_on, title, text, "boarding", "進める", query)
        elif way.open and way.may_state:
            last = way.open[0].last_day
            text = f"{era_date(last)}まで・いまは「{way.state.standing.label}」"
            yield Duty(last, f"{name} 後乗りの募集", text, "boarding", "考える", query)


def _training_duties(session: Session, lg_code: str, as_of: date) -> Iterator[Duty]:
    """Sessions ahead in which colleagues have a seat or wait for one."""
    lines = lines_of(session, sessions_enrolled_for(session, lg_code))
    near = {k: v for k, v in lines.items() if as_of <= v.day <= as_of + _AHEAD and not v.cancelled}
    placed = session_places(session, list(near))
    for session_id, line in near.items():
        own = [place.kind for place in placed[session_id].of(lg_code)]
        counts = ((PlaceKind.SEATED, "参加"), (PlaceKind.WAITING, "キャンセル待ち"))
        told = "・".join(f"{words}{own.count(kind)}人" for kind, words in counts if kind in own)
        free = sum(place.offer is not None for place in placed[session_id].of(lg_code))
        if told:
            title = f"研修「{line.content.title}」"
            query = {"training": line.training_id}
            text = f"{when(line.session)}・{told}"
            if free:
                title = f"{title}に席が空きました({free}人)"
                text += "。開始までに「参加する」を押すと確定します。"
            go = "参加する" if free else "開く"
            yield Duty(line.day, title, text, "trainings", go, query)


def _support_dues(everything: Known, as_of: date, lg_code: str | None = None) -> list[SupportDue]:
    """What is due of contracts and visits: of one municipality, or of all."""

    def ours(code: str) -> bool:
        return lg_code in (None, code)

    return list(
        support_dues(
            [each for each in everything.contracts if ours(each.lg_code)],
            [each for each in everything.visits if ours(each.lg_code)],
            [each for each in current_wishes(everything.wishes).values() if ours(each.lg_code)],
            everything.reference.plan_name,
            as_of,
        )
    )


def _office_support_duties(
    found: Iterable[SupportDue], called: Callable[[str], str]
) -> Iterator[Duty]:
    """One a kind: how many, and whose."""
    kinds = {
        SupportDueKind.CONCLUDE: ("議決され、契約の記録がまだない", {"state": "waiting"}),
        SupportDueKind.UNRECORDED: ("予定の日を過ぎて、実施の記録がまだない", {}),
        SupportDueKind.SHORT: ("支援の残りが月1回では入らない", {"state": "tight"}),
    }
    every = list(found)
    for kind, (words, query) in kinds.items():
        towns = list(dict.fromkeys(each.lg_code for each in every if each.kind is kind))
        if towns:
            title = f"{words}団体が{len(towns)}あります"
            yield Duty(None, title, _some(map(called, towns)), SUPPORT_PAGE, "確かめる", query)
    by_day: dict[date, list[str]] = {}
    for each in every:
        if each.kind is SupportDueKind.VISIT and each.day is not None:
            by_day.setdefault(each.day, []).append(each.lg_code)
    for day, codes in by_day.items():
        title = f"{era_date(day)}の支援回({len(codes)}回)"
        towns = list(dict.fromkeys(codes))
        yield Duty(day, title, _some(map(called, towns)), SUPPORT_PAGE, "開く")


def _office_duties(
    waiting: Sequence[Consultation], called: Callable[[str], str], as_of: date
) -> Iterator[Duty]:
    if waiting:
        longest = max(days_waiting(consultation, as_of) for consultation in waiting)
        names = _some(f"{called(c.lg_code)}({days_waiting(c, as_of)}日)" for c in waiting)
        title = (
            f"まだ回答していない相談が{len(waiting)}件あります(最も古いものは受付から{longest}日)"
        )
        yield Duty(None, title, names, "consultations", "回答する")


def _ledger_duties(said: Said) -> Iterator[Duty]:
    found = said["overdue"]
    if found.value:
        systems: dict[str, list[str]] = {}
        for part in found.parts:
            systems.setdefault(part.group, []).append(part.label)
        named = "、".join(f"{system} {len(n)}件: {_some(n)}" for system, n in systems.items())
        title = f"開始予定を過ぎて、参加の記録がまだない予定が{found.text}あります"
        yield Duty(None, title, named, "ledger", "確認する", {"tab": "予定の確認"})


def _intention_duties(everything: Known, as_of: date) -> Iterator[Duty]:
    """Who stated 後乗り and waits for the secretariat's confirmation, and windows that end."""
    towns = everything.municipalities(as_of)
    opened = {w.opened.programme: w for w in reversed(open_windows(everything.windows, as_of))}
    for procurement in everything.reference.procurements.programmes:
        window = opened.get(procurement.key)
        names = [
            town.name
            for town in towns
            if everything.recorded(procurement.key, town.lg_code, as_of).standing
            is Standing.PLANNED
        ]
        if window is not None:
            title = f"{procurement.short_label} 後乗り募集の締切"
            text = (
                f"{era_date(window.last_day)}まで・予定{len(names)}団体: {_some(names) or 'なし'}"
            )
            query = {"tab": "後乗り募集"}
            yield Duty(window.last_day, title, text, "ledger", "確認する", query)


def _own_duties(wishes: Sequence[WishEvent], fiscal_year: FiscalYear) -> Iterator[Duty]:
    if not wishes:
        title = f"{fiscal_year.full_label}の支援プラン"
        yield Duty(None, title, "まだ希望を記録していません。", "plans", "選んで提出する")
        return
    waiting = {
        WishState.CONSIDERING: "検討中です。参加する場合は「希望」を提出してください。",
        WishState.WISHED: "希望を提出済みです。財政課へ要求したら「予算要求」を記録してください。",
        WishState.BUDGET_REQUESTED: "予算要求済みです。議決されたら「議決」を記録してください。",
    }
    for state, words in waiting.items():
        plans = sorted(wish.plan for wish in wishes if wish.state is state)
        if plans:
            named = "、".join(f"プラン{plan}" for plan in plans)
            title = f"{fiscal_year.label}の{named}"
            yield Duty(None, title, words, "our_municipality", "記録する")
