"""参加団体数の推移 on one basis: the ledger's line, what is foreseen, and 公表値 as single points."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import streamlit as st

from core.procurement.counting import CountBasis
from core.procurement.coverage import covered_on
from core.procurement.published import Metric, PublishedTotal
from core.procurement.series import Series
from core.values.figure import Status
from core.views.procurement import SystemAnswer
from dashboard import context
from dashboard.kit import widgets
from dashboard.kit.charts.look import filled_by_name
from dashboard.kit.charts.participation import (
    LEDGER,
    NAMED,
    PLANNED,
    PUBLISHED,
    PUBLISHED_PLAN,
    participation_over_time,
)
from dashboard.kit.narrowing import EARLIEST
from dashboard.kit.tables import table
from dashboard.kit.typed import escaped
from dashboard.procurement import wording
from dashboard.procurement.question import Question


def draw_timeline(question: Question, system: SystemAnswer) -> None:
    """Chart, sentence, source line and table."""
    programme, series = system.procurement, _series(question, system)
    published = [
        total
        for total in context.reference().published_totals
        if (total.programme, total.lot, total.basis) == (programme.key, None, question.basis)
        and total.metric is Metric.PARTICIPANTS
    ]
    st.markdown(f"**{escaped(programme.label)}の参加団体数** 集計基準: {question.basis.label}")
    if series is None:
        st.info(escaped(_no_series(question.basis)), icon=":material/info:")
    lines, points = ledger_rows(series, question) if series else ([], [])
    points += published_rows(published)
    if not points:
        widgets.empty_state(
            f"{question.as_of.isoformat()}までの記録も、この基準の公表値もありません。{programme.note}",
            "timeline",
        )
        return
    sentence = _sentence(series, system.headline(question.basis).published)
    st.vega_lite_chart(
        filled_by_name(
            participation_over_time(),
            {"lines": lines, "points": points, "day": [{"日": _js(question.as_of)}]},
        ),
        alt=f"{programme.label}の参加団体数の推移({question.basis.label})。{sentence}",
    )
    sources = "、".join(dict.fromkeys(widgets.publisher_text(total.source) for total in published))
    st.caption(
        f"{escaped(sentence)}  \n単位: 団体。縦の点線は基準日。線は台帳の{context.names().towns}の数(月末時点、今日と基準日より後は描きません)で、濃い線は全団体を網羅する期間、淡い線は名前がわかる団体だけ。"
        "破線は記録された予定どおりに進んだ場合。ひし形は公表値で、台帳の線とはつなぎません。"
        f"〔出典: {escaped('、'.join(filter(None, (wording.ledger() if series else '', sources))))}〕"
    )
    with st.expander("推移の表", icon=":material/table:"):
        _draw_table(points, question)


def _series(question: Question, system: SystemAnswer) -> Series | None:
    """The ledger's series on the basis; None where it makes none."""
    return {
        CountBasis.PAID: system.paid,
        CountBasis.PAID_OR_FREE: system.paid_or_free or system.paid,
    }.get(question.basis)


def ledger_rows(
    series: Series, question: Question
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The lines, and a point wherever the number changed; known names apart from the number."""
    actual = [(row.month, row.day, row.counts.on(series.basis) or 0) for row in series.actual]
    lines: list[dict[str, Any]] = []
    points: list[dict[str, Any]] = []
    before, kind = 0, NAMED
    if actual and actual[0][0] > EARLIEST:
        kind = _kind(series, EARLIEST)
        lines.append(_row(EARLIEST, 0, kind, ""))
    for month, day, number in actual:
        now = _kind(series, day)
        if lines and now != kind:
            lines += [_row(month, before, kind, ""), _row(month, None, kind, "")]
        lines.append(_row(month, number, now, ""))
        if number != before:
            points.append(_row(month, number, now, f"{day.isoformat()}時点の台帳"))
        before, kind = number, now
    if actual:
        lines.append(_row(series.until, before, kind, ""))
    if series.planned or (actual and question.as_of > series.until):
        lines.append(_row(series.until, before, PLANNED, ""))
    for plan in series.planned:
        row = _row(plan.day, plan.total, PLANNED, "記録された予定どおりの場合")
        lines.append(row)
        points.append(row)
        before = plan.total
    last = series.planned[-1].day if series.planned else series.until
    if lines and question.as_of > last:
        lines.append(_row(question.as_of, before, PLANNED, ""))
    return lines, points


def _kind(series: Series, day: date) -> str:
    return LEDGER if covered_on(series.covered, day) else NAMED


def published_rows(published: Sequence[PublishedTotal]) -> list[dict[str, Any]]:
    """公表値 as single points, each with its day and publisher."""
    return [
        _row(
            total.as_of.first,
            total.value,
            PUBLISHED if total.status is Status.ACTUAL else PUBLISHED_PLAN,
            f"{total.as_of.label}時点、{widgets.publisher_text(total.source)}",
        )
        for total in published
    ]


def _row(day: date, number: int | None, series: str, words: str) -> dict[str, Any]:
    return {"日": _js(day), "団体数": number, "系列": series, "説明": words}


def _js(day: date) -> str:
    """Midnight where the reader is: a bare date would be midnight in Greenwich."""
    return f"{day.isoformat()}T00:00:00"


def _no_series(basis: CountBasis) -> str:
    if basis is CountBasis.INCLUDING_OWN_PROCUREMENT:
        return "台帳は単独調達を記録していないため、この基準の数を台帳から作れません。公表値だけを示します。"
    return (
        f"「{basis.label}」は実績と予定、または{context.names().towns}と{context.names().prefecture}が混ざるため、台帳の推移はこの基準では描きません。"
        "公表値だけを示します。"
    )


def _sentence(series: Series | None, latest: Sequence[PublishedTotal]) -> str:
    parts = []
    if series is not None:
        if series.actual:
            number = series.actual[-1].counts.on(series.basis)
            kind = _kind(series, series.until)
            known = "" if kind == LEDGER else "名前がわかる"
            parts.append(f"{series.until.isoformat()}時点の台帳は{known}{number}団体")
        else:
            parts.append(f"{series.until.isoformat()}までに台帳の記録はない")
        if series.planned:
            last = series.planned[-1]
            parts.append(f"予定どおりなら{last.month:%Y-%m}に{last.total}団体")
        if series.overdue:
            parts.append(f"開始予定を過ぎてまだ参加の記録がないもの{series.overdue}団体")
        if series.undated:
            parts.append(f"時期を決めていない予定{series.undated}団体")
    for total in latest:
        said = "最も新しい公表値は" if total.status is Status.ACTUAL else "公表された予定は"
        parts.append(f"{said}{total.as_of.label}に{total.value}団体")
    if not parts:
        parts.append("基準日までの記録も公表値もない")
    return "、".join(parts) + "。"


def _draw_table(points: Sequence[dict[str, Any]], question: Question) -> None:
    ordered = sorted(points, key=lambda row: (row["日"], row["系列"]))
    table(
        {
            "日": (row["日"][:10] for row in ordered),
            "団体数": (f"{row['団体数']}団体" for row in ordered),
            "種類": (row["系列"] for row in ordered),
            "説明": (row["説明"] for row in ordered),
        },
        f"参加団体数が変わった月と公表値、集計基準は{question.basis.label}",
    )
