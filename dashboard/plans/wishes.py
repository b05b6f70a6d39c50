"""One wish with its state and the way to the next one, on わがまち."""

from __future__ import annotations

import streamlit as st

from core.access.principal import Principal
from core.commands.wishes import advance_wish
from core.support.wish import NEXT_STATES, REASON, WishEvent, WishState
from core.values.errors import DashboardError
from core.values.fiscal import japan_day
from core.values.money import yen_text
from dashboard import context
from dashboard.kit import widgets

_ORDER = (
    WishState.CONSIDERING,
    WishState.WISHED,
    WishState.BUDGET_REQUESTED,
    WishState.APPROVED,
    WishState.CONTRACTED,
)


def draw_wish(principal: Principal, wish: WishEvent, name: str) -> None:
    """The wish as it stands, and a form for what comes next."""
    with st.container(border=True):
        st.markdown(f"**{widgets.escaped(name)}**({wish.fiscal_year.full_label})")
        st.caption(
            f"年{wish.visits}回・歳出 {yen_text(wish.gross)}・府補助金 {yen_text(wish.subsidy)}・"
            f"一般財源 {yen_text(wish.net)}"
            f"(記録時点の額、{japan_day(wish.recorded_at)} {widgets.escaped(wish.recorded_by)})"
        )
        st.markdown(_progress(wish))
        following = [state for state in NEXT_STATES[wish.state] if state is not wish.state]
        if not following:
            return
        key = f"{wish.fiscal_year:d}.{wish.plan}"
        seen = widgets.as_shown(f"wish.{key}", wish.event_id)
        box = f"wish.box.{key}.{wish.event_id}"
        with st.popover("状態を進める", icon=":material/arrow_forward:", key=box):
            _draw_next(principal, wish, following, key, seen)


def _progress(wish: WishEvent) -> str:
    if wish.state is WishState.WITHDRAWN:
        return f":red[**辞退**] 理由: {widgets.escaped(wish.reason)}"
    reached = _ORDER.index(wish.state)
    words = [
        f"● **{state.label}**"
        if index == reached
        else (f"○ {state.label}" if index > reached else state.label)
        for index, state in enumerate(_ORDER)
    ]
    return " → ".join(words)


def _draw_next(
    principal: Principal, wish: WishEvent, following: list[WishState], key: str, seen: int
) -> None:
    labels = {state.value: state.label for state in following}
    state = WishState(
        str(
            st.segmented_control(
                "次の状態",
                list(labels),
                default=following[0].value,
                format_func=labels.__getitem__,
                key=f"wish.state.{key}",
                required=True,
            )
        )
    )
    reason = ""
    if state is WishState.WITHDRAWN:
        reason = st.text_area("辞退の理由", max_chars=REASON.longest, key=f"wish.reason.{key}")
    if not st.button(f"「{state.label}」と記録する", type="primary", key=f"wish.go.{key}"):
        return
    try:
        advance_wish(
            context.engine(),
            principal,
            lg_code=wish.lg_code,
            fiscal_year=int(wish.fiscal_year),
            plan=wish.plan,
            state=state,
            reason=reason,
            seen_event=seen,
            request_id=widgets.request_id(f"wish.{key}"),
            now=context.now(),
        )
    except DashboardError as error:
        widgets.show_refusal(error)
    else:
        widgets.request_done(f"wish.{key}")
        widgets.notice_later(f"プラン{wish.plan}を「{state.label}」と記録しました。")
        st.rerun()
