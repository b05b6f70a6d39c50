"""The quotation: widgets, address, and the request they stand for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import streamlit as st

from core.boarding.link import BOARDING_LINK
from core.boarding.request import (
    MAX_AMOUNT,
    MAX_MONTHS,
    BoardingRequest,
    BudgetSection,
    MeritScope,
    Present,
    check_request,
    section_of,
)
from core.reference.procurements import ScaleMerit
from core.values.errors import InvalidInputError
from core.values.fiscal import FISCAL_MONTHS, FiscalYear
from core.values.money import parse_rate
from dashboard.kit import address as page_address
from dashboard.kit import widgets
from dashboard.kit.choice import choose
from dashboard.kit.typed import escaped

_YEARS_AHEAD = 5


def read_address(default_start: date) -> list[str]:
    """Take over the quotation of a link; fill in the usual one on a first visit.

    Returns:
        What of the link could not be used, in Japanese; the usual value stands in its place.
    """
    address = page_address.arrived("boarding", BOARDING_LINK.keys)
    if address is None:
        return []
    usual = BoardingRequest(default_start)
    try:
        request = BOARDING_LINK.read(address, default_start)
    except InvalidInputError as error:
        _seed(usual)
        return list(error.problems.values())
    try:
        check_request(request)
    except InvalidInputError as error:
        fields = {field: getattr(usual, field) for field in error.problems}
        _seed(replace(request, **fields))
        return [f"リンクの値は使えません。{problem}" for problem in error.problems.values()]
    _seed(request)
    return []


def _seed(request: BoardingRequest) -> None:
    st.session_state.update(
        {
            "boarding.present": request.present.value,
            "boarding.initial": request.initial or None,
            "boarding.monthly": request.monthly or None,
            "boarding.fee": request.joining_fee or None,
            "boarding.months": request.months,
            "boarding.year": int(FiscalYear.of(request.start)),
            "boarding.start": request.start.month,
            "boarding.merit": "" if request.merit is None else str(request.merit),
            "boarding.scope": request.merit_scope.value,
            "boarding.initial_section": request.initial_section.value,
            "boarding.monthly_section": request.monthly_section.value,
        }
    )


def write_address(request: BoardingRequest) -> dict[str, str]:
    """Keep the address in step with the quotation, beside what else of the page stands in it.

    Returns:
        The whole address.
    """
    page_address.keep("boarding", BOARDING_LINK.write(request), BOARDING_LINK.keys)
    return st.query_params.to_dict()


def draw_inputs(as_of: date, merit: ScaleMerit) -> None:
    """Everything that is asked; the assumptions behind a button."""
    choose(
        st.segmented_control,
        "現在の状況",
        Present,
        key="boarding.present",
        required=True,
        persist_state="session",
        help="単独で利用中なら、支払済みの初期費用は比較に入れません。",
    )
    with st.grid("auto", min_column_width=190):
        _yen("標準価格の初期費用(円)", "boarding.initial", 10_000, "見積書の額(税込)。")
        _yen("標準価格の月額(円/月)", "boarding.monthly", 1_000, "見積書の額(税込)。")
        _yen(
            "後乗りの追加費用(円)",
            "boarding.fee",
            10_000,
            "参加時に一度だけかかる設定・データ移行などの額(税込)。スケールメリットは適用しません。",
        )
        st.number_input(
            "契約月数",
            1,
            MAX_MONTHS,
            key="boarding.months",
            persist_state="session",
            help="比べる期間。共同調達の残りの契約期間に合わせてください。",
        )
        _draw_start(as_of)
    with st.popover("スケールメリット・節を変える", icon=":material/tune:"):
        _draw_assumptions(merit)


def _yen(label: str, key: str, step: int, said: str) -> None:
    st.number_input(
        escaped(label),
        0,
        MAX_AMOUNT,
        step=step,
        key=key,
        placeholder="0",
        persist_state="session",
        help=escaped(said),
    )


def _draw_start(as_of: date) -> None:
    chosen, current = int(st.session_state["boarding.year"]), int(FiscalYear.of(as_of))
    years = range(min(chosen, current), max(chosen, current + _YEARS_AHEAD) + 1)
    choose(
        st.selectbox,
        "利用開始年度",
        {year: FiscalYear(year).full_label for year in years},
        key="boarding.year",
        persist_state="session",
    )
    choose(
        st.selectbox,
        "利用開始月",
        {month: f"{month}月" for month in FISCAL_MONTHS},
        key="boarding.start",
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
        key="boarding.merit",
        placeholder=f"{merit.rate}(例: 1/4、25%)",
        max_chars=12,
        persist_state="session",
    )
    choose(
        st.selectbox,
        "スケールメリットの対象",
        MeritScope,
        key="boarding.scope",
        persist_state="session",
        help="対象は公表されていません(仮定)。",
    )
    year = FiscalYear(st.session_state["boarding.year"])
    labels = {each.value: "{}節 {}".format(*section_of(each, year)) for each in BudgetSection}
    for label, key in (("初期費用・追加費用の節", "initial"), ("月額の節", "monthly")):
        choose(
            st.selectbox,
            escaped(label),
            labels,
            key=f"boarding.{key}_section",
            persist_state="session",
        )


def request_of_inputs() -> tuple[BoardingRequest, str]:
    """The request the inputs stand for.

    Returns:
        The request, and what could not be read of it (empty for nothing): the published merit
        stands in for one that makes no sense.
    """
    state = st.session_state
    text = str(state["boarding.merit"] or "").strip()
    request = BoardingRequest(
        start=FiscalYear(state["boarding.year"]).month(state["boarding.start"]),
        initial=state["boarding.initial"] or 0,
        monthly=state["boarding.monthly"] or 0,
        months=state["boarding.months"],
        joining_fee=state["boarding.fee"] or 0,
        merit_scope=MeritScope(state["boarding.scope"]),
        present=Present(state["boarding.present"]),
        initial_section=BudgetSection(state["boarding.initial_section"]),
        monthly_section=BudgetSection(state["boarding.monthly_section"]),
    )
    if not text:
        return request, ""
    try:
        own = replace(request, merit=parse_rate(text))
        check_request(own)
    except (ValueError, InvalidInputError) as error:
        return request, f"{error} 公表の3割程度で計算しています。"
    return own, ""
