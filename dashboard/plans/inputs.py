"""The inputs of プラン選択・費用試算: widgets, address, and the request they stand for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cache
from typing import Any

import streamlit as st

from core.estimate.link import ESTIMATE_LINK
from core.estimate.request import MAX_YEARS, EstimateRequest, ExpenditureKind, PlanChoice
from core.estimate.terms import expenditure_section
from core.params import RoundingScope
from core.reference.corrections import corrections_text
from core.reference.plans import SupportPlan
from core.values.errors import InvalidInputError
from core.values.fiscal import FISCAL_MONTHS, FiscalYear
from core.values.money import Direction, parse_rate
from core.views.plans import PlansFrame
from dashboard.kit import address as page_address
from dashboard.kit.typed import Markdown, escaped

UNITS = (1, 10, 100, 1000)
_EACH, _TERMS = "plans.each", "plans.terms"


def read_address(frame: PlansFrame) -> list[str]:
    """Take over the inputs of a link; fill in the usual ones on a first visit.

    Returns:
        What of the link could not be used, in Japanese; the usual value stands in its place.
    """
    address = page_address.arrived("plans", ESTIMATE_LINK.keys)
    if address is None:
        return []
    try:
        request = ESTIMATE_LINK.read(address, frame.default_year)
    except InvalidInputError as error:
        _seed(EstimateRequest(frame.default_year), frame)
        return list(error.problems.values())
    return _seed(request, frame)


def _seed(request: EstimateRequest, frame: PlansFrame) -> list[str]:
    problems = []
    chosen = {choice.plan: choice.visits for choice in request.choices}
    numbers = [plan.number for plan in frame.plans]
    most, each = frame.most_visits, {}
    if unknown := sorted(set(chosen) - set(numbers)):
        named = "、".join(str(number) for number in unknown[:5])
        problems.append(f"リンクにあるプラン{named}はありません。選択から外しました。")
    for number in numbers:
        visits = chosen.get(number, most)
        if not 1 <= visits <= most:
            problems.append(
                f"リンクのプラン{number}の回数{visits}は使えません。{most}回に直しました。"
            )
            visits = most
        st.session_state[f"plans.on.{number}"] = number in chosen
        each[number] = visits
    _take(_EACH, each)

    def usable(value: Any, allowed: Sequence[object], usual: Any, label: str) -> Any:
        if value in allowed:
            return value
        problems.append(f"リンクの{label}「{value}」は使えません。選び直してください。")
        return usual

    state = st.session_state
    year = int(request.fiscal_year)
    state["plans.fy"] = usable(year, frame.years, frame.default_year, "年度")
    state["plans.start"] = usable(request.start_month, FISCAL_MONTHS, 4, "開始月")
    state["plans.years"] = usable(request.years, range(1, MAX_YEARS + 1), 1, "継続年数")
    state["plans.kind"] = request.kind.value
    unit = usable(request.rounding_unit, (None, *UNITS), None, "端数処理の単位")
    fee = request.unit_price
    if fee is not None and not 0 <= fee <= 100_000_000:
        problems.append(f"リンクの費用「{fee}」は使えません。公表値に戻しました。")
        fee = None
    direction, scope = request.rounding_direction, request.rounding_scope
    _take(
        _TERMS,
        {
            "fee": fee,
            "rate": "" if request.rate is None else str(request.rate),
            "unit": unit,
            "direction": None if direction is None else direction.value,
            "scope": None if scope is None else scope.value,
        },
    )
    return problems


def _take(group: str, values: Mapping[Any, object]) -> None:
    """Set the values of fields that are seldom on screen, and those that are.

    They share one entry of the session: Streamlit goes through all entries for many an input.
    """
    st.session_state[group] = dict(values)
    for name, value in values.items():
        if (key := f"{group}.{name}") in st.session_state:
            st.session_state[key] = value


def _field(group: str, name: object) -> dict[str, Any]:
    """Arguments of the widget of such a field, which shows its value when it comes on screen."""
    key = f"{group}.{name}"
    if key not in st.session_state:
        st.session_state[key] = st.session_state[group][name]
    return {"key": key, "on_change": _keep_field, "args": (group, name)}


def _keep_field(group: str, name: object) -> None:
    value = st.session_state[f"{group}.{name}"]
    st.session_state[group] = {**st.session_state[group], name: value}


def write_address(request: EstimateRequest) -> dict[str, str]:
    """Keep the address in step with the inputs, so that it can be copied at any time."""
    link = ESTIMATE_LINK.write(request)
    page_address.keep("plans", link, ESTIMATE_LINK.keys)
    return link


def draw_frame(years: Sequence[int]) -> None:
    """Year, start, number of years, 節: what holds for all plans."""
    kinds = _kinds(st.session_state["plans.fy"])
    with st.grid("auto", min_column_width=190):
        st.selectbox(
            "年度",
            years,
            key="plans.fy",
            format_func=_year_label,
            persist_state="session",
            help="予算を要求する年度。",
        )
        st.selectbox(
            "開始月",
            FISCAL_MONTHS,
            key="plans.start",
            format_func=_MONTHS.__getitem__,
            persist_state="session",
            help="支援を始める月。2年目以降は4月から。",
        )
        st.selectbox(
            "継続年数",
            range(1, MAX_YEARS + 1),
            key="plans.years",
            format_func=_DURATIONS.__getitem__,
            persist_state="session",
            help="2年目以降も同じプラン・同じ回数・同じ条件と仮定します。",
        )
        st.selectbox(
            "歳出の節",
            list(kinds),
            key="plans.kind",
            format_func=kinds.__getitem__,
            persist_state="session",
            help="団体が事業者と直接契約するなら委託料、共同で調達する団体へ払うなら負担金。"
            "資料では「負担金又は委託料」とされ、団体が選びます。",
        )


# Streamlit asks for the label of every option on every run.
_MONTHS = {month: f"{month}月" for month in FISCAL_MONTHS}
_DURATIONS = {1: "単年度"} | {years: f"{years}年間" for years in range(2, MAX_YEARS + 1)}


@cache
def _year_label(year: int) -> str:
    return FiscalYear(year).full_label


@cache
def _kinds(year: int) -> Mapping[str, str]:
    return {
        kind.value: "{}節 {}".format(*expenditure_section(kind, FiscalYear(year)))
        for kind in ExpenditureKind
    }


def draw_plans(frame: PlansFrame) -> list[int]:
    """The plans one under another: choice, what it gives, who wanted it.

    All of it is the label: a plan is chosen by a click anywhere on its text, and half as many
    elements are sent.

    Returns:
        Numbers of the plans chosen.
    """
    visits = st.session_state[_EACH]
    with st.container(gap=None, key="plan-list"):
        return [
            plan.number
            for plan in frame.plans
            if st.checkbox(
                f"**{plan.number}. {escaped(plan.name)}** {_plan_text(plan, visits[plan.number])}",
                key=f"plans.on.{plan.number}",
                persist_state="session",
                wrap=True,
            )
        ]


def _plan_text(plan: SupportPlan, visits: int) -> Markdown:
    printed = f"({corrections_text(plan.corrections)})" if plan.corrections else ""
    said = escaped(f"{' '.join(plan.supports)}{printed}")
    return Markdown(f"{said} **希望 {plan.wishes}団体・年{visits}回で試算**")


def draw_visits(frame: PlansFrame) -> None:
    """Visits a year: one number for all plans, or one for each behind it."""
    different = set(st.session_state[_EACH].values())
    same = len(different) == 1
    shown = different.pop() if same else st.session_state.get("plans.visits", frame.most_visits)
    if st.session_state.get("plans.visits") != shown:
        st.session_state["plans.visits"] = shown
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.number_input(
            "年間回数(全プラン)",
            1,
            frame.most_visits,
            key="plans.visits",
            on_change=_same_for_all,
            persist_state="session",
            width=180,
            help=f"1プランの支援回数。年{frame.most_visits}回(月1回程度)が上限です。",
        )
        with st.popover("プランごとに変える", icon=":material/tune:", on_change="rerun") as details:
            if details.open:
                for plan in frame.plans:
                    st.number_input(
                        escaped(f"プラン{plan.number} {plan.short_name}(回/年)"),
                        1,
                        frame.most_visits,
                        **_field(_EACH, plan.number),
                    )
    if not same:
        st.caption("プランごとに回数が違います。全プランの数を変えると、すべて同じ回数になります。")


def _same_for_all() -> None:
    visits = st.session_state["plans.visits"]
    _take(_EACH, dict.fromkeys(st.session_state[_EACH], visits))


def draw_own_terms() -> None:
    """Terms of the asker's own: what if the fee, rate or rounding were another."""
    st.caption(
        "公表されていない条件や、交付要綱が示されたときの影響を確かめるための入力です。"
        "空欄の項目は登録されている値を使います。入力した値での希望の提出はできません。"
    )
    with st.grid("auto", min_column_width=190):
        st.number_input(
            "1回あたりの費用(円)",
            0,
            100_000_000,
            step=1000,
            placeholder="登録値",
            **_field(_TERMS, "fee"),
        )
        st.text_input(
            "補助率",
            placeholder="登録値(例: 1/3、50%)",
            max_chars=41,
            **_field(_TERMS, "rate"),
        )
        st.selectbox(
            "端数処理の単位",
            (None, *UNITS),
            format_func=lambda unit: "登録値" if unit is None else f"{unit:,}円未満",
            placeholder="登録値",
            **_field(_TERMS, "unit"),
        )
        st.selectbox(
            "端数処理の方向",
            (None, *(direction.value for direction in Direction)),
            format_func=lambda d: "登録値" if d is None else Direction(d).label,
            placeholder="登録値",
            **_field(_TERMS, "direction"),
        )
        st.selectbox(
            "端数処理の対象",
            (None, *(scope.value for scope in RoundingScope)),
            format_func=lambda s: "登録値" if s is None else RoundingScope(s).label,
            placeholder="登録値",
            **_field(_TERMS, "scope"),
        )
    st.button("登録値に戻す", on_click=_forget_own_terms, icon=":material/undo:")


def _forget_own_terms() -> None:
    _take(_TERMS, dict.fromkeys(st.session_state[_TERMS]) | {"rate": ""})


def has_own_terms(request: EstimateRequest) -> bool:
    """Whether any term is the asker's own."""
    own = (request.unit_price, request.rate, request.rounding_unit)
    return any(v is not None for v in (*own, request.rounding_direction, request.rounding_scope))


def request_of_inputs(chosen: Sequence[int]) -> tuple[EstimateRequest, str]:
    """The request the inputs stand for.

    Args:
        chosen: Numbers of the plans chosen.

    Returns:
        The request, and what could not be read of it (empty for nothing): the registered rate
        stands in for one that makes no sense.
    """
    state = st.session_state
    visits, own = state[_EACH], state[_TERMS]
    text = str(own["rate"] or "").strip()
    rate, problem = None, ""
    try:
        rate = _rate_of(text) if text else None
    except ValueError as error:
        problem = f"{error} 登録されている補助率で計算しています。"
    direction, scope = own["direction"], own["scope"]
    request = EstimateRequest(
        fiscal_year=state["plans.fy"],
        choices=tuple(PlanChoice(number, int(visits[number])) for number in chosen),
        start_month=state["plans.start"],
        years=state["plans.years"],
        kind=ExpenditureKind(state["plans.kind"]),
        unit_price=own["fee"],
        rate=rate,
        rounding_unit=own["unit"],
        rounding_direction=None if direction is None else Direction(direction),
        rounding_scope=None if scope is None else RoundingScope(scope),
    )
    return request, problem


def _rate_of(text: str) -> Fraction:
    rate = parse_rate(text)
    if not 0 <= rate <= 1:
        raise ValueError(f"補助率は0以上1以下で指定してください: {text}")
    return rate


def visits_of_inputs() -> tuple[tuple[int, int], ...]:
    """Visits of every plan, chosen or not."""
    return tuple((number, int(visits)) for number, visits in st.session_state[_EACH].items())
