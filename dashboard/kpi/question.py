"""What 事務局KPI asks about: 基準日, the day compared with, place, indicator; all in the address."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st

from core.access.principal import Principal
from core.figures.history import year_before
from core.figures.indicator import KpiFilter
from core.figures.papers import papers
from core.figures.registry import indicators
from core.values.label import Labelled
from core.values.municipality import SizeClass
from dashboard import context
from dashboard.kit import address, widgets
from dashboard.kit.choice import choose_or_all
from dashboard.kit.narrowing import EARLIEST, areas, categories, draw_places, last_day
from dashboard.kit.typed import escaped

PAGE, INDICATOR, TAB = "kpi", "kpi.indicator", "kpi.tab"
CHOSEN = "kpi.chosen"  # the indicator somebody came for, by a button or a link
WEEK, OVERVIEW, DETAIL, PAPERS = "今週", "一覧", "推移・内訳", "資料"


class Span(Labelled):
    """How far back the history goes."""

    YEAR = "year", "1年"
    THREE_YEARS = "three_years", "3年"
    ALL = "all", "すべて(2021年4月から)"


def _indicators(_reader: Principal) -> Collection[str]:
    reference = context.reference()
    return [*indicators(reference), *(paper.key for paper in papers(reference))]


def _usual_indicator() -> str:
    return next(iter(indicators(context.reference())))


@dataclass(frozen=True)
class Question(address.Question):
    """What the figures are of: a place is None for all; the indicator is the one in detail."""

    as_of: date = address.day("基準日", EARLIEST, last_day, context.today)
    compared_with: date | None = address.day("比べる日", EARLIEST, last_day)
    area: str | None = address.choice("地域", areas)
    category: str | None = address.choice("区分", categories)
    size: SizeClass | None = address.choice("人口規模", SizeClass)
    indicator: str = address.choice("指標", _indicators, _usual_indicator)
    span: Span = address.choice("推移の範囲", Span, Span.ALL)

    @property
    def chosen(self) -> KpiFilter:
        """Which municipalities count."""
        return KpiFilter(self.area, self.category, self.size)

    @property
    def place(self) -> dict[str, Any]:
        """Arguments of a view that narrow it."""
        return {"area": self.area, "category": self.category, "size": self.size}

    @property
    def first(self) -> date:
        """Where the history begins."""
        day = self.as_of
        if self.span is Span.YEAR:
            day = year_before(day)
        elif self.span is Span.THREE_YEARS:
            day = year_before(year_before(year_before(day)))
        else:
            day = EARLIEST
        return max(day, EARLIEST)

    def query(self) -> dict[str, str]:
        """The indicator is named while it is open, whichever it is, so that Back closes it."""
        query = super().query() | {"indicator": self.indicator}
        if st.session_state.get(TAB) != DETAIL:
            del query["indicator"]
        return query


def take_address(reader: Principal) -> None:
    """Hand what arrived to the widgets; what is named is opened, what no longer is closes.

    What is printed, and no number of a day, is named as an indicator is.
    """
    state = st.session_state
    widgets.take_tab(TAB)
    if not address.take(Question, PAGE, reader):
        return
    named = address.opened("indicator")
    if named != state[INDICATOR]:
        narrowed = st.query_params.keys() - {"as_of"}
        if (narrowed and TAB not in state) or state.get(TAB) == DETAIL:
            state[TAB] = OVERVIEW
    elif named in indicators(context.reference()):
        state[TAB], state[CHOSEN] = DETAIL, named
    else:
        state[TAB], state[INDICATOR] = PAPERS, _usual_indicator()


def draw_filters(reader: Principal) -> Question:
    """The filters of a tab; what it does not ask about keeps its value unseen."""
    week = st.session_state.get(TAB) in (None, WEEK, PAPERS)
    with st.grid("auto", min_column_width=165):
        _day("kpi.as_of", "基準日")
        if not week:
            _day("kpi.compared_with", "比べる日", "空欄なら比べません。")
            draw_places(PAGE, reader)
            choose_or_all(
                "人口規模",
                SizeClass,
                "kpi.size",
                persist_state="session",
                help=f"本システムの区分(仮定)。{context.reference().census}の人口による。",
            )
    asked = address.current(Question, PAGE, reader)
    there = context.reference().on(asked.as_of)
    if not week and not any(map(asked.chosen.includes, there.municipalities)):
        st.warning(
            f"{escaped(asked.chosen.label(there.everybody))}に当たる{context.names().towns}はありません。条件を1つ「すべて」に戻してください。",
            icon=":material/filter_alt_off:",
        )
    return asked


def _day(key: str, label: str, hint: str | None = None) -> None:
    st.date_input(
        escaped(label),
        None,
        min_value=EARLIEST,
        max_value=last_day(),
        key=key,
        format="YYYY-MM-DD",
        persist_state="session",
        help=escaped(hint) if hint else None,
    )


def open_tab(tab: str) -> None:
    """Open another tab; called before the widgets are drawn."""
    st.session_state[TAB] = tab


def open_detail(key: str) -> None:
    """Show one indicator in detail; called before the widgets are drawn."""
    st.session_state[INDICATOR] = st.session_state[CHOSEN] = key
    st.session_state[TAB] = DETAIL
