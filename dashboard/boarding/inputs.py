"""The fields of the quotation."""

from __future__ import annotations

from datetime import date

import streamlit as st

from core.access.principal import Principal
from core.boarding.request import (
    MAX_AMOUNT,
    MAX_MONTHS,
    BudgetSection,
    MeritScope,
    Present,
    section_of,
)
from core.reference.procurements import ScaleMerit
from core.values.fiscal import FISCAL_MONTHS, FiscalYear, era_date
from dashboard import context
from dashboard.boarding.question import PAGE, Question
from dashboard.kit import address, widgets, written
from dashboard.kit.choice import choose
from dashboard.kit.typed import escaped

_YEARS_AHEAD = 5


def draw_programme(reader: Principal) -> str:
    """Which joint procurement; what arrived is handed to all fields."""
    address.take(Question, PAGE, reader)
    labels = {p.key: p.short_label for p in context.reference().procurements.programmes}
    return str(
        choose(
            st.pills,
            "共同調達",
            labels,
            key=f"{PAGE}.programme",
            required=True,
            persist_state="session",
            label_visibility="collapsed",
        )
    )


def draw_inputs(as_of: date, usual_start: date, merit: ScaleMerit) -> None:
    """Everything that is asked; the assumptions behind a button."""
    choose(
        st.segmented_control,
        "現在の状況",
        Present,
        key=f"{PAGE}.present",
        required=True,
        persist_state="session",
        help="単独で利用中なら、支払済みの初期費用は比較に入れません。",
    )
    with st.grid("auto", min_column_width=190):
        _yen("標準価格の初期費用(円)", "initial", "見積書の額(税込)。")
        _yen("標準価格の月額(円/月)", "monthly", "見積書の額(税込)。")
        _yen(
            "後乗りの追加費用(円)",
            "fee",
            "参加時に一度だけかかる設定・データ移行などの額(税込)。スケールメリットは適用しません。",
        )
        with st.container():
            written.count(
                "契約月数",
                key=f"{PAGE}.months",
                unit="か月",
                least=1,
                most=MAX_MONTHS,
                required=True,
                persist_state="session",
                help="比べる期間。共同調達の残りの契約期間に合わせてください。",
            )
        _draw_start(as_of, usual_start)
    with st.popover("スケールメリット・節を変える", icon=":material/tune:"):
        _draw_assumptions(merit)


def _yen(label: str, name: str, said: str) -> None:
    with st.container():  # the field and what was read of it share a cell
        written.amount(
            label,
            key=f"{PAGE}.{name}",
            most=MAX_AMOUNT,
            placeholder="0",
            persist_state="session",
            help=escaped(said),
        )


def _draw_start(as_of: date, usual: date) -> None:
    key = f"{PAGE}.start"
    chosen = st.session_state.get(key) or usual
    st.session_state[key] = chosen
    first = min(FiscalYear.of(chosen), FiscalYear.of(as_of))
    last = max(FiscalYear.of(chosen), FiscalYear(FiscalYear.of(as_of) + _YEARS_AHEAD))
    months = [FiscalYear(year).month(m) for year in range(first, last + 1) for m in FISCAL_MONTHS]
    choose(
        st.selectbox,
        "利用開始月",
        {month: era_date(month).removesuffix("1日") for month in months},
        key=key,
        persist_state="session",
        help="いま参加を決めた場合に利用を始める月。",
    )


def _draw_assumptions(merit: ScaleMerit) -> None:
    st.caption(
        f"空欄は公表の「{escaped(merit.text)}」({merit.rate})を使います。"
        f"{escaped(merit.single_system_note)}"
        f"〔{merit.single_system_basis.label}、出典: {escaped(widgets.source_text(merit.source))}〕"
    )
    st.text_input(
        "スケールメリット",
        key=f"{PAGE}.merit",
        placeholder=f"{merit.rate}(例: 1/4、25%)",
        persist_state="session",
    )
    choose(
        st.selectbox,
        "スケールメリットの対象",
        MeritScope,
        key=f"{PAGE}.scope",
        persist_state="session",
        help="対象は公表されていません(仮定)。",
    )
    year = FiscalYear.of(st.session_state[f"{PAGE}.start"])
    labels = {each.value: "{}節 {}".format(*section_of(each, year)) for each in BudgetSection}
    for label, name in (("初期費用・追加費用の節", "initial"), ("月額の節", "monthly")):
        choose(
            st.selectbox,
            escaped(label),
            labels,
            key=f"{PAGE}.{name}_section",
            persist_state="session",
        )
