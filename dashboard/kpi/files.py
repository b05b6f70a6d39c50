"""資料の書き出し: workbook, CSV, the papers of a meeting, one page for a visit."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from core.access.principal import Principal, Role
from core.exports.file import file_name
from core.exports.kpi import (
    codebook_csv,
    kpi_csv,
    kpi_workbook,
    meeting_deck,
    visit_pdf,
)
from core.reference.catalogue import shipped
from core.views.kpi import kpi_meeting_view, kpi_view
from core.views.peers import visit_view
from dashboard import context
from dashboard.kit import widgets
from dashboard.kpi.filters import Asked

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


def draw_files(principal: Principal, asked: Asked) -> None:
    """Every file is made when its button is pressed."""
    day = asked.as_of.isoformat()
    st.subheader("指標の表", anchor=False)
    st.caption(f"基準日 {day}、対象 {asked.chosen.label}。定義は別のシートと項目説明にあります。")
    with st.container(horizontal=True):
        _button("Excel", partial(_workbook, principal, asked), ("KPI", day), ".xlsx", _XLSX)
        _button("CSV", partial(_csv, principal, asked), ("KPI", day), ".csv", "text/csv")
        _button("CSVの項目説明", _codebook, ("KPI", "項目説明"), ".csv", "text/csv")
    st.subheader("会議資料(PowerPoint)", anchor=False)
    st.caption(
        f"基準日 {day}、府内43市町村。グラフと表はPowerPointで編集できます。"
        "定義と出典はノートにあります。"
    )
    _button("会議資料", partial(_deck, principal, asked), ("会議資料", day), ".pptx", _PPTX)
    if principal.role is not Role.SECRETARIAT:
        return
    st.subheader("訪問用の1枚(PDF)", anchor=False)
    names = {m.lg_code: m.name for m in shipped().municipalities}
    code = st.selectbox(
        "訪問する市町村", list(names), format_func=lambda key: names[key], key="kpi.visit"
    )
    _button(
        "訪問用の1枚",
        partial(_visit, principal, code, asked),
        ("訪問", names[code], day),
        ".pdf",
        "application/pdf",
    )


def _button(
    label: str, make: Callable[[], bytes], name: tuple[str, ...], suffix: str, mime: str
) -> None:
    st.download_button(
        label,
        make,
        file_name(*name, suffix=suffix, made_up=widgets.made_up()),
        mime=mime,
        icon=":material/download:",
        on_click="ignore",
        key=f"kpi.file.{label}",
    )


def _workbook(principal: Principal, asked: Asked) -> bytes:
    answer = context.answer(
        kpi_view,
        principal,
        as_of=asked.as_of,
        compared_with=asked.compared_with,
        **asked.place,
    )
    return kpi_workbook(answer, context.today(), made_up=widgets.made_up())


def _csv(principal: Principal, asked: Asked) -> bytes:
    answer = context.answer(
        kpi_view,
        principal,
        as_of=asked.as_of,
        compared_with=asked.compared_with,
        **asked.place,
    )
    return kpi_csv(answer, made_up=widgets.made_up())


def _codebook() -> bytes:
    return codebook_csv(made_up=widgets.made_up())


def _deck(principal: Principal, asked: Asked) -> bytes:
    answer = kpi_meeting_view(
        context.engine(),
        principal,
        as_of=asked.as_of,
        first=asked.first,
        compared_with=asked.compared_with,
    )
    return meeting_deck(answer, context.today(), made_up=widgets.made_up())


def _visit(principal: Principal, lg_code: str, asked: Asked) -> bytes:
    answer = visit_view(context.engine(), principal, lg_code=lg_code, as_of=asked.as_of)
    return visit_pdf(answer, context.today(), made_up=widgets.made_up())
