"""今週: ten numbers that ask for an act, whom they are about, and the way to where it is done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from core.access.principal import Principal
from core.figures.reading import GroupTotal
from core.figures.week import WeekLine
from core.values.fiscal import era_date
from dashboard.frame import navigation
from dashboard.kit.typed import escaped
from dashboard.kpi.cards import standing_text
from dashboard.kpi.question import open_detail

_FEW = 5


def draw_week(principal: Principal, lines: Sequence[WeekLine], as_of: date) -> None:
    """One row a fact: number, what it is, names, act."""
    opened = {screen.name: screen.title for screen in navigation.open_to(principal)}
    st.caption(
        f"{era_date(as_of)}時点、1週間前と比べて。名前は押すとすべて、"
        "「定義・内訳」で定義・出典・推移が開きます。"
    )
    for line in lines:
        with st.container(border=True, key=f"kpi-week-{line.reading.key}"):
            number, words, acts = st.columns([1.6, 4.4, 2.9], vertical_alignment="center")
            with number:
                st.markdown(f"#### {escaped(line.reading.text)}")
                if line.reading.value is not None:
                    st.caption(escaped(_before(line)))
            with words:
                _draw_words(line)
            with acts, st.container(horizontal=True, vertical_alignment="center"):
                if line.act.screen in opened:
                    navigation.link(line.act.screen, escaped(line.act.label), "arrow_forward")
                st.button(
                    "定義・内訳",
                    icon=":material/monitoring:",
                    type="tertiary",
                    key=f"kpi.week.{line.reading.key}",
                    on_click=open_detail,
                    args=(line.reading.key,),
                )


def _before(line: WeekLine) -> str:
    found = line.reading
    if found.before is None:
        return "先週は不明"
    return f"先週から{found.indicator.change_text(found.value, found.before)}"


def _draw_words(line: WeekLine) -> None:
    found = line.reading
    beside = f" {escaped(line.beside)}" if line.beside else ""
    st.markdown(f"**{escaped(found.indicator.name)}**{beside}")
    if found.value is None:
        st.caption(escaped(standing_text(found)))
    elif found.key == "talent_by_plan":
        st.caption(escaped(_groups(line.groups)))
    elif line.names:
        few = "、".join(line.names[:_FEW])
        if len(line.names) <= _FEW:
            st.caption(escaped(few))
            return
        with st.popover(
            f"{escaped(few)} ほか{len(line.names) - _FEW}",
            type="tertiary",
            key=f"kpi.week.names.{found.key}",
        ):
            st.markdown(escaped("、".join(line.names)))


def _groups(groups: tuple[GroupTotal, ...]) -> str:
    return "、".join(f"{group.label} {group.value}" for group in groups) or "まだありません。"
