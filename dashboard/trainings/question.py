"""What 研修 is asked for: the question, its widgets, and the filter it stands for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import streamlit as st

from core.access.principal import Principal, Role, allows
from core.training.filter import LONGEST_WORDS, TrainingFilter
from core.training.vocabulary import Audience, SessionFormat
from core.values.fiscal import FiscalYear
from core.values.written_number import counted
from core.views.trainings import TrainingsAnswer
from dashboard import context
from dashboard.kit import address, widgets, written
from dashboard.kit.choice import choose, choose_or_all
from dashboard.trainings.wording import draw_unknown_audience

PAGE = "trainings"
LIST, MONTH, YEAR, OURS = "list", "month", "year", "ours"
SUBSCRIBE, REACH, DESK = "subscribe", "reach", "desk"
_LABELS = {
    LIST: "一覧",
    MONTH: "月間",
    YEAR: "年間",
    OURS: "うちの申込",
    SUBSCRIBE: "カレンダー登録・データ",
    REACH: "{towns}×テーマ",
    DESK: "作成・下書き",
}
_ACTIONS = {REACH: "training:reach", DESK: "training:manage"}
_ALL_YEARS = 0  # None would show as "nothing chosen"
_FILTERS = ("words", "themes", "format", "audience", "fiscal_year", "ours")


def views(reader: Principal) -> list[str]:
    """The parts of the page a reader has."""
    own = reader.role is Role.OFFICER and allows(reader, "enrolment:read")
    return [
        view
        for view in _LABELS
        if (view != OURS or own) and (view not in _ACTIONS or allows(reader, _ACTIONS[view]))
    ]


def _label(view: str) -> str:
    return _LABELS[view].format(towns=context.names().towns)


def _whose(view: str, _reader: Principal) -> str:
    who = {OURS: "市町村職員", REACH: "事務局か閲覧者", DESK: "事務局"}.get(view)
    if who is None:
        return ""
    return (
        f"リンクの「{_label(view)}」は、{who}としてサインインすると使えます。一覧を表示しています。"
    )


def _themes(_reader: Principal) -> Collection[str]:
    return context.reference().trainings.theme_labels


def _only_officers(reader: Principal) -> str:
    if reader.role is Role.OFFICER:
        return ""
    return (
        "リンクの「うちが対象」は、市町村職員としてサインインすると使えます。"
        "すべての研修を表示しています。"
    )


@dataclass(frozen=True)
class Question(address.Question):
    """What is looked for.

    Attributes:
        view: Which part of the page.
        fiscal_year: 年度; None for all.
        ours: 「うちが対象」.
        month: First day of the month shown; None for this month.
        past: Which page of the trainings before today.
        training: ``training_id`` whose page is open; empty for none.
    """

    view: str = address.choice("表示", views, LIST, barred=_whose)
    words: str = address.words(key="q")
    themes: tuple[str, ...] = address.several("テーマ", _themes, key="theme")
    format: SessionFormat | None = address.choice("開催形式", SessionFormat)
    audience: Audience | None = address.choice("対象", Audience)
    fiscal_year: int | None = address.year("年度", key="fy")
    ours: bool = address.flag(barred=_only_officers)
    month: date | None = address.month("月")
    past: int = address.number("ページ", counted("ページ"), 1, least=1, most=10_000, key="p")
    training: str = address.detail()

    @property
    def filter(self) -> TrainingFilter:
        """What the views take; month and year add their own days."""
        return TrainingFilter(**{name: getattr(self, name) for name in _FILTERS})

    @property
    def narrowed(self) -> bool:
        """Whether anything is filtered."""
        return self.filter != TrainingFilter()

    def of(self, training_id: str) -> dict[str, str]:
        """The address of a training that leads back to this question."""
        return replace(self, training=training_id).query()


def current(reader: Principal) -> Question:
    """The question as the widgets stand."""
    return address.current(Question, PAGE, reader)


def draw_views(principal: Principal) -> None:
    """Which part of the page."""
    choose(
        st.segmented_control,
        "表示",
        {view: _label(view) for view in views(principal)},
        key="trainings.view",
        label_visibility="collapsed",
        required=True,
        persist_state="session",
        width="stretch",
        wrap=True,
    )


def draw_filters(principal: Principal, years: Sequence[FiscalYear], *, month: bool) -> None:
    """What is looked for; search first, for most readers know a word of the title.

    Args:
        month: A month is shown, which needs no 年度.
    """
    labels = context.reference().trainings.theme_labels
    options = sorted(
        {*years, *filter(None, [st.session_state["trainings.fiscal_year"]])}, reverse=True
    )
    with st.grid("auto", min_column_width=165):
        written.text(
            "言葉で探す",
            key="trainings.words",
            longest=LONGEST_WORDS,
            placeholder="例: 電子契約",
            persist_state="session",
        )
        held = {"persist_state": "session"}
        choose(
            st.multiselect, "テーマ", labels, key="trainings.themes", placeholder="すべて", **held
        )
        choose_or_all("開催形式", SessionFormat, "trainings.format", **held)
        choose_or_all("対象", Audience, "trainings.audience", **held)
        if not month:
            choose_year(options, "trainings.fiscal_year", **held)
    if principal.role is Role.OFFICER:
        st.toggle(
            "うちが対象",
            key="trainings.ours",
            persist_state="session",
            help=f"対象が「全{context.names().towns}」の研修、自団体が指定された研修、"
            "自団体が予算要求団体に当たる研修だけを表示します。対象の記載がないものは含みません。",
        )


def choose_year(years: Iterable[int], key: str, **more: Any) -> int:
    """A 年度; 0 for all."""
    labels = {_ALL_YEARS: "すべて"} | {int(year): FiscalYear(year).label for year in years}
    return int(choose(st.selectbox, "年度", labels, key=key, **more))


def draw_nothing_found(question: Question, answer: TrainingsAnswer) -> None:
    """Nothing meets the filter, and what can be done."""
    widgets.empty_state("この条件に合う研修はありません。", "search_off")
    draw_unknown_audience(answer)
    if question.narrowed:
        st.button("条件をすべて消す", on_click=_forget_filters, icon=":material/filter_alt_off:")


def _forget_filters() -> None:
    address.forget(Question, PAGE, *_FILTERS)


def set_month(first: date) -> None:
    """Show another month."""
    st.session_state["trainings.month"] = first
