"""似た市町村: who of those like one municipality is already in, and who around it is not."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from core.municipality import Likeness, Municipality, likenesses
from core.procurement.standing import NO_RECORD, TAKING_PART
from core.reference.procurement import Procurement
from dashboard import widgets
from dashboard.charts.standing import legend_label
from dashboard.procurement import wording
from dashboard.procurement.filters import Filters
from dashboard.procurement.place import States

_NEAREST = 10


def draw_alike(
    filters: Filters,
    ours: Municipality,
    municipalities: Sequence[Municipality],
    states: States,
    programme: Procurement,
) -> None:
    """The municipalities most like ours that take part, then our area."""
    alike = likenesses(ours, municipalities)
    inside = [
        like
        for like in alike
        if states.get((like.municipality.lg_code, programme.key), NO_RECORD).standing in TAKING_PART
    ]
    st.markdown(
        f"**{ours.name}に似た、{programme.label}に参加中の市町村** "
        f"({filters.as_of.isoformat()}時点、台帳)"
    )
    if inside:
        _draw_table(inside[:_NEAREST], states, programme)
        st.caption(
            f"台帳で参加中の{len(inside)}団体から、似ている順に{min(len(inside), _NEAREST)}団体。"
            "区分・地域が同じか、人口が2倍以内(仮定)の順、同数なら人口の近い順。"
        )
    else:
        widgets.empty_state(
            f"{filters.as_of.isoformat()}時点の台帳に、{programme.label}に参加中の市町村の記録はありません。"
            f"{programme.note}",
            "groups",
        )
    around = [like for like in alike if like.same_area and like not in inside]
    st.markdown(f"**{ours.area}地域で、まだ参加の記録がない市町村**")
    if around:
        _draw_table(around, states, programme)
        st.caption("記録がないことは、参加していないことを意味しません。")
    else:
        st.caption(f"{ours.area}地域の他の市町村は、すべて参加の記録があるか、他に市町村がありません。")


def _draw_table(likes: Sequence[Likeness], states: States, programme: Procurement) -> None:
    found = [states.get((like.municipality.lg_code, programme.key), NO_RECORD) for like in likes]
    st.table(
        pd.DataFrame(
            {
                "市町村": [like.municipality.name for like in likes],
                "参加の状態": [legend_label(state.standing) for state in found],
                "いつから": [wording.since(state) for state in found],
                "補足": [wording.details(state) or "－" for state in found],
                "人口": [f"{like.municipality.population:,}人" for like in likes],
                "似ている点": ["、".join(like.reasons) or "なし" for like in likes],
            }
        ).set_index("市町村"),
        alt="似た市町村と参加の状態",
    )
