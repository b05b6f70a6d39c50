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
from core.procurement.published import PublishedTotal
from core.reference.catalogue import Reference, shipped
from core.store.consultations import consultations
from core.store.engine import reading
from core.store.wishes import wish_events
from core.support.wish import WishEvent, WishState, current_wishes
from core.values.figure import LEDGER_SOURCE, Figure, Status, day_label
from core.values.fiscal import FiscalYear, era_date


@dataclass(frozen=True)
class Duty:
    """Something that waits for the reader.

    Attributes:
        text: One sentence.
        page: Screen that settles it.
    """

    text: str
    page: str


@dataclass(frozen=True)
class HomeAnswer:
    """Today's numbers and duties.

    Attributes:
        published: 公表値 of the programmes.
        ledger: What was recorded here, for those who may see it.
        duties: What waits for the reader; empty for none.
    """

    published: tuple[Figure, ...]
    ledger: tuple[Figure, ...]
    duties: tuple[Duty, ...]


@requires("home:read")
def home_view(
    engine: Engine, principal: Principal, *, as_of: date, fiscal_year: FiscalYear
) -> HomeAnswer:
    """Numbers as of a day, and duties for a fiscal year's budget request.

    Args:
        as_of: 基準日, inclusive.
        fiscal_year: 年度 that wishes are counted for.
    """
    reference = shipped()
    ledger: tuple[Figure, ...] = ()
    duties: tuple[Duty, ...] = ()
    if principal.role is Role.OFFICER and allows(principal, "our_municipality:read"):
        with reading(engine) as session:
            own = current_wishes(wish_events(session, principal.lg_code)).values()
            asked = consultations(session, principal.lg_code)
        duties = (
            *_own_duties([w for w in own if w.fiscal_year == fiscal_year], fiscal_year),
            *_consultation_duties(asked),
        )
    elif allows(principal, "administration:read"):
        with reading(engine) as session:
            every = current_wishes(wish_events(session)).values()
            waiting = unanswered(consultations(session))
        ledger = _ledger_figures(
            [w for w in every if w.fiscal_year == fiscal_year],
            len(reference.municipalities),
            as_of,
        )
        duties = _office_duties(waiting, as_of)
    return HomeAnswer(_published_figures(reference, as_of), ledger, duties)


def _published_figures(reference: Reference, as_of: date) -> tuple[Figure, ...]:
    talent = reference.talent
    figures = [
        Figure(
            label="デジタル人材シェアリング",
            value=talent.participants,
            unit="団体",
            definition="参加を希望し、予算要求を予定した市町村の数。",
            basis=talent.participants_note,
            as_of=f"{era_date(talent.participants_as_of)}時点",
            source=talent.source,
            status=Status.PLANNED,
        )
    ]
    for procurement in reference.procurements.programmes:
        latest = _latest(reference.published_totals, procurement.key, as_of)
        if latest is None or procurement.key == "talent":
            continue
        figures.append(
            Figure(
                label=procurement.label,
                value=latest.value,
                unit="団体",
                definition=f"{procurement.label}の共同調達に参加した市町村の数(公表値)。",
                basis=f"集計基準: {latest.basis.label}",
                as_of=f"{latest.as_of.label}時点",
                source=latest.source,
                status=latest.status,
            )
        )
    return tuple(figures)


def _latest(totals: Iterable[PublishedTotal], programme: str, as_of: date) -> PublishedTotal | None:
    """The newest actual count of paying municipalities; else the newest planned one."""
    known = [
        total
        for total in totals
        if total.programme == programme
        and total.metric == "participants"
        and total.lot is None
        and total.as_of.first <= as_of
    ]
    actual = [t for t in known if t.basis == "paid" and t.status == "actual"]
    return max(actual or known, key=lambda total: total.as_of.first, default=None)


def _ledger_figures(
    wishes: list[WishEvent], municipalities: int, as_of: date
) -> tuple[Figure, ...]:
    wanted = [w for w in wishes if w.state is not WishState.WITHDRAWN]
    answered = {w.lg_code for w in wishes}
    year = f"{wishes[0].fiscal_year.label}分" if wishes else "対象年度分"
    common = {"as_of": day_label(as_of), "source": LEDGER_SOURCE, "status": Status.ACTUAL}

    def figure(label: str, value: int, unit: str, definition: str, basis: str) -> Figure:
        return Figure(label, value, unit, definition, basis, **common)  # type: ignore[arg-type]

    return (
        figure(
            "参加希望を記録した団体",
            len({w.lg_code for w in wanted}),
            "団体",
            "1つ以上のプランを検討中・希望・予算要求・議決・契約とした市町村の数。",
            f"{year}。辞退を除く。",
        ),
        figure(
            "のべ希望プラン",
            len(wanted),
            "件",
            "市町村が記録したプランの数の合計。",
            f"{year}。辞退を除く。",
        ),
        figure(
            "希望の歳出合計",
            sum(int(w.gross) for w in wanted),
            "円",
            "希望したプランの歳出(回数×1回あたりの費用)の合計。",
            f"{year}。辞退を除く。記録した時点の費用による。",
        ),
        figure(
            "未回答の団体",
            municipalities - len(answered),
            "団体",
            "どのプランについてもまだ何も記録していない市町村の数。辞退は回答に数える。",
            f"{year}。43市町村のうち。",
        ),
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
