"""一覧: indicators as cards, everything they owe one click away; the rest as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import streamlit as st

from core.exports.kpi.wording import inside_words, published_text
from core.figures.indicator import Indicator, Place, Subject, Wanted
from core.figures.reading import Reading
from core.figures.target import reached
from core.values.fiscal import era_date
from core.views.kpi import KpiAnswer
from dashboard.kit import widgets
from dashboard.kit.choice import choose
from dashboard.kit.tables import list_rows
from dashboard.kit.typed import Markdown, escaped
from dashboard.kit.widgets import source_text
from dashboard.kpi.question import open_detail

_DELTA: Mapping[Wanted, Literal["normal", "inverse", "off"]] = {
    Wanted.UP: "normal",
    Wanted.DOWN: "inverse",
    Wanted.NEITHER: "off",
}


def draw_cards(answer: KpiAnswer) -> None:
    """The headlines of one 分野, and everything of it as a table."""
    subject = choose(
        st.segmented_control,
        "分野",
        Subject,
        Subject.PARTICIPATION,
        key="kpi.subject",
        required=True,
    )
    found = [r for r in answer.readings if r.indicator.subject is subject]
    if not found:
        widgets.empty_state(
            "絞り込んだ相談の数は事務局だけに表示します。絞り込みを外してください。", "lock"
        )
        return
    with st.grid("auto", min_column_width=230):
        for reading in found:
            if Place.CARD in reading.indicator.shows:
                _draw_card(reading)
    with st.expander(
        f"{escaped(subject.label)}のすべての指標({len(found)})", icon=":material/table:"
    ):
        _draw_table(found)


def _draw_card(reading: Reading) -> None:
    indicator = reading.indicator
    with st.container(border=True, height="stretch"):
        change = ""
        if reading.compared_with is not None:
            change = indicator.change_text(reading.value, reading.before)
        told = change.startswith(("+", "−"))
        st.metric(
            escaped(indicator.name),
            escaped(indicator.text(reading.value)),
            delta=_signed(change) or None,
            delta_color=_DELTA[indicator.wanted] if told else "off",
            delta_arrow="off",
        )
        st.caption(escaped(standing_text(reading)))
        if reading.compared_with is not None:
            st.caption(f"増減は{era_date(reading.compared_with)}から")
        for total in reading.birth.published:
            st.caption(escaped(f"公表値 {published_text(total)}"))
        if reading.target is not None:
            st.caption(escaped(target_text(reading)))
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


def _signed(change: str) -> Markdown:
    """A hyphen in front tells Streamlit which colour it is."""
    down = change.startswith("−")
    return Markdown(f"{'-' if down else ''}{escaped(change.removeprefix('−'))}")


def standing_text(reading: Reading) -> str:
    """実績 or 予定, from where and of when; for an unknown number why it is."""
    if reading.value is None:
        return "・".join(filter(None, (reading.why, inside_words(reading))))
    origin = reading.birth.origin
    return "・".join(
        filter(
            None,
            (
                reading.indicator.status.label,
                f"{origin.label}、{reading.birth.as_of}" if origin else reading.birth.as_of,
                inside_words(reading),
                "" if reading.indicator.filterable else "絞り込みの対象外",
            ),
        )
    )


def target_text(reading: Reading) -> str:
    """目標 and whether it is met."""
    indicator = reading.indicator
    target = reading.target
    if target is None:
        return ""
    met = reached(indicator, target, reading.value)
    words = {True: "達成", False: "未達", None: "判定できない"}[met]
    return f"目標 {indicator.text(target.value)}({era_date(target.day)}まで): {words}"


def definition_text(indicator: Indicator) -> Markdown:
    """Everything an indicator owes its reader."""
    share = f"\n\n**分母** {escaped(indicator.denominator)}" if indicator.denominator else ""
    return Markdown(
        f"**定義** {escaped(indicator.definition)}\n\n"
        f"**分子** {escaped(indicator.numerator)}{share}\n\n"
        f"**集計方法** {indicator.fold.label}(単位 {escaped(indicator.unit)})\n\n"
        f"**集計基準** {escaped(indicator.basis)}\n\n"
        f"**望ましい方向** {indicator.wanted.label}\n\n"
        f"**実績・予定** {indicator.status.label}\n\n"
        f"**出典** {escaped(source_text(indicator.source))}"
    )


def _draw_table(found: Sequence[Reading]) -> None:
    changes = {
        "増減": [
            r.indicator.change_text(r.value, r.before) for r in found if r.compared_with is not None
        ]
    }
    list_rows(
        {
            "指標": (r.indicator.name for r in found),
            "値": (r.text for r in found),
            **(changes if changes["増減"] else {}),
            "実績・予定": (r.indicator.status.label for r in found),
            "集計基準": (r.indicator.basis for r in found),
            "時点": (r.birth.as_of for r in found),
            "出典": (source_text(r.birth.source) for r in found),
        },
        "指標の一覧",
    )
    st.caption("1つの指標の推移と内訳は「推移・内訳」で選べます。")
