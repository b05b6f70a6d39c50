"""履歴: everything recorded of one participant, system by system; and who resembles it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st

from core.access.principal import shown_name
from core.procurement.standing import Standing
from core.values.fiscal import japan_day
from core.views.participation import AlikeAnswer, AlikeLine, HistoryAnswer, HistoryLine
from dashboard import context
from dashboard.kit import titles, widgets
from dashboard.kit.charts.standing import legend_label
from dashboard.kit.tables import Struck, table
from dashboard.kit.typed import escaped
from dashboard.procurement import wording

_NEAREST = 10


def draw_history(answer: HistoryAnswer) -> None:
    """Where it stands in each system, and every record; corrected ones stay readable."""
    ours = answer.municipality
    titles.title(f"{answer.name}の履歴")
    st.subheader(escaped(f"{answer.name}の履歴"), anchor=False)
    if ours is not None:
        st.caption(
            escaped(
                f"{ours.category}・{ours.area}地域・人口{ours.population:,}人({ours.census_label})"
            )
        )
    if answer.absent:
        st.markdown(
            f"**{legend_label(Standing.ABSENT)}** {escaped('、'.join(answer.absent))}"
            "(台帳が全団体を網羅していて、記録がありません)"
        )
    if not answer.systems:
        others = "このほかの共同調達は、" if answer.absent else ""
        widgets.empty_state(
            f"{answer.name}の参加の記録は台帳にありません。{others}"
            f"参加した{context.names().towns}の名がすべて公表されたわけではないため、参加か不参加かは不明です。",
            "history",
        )
        return
    for system in answer.systems:
        st.markdown(
            f"**{escaped(system.procurement.label)}** {answer.as_of.isoformat()}時点 "
            f"{escaped(wording.standing_text(system.state))}"
        )
        _draw_lines(system.lines, system.procurement.label, full=answer.full)
    if not answer.full:
        st.caption(
            f"備考と記録した人は、その{context.names().towns}の職員と事務局だけに表示します。"
        )


def _draw_lines(lines: Sequence[HistoryLine], label: str, *, full: bool) -> None:
    columns: dict[str, Iterable[object]] = {
        "適用日": [line.event.effective.label for line in lines],
        "記録": [_what(line) for line in lines],
        "出典": [_source(line) for line in lines],
        "記録日": [japan_day(line.event.recorded_at) for line in lines],
    }
    if full:
        columns["記録した人"] = [shown_name(line.event.recorded_by) for line in lines]
        columns["備考"] = [line.event.note or "－" for line in lines]
    table(columns, f"{label}の参加の記録、新しい順")


def _what(line: HistoryLine) -> str | Struck:
    event = line.event
    words = wording.record_text(event)
    words += f"({line.former}の記録)" if line.former else ""
    if event.corrects is not None:
        words += f"(記録番号{event.corrects}を訂正)"
    if line.corrected_by is not None:
        return Struck(words, f"(記録番号{line.corrected_by}で訂正済み)")
    return words


def _source(line: HistoryLine) -> str:
    if line.source is not None:
        return line.source.title
    return line.event.source or "事務局の記録"


def draw_alike(answer: AlikeAnswer) -> None:
    """Those like it that take part; those of its area without a record."""
    ours, label = answer.municipality, answer.procurement.label
    st.subheader(escaped(f"{ours.name}に似た{context.names().towns}と{label}"), anchor=False)
    st.markdown(f"{escaped(ours.name)}は **{legend_label(answer.state.standing)}**")
    st.markdown(f"**参加の記録がある、似た{context.names().towns}**")
    if answer.inside:
        shown = answer.inside[:_NEAREST]
        _draw_alike_table(shown, f"{label}に参加の記録がある、似た{context.names().towns}")
        st.caption(
            f"{len(answer.inside)}団体から似ている順に{len(shown)}団体。"
            "区分・地域が同じか、人口が2倍以内(仮定)の順、同数なら人口の近い順。"
        )
    else:
        widgets.empty_state(
            f"{label}に参加の記録がある、似た{context.names().towns}はありません。{answer.procurement.note}",
            "groups",
        )
    st.markdown(f"**{escaped(ours.area)}地域で、参加の記録がない{context.names().towns}**")
    if answer.area_outside:
        _draw_alike_table(
            answer.area_outside,
            f"{label}に参加の記録がない、{ours.area}地域の{context.names().towns}",
        )
        st.caption(wording.ABSENT_MEANS if answer.covered else wording.UNKNOWN_MEANS)
    else:
        st.caption(
            f"{escaped(ours.area)}地域に、参加の記録がない他の{context.names().towns}はありません。"
        )


def _draw_alike_table(lines: Sequence[AlikeLine], alt: str) -> None:
    table(
        {
            context.names().towns: (line.likeness.municipality.name for line in lines),
            "参加の状態": (legend_label(line.state.standing) for line in lines),
            "いつから": (wording.since(line.state) for line in lines),
            "人口": (f"{line.likeness.municipality.population:,}人" for line in lines),
            "似ている点": ("、".join(line.likeness.reasons) or "なし" for line in lines),
        },
        alt,
    )
