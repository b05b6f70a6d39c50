"""一覧: indicators as cards, everything they owe one click away; the rest as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import pandas as pd
import streamlit as st

from core.kpi.indicator import Indicator, Subject, Wanted
from core.kpi.reading import Reading
from core.kpi.registry import indicators
from core.kpi.target import reached
from core.procurement.published import PublishedTotal
from core.values.fiscal import era_date
from core.views.kpi import KpiAnswer
from dashboard.kit import widgets
from dashboard.kit.widgets import escaped, source_text
from dashboard.kpi.filters import open_detail

_DELTA: Mapping[Wanted, Literal["normal", "inverse", "off"]] = {
    Wanted.UP: "normal",
    Wanted.DOWN: "inverse",
    Wanted.NEITHER: "off",
}


def draw_cards(answer: KpiAnswer) -> None:
    """The headlines of one 分野, and everything of it as a table."""
    subject = Subject(
        st.segmented_control(
            "分野",
            [each.value for each in Subject],
            default=Subject.PARTICIPATION.value,
            format_func=lambda value: Subject(value).label,
            key="kpi.subject",
            required=True,
        )
        or Subject.PARTICIPATION
    )
    found = [r for r in answer.readings if indicators()[r.key].subject is subject]
    if not found:
        widgets.empty_state(
            "絞り込んだ相談の数は事務局だけに表示します。絞り込みを外してください。", "lock"
        )
        return
    with st.grid("auto", min_column_width=230):
        for reading in found:
            if indicators()[reading.key].headline:
                _draw_card(indicators()[reading.key], reading)
    with st.expander(f"{subject.label}のすべての指標({len(found)})", icon=":material/table:"):
        _draw_table(found)


def _draw_card(indicator: Indicator, reading: Reading) -> None:
    with st.container(border=True, height="stretch"):
        change = ""
        if reading.compared_with is not None:
            change = indicator.change_text(reading.value, reading.before)
        told = change.startswith(("+", "−"))
        st.metric(
            indicator.name,
            indicator.text(reading.value),
            delta=change.replace("−", "-") or None,  # a hyphen tells Streamlit which colour
            delta_color=_DELTA[indicator.wanted] if told else "off",
            delta_arrow="off",
        )
        st.caption(
            f"{indicator.status.label}・"
            + (f"{era_date(reading.as_of)}時点" if indicator.moves else "資料に記載の値")
            + ("・絞り込みの対象外" if not indicator.filterable else "")
        )
        if reading.compared_with is not None:
            st.caption(f"増減は{era_date(reading.compared_with)}から")
        for total in reading.published:
            st.caption(escaped(published_text(total)))
        if reading.target is not None:
            st.caption(escaped(target_text(indicator, reading)))
        with st.container(horizontal=True):
            with st.popover("定義", icon=":material/info:"):
                st.markdown(definition_text(indicator))
            st.button(
                "推移・内訳",
                icon=":material/monitoring:",
                type="tertiary",
                key=f"kpi.open.{indicator.key}",
                on_click=open_detail,
                args=(indicator.key,),
            )


def published_text(total: PublishedTotal) -> str:
    """公表値 with its status and day."""
    return f"公表値 {total.value:,}団体({total.status.label}、{total.as_of.label}時点)"


def target_text(indicator: Indicator, reading: Reading) -> str:
    """目標 and whether it is met."""
    target = reading.target
    if target is None:
        return ""
    met = reached(indicator, target, reading.value)
    words = {True: "達成", False: "未達", None: "判定できない"}[met]
    return f"目標 {indicator.text(target.value)}({era_date(target.day)}まで): {words}"


def definition_text(indicator: Indicator) -> str:
    """Everything an indicator owes its reader."""
    share = f"\n\n**分母** {escaped(indicator.denominator)}" if indicator.denominator else ""
    return (
        f"**定義** {escaped(indicator.definition)}\n\n"
        f"**分子** {escaped(indicator.numerator)}{share}\n\n"
        f"**集計方法** {indicator.fold.label}(単位 {indicator.unit})\n\n"
        f"**集計基準** {escaped(indicator.basis)}\n\n"
        f"**望ましい方向** {indicator.wanted.label}\n\n"
        f"**実績・予定** {indicator.status.label}\n\n"
        f"**出典** {escaped(source_text(indicator.source))}"
    )


def _draw_table(found: Sequence[Reading]) -> None:
    rows = []
    for reading in found:
        each = indicators()[reading.key]
        compared = reading.compared_with is not None
        rows.append(
            {
                "指標": each.name,
                "値": each.text(reading.value),
                **({"増減": each.change_text(reading.value, reading.before)} if compared else {}),
                "実績・予定": each.status.label,
                "集計基準": each.basis,
                "出典": source_text(each.source),
            }
        )
    st.dataframe(pd.DataFrame(rows), hide_index=True, alt="指標の一覧")
    st.caption("1つの指標の推移と内訳は「推移・内訳」で選べます。")
