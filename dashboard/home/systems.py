"""共同調達のいま: every system by what is known best, the names known inside it."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.access.principal import Principal, Role
from core.exports.kpi.wording import inside_words
from core.procurement.headline import Origin
from core.views.home import HomeAnswer, SystemLine
from dashboard.frame import navigation
from dashboard.kit.charts.look import TEXT
from dashboard.kit.headline_bar import (
    ABSENT,
    NAMED,
    PLANNED,
    PUBLISHED,
    UNKNOWN,
    bar_legend,
    headline_bar,
)
from dashboard.kit.tables import table
from dashboard.kit.typed import Markdown, escaped
from dashboard.kit.widgets import publisher_text, source_text


def draw_systems(principal: Principal, answer: HomeAnswer) -> None:
    """Bars and the table that says the same; where ours stands for an officer."""
    st.subheader("共同調達のいま", anchor=False)
    bars = "".join(
        f'<div style="font-size:1rem;margin:.5rem 0 .15rem;color:{TEXT}">{escape(_name(line))} '
        f"<b>{line.reading.text}</b></div>{headline_bar(_parts(line, answer.municipalities), answer.municipalities)}"
        for line in answer.systems
    )
    looks = [(name, "") for name in (NAMED, PUBLISHED, PLANNED, ABSENT, UNKNOWN)]
    st.html(bars + bar_legend(looks, f"枠全体が{answer.municipalities}市町村"))
    columns: dict[str, list[str]] = {
        "システム": [_name(line) for line in answer.systems],
        "参加": [line.reading.text for line in answer.systems],
        "いつの何による数か": [_said(line) for line in answer.systems],
        "予定": [f"{line.planned}団体" if line.planned else "" for line in answer.systems],
    }
    if principal.role is Role.OFFICER:
        columns["わがまち"] = [line.ours for line in answer.systems]
    table(columns, alt="システムごとの参加団体の数と、いつの何による数か")
    st.caption("予定は実績と足しません。")
    with st.container(horizontal=True):
        navigation.link("procurement", "地図・推移・後乗りを見る", "map")
        with st.popover("定義・出典", icon=":material/info:"):
            for line in answer.systems:
                st.markdown(_definition(line))


def _definition(line: SystemLine) -> Markdown:
    figure = line.reading.figure
    return Markdown(
        f"**{escaped(figure.label)}** {escaped(figure.definition)} {escaped(figure.basis)} "
        f"基準日 {escaped(figure.as_of)}。出典: {escaped(source_text(figure.source))}"
    )


def _name(line: SystemLine) -> str:
    return line.reading.indicator.name.removesuffix(": 参加")


def _said(line: SystemLine) -> str:
    birth = line.reading.birth
    if birth.origin is None:
        return "、".join(filter(None, ("公表値も台帳の網羅もない", inside_words(line.reading))))
    by = "台帳" if birth.origin.value == "ledger" else publisher_text(birth.source)
    inside = inside_words(line.reading) if line.named else ""
    return "、".join(filter(None, (f"{birth.origin.label} {birth.as_of}", inside, by)))


def _parts(line: SystemLine, municipalities: int) -> dict[str, int]:
    value = line.reading.value
    beyond = 0 if value is None else max(int(value) - line.named, 0)
    parts = {NAMED: line.named, PUBLISHED: beyond, PLANNED: line.planned}
    if line.reading.birth.origin is Origin.LEDGER:
        parts[ABSENT] = municipalities - sum(parts.values())
    return parts
