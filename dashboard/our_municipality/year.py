"""令和○年度のまとめ: what is due first, then the year in figures, each with the way to where it is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import streamlit as st

from core.access.principal import Principal
from core.figures.year.due import DueItem
from core.figures.year.told import Told
from core.figures.year.year import OurYear
from core.values.figure import Status
from core.values.fiscal import FiscalYear, era_date
from core.views.our_year import our_years_view
from dashboard import context
from dashboard.frame import navigation
from dashboard.kit import address, widgets
from dashboard.kit.cards import Action, Badge, Card, Rank, Tone, cards
from dashboard.kit.choice import choose
from dashboard.kit.council import draw_council, year_of
from dashboard.kit.rows import row
from dashboard.kit.typed import escaped
from dashboard.our_municipality.question import PART, Question

_IN_SIGHT = 4
"""Things to do before the rest is folded."""
_SUBSIDY: Mapping[str, str] = MappingProxyType({"tab": "補助金"})
_EFFECT: Mapping[str, str] = MappingProxyType({"tab": "削減額・時間"})
_WHERE: Mapping[str, tuple[str, str, Mapping[str, str]]] = MappingProxyType(
    {
        "visits": ("支援回", "support", {}),
        "contracted": ("契約", "support", {}),
        "paid": ("支払", "support", {}),
        "decided": ("補助金", "support", _SUBSIDY),
        "final": ("補助金", "support", _SUBSIDY),
        "received": ("補助金", "support", _SUBSIDY),
        "burden": ("補助金", "support", _SUBSIDY),
        "saved": ("見積・契約額", "quotations", {}),
        "hours": ("削減時間", "quotations", _EFFECT),
        "systems": ("共同調達", "procurement", {}),
        "trainings": ("研修", "trainings", {"view": "ours"}),
        "consultations": ("相談", "consultations", {}),
        "answers": ("照会・回答", "inquiries", {}),
    }
)
"""Key of a figure → what its button says, the screen where it is kept, and what that is asked."""
_FIRST = ("visits", "paid", "decided", "final", "burden", "saved")


def draw_year(principal: Principal) -> None:
    """The head of わがまち."""
    lg_code = str(principal.lg_code)
    years = context.answer(our_years_view, principal, lg_code=lg_code, today=context.today())
    year = _choose_year(principal, years)
    found = year_of(principal, lg_code, year)
    _draw_due(found.due)
    _draw_figures(found)
    draw_council(found.municipality, year, key="year.council")


def _choose_year(principal: Principal, years: Sequence[FiscalYear]) -> FiscalYear:
    address.take(Question, PART, principal)
    usual, key = context.this_fiscal_year(), f"{PART}.year"
    if not st.session_state.get(key):
        st.session_state[key] = int(usual)
    chosen = FiscalYear(st.session_state[key])
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.subheader(f"{chosen.label}のまとめ", anchor=False)
        labels = {int(each): each.full_label for each in sorted({*years, chosen}, reverse=True)}
        choose(st.selectbox, "年度", labels, key=key, width=260)
    address.write(PART, Question(None if chosen == usual else int(chosen)))
    return chosen


def _draw_due(due: Sequence[DueItem]) -> None:
    if not due:
        st.caption("いま回答や手続を待っているものはありません。")
    for each in due[:_IN_SIGHT]:
        _draw_item(each)
    if rest := due[_IN_SIGHT:]:
        with st.expander(f"ほかにすること {len(rest)}件", icon=":material/checklist:"):
            for each in rest:
                _draw_item(each)
    navigation.link("inquiries", "照会・回答の一覧", "list")


def _draw_item(each: DueItem) -> None:
    with row(f"due.{each.key}", horizontal=True, vertical_alignment="center"):
        colour = "red" if each.days_left is not None and each.days_left <= _SOON else "gray"
        # What takes place on a day names it in its text.
        day = f" {era_date(each.day)}まで" if each.day and not each.appointment else ""
        text = f"  \n{escaped(each.text)}" if each.text else ""
        st.markdown(
            f"**{escaped(each.title)}** :{colour}-badge[{escaped(each.left)}]{escaped(day)}{text}"
        )
        words = "回答する" if each.page == "inquiries" else "開く"
        navigation.link(each.page, words, "arrow_forward", dict(each.query))


_SOON = 7
"""Days from which on what is left is drawn as urgent."""


def _draw_figures(year: OurYear) -> None:
    if year.is_empty:
        widgets.empty_state(
            f"{year.fiscal_year.label}の記録はまだありません。記録すると、ここに1年のまとめが出ます。",
            "calendar_month",
        )
        return
    there = {key: told for key, told in year.told.items() if navigation.is_there(_WHERE[key][1])}
    shown = [key for key in _FIRST if key in there and not _double(key, there)]
    if not year.plans:
        shown = [key for key in shown if there[key].figure.value is not None]
        st.caption("この年度の支援プランの希望・契約の記録はありません。")
    if shown:
        cards([_card(key, there) for key in shown], key="year.first", rows=True)
    rest = [key for key in there if key not in shown]
    with st.expander(f"ほかの数字 {len(rest)}件・前提", icon=":material/format_list_numbered:"):
        cards([_card(key, there) for key in rest], key="year.rest", rows=True, level=4)
        for note in year.notes:
            st.caption(escaped(note))


def _double(key: str, there: Mapping[str, Told]) -> bool:
    """Of 決定額 and 確定額 the later one that is known stands in sight."""
    final = there.get("final")
    known = final is not None and final.figure.value is not None
    return (key == "decided" and known) or (key == "final" and not known)


def _card(key: str, there: Mapping[str, Told]) -> Card:
    told, alone = there[key], key == "burden" and "decided" not in there
    label, page, query = _WHERE["contracted" if alone else key]
    figure = told.figure
    planned = figure.value is not None and figure.status is Status.PLANNED
    return Card(
        key=key,
        title=figure.label,
        value=figure.text,
        badges=(Badge("見込み", Tone.OPEN),) if planned else (),
        lines=(told.beside or figure.definition,),
        terms=widgets.figure_terms(figure),
        actions=(Action(label, page=page, query=query),),
        rank=Rank.QUIET,
    )
