"""The figures of アドバイザー相談, each with its birth certificate."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from core.consultation.case import Consultation
from core.consultation.measures import (
    SessionQuota,
    median_days_to_first_answer,
    of_fiscal_year,
    unanswered,
)
from core.values.figure import LEDGER_SOURCE, Figure, Status, day_label
from core.values.fiscal import FiscalYear

_GUIDE = "jirei"


def quota_figure(quota: SessionQuota, as_of: date) -> Figure:
    """相談会の残り: what it counts stands in its definition."""
    foreseen = "不明" if quota.foreseen is None else f"{quota.foreseen}回"
    carried = "。令和4年度の案内の回数を準用(仮定)" if quota.carried_over else ""
    exceeded = f"。計画を{quota.exceeded}回超えています" if quota.exceeded else ""
    return Figure(
        label="相談会の残り",
        value=quota.left,
        unit="回",
        definition=(
            f"{quota.fiscal_year.label}に府全体で行う相談会の計画{foreseen}から、"
            f"実施済{quota.held}回と日程決定{quota.scheduled}回を引いた数。"
            "市町村ごとの回数ではなく、0回でも相談は申し込めます。"
        ),
        basis=(
            "同じ日・同じテーマは1回と数える(仮定)。書面回答は数えない。"
            f"年度は実施日による{carried}{exceeded}。"
        ),
        as_of=day_label(as_of),
        source=_GUIDE,
        status=Status.PLANNED,
    )


def own_figures(consultations: Collection[Consultation], as_of: date) -> tuple[Figure, ...]:
    """What a municipality has under way."""
    year = FiscalYear.of(as_of)
    return (
        _figure(
            "進行中の相談",
            sum(c.is_open for c in consultations),
            "件",
            "受付・調整中・日程決定の相談の数。",
            "自団体。年度を問わない。",
            as_of,
        ),
        _figure(
            "今年度の相談",
            len(of_fiscal_year(consultations, year)),
            "件",
            f"{year.label}に受け付けた相談の数。",
            "自団体。取下げを含む。",
            as_of,
        ),
    )


def inbox_figures(consultations: Collection[Consultation], as_of: date) -> tuple[Figure, ...]:
    """What waits for the secretariat, and how fast it answers."""
    year = FiscalYear.of(as_of)
    this_year = of_fiscal_year(consultations, year)
    return (
        _figure(
            "未回答の相談",
            len(unanswered(consultations)),
            "件",
            "事務局がまだ返信も状態の記録もしていない進行中の相談の数。",
            "全市町村。年度を問わない。",
            as_of,
        ),
        _figure(
            "今年度の相談",
            len(this_year),
            "件",
            f"{year.label}に受け付けた相談の数。",
            "全市町村。取下げを含む。",
            as_of,
        ),
        _figure(
            "初回回答までの日数",
            median_days_to_first_answer(this_year),
            "日",
            "受付日から、事務局が初めて返信または状態を記録した日までの暦日の中央値。",
            f"{year.label}に受け付けて回答した相談。偶数件のときは大きい方。未回答を含まない。",
            as_of,
        ),
    )


def _figure(
    label: str, value: int | None, unit: str, definition: str, basis: str, as_of: date
) -> Figure:
    return Figure(
        label, value, unit, definition, basis, day_label(as_of), LEDGER_SOURCE, Status.ACTUAL
    )
