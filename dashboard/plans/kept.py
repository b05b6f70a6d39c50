"""試算の保存・比較 on プラン選択・費用試算, for the signed-in officer."""

from __future__ import annotations

from functools import partial

import streamlit as st

from core.access.principal import Principal
from core.commands.estimates import NAME, keep_estimate
from core.estimate.calculation import Estimate
from core.views.plans import OwnPlans, comparison_view
from dashboard import context
from dashboard.kit import widgets
from dashboard.kit.submit import request_id, submit
from dashboard.kit.typed import escaped
from dashboard.plans import result as plans_result

_COMPARED, _SIDE_BY_SIDE = "plans.compare", 3


def draw_keep(lg_code: str, estimate: Estimate, numbers: list[int]) -> None:
    """Name this estimate and keep it."""
    with st.form("plans.keep", border=False):
        name = st.text_input(
            "試算の名前",
            max_chars=NAME.longest,
            placeholder="例: 当初予算案 2プラン",
            key=f"plans.name.{request_id('keep')}",  # empties once it was accepted, not before
        )
        pressed = st.form_submit_button("この試算を保存", icon=":material/save:")
    if not pressed:
        return

    def done(kept: str) -> str:
        compared = [kept, *st.session_state.get(_COMPARED, [])]
        st.session_state[_COMPARED] = compared[:_SIDE_BY_SIDE]
        return f"試算「{name.strip()}」を保存しました。"

    submit(
        "keep",
        partial(keep_estimate, lg_code=lg_code, name=name, request=estimate.request, plans=numbers),
        done,
    )


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
                f"「{escaped(one.name)}」は保存したときから費用・補助条件が変わり、"
                f"一般財源が{one.net:,}円から{estimate.net:,}円になりました。",
                icon=":material/change_circle:",
            )
