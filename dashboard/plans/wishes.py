"""参加希望: handed in with an estimate on プラン選択・費用試算, carried on on わがまち."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import streamlit as st

from core.access.principal import shown_name
from core.commands.wishes import advance_wish, hand_in_wishes
from core.estimate.calculation import Estimate, YearEstimate
from core.reference.plans import SupportPlan
from core.support.wish import NEXT_STATES, REASON, STATED_WITH_ESTIMATE, WishEvent, WishState
from core.values.fiscal import japan_day
from core.values.money import amount_labels, yen_text
from core.views.plans import OwnPlans
from dashboard import context
from dashboard.frame import navigation
from dashboard.kit import written
from dashboard.kit.act import act
from dashboard.kit.answer import answer
from dashboard.kit.choice import choose
from dashboard.kit.rows import row
from dashboard.kit.submit import as_shown, request_id, submit
from dashboard.kit.typed import Markdown, escaped
from dashboard.plans.inputs import has_own_terms

FORM = "hand_in"
_ORDER = (
    WishState.CONSIDERING,
    WishState.WISHED,
    WishState.BUDGET_REQUESTED,
    WishState.APPROVED,
    WishState.CONTRACTED,
)


def draw_hand_in(
    lg_code: str, estimate: Estimate, own: OwnPlans, plans: list[SupportPlan], *, ready: bool
) -> None:
    """A button that opens what is handed in, and there the one that does it.

    Args:
        ready: Whether there is an estimate of what stands on the screen.
    """
    year = estimate.first
    before = {line.plan: own.wishes.get((int(year.fiscal_year), line.plan)) for line in year.lines}
    seen = {
        plan: as_shown(f"wish.{year.fiscal_year:d}.{plan}", event.event_id if event else 0)
        for plan, event in before.items()
    }
    # Drawn also while it is closed: its place is reckoned from its size, and what is typed or chosen
    # in it is the browser's own, wherever its server goes. Another key closes it once accepted.
    with st.popover(
        escaped(_label(year, before)),
        icon=":material/send:",
        disabled=not (ready and year.lines),
        key=f"{FORM}.box.{request_id(FORM)}",
        width="stretch",
    ):
        if year.lines:
            _draw_inside(lg_code, estimate, before, seen, plans, ready=ready)


def _label(year: YearEstimate, before: Mapping[int, WishEvent | None]) -> str:
    """Says so when this very thing was handed in already."""
    stated = [before[line.plan] for line in year.lines]
    visits = [line.visits for line in year.lines]
    states = {event.state if event else None for event in stated}
    same = len(states) == 1 and [event.visits for event in stated if event] == visits
    return "提出を変更" if same else "希望を提出"


def _draw_inside(
    lg_code: str,
    estimate: Estimate,
    before: Mapping[int, WishEvent | None],
    seen: Mapping[int, int],
    plans: list[SupportPlan],
    *,
    ready: bool,
) -> None:
    year = estimate.first
    names = {plan.number: plan.short_name for plan in plans}
    lines = "\n".join(
        f"- プラン{line.plan} {escaped(names[line.plan])} 年{line.visits}回: "
        f"現在 **{escaped(_now(before[line.plan]))}**"
        for line in year.lines
    )
    st.markdown(f"**{year.fiscal_year.label}の参加希望**\n\n{lines}")
    possible = [
        state
        for state in STATED_WITH_ESTIMATE
        if all(state in NEXT_STATES[event.state if event else None] for event in before.values())
    ]
    if not possible:
        st.info(
            "選んだプランの状態がそろっていないため、まとめて提出できません。"
            "同じ状態のプランだけを選ぶか、「わがまち」でプランごとに進めてください。",
            icon=":material/info:",
        )
        navigation.link("our_municipality", "わがまちを開く", "location_city")
        return
    usual = WishState.WISHED if WishState.WISHED in possible else possible[0]
    state = choose(
        st.segmented_control,
        "提出する状態",
        possible,
        usual,
        key="plans.state",
        required=True,
    )
    own_terms = has_own_terms(estimate.request)
    if own_terms:
        st.caption(
            "条件を変えた試算では提出できません。「条件を変えて試す」で登録値に戻してください。"
        )
    pressed = st.button(
        f"{len(year.lines)}プランを「{escaped(state.label)}」として提出",
        type="primary",
        icon=":material/send:",
        disabled=own_terms or not ready,
        key="plans.hand_in",
        width="stretch",
    )
    if not pressed:
        return

    submit(
        FORM,
        partial(
            hand_in_wishes,
            lg_code=lg_code,
            request=estimate.request,
            state=state,
            seen=seen,
        ),
        f"{year.fiscal_year.label}の{len(year.lines)}プランを「{state.label}」として"
        "提出しました。事務局にはこのまま伝わります。",
        next_step=("わがまちで状態を見る", "our_municipality", {}),
    )


def _now(event: WishEvent | None) -> str:
    return "未回答" if event is None else f"{event.state.label}({event.visits}回)"


def draw_wish(wish: WishEvent, name: str) -> None:
    """The wish as it stands, and a form for what comes next."""
    with row(f"wish.{wish.fiscal_year:d}.{wish.plan}"):
        st.markdown(f"**{escaped(name)}**({wish.fiscal_year.full_label})")
        st.caption(
            f"年{wish.visits}回・{escaped(_amounts(wish))}"
            f"(記録時点の額、{japan_day(wish.recorded_at)} {escaped(shown_name(wish.recorded_by))})"
        )
        st.markdown(_progress(wish))
        key = f"{wish.fiscal_year:d}.{wish.plan}"
        following = [state for state in NEXT_STATES[wish.state] if state is not wish.state]
        if WishState.CONTRACTED in following and navigation.is_there("support"):
            # The record of the contract says so by itself: without one there is nothing to carry on.
            following.remove(WishState.CONTRACTED)
            st.caption("契約したら、契約の内容を記録してください。この状態も「契約」に進みます。")
            navigation.link("support", "契約を記録する", "edit_document")
        if not following:
            answer(f"wish.go.{key}")
            return
        seen = as_shown(f"wish.{key}", wish.event_id)
        box = f"wish.box.{key}.{wish.event_id}"
        with st.popover("状態を進める", icon=":material/arrow_forward:", key=box):
            _draw_next(wish, following, key, seen)
        answer(f"wish.go.{key}")


def _amounts(wish: WishEvent) -> str:
    labels = amount_labels(context.names().subsidy)
    return "・".join(f"{label} {yen_text(getattr(wish, each))}" for each, label in labels.items())


def _progress(wish: WishEvent) -> Markdown:
    if wish.state is WishState.WITHDRAWN:
        return Markdown(f":red[**辞退**] 理由: {escaped(wish.reason)}")
    reached = _ORDER.index(wish.state)
    words = [
        f"● **{state.label}**"
        if index == reached
        else (f"○ {state.label}" if index > reached else state.label)
        for index, state in enumerate(_ORDER)
    ]
    return Markdown(" → ".join(words))


def _draw_next(wish: WishEvent, following: list[WishState], key: str, seen: int) -> None:
    state = choose(
        st.segmented_control,
        "次の状態",
        following,
        following[0],
        key=f"wish.state.{key}",
        required=True,
    )
    reason = ""
    if state is WishState.WITHDRAWN:
        reason = (
            written.text("辞退の理由", longest=REASON.longest, lines=True, key=f"wish.reason.{key}")
            or ""
        )
    if not NEXT_STATES[state]:
        st.caption(f"「{escaped(state.label)}」と記録すると、この画面では変えられません。")
    act(
        f"「{escaped(state.label)}」と記録する",
        f"wish.go.{key}",
        partial(
            advance_wish,
            lg_code=wish.lg_code,
            fiscal_year=int(wish.fiscal_year),
            plan=wish.plan,
            state=state,
            reason=reason,
            seen_event=seen,
        ),
        f"プラン{wish.plan}を「{state.label}」と記録しました。",
        answered=False,
    )
