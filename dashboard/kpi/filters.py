"""What 事務局KPI asks about: 基準日, the day compared with, place, indicator; all in the address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st

from core.figures.history import year_before
from core.figures.indicator import KpiFilter, SizeClass
from core.figures.papers import papers as papers_of
from core.figures.registry import indicators
from core.reference.catalogue import shipped
from core.values.fiscal import FiscalYear
from core.values.label import Labelled
from dashboard import context
from dashboard.kit import address as page_address

EARLIEST = date(2021, 4, 1)
"""First 基準日 that can be asked for: a month before the first joint procurement began."""
INDICATOR, TAB = "kpi.indicator", "kpi.tab"
WEEK, OVERVIEW, DETAIL, PAPERS = "今週", "一覧", "推移・内訳", "資料"
_USUAL_INDICATOR = "chat_paid"


class Span(Labelled):
    """How far back the history goes."""

    YEAR = "year", "1年"
    THREE_YEARS = "three_years", "3年"
    ALL = "all", "すべて(2021年4月から)"


@dataclass(frozen=True)
class Asked:
    """One question.

    Attributes:
        as_of: 基準日, inclusive.
        compared_with: An earlier day; None for none.
        chosen: Which municipalities count.
        indicator: Key of the one in detail.
        detail: Whether it is open; only then it is in the address, so that Back closes it.
        papers: What is printed and no number of a day was asked for.
        span: How far back its history goes.
    """

    as_of: date
    compared_with: date | None
    chosen: KpiFilter
    indicator: str
    detail: bool
    span: Span
    papers: bool = False

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

    @property
    def place(self) -> dict[str, Any]:
        """Arguments of a view that narrow it."""
        return {
            "area": self.chosen.area,
            "category": self.chosen.category,
            "size": self.chosen.size,
        }

    def query(self, today: date) -> dict[str, str]:
        """As an address says it: what is usual is left out, so that a bookmark means today."""
        written = {
            "as_of": "" if self.as_of == today else self.as_of.isoformat(),
            "compared_with": self.compared_with.isoformat() if self.compared_with else "",
            "area": self.chosen.area or "",
            "category": self.chosen.category or "",
            "size": self.chosen.size.value if self.chosen.size else "",
            "indicator": self.indicator if self.detail else "",
            "span": "" if self.span is Span.ALL else self.span.value,
        }
        return {key: value for key, value in written.items() if value}


def read_address() -> list[str]:
    """Take over the filters of an address; fill in the usual ones on a first visit.

    Returns:
        What could not be used, in Japanese; the usual value stands in its place.
    """
    address = page_address.arrived("kpi")
    if address is None:
        return []
    asked, problems = parsed(address, context.today())
    st.session_state.update(
        {
            "kpi.as_of": asked.as_of,
            "kpi.compared_with": asked.compared_with,
            "kpi.area": asked.chosen.area or "",
            "kpi.category": asked.chosen.category or "",
            "kpi.size": asked.chosen.size.value if asked.chosen.size else "",
            INDICATOR: asked.indicator,
            "kpi.span": asked.span.value,
        }
    )
    if asked.detail:
        st.session_state[TAB] = DETAIL
    elif asked.papers:
        st.session_state[TAB] = PAPERS
    elif (address.keys() - {"as_of"} and TAB not in st.session_state) or st.session_state.get(
        TAB
    ) == DETAIL:
        st.session_state[TAB] = OVERVIEW
    return problems


def parsed(address: Mapping[str, str], today: date) -> tuple[Asked, list[str]]:
    """The question an address stands for, and what of it could not be used."""
    reference, problems = shipped(), []

    def one_of(key: str, label: str, allowed: Iterable[str]) -> str | None:
        value = address.get(key)
        if not value or value in allowed:
            return value or None
        problems.append(f"リンクの{label}「{value[:40]}」はありません。")
        return None

    def day(key: str, label: str, last: date) -> date | None:
        value = address.get(key)
        if not value:
            return None
        try:
            found = date.fromisoformat(value)
        except ValueError:
            problems.append(
                f"リンクの{label}「{value[:40]}」は日付として読めません(例: 2023-06-01)。"
            )
            return None
        if EARLIEST <= found <= last:
            return found
        problems.append(f"リンクの{label}「{value}」は{EARLIEST}から{last}までにしてください。")
        return None

    size = one_of("size", "人口規模", list(SizeClass))
    papers = address.get("indicator") in {paper.key for paper in papers_of(reference)}
    indicator = None if papers else one_of("indicator", "指標", indicators(reference))
    asked = Asked(
        as_of=day("as_of", "基準日", last_day(today)) or today,
        compared_with=day("compared_with", "比べる日", last_day(today)),
        chosen=KpiFilter(
            one_of("area", "地域", [group.label for group in reference.areas]),
            one_of("category", "区分", [group.label for group in reference.categories]),
            SizeClass(size) if size else None,
        ),
        indicator=indicator or _USUAL_INDICATOR,
        detail=indicator is not None and not problems,
        span=Span(one_of("span", "推移の範囲", list(Span)) or Span.ALL),
        papers=papers,
    )
    return asked, problems


def last_day(today: date) -> date:
    """Last 基準日 that can be asked for: the end of the next fiscal year."""
    return FiscalYear(FiscalYear.of(today) + 1).last_day


def draw_filters() -> Asked:
    """The filters of a tab; what it does not ask about keeps its value unseen."""
    reference, today = shipped(), context.today()
    week = st.session_state.get(TAB) in (None, WEEK, PAPERS)
    with st.grid("auto", min_column_width=165):
        _day("kpi.as_of", "基準日")
        if not week:
            _day("kpi.compared_with", "比べる日", "空欄なら比べません。")
            _select("地域", [group.label for group in reference.areas], "kpi.area")
            _select("市町村の区分", [group.label for group in reference.categories], "kpi.category")
            st.selectbox(
                "人口規模",
                ["", *SizeClass],
                format_func=lambda value: SizeClass(value).label if value else "すべて",
                key="kpi.size",
                persist_state="session",
                help="本システムの区分(仮定)。令和2年国勢調査の人口による。",
            )
    state = st.session_state
    size = state["kpi.size"]
    return Asked(
        as_of=state["kpi.as_of"] or today,
        compared_with=state["kpi.compared_with"],
        chosen=KpiFilter(
            state["kpi.area"] or None,
            state["kpi.category"] or None,
            SizeClass(size) if size else None,
        ),
        indicator=state[INDICATOR],
        detail=state.get(TAB) == DETAIL,
        span=Span(state["kpi.span"]),
    )


def _day(key: str, label: str, hint: str | None = None) -> None:
    st.date_input(
        label,
        None,
        min_value=EARLIEST,
        max_value=last_day(context.today()),
        key=key,
        format="YYYY-MM-DD",
        persist_state="session",
        help=hint,
    )


def _select(label: str, options: list[str], key: str) -> None:
    st.selectbox(
        label,
        ["", *options],
        format_func=lambda value: value or "すべて",
        key=key,
        persist_state="session",
    )


def write_address(asked: Asked) -> None:
    """Keep the address in step with the filters."""
    page_address.keep("kpi", asked.query(context.today()))


def open_detail(key: str) -> None:
    """Show one indicator in detail; called before the widgets are drawn."""
    st.session_state[INDICATOR] = key
    st.session_state[TAB] = DETAIL
