"""資料の書き出し: workbook, CSV, the papers of a meeting, one page for a visit."""

from __future__ import annotations

from collections.abc import Mapping
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
from core.values.fiscal import FiscalYear
from core.values.municipality import Municipality
from core.views.kpi import KpiAnswer, kpi_meeting_view, kpi_view
from core.views.peers import visit_view
from dashboard import context
from dashboard.kit import widgets
from dashboard.kit.choice import choose
from dashboard.kit.council import draw_council, draw_every_council
from dashboard.kit.making import step
from dashboard.kit.submit import download
from dashboard.kit.typed import escaped
from dashboard.kpi.question import Question


def draw_files(principal: Principal, question: Question) -> None:
    """Every file is made when its button is pressed."""
    day = question.as_of.isoformat()
    there = context.reference().on(question.as_of)
    st.subheader("指標の表", anchor=False)
    st.caption(
        f"基準日 {day}、対象 {escaped(question.chosen.label(there.everybody))}。定義は別のシートと項目説明にあります。"
    )
    with st.container(horizontal=True):
        download(
            "Excel", partial(_workbook, question), _name("KPI", day, ".xlsx"), key="kpi.file.xlsx"
        )
        download("CSV", partial(_csv, question), _name("KPI", day, ".csv"), key="kpi.file.csv")
        download(
            "CSVの項目説明", _codebook, _name("KPI", "項目説明", ".csv"), key="kpi.file.codebook"
        )
    st.subheader("会議資料(PowerPoint)", anchor=False)
    st.caption(
        f"基準日 {day}、{escaped(there.everybody)}。グラフと表はPowerPointで編集できます。"
        "定義と出典はノートにあります。"
    )
    download(
        "会議資料", partial(_deck, question), _name("会議資料", day, ".pptx"), key="kpi.file.deck"
    )
    if principal.role is not Role.SECRETARIAT:
        return
    st.subheader("訪問用の1枚(PDF)", anchor=False)
    names = {m.lg_code: m.name for m in there.municipalities}
    code = choose(st.selectbox, f"訪問する{context.names().towns}", names, key="kpi.visit")
    download(
        "訪問用の1枚",
        partial(_visit, code, question),
        _name("訪問", names[code], day, ".pdf"),
        key="kpi.file.visit",
    )
    _draw_council({town.lg_code: town for town in there.municipalities})


def _draw_council(towns: Mapping[str, Municipality]) -> None:
    st.subheader("議会・決算説明用(PDF・Excel)", anchor=False)
    st.caption("団体が支払った額、負担、削減額を、予算から順に示します。わがまちで団体も作れます。")
    this = context.this_fiscal_year()
    years = {year: FiscalYear(year).full_label for year in range(this + 1, this - 5, -1)}
    names = {code: town.name for code, town in towns.items()}
    with st.container(horizontal=True):
        year = choose(st.selectbox, "年度", years, int(this), key="kpi.council.year", width=260)
        code = choose(st.selectbox, context.names().towns, names, key="kpi.council.town", width=260)
    draw_council(towns[code], FiscalYear(year), key="kpi.file.council")
    draw_every_council(FiscalYear(year), key="kpi.file.council.all")


def _name(*parts: str) -> str:
    return file_name(*parts[:-1], suffix=parts[-1], made_up=widgets.made_up())


def overview_of(question: Question, who: Principal) -> KpiAnswer:
    """What the view says of every indicator."""
    return context.answer(
        kpi_view,
        who,
        as_of=question.as_of,
        compared_with=question.compared_with,
        today=context.today(),
        **question.place,
    )


def _workbook(question: Question, who: Principal) -> bytes:
    return kpi_workbook(overview_of(question, who), context.today(), made_up=widgets.made_up())


def _csv(question: Question, who: Principal) -> bytes:
    return kpi_csv(overview_of(question, who), made_up=widgets.made_up())


def _codebook(_who: Principal) -> bytes:
    return codebook_csv(made_up=widgets.made_up())


def _deck(question: Question, who: Principal) -> bytes:
    step("指標と推移を計算しています")
    answer = kpi_meeting_view(
        context.engine(),
        who,
        context.reference(),
        as_of=question.as_of,
        first=question.first,
        compared_with=question.compared_with,
        today=context.today(),
    )
    return meeting_deck(answer, context.today(), made_up=widgets.made_up(), step=step)


def _visit(lg_code: str, question: Question, who: Principal) -> bytes:
    answer = visit_view(
        context.engine(),
        who,
        context.reference(),
        lg_code=lg_code,
        as_of=question.as_of,
        today=context.today(),
    )
    return visit_pdf(answer, context.today(), made_up=widgets.made_up())
