"""アドバイザー相談の指標: how many, about what, how fast they are answered, what is left."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import partial

from core.consultation.case import Consultation
from core.consultation.measures import (
    SESSIONS_PER_YEAR,
    days_to_first_answer,
    days_waiting,
    of_fiscal_year,
    session_quota,
    unanswered,
)
from core.consultation.theme import Theme
from core.figures.indicator import (
    Fold,
    Indicator,
    KpiFilter,
    Part,
    Place,
    Subject,
    Wanted,
    unknown,
)
from core.figures.known import Known
from core.reference.names import Names
from core.reference.pack import Reference
from core.values.figure import Status
from core.values.fiscal import FiscalYear

_YEAR = "基準日の年度に受け付けた相談。取下げを含む。"


def indicators(reference: Reference) -> tuple[Indicator, ...]:
    """Over all themes, then each theme."""
    return (*_over_all(), _quota(reference.names), *(_of_theme(theme) for theme in Theme))


_CARD = frozenset({Place.CARD})
_consultation = partial(
    Indicator,
    subject=Subject.CONSULTATIONS,
    screen="consultations",
    unit="件",
    numerator="相談",
    changes=lambda known: known.consultation_days,
    private=True,
)


def _over_all() -> tuple[Indicator, ...]:
    return (
        _consultation(
            "consultations_received",
            "相談の受付",
            "受け付けたアドバイザー相談の数。",
            _YEAR,
            partial(_received_parts, None),
            shows=_CARD,
        ),
        _consultation(
            "consultations_first_answer",
            "初回回答までの日数",
            "受付日から、事務局が初めて返信または状態を記録した日までの暦日の中央値。",
            f"{_YEAR}未回答を含まない。偶数件のときは大きい方。1件も回答がなければ不明。",
            _answer_parts,
            numerator="回答までの日数",
            shows=_CARD,
            unit="日",
            wanted=Wanted.DOWN,
            fold=Fold.MEDIAN,
        ),
        _consultation(
            "consultations_unanswered",
            "未回答の相談",
            "事務局がまだ返信も状態の記録もしていない、進行中の相談の数。",
            "年度を問わない。",
            _unanswered_parts,
            numerator="未回答の相談",
            shows=_CARD,
            wanted=Wanted.DOWN,
        ),
    )


def _of_theme(theme: Theme) -> Indicator:
    return _consultation(
        f"consultations_theme_{theme.value}",
        f"相談: {theme.label}",
        f"テーマ「{theme.label}」で受け付けたアドバイザー相談の数。",
        _YEAR,
        partial(_received_parts, theme),
    )


def _quota(names: Names) -> Indicator:
    return Indicator(
        key="consultations_quota",
        name="相談会の残り",
        subject=Subject.CONSULTATIONS,
        definition=f"年度に{names.kind}全体で行う相談会の計画回数から、実施済と日程決定を引いた数。超えた年度は0。",
        numerator="計画回数 − 実施済・日程決定の相談会",
        basis="同じ日・同じテーマは1回と数える(仮定)。書面回答は数えない。年度は実施日による。"
        "令和5年度以降は令和4年度の案内の回数を準用(仮定)。0回でも相談は申し込める。",
        unit="回",
        source="jirei",
        screen="consultations",
        status=Status.PLANNED,
        parts=_quota_parts,
        changes=_quota_days,
        filterable=False,
        shows=frozenset({Place.CARD}),
    )


def _parts_of(
    found: Iterable[Consultation],
    number: Callable[[Consultation], int],
    detail: Callable[[Consultation], str],
    known: Known,
    as_of: date,
    chosen: KpiFilter,
) -> tuple[Part, ...]:
    reference = known.reference.on(as_of)
    return tuple(
        Part(
            key=each.number.label,
            label=f"{each.number.label} {reference.called(each.lg_code)}",
            group=each.request.theme.label,
            numerator=number(each),
            detail=detail(each),
            lg_code=town.lg_code,
        )
        for each in found
        if (town := chosen.counted(known, each.lg_code, as_of))
    )


def _of_year(known: Known, as_of: date) -> list[Consultation]:
    return of_fiscal_year(known.consultations_on(as_of), FiscalYear.of(as_of))


def _received_parts(
    theme: Theme | None, known: Known, as_of: date, chosen: KpiFilter
) -> tuple[Part, ...]:
    found = [c for c in _of_year(known, as_of) if theme in (None, c.request.theme)]
    return _parts_of(
        found,
        lambda _: 1,
        lambda c: f"{c.requested_on} 受付、{c.state.label}",
        known,
        as_of,
        chosen,
    )


def _answer_parts(known: Known, as_of: date, chosen: KpiFilter) -> tuple[Part, ...]:
    days = {
        each.consultation_id: found
        for each in _of_year(known, as_of)
        if (found := days_to_first_answer(each)) is not None
    }
    answered = [c for c in _of_year(known, as_of) if c.consultation_id in days]
    return _parts_of(
        answered,
        lambda c: days[c.consultation_id],
        lambda c: f"{c.requested_on} 受付",
        known,
        as_of,
        chosen,
    )


def _unanswered_parts(known: Known, as_of: date, chosen: KpiFilter) -> tuple[Part, ...]:
    return _parts_of(
        unanswered(known.consultations_on(as_of)),
        lambda _: 1,
        lambda c: f"{c.requested_on} 受付、{days_waiting(c, as_of)}日経過",
        known,
        as_of,
        chosen,
    )


def _quota_days(known: Known) -> list[date]:
    """Beside what was said: the Aprils from which a planned number or a fixed day counts."""
    begun = {p.valid_from for p in known.parameters if p.name == SESSIONS_PER_YEAR}
    met = {e.step.day for c in known.consultations for e in c.events if e.step.day is not None}
    aprils = {date(day.year + offset, 4, 1) for day in begun | met for offset in (0, 1)}
    aprils |= {FiscalYear.of(day).first_day for day in met}
    return [*known.consultation_days, *sorted(aprils)]


def _quota_parts(known: Known, as_of: date, _chosen: KpiFilter) -> tuple[Part, ...]:
    year = FiscalYear.of(as_of)
    quota = session_quota(known.consultations_on(as_of), year, known.parameters)
    label = f"{year.label}の計画"
    if quota.foreseen is None:
        return (unknown(label, "計画回数は公表されていない。"),)
    carried = "令和4年度の案内の回数を準用(仮定)" if quota.carried_over else ""
    beyond = Part(
        "exceeded", "計画を超えた回数", "超過", quota.exceeded, detail="残りは0を下回らない"
    )
    return (
        Part("foreseen", label, "計画", quota.foreseen, detail=carried),
        *(
            Part(f"{day}:{theme.value}", theme.label, state.label, -1, detail=day.isoformat())
            for (day, theme), state in sorted(quota.met.items())
        ),
        *((beyond,) if quota.exceeded else ()),
    )
