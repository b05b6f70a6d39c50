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
from core.consultation.theme import MeetingForm, Theme
from core.kpi.facts import Facts
from core.kpi.indicator import Fold, Indicator, KpiFilter, Row, Subject, Wanted, unknown
from core.values.figure import LEDGER_SOURCE, Status
from core.values.fiscal import FiscalYear

_YEAR = "基準日の年度に受け付けた相談。取下げを含む。"


def indicators() -> tuple[Indicator, ...]:
    """Over all themes, then each theme."""
    return (*_over_all(), _quota(), *(_of_theme(theme) for theme in Theme))


def _indicator(
    key: str,
    name: str,
    definition: str,
    numerator: str,
    basis: str,
    rows: Callable[[Facts, date, KpiFilter], tuple[Row, ...]],
    *,
    unit: str = "件",
    wanted: Wanted = Wanted.NEITHER,
    fold: Fold = Fold.TOTAL,
    headline: bool = False,
) -> Indicator:
    return Indicator(
        key=f"consultations_{key}",
        name=name,
        subject=Subject.CONSULTATIONS,
        definition=definition,
        numerator=numerator,
        denominator=None,
        basis=basis,
        unit=unit,
        wanted=wanted,
        source=LEDGER_SOURCE,
        screen="consultations",
        fold=fold,
        status=Status.ACTUAL,
        rows=rows,
        changes=lambda facts: facts.consultation_days,
        headline=headline,
        private=True,
    )


def _over_all() -> tuple[Indicator, ...]:
    return (
        _indicator(
            "received",
            "相談の受付",
            "受け付けたアドバイザー相談の数。",
            "相談",
            _YEAR,
            partial(_received_rows, None),
            headline=True,
        ),
        _indicator(
            "first_answer",
            "初回回答までの日数",
            "受付日から、事務局が初めて返信または状態を記録した日までの暦日の中央値。",
            "回答までの日数",
            f"{_YEAR}未回答を含まない。偶数件のときは大きい方。1件も回答がなければ不明。",
            _answer_rows,
            unit="日",
            wanted=Wanted.DOWN,
            fold=Fold.MEDIAN,
            headline=True,
        ),
        _indicator(
            "unanswered",
            "未回答の相談",
            "事務局がまだ返信も状態の記録もしていない、進行中の相談の数。",
            "未回答の相談",
            "年度を問わない。",
            _unanswered_rows,
            wanted=Wanted.DOWN,
            headline=True,
        ),
    )


def _of_theme(theme: Theme) -> Indicator:
    return _indicator(
        f"theme_{theme.value}",
        f"相談: {theme.label}",
        f"テーマ「{theme.label}」で受け付けたアドバイザー相談の数。",
        "相談",
        _YEAR,
        partial(_received_rows, theme),
    )


def _quota() -> Indicator:
    return Indicator(
        key="consultations_quota",
        name="相談会の残り",
        subject=Subject.CONSULTATIONS,
        definition="年度に府全体で行う相談会の計画回数から、実施済と日程決定を引いた数。マイナスは超過。",
        numerator="計画回数 − 実施済・日程決定の相談会",
        denominator=None,
        basis="同じ日・同じテーマは1回と数える(仮定)。書面回答は数えない。年度は実施日による。"
        "令和5年度以降は令和4年度の案内の回数を準用(仮定)。",
        unit="回",
        wanted=Wanted.NEITHER,
        source="jirei",
        screen="consultations",
        fold=Fold.TOTAL,
        status=Status.PLANNED,
        rows=_quota_rows,
        changes=_quota_days,
        filterable=False,
        headline=True,
    )


def _rows_of(
    found: Iterable[Consultation],
    number: Callable[[Consultation], int],
    detail: Callable[[Consultation], str],
    facts: Facts,
    chosen: KpiFilter,
) -> tuple[Row, ...]:
    by_code = facts.reference.by_code
    return tuple(
        Row(
            key=each.number.label,
            label=f"{each.number.label} {by_code[each.lg_code].name}",
            group=each.request.theme.label,
            numerator=number(each),
            detail=detail(each),
            lg_code=each.lg_code,
        )
        for each in found
        if chosen.includes(by_code[each.lg_code])
    )


def _of_year(facts: Facts, as_of: date) -> list[Consultation]:
    return of_fiscal_year(facts.consultations_on(as_of), FiscalYear.of(as_of))


def _received_rows(
    theme: Theme | None, facts: Facts, as_of: date, chosen: KpiFilter
) -> tuple[Row, ...]:
    found = [c for c in _of_year(facts, as_of) if theme in (None, c.request.theme)]
    return _rows_of(
        found, lambda _: 1, lambda c: f"{c.requested_on} 受付、{c.state.label}", facts, chosen
    )


def _answer_rows(facts: Facts, as_of: date, chosen: KpiFilter) -> tuple[Row, ...]:
    days = {
        each.consultation_id: found
        for each in _of_year(facts, as_of)
        if (found := days_to_first_answer(each)) is not None
    }
    answered = [c for c in _of_year(facts, as_of) if c.consultation_id in days]
    return _rows_of(
        answered,
        lambda c: days[c.consultation_id],
        lambda c: f"{c.requested_on} 受付",
        facts,
        chosen,
    )


def _unanswered_rows(facts: Facts, as_of: date, chosen: KpiFilter) -> tuple[Row, ...]:
    return _rows_of(
        unanswered(facts.consultations_on(as_of)),
        lambda _: 1,
        lambda c: f"{c.requested_on} 受付、{days_waiting(c, as_of)}日経過",
        facts,
        chosen,
    )


def _quota_days(facts: Facts) -> list[date]:
    """Beside what was said: the Aprils from which a planned number or a fixed day counts."""
    begun = {p.valid_from for p in facts.parameters if p.name == SESSIONS_PER_YEAR}
    met = {e.step.day for c in facts.consultations for e in c.events if e.step.day is not None}
    aprils = {date(day.year + offset, 4, 1) for day in begun | met for offset in (0, 1)}
    aprils |= {FiscalYear.of(day).first_day for day in met}
    return [*facts.consultation_days, *sorted(aprils)]


def _quota_rows(facts: Facts, as_of: date, _chosen: KpiFilter) -> tuple[Row, ...]:
    year = FiscalYear.of(as_of)
    known = facts.consultations_on(as_of)
    quota = session_quota(known, year, facts.parameters)
    label = f"{year.label}の計画"
    if quota.foreseen is None:
        return (unknown(label, "計画回数は公表されていない。"),)
    carried = "令和4年度の案内の回数を準用(仮定)" if quota.carried_over else ""
    used = {
        (step.day, each.request.theme): step.state.label
        for each in sorted(known, key=lambda c: c.consultation_id)
        if (step := each.meeting_step) is not None
        and step.day is not None
        and step.meeting is not MeetingForm.WRITTEN
        and FiscalYear.of(step.day) == year
    }
    return (
        Row("foreseen", label, "計画", quota.foreseen, detail=carried),
        *(
            Row(f"{day}:{theme.value}", theme.label, state, -1, detail=day.isoformat())
            for (day, theme), state in sorted(used.items())
        ),
    )
