"""保存・比較・希望の提出 on プラン選択・費用試算, for the signed-in officer."""

from __future__ import annotations

import streamlit as st

from core.access.principal import Principal
from core.commands.estimates import NAME, keep_estimate
from core.commands.wishes import hand_in_wishes
from core.estimate.calculation import Estimate
from core.reference.plans import SupportPlan
from core.support.wish import NEXT_STATES, STATED_WITH_ESTIMATE, WishState
from core.values.errors import DashboardError
from core.views.plans import OwnPlans, comparison_view
from dashboard import context
from dashboard.frame import navigation
from dashboard.kit import widgets
from dashboard.plans import inputs as plans_input
from dashboard.plans import result as plans_result

_COMPARED, _SIDE_BY_SIDE = "plans.compare", 3


def draw_keep(principal: Principal, lg_code: str, estimate: Estimate, numbers: list[int]) -> None:
    """Name this estimate and keep it."""
    with st.form("plans.keep", border=False, clear_on_submit=True):
        name = st.text_input(
            "試算の名前",
            max_chars=NAME.longest,
            placeholder="例: 当初予算案 2プラン",
            key="plans.name",
        )
        pressed = st.form_submit_button("この試算を保存", icon=":material/save:")
    if not pressed:
        return
    try:
        kept = keep_estimate(
            context.engine(),
            principal,
            lg_code=lg_code,
            name=name,
            request=estimate.request,
            plans=numbers,
            request_id=widgets.request_id("keep"),
            now=context.now(),
        )
    except DashboardError as error:
        widgets.show_refusal(error)
    else:
        widgets.request_done("keep")
        compared = [kept, *st.session_state.get(_COMPARED, [])]
        st.session_state[_COMPARED] = compared[:_SIDE_BY_SIDE]
        widgets.notice_later(f"試算「{name.strip()}」を保存しました。")
        st.rerun()


def draw_hand_in(
    principal: Principal,
    lg_code: str,
    estimate: Estimate,
    own: OwnPlans,
    plans: list[SupportPlan],
) -> None:
    """State a wish for the chosen plans; what was stated before stands beside it."""
    year = estimate.first
    numbers = [plan.number for plan in plans]
    names = {plan.number: plan.short_name for plan in plans}
    before = {line.plan: own.wishes.get((int(year.fiscal_year), line.plan)) for line in year.lines}
    if not year.lines:
        widgets.empty_state("プランを選ぶと、ここから参加希望を提出できます。", "how_to_reg")
        return
    seen = {
        plan: widgets.as_shown(f"wish.{year.fiscal_year:d}.{plan}", event.event_id if event else 0)
        for plan, event in before.items()
    }
    for plan, event in before.items():
        state = "未回答" if event is None else f"{event.state.label}({event.visits}回)"
        st.markdown(f"- プラン{plan} {names[plan]}: 現在 **{state}**")
    possible = [
        state
        for state in STATED_WITH_ESTIMATE
        if all(state in NEXT_STATES[event.state if event else None] for event in before.values())
    ]
    if not possible:
        st.info(
            "選んだプランの状態がそろっていないため、まとめて提出できません。"
            "プランごとの状態は「わがまち」で進めてください。",
            icon=":material/info:",
        )
        st.page_link(
            navigation.page_file("our_municipality"),
            label="わがまちを開く",
            icon=":material/location_city:",
        )
        return
    labels = {state.value: state.label for state in possible}
    state = st.segmented_control(
        "提出する状態",
        list(labels),
        default=WishState.WISHED.value if WishState.WISHED in possible else next(iter(labels)),
        format_func=labels.__getitem__,
        key="plans.state",
        required=True,
    )
    if plans_input.has_own_terms(estimate.request):
        st.caption(
            "条件を変えた試算では提出できません。「条件を変えて試す」で登録値に戻してください。"
        )
    pressed = st.button(
        f"{len(year.lines)}プランを「{labels[str(state)]}」として提出",
        type="primary",
        icon=":material/send:",
        disabled=plans_input.has_own_terms(estimate.request),
        key="plans.hand_in",
    )
    if not pressed:
        return
    try:
        hand_in_wishes(
            context.engine(),
            principal,
            lg_code=lg_code,
            request=estimate.request,
            state=WishState(str(state)),
            plans=numbers,
            seen=seen,
            request_id=widgets.request_id("hand_in"),
            now=context.now(),
        )
    except DashboardError as error:
        widgets.show_refusal(error)
    else:
        widgets.request_done("hand_in")
        widgets.notice_later(
            f"{year.fiscal_year.label}の{len(year.lines)}プランを「{labels[str(state)]}」として"
            "提出しました。事務局にはこのまま伝わります。"
        )
        st.rerun()


def draw_compare(principal: Principal, own: OwnPlans) -> None:
    """Kept estimates side by side."""
    if not own.kept:
        widgets.empty_state("保存した試算はまだありません。", "save")
        return
    by_id = {kept.estimate_id: kept for kept in own.kept}
    chosen = st.multiselect(
        "比べる試算",
        list(by_id),
        default=None if _COMPARED in st.session_state else list(by_id)[:_SIDE_BY_SIDE],
        format_func=lambda key: by_id[key].name if key in by_id else "",
        key=_COMPARED,
    )
    kept = [by_id[key] for key in chosen if key in by_id]
    if not kept:
        return
    estimates = context.answer(
        comparison_view, principal, requests=tuple(one.request for one in kept)
    )
    plans_result.draw_comparison([one.name for one in kept], estimates)
    for one, estimate in zip(kept, estimates, strict=True):
        if estimate.net != one.net:
            st.warning(
                f"「{widgets.escaped(one.name)}」は保存したときから費用・補助条件が変わり、"
                f"一般財源が{one.net:,}円から{estimate.net:,}円になりました。",
                icon=":material/change_circle:",
            )
