"""What 研修 is asked for: widgets, the address they live in, and the filter they stand for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import streamlit as st

from core.access.principal import Principal, Role, allows
from core.reference.catalogue import shipped
from core.training.filter import TrainingFilter
from core.training.vocabulary import Audience, SessionFormat
from core.values.fiscal import FiscalYear
from dashboard.kit import address as page_address
from dashboard.kit import widgets

LIST, MONTH, YEAR, OURS, SUBSCRIBE, REACH, DESK = (
    "list",
    "month",
    "year",
    "ours",
    "subscribe",
    "reach",
    "desk",
)
_LABELS = {
    LIST: "一覧",
    MONTH: "月間",
    YEAR: "年間",
    OURS: "うちの申込",
    SUBSCRIBE: "カレンダー登録・データ",
    REACH: "市町村×テーマ",
    DESK: "作成・下書き",
}
_ACTIONS = {REACH: "training:reach", DESK: "training:manage"}
_DETAIL = "training"
_ALL_YEARS = 0  # None would show as "nothing chosen"
_FORMATS = {each.value: each.label for each in SessionFormat}
_AUDIENCES = {each.value: each.label for each in Audience}


@dataclass(frozen=True)
class Asked:
    """One question.

    Attributes:
        view: Which part of the page.
        words: Words searched for.
        themes: Keys; empty for all.
        format: Key of a 開催形式; empty for all.
        audience: Key of a 対象; empty for all.
        fiscal_year: 年度; None for all.
        ours: 「うちが対象」.
        month: First day of the month shown; None for this month.
        training: ``training_id`` whose page is open; empty for none.
    """

    view: str = LIST
    words: str = ""
    themes: tuple[str, ...] = ()
    format: str = ""
    audience: str = ""
    fiscal_year: int | None = None
    ours: bool = False
    month: date | None = None
    training: str = ""

    @property
    def filter(self) -> TrainingFilter:
        """What the views take; month and year add their own days."""
        return TrainingFilter(
            words=self.words,
            themes=self.themes,
            format=SessionFormat(self.format) if self.format else None,
            audience=Audience(self.audience) if self.audience else None,
            fiscal_year=self.fiscal_year,
            ours=self.ours,
        )

    @property
    def narrowed(self) -> bool:
        """Whether anything is filtered."""
        return self.filter != TrainingFilter()

    def query(self) -> dict[str, str]:
        """As an address says it; what is usual is left out."""
        written = {
            "view": "" if self.view == LIST else self.view,
            "q": self.words,
            "theme": ",".join(self.themes),
            "format": self.format,
            "audience": self.audience,
            "fy": "" if self.fiscal_year is None else str(int(self.fiscal_year)),
            "ours": "1" if self.ours else "",
            "month": "" if self.month is None else f"{self.month:%Y-%m}",
            _DETAIL: self.training,
        }
        return {key: value for key, value in written.items() if value}

    def of(self, training_id: str) -> dict[str, str]:
        """The address of a training that leads back to this question."""
        return replace(self, training=training_id).query()


def views(principal: Principal) -> list[str]:
    """The parts of the page a reader has."""
    own = principal.role is Role.OFFICER and allows(principal, "enrolment:read")
    return [
        view
        for view in _LABELS
        if (view != OURS or own) and (view not in _ACTIONS or allows(principal, _ACTIONS[view]))
    ]


def read_address(principal: Principal) -> list[str]:
    """Take over an address; fill in the usual question on a first visit.

    Returns:
        What could not be used, in Japanese; the usual value stands in its place.
    """
    address = page_address.arrived("trainings")
    if address is None:
        return []
    asked, problems = parsed(address, principal)
    st.session_state.update(
        {
            "trainings.view": asked.view,
            "trainings.words": asked.words,
            "trainings.themes": list(asked.themes),
            "trainings.format": asked.format,
            "trainings.audience": asked.audience,
            "trainings.fy": asked.fiscal_year or _ALL_YEARS,
            "trainings.ours": asked.ours,
            "trainings.month": None if asked.month is None else asked.month.isoformat(),
        }
    )
    return problems


def parsed(address: Mapping[str, str], principal: Principal) -> tuple[Asked, list[str]]:
    """The question an address stands for, and what of it could not be used."""
    problems: list[str] = []

    def one_of(key: str, label: str, allowed: Sequence[str], usual: str = "") -> str:
        value = address.get(key, "")
        if not value or value in allowed:
            return value or usual
        problems.append(f"リンクの{label}「{value[:40]}」は使えません。")
        return usual

    labels = shipped().trainings.theme_labels
    themes = [each for each in address.get("theme", "").split(",") if each]
    if unknown := [each for each in themes if each not in labels]:
        problems.append(f"リンクのテーマ「{unknown[0][:40]}」はありません。")
    ours = address.get("ours") == "1"
    if ours and principal.role is not Role.OFFICER:
        problems.append(
            "リンクの「うちが対象」は、市町村職員としてサインインすると使えます。"
            "すべての研修を表示しています。"
        )
        ours = False
    return (
        Asked(
            view=one_of("view", "表示", views(principal), LIST),
            words=address.get("q", "")[:200],
            themes=tuple(each for each in themes if each in labels),
            format=one_of("format", "開催形式", list(_FORMATS)),
            audience=one_of("audience", "対象", list(_AUDIENCES)),
            fiscal_year=_year(address.get("fy", ""), problems),
            ours=ours,
            month=_month(address.get("month", ""), problems),
            training=address.get(_DETAIL, ""),
        ),
        problems,
    )


def _year(text: str, problems: list[str]) -> int | None:
    if not text:
        return None
    try:
        return int(FiscalYear(int(text)))
    except ValueError:
        problems.append(f"リンクの年度「{text[:40]}」は使えません(例: 2022)。")
        return None


def _month(text: str, problems: list[str]) -> date | None:
    if not text:
        return None
    if (found := re.fullmatch(r"(20\d\d)-(\d\d)", text)) and 1 <= int(found[2]) <= 12:
        return date(int(found[1]), int(found[2]), 1)
    problems.append(f"リンクの月「{text[:40]}」は使えません(例: 2022-08)。")
    return None


def current(principal: Principal) -> Asked:
    """The question as the widgets stand."""
    state = st.session_state
    month = state.get("trainings.month")
    view = state["trainings.view"]
    return Asked(
        view=view if view in views(principal) else LIST,
        words=state["trainings.words"].strip(),
        themes=tuple(state["trainings.themes"]),
        format=state["trainings.format"] or "",
        audience=state["trainings.audience"] or "",
        fiscal_year=state["trainings.fy"] or None,
        ours=bool(state["trainings.ours"]) and principal.role is Role.OFFICER,
        month=None if month is None else date.fromisoformat(month),
        training=page_address.opened(_DETAIL),
    )


def write_address(asked: Asked) -> None:
    """Keep the address in step, so that it can be copied at any time."""
    page_address.keep("trainings", asked.query())


def draw_views(principal: Principal) -> None:
    """Which part of the page."""
    st.segmented_control(
        "表示",
        views(principal),
        key="trainings.view",
        format_func=_LABELS.__getitem__,
        label_visibility="collapsed",
        required=True,
        persist_state="session",
        width="stretch",
        wrap=True,
    )


def draw_filters(principal: Principal, years: Sequence[FiscalYear], *, month: bool) -> None:
    """What is looked for; search first, for most readers know a word of the title.

    Args:
        principal: Who looks.
        years: 年度 to choose from.
        month: A month is shown, which needs no 年度.
    """
    labels = shipped().trainings.theme_labels
    options = sorted({*years, *filter(None, [st.session_state["trainings.fy"]])}, reverse=True)
    with st.grid("auto", min_column_width=165):
        st.text_input(
            "言葉で探す",
            key="trainings.words",
            placeholder="例: 電子契約",
            max_chars=200,
            persist_state="session",
        )
        st.multiselect(
            "テーマ",
            list(labels),
            key="trainings.themes",
            format_func=labels.__getitem__,
            placeholder="すべて",
            persist_state="session",
        )
        _select("開催形式", "trainings.format", _FORMATS)
        _select("対象", "trainings.audience", _AUDIENCES)
        if not month:
            st.selectbox(
                "年度",
                [_ALL_YEARS, *map(int, options)],
                key="trainings.fy",
                format_func=lambda year: FiscalYear(year).label if year else "すべて",
                persist_state="session",
            )
    if principal.role is Role.OFFICER:
        st.toggle(
            "うちが対象",
            key="trainings.ours",
            persist_state="session",
            help="対象が「全市町村」の研修、自団体が指定された研修、"
            "自団体が予算要求団体に当たる研修だけを表示します。対象の記載がないものは含みません。",
        )


def _select(label: str, key: str, labels: Mapping[str, str]) -> None:
    st.selectbox(
        label,
        ["", *labels],
        key=key,
        format_func=lambda value: labels.get(value, "すべて"),
        persist_state="session",
    )


def forget_filters() -> None:
    """Everything again."""
    for key, usual in (("words", ""), ("themes", []), ("format", ""), ("audience", ""),
                       ("fy", _ALL_YEARS), ("ours", False)):  # fmt: skip
        st.session_state[f"trainings.{key}"] = usual


def draw_nothing_found(asked: Asked, unknown_audience: int = 0) -> None:
    """Nothing meets the filter, and what can be done."""
    widgets.empty_state("この条件に合う研修はありません。", "search_off")
    if unknown_audience:
        st.caption(f"対象の記載がない研修が、ほかに{unknown_audience}日程あります。")
    if asked.narrowed:
        st.button("条件をすべて消す", on_click=forget_filters, icon=":material/filter_alt_off:")


def set_month(first: str) -> None:
    """Show another month."""
    st.session_state["trainings.month"] = first


def show_month(first: str) -> None:
    """Go to the month calendar."""
    st.session_state["trainings.month"] = first
    st.session_state["trainings.view"] = MONTH


def open_training(training_id: str) -> None:
    """Open a training's page, or go back with an empty id."""
    page_address.open_detail(_DETAIL, training_id)
